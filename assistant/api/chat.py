"""The shape in which chat clients ask and are answered: OpenAI's chat completions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from assistant.models import Citation, Mode, Model, Reason, Status, Text

MODEL = "anze"
_EXAMPLE = {"role": "user", "content": "常州受到诫勉处理多久不得提拔"}
_TEXT_PARTS = {"text": "text", "refusal": "refusal"}


class Sent(BaseModel):
    """What a client sends; it may send more than is read here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class TextPart(Sent):
    """A part of a message that is made of parts."""

    type: Literal["text"]
    text: Text


def _one_text(content: Any) -> Any:
    """The texts of a message's parts as one."""
    if not isinstance(content, list):
        return content
    return "\n".join(_text_of(part) for part in content)


def _text_of(part: Any) -> str:
    key = _TEXT_PARTS.get(str(part.get("type"))) if isinstance(part, dict) else None
    text = part.get(key) if key else None
    if not isinstance(text, str):
        raise PydanticCustomError("only_text", "only text is read")
    return text


def _as_tuple(value: Any) -> Any:
    """One text as one of several; a list as the tuple that strict reading asks for."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Content = Annotated[
    Text | None,
    BeforeValidator(_one_text, json_schema_input_type=Text | list[TextPart] | None),
]
Stops = Annotated[
    tuple[Text, ...] | None,
    BeforeValidator(_as_tuple, json_schema_input_type=Text | list[Text] | None),
]


class Message(Sent):
    """One message; only those of user and assistant are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None


class StreamOptions(Sent):
    """What a stream holds besides the answer."""

    include_usage: bool | None = None


class ResponseFormat(Sent):
    """Answers are texts."""

    type: Literal["text"]


class ChatRequest(Sent):
    """A chat completion as it is asked for.

    What steers a language model's sampling is checked and has no effect: what is said is decided by
    the regulations.

    Args:
        model: only ``anze``.
        messages: the last one of the user is the question, those before it are the history.
        jurisdiction, role, as_of: as in ``POST /api/v1/ask``.
    """

    model: Text = Field(max_length=200, json_schema_extra={"enum": [MODEL]})
    messages: tuple[Message, ...] = Field(min_length=1, examples=[[_EXAMPLE]])
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, ge=1, le=1)
    response_format: ResponseFormat | None = None
    jurisdiction: Text | None = Field(default=None, max_length=40)
    role: Text | None = Field(default=None, max_length=40)
    as_of: date | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    stop: Stops = None
    seed: int | None = None
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    user: Text | None = None
    metadata: dict[str, Text] | None = None
    store: bool | None = None


class Usage(Model):
    """Tokens of the language model that was asked; zero where none was, or it does not count."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Outcome(Model):
    """What an answer says of itself besides its text; as in the answer of ``POST /api/v1/ask``."""

    id: str
    status: Status
    reason: Reason | None
    notices: tuple[str, ...]
    mode: Mode
    model: str | None
    index_version: str


class Reply(Model):
    """The assistant's message; ``citations`` is ours."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    citations: tuple[Citation, ...] = ()


class Choice(Model):
    """The one message that is made."""

    index: int = 0
    message: Reply
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(Model):
    """A whole completion; ``anze`` is ours."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: tuple[Choice, ...]
    usage: Usage = Usage()
    anze: Outcome


class Delta(Model):
    """What a chunk adds to the message; ``citations`` come with the last."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    citations: tuple[Citation, ...] | None = None


class ChunkChoice(Model):
    """The message as far as a chunk brings it."""

    index: int = 0
    delta: Delta
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class Chunk(Model):
    """A piece of a completion that is streamed; the last one with a choice has ``anze``."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: tuple[ChunkChoice, ...]
    usage: Usage | None = None
    anze: Outcome | None = None


class ModelCard(Model):
    """A model that may be asked for."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 1_763_683_200  # 2025-11-21: no model is trained on a day, clients want a number
    owned_by: str = MODEL


class ModelList(Model):
    """All models that may be asked for."""

    object: Literal["list"] = "list"
    data: tuple[ModelCard, ...] = (ModelCard(),)
