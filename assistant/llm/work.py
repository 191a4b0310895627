"""All that a language model is asked for one question: in one time, counted together."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from time import perf_counter
from typing import Any

from langchain_core.prompts import ChatPromptTemplate

from assistant.llm.endpoint import Deadline, Endpoint, Usage
from assistant.llm.faults import Fault, ModelFault
from assistant.models import Trace
from prompts import Prompt


class Work:
    """What a model does for one question; the time for all of it begins now.

    Attributes:
        model: its name.
        usage: tokens of all that was asked.
        prompts: name → digest of each prompt that was used, in order.
        milliseconds: spent waiting for the model.
        fault: the first that came of asking it.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._deadline = Deadline(endpoint.timeout)
        self.model = endpoint.model
        self.usage = Usage()
        self.prompts: dict[str, str] = {}
        self.milliseconds = 0.0
        self.fault: Fault | None = None

    @property
    def trace(self) -> Trace:
        """The same as an answer shows it."""
        return Trace(
            model=self.model,
            prompts=dict(self.prompts),
            tokens_in=self.usage.tokens_in,
            tokens_out=self.usage.tokens_out,
            fault=self.fault and self.fault.value,
        )

    def write(
        self, prompt: Prompt, given: Mapping[str, str], schema: dict[str, Any]
    ) -> Generator[str]:
        """What the model writes to *prompt*, as it writes it; closing it ends the call.

        Args:
            given: what the prompt is filled in with.
            schema: the JSON schema of the reply, for endpoints that can keep to one.

        Raises:
            ModelFault: the endpoint failed, or was too slow, or wrote too much.
        """
        template = ChatPromptTemplate.from_messages(
            [("system", prompt.system), ("user", prompt.user)]
        )
        messages = template.format_messages(**given)
        self.prompts[prompt.name] = prompt.digest
        started = perf_counter()
        try:
            yield from self._endpoint.write(messages, self._deadline, self.usage, schema)
        except ModelFault as failed:
            self.fault = self.fault or failed.fault
            raise
        finally:
            spent = (perf_counter() - started) * 1000
            self.milliseconds = round(self.milliseconds + spent, 1)
