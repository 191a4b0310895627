"""A chat model behind an OpenAI-compatible endpoint: streamed, within a time, and left alone
for a while once it has failed."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import httpx
import openai
import pybreaker
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable
from langchain_openai.chat_models.base import BaseChatOpenAI
from langsmith.run_helpers import tracing_context
from pydantic import SecretStr

from assistant.llm.faults import Fault, ModelFault
from assistant.llm.transport import TooMuch, client

_log = logging.getLogger(__name__)

#: Tokens and characters that a reply may have.
MOST_TOKENS, MOST_CHARACTERS = 1_024, 6_000
#: Seconds for which an endpoint that has failed is not asked.
REST = 30
#: Replies of no use, one after another, after which it is not asked either.
USELESS = 3
#: Replies that say: I do not know one of the parameters.
_UNKNOWN_PARAMETER = (openai.BadRequestError, openai.NotFoundError, openai.UnprocessableEntityError)


@dataclass
class Usage:
    """Tokens read and written, as the endpoint counts them; None where it does not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None

    def add(self, counts: Any) -> None:
        """Add what a chunk of the stream says."""
        if counts:
            self.tokens_in = (self.tokens_in or 0) + counts["input_tokens"]
            self.tokens_out = (self.tokens_out or 0) + counts["output_tokens"]


class Deadline:
    """A moment by which everything asked of a model has to be there.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left, 0 or more."""
        return max(0.0, self._ends - monotonic())


@dataclass
class _Call:
    """One request under way in a thread of its own, and how to end it.

    Args:
        http: closing it ends the call.
        messages, usage, schema: as in `Endpoint.write`.
        pieces: what was written, then None, or what went wrong.
        ended: set when nobody reads on.
    """

    http: httpx.Client
    messages: list[BaseMessage]
    usage: Usage
    schema: dict[str, Any] | None
    pieces: queue.SimpleQueue[str | ModelFault | None] = field(default_factory=queue.SimpleQueue)
    ended: threading.Event = field(default_factory=threading.Event)


class Endpoint:
    """A model by name behind an endpoint. Safe to share between threads.

    Args:
        base_url: e.g. ``http://127.0.0.1:11434/v1``.
        model: the model's name there.
        key: the endpoint's key; empty for none.
        timeout: seconds for all that is asked of the model for one question.
        calls: how many calls may be under way at once; more are not made, so that questions that
            wait for a model do not take every thread of the server.
        rest: seconds for which an endpoint that has failed is not asked.
        schema: whether replies are asked for as JSON, where the endpoint can keep to a schema.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        key: SecretStr,
        timeout: float,
        calls: int = 8,
        rest: float = REST,
        *,
        schema: bool = True,
    ) -> None:
        self.model = model
        self.timeout = timeout
        self._base_url = base_url
        self._key = key if key.get_secret_value() else SecretStr("none")
        self._schema = schema
        self._takes_extras = True
        self._free = threading.BoundedSemaphore(calls)
        self._trial = threading.BoundedSemaphore()
        self._judging = threading.Lock()
        self._useless = 0
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=1,
            reset_timeout=rest,
            exclude=[lambda error: not (isinstance(error, ModelFault) and error.fault.is_dead)],
            throw_new_error_on_trip=False,
        )

    def write(
        self,
        messages: Sequence[BaseMessage],
        deadline: Deadline,
        usage: Usage,
        schema: dict[str, Any] | None = None,
    ) -> Iterator[str]:
        """What the model writes, as it writes it.

        Args:
            schema: the JSON schema of the reply, for endpoints that can keep to one.

        Raises:
            ModelFault: the endpoint failed, or was too slow, or wrote too much.
        """
        with self._admitted():
            yield from self._bounded(list(messages), deadline, usage, schema)

    def judge(self, fault: Fault | None) -> None:
        """Take note of what a whole reply came to, which only its reader can tell.

        `USELESS` replies of no use in a row end in a rest as a dead endpoint does, and until one is
        of use each rest ends after one question.

        Args:
            fault: what was wrong with it; None for nothing.
        """
        with self._judging:
            if fault is None or fault.is_reply:
                self._useless = 0
            elif fault.is_useless:
                self._useless += 1
            is_asked = self._breaker.current_state == pybreaker.STATE_CLOSED
            if self._useless >= USELESS and is_asked:
                _log.warning("language model: %d replies of no use", self._useless)
                self._breaker.open()

    @contextmanager
    def _admitted(self) -> Iterator[None]:
        """A call that may be made now; its outcome tells whether the next one may.

        Raises:
            ModelFault: too many are under way, or the endpoint rests. After its rest one question
                tries it, and the others do not wait to see what comes of that.
        """
        is_trial = self._breaker.current_state != pybreaker.STATE_CLOSED
        gate, full = (self._trial, Fault.RESTING) if is_trial else (self._free, Fault.CROWDED)
        if not gate.acquire(blocking=False):
            raise ModelFault(full)
        try:
            with self._breaker.calling():
                yield
        except pybreaker.CircuitBreakerError as error:
            raise ModelFault(Fault.RESTING) from error
        finally:
            gate.release()

    def _bounded(
        self,
        messages: list[BaseMessage],
        deadline: Deadline,
        usage: Usage,
        schema: dict[str, Any] | None,
    ) -> Iterator[str]:
        call = _Call(client(max(deadline.left, 0.01)), messages, usage, schema)
        threading.Thread(target=self._run, args=(call,), daemon=True, name="anze-llm").start()
        written = 0
        try:
            while (piece := self._next(call, deadline)) is not None:
                written += len(piece)
                if written > MOST_CHARACTERS:
                    raise ModelFault(Fault.ENDLESS)
                yield piece
        finally:
            call.ended.set()
            call.http.close()

    @staticmethod
    def _next(call: _Call, deadline: Deadline) -> str | None:
        try:
            if not deadline.left:  # the next piece may be there: whoever reads them took the time
                raise queue.Empty
            piece = call.pieces.get(timeout=deadline.left)
        except queue.Empty:
            raise ModelFault(Fault.SLOW) from None
        if isinstance(piece, ModelFault):
            raise piece
        return piece

    def _run(self, call: _Call) -> None:
        """Read the stream into the queue; whatever goes wrong goes into it, too."""
        try:
            self._stream(call)
        except Exception as error:  # of whatever library below: it is the endpoint's fault
            fault = _fault_of(error)
            if not call.ended.is_set():
                # no traceback: it could hold the question
                status = getattr(error, "status_code", "")
                name = f"{type(error).__name__} {status}".strip()
                _log.warning("language model: %s (%s)", fault.value, name)
            call.pieces.put(ModelFault(fault, type(error).__name__))

    def _stream(self, call: _Call) -> None:
        extras = self._takes_extras
        try:
            self._read(call, extras=extras)
        except _UNKNOWN_PARAMETER:
            if not extras:
                raise
            self._read(call, extras=False)
            self._takes_extras = False  # only once it is known that they were to blame
        call.pieces.put(None)

    def _read(self, call: _Call, *, extras: bool) -> None:
        chat: Runnable[Any, Any] = self._chat(call.http, is_plain=not extras)
        if call.schema is not None and self._schema and extras:
            shape = {"name": "answer", "schema": call.schema, "strict": True}
            # as an extra field: given by its name, the libraries would read the reply as strictly
            # as OpenAI's own, and throw away all of one that is cut off or lacks a field
            form = {"type": "json_schema", "json_schema": shape}
            chat = chat.bind(extra_body={"response_format": form})
        # a setting of LangSmith's in the environment must not send questions anywhere else
        with tracing_context(enabled=False):
            for chunk in chat.stream(call.messages):
                if call.ended.is_set():
                    return
                call.usage.add(chunk.usage_metadata)
                if isinstance(chunk.content, str) and chunk.content:
                    call.pieces.put(chunk.content)

    def _chat(self, http: httpx.Client, *, is_plain: bool) -> BaseChatOpenAI:
        return BaseChatOpenAI(
            model=self.model,
            base_url=self._base_url,
            api_key=self._key,
            temperature=0,
            max_tokens=MOST_TOKENS,
            max_retries=0,
            stream_usage=not is_plain,  # what does not know a schema may not know this either
            http_client=http,
            timeout=http.timeout,  # unsaid, the library sets none, and silence is read for ever
            http_socket_options=(),
        )


def _fault_of(error: Exception) -> Fault:
    """Which fault it is that some library below reports by *error*."""
    if isinstance(error, openai.RateLimitError):
        return Fault.BUSY
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return Fault.SLOW
    if any(isinstance(cause, TooMuch) for cause in _causes(error)):
        return Fault.ENDLESS
    if isinstance(error, openai.APIStatusError):
        return Fault.REJECTED
    if isinstance(error, openai.APIConnectionError | httpx.TransportError):
        return Fault.UNREACHABLE
    if isinstance(error, json.JSONDecodeError):
        return Fault.MALFORMED
    return Fault.MALFORMED


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """*error*, what it came from, and so on."""
    while error is not None:
        yield error
        error = error.__cause__
