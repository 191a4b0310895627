"""Chat clients of the OpenAI shape: they ask here as they ask a language model."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.sse import EventSourceResponse, format_sse_event

from assistant.api.calling import AtDesk, Called
from assistant.api.chat import (
    MODEL,
    ChatCompletion,
    ChatRequest,
    Choice,
    Chunk,
    ChunkChoice,
    Delta,
    ModelCard,
    ModelList,
    Outcome,
    Reply,
    Usage,
)
from assistant.api.problems import DOCUMENTED_CHAT, chat_problem, problem_of
from assistant.api.stream import begun
from assistant.api.strict import strict_body
from assistant.citing import basis
from assistant.desk import Door
from assistant.errors import BadQuestion, NotFound
from assistant.models import MAX_HISTORY, MAX_TURN, Answer, Event, Question, Turn, Written
from assistant.requests import question_of

_PATH = "/v1/chat/completions"
_NOT_KEPT = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
#: An event of the stream; after the last one its data are ``[DONE]``.
_ITEM = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "string", "description": "chat.completion.chunk，或 [DONE]"}},
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "完整的答复；stream 为 true 时逐句发送。",
        "content": {EventSourceResponse.media_type: {"itemSchema": _ITEM}},
    }
}


def router() -> APIRouter:
    """The calls that chat clients make."""
    api = APIRouter(responses=DOCUMENTED_CHAT)
    api.post(
        _PATH,
        dependencies=[Depends(strict_body(ChatRequest))],
        responses=_STREAMED,
        response_model=ChatCompletion,
    )(chat_completions)
    api.get("/v1/models")(models)
    api.get("/v1/models/{model}")(model)
    return api


def models() -> ModelList:
    """List what may be asked for as ``model``."""
    return ModelList()


def model(model: Annotated[str, Path(examples=[MODEL])]) -> ModelCard:
    """What is known of a model."""
    _check_model(model)
    return ModelCard()


def _asked(chat: ChatRequest, desk: AtDesk, caller: Called) -> Iterator[Iterator[Event]]:
    _check_model(chat.model)
    place = _place_of_question(chat)
    try:
        with begun(desk.asking(_question(chat, place), caller, Door.OPENAI)) as events:
            yield events
    except BadQuestion as error:
        field = f"messages[{place}].content" if error.field == "question" else error.field
        raise BadQuestion(str(error), field) from None


def chat_completions(
    chat: ChatRequest, request: Request, events: Annotated[Iterator[Event], Depends(_asked)]
) -> Any:
    """Answer the last message of the user; with ``stream``, statement by statement."""
    if chat.stream:
        with_usage = chat.stream_options is not None and bool(chat.stream_options.include_usage)
        return EventSourceResponse(_sent(events, with_usage, request.url.path), headers=_NOT_KEPT)
    *_, answer = events
    assert isinstance(answer, Answer)
    return _completion(answer)


def _check_model(name: str) -> None:
    if name != MODEL:
        raise NotFound(f"没有名为“{name}”的模型。可用的模型：{MODEL}。")


def _place_of_question(chat: ChatRequest) -> int:
    """Which message is the question: the last one of the user."""
    places = [n for n, message in enumerate(chat.messages) if message.role == "user"]
    if not places:
        raise BadQuestion("messages 里没有用户的问题（role 为 user 的消息）。", "messages")
    return places[-1]


def _question(chat: ChatRequest, place: int) -> Question:
    """The question with what was said before; instructions and results of tools are no part."""
    before = [
        Turn(role=message.role, content=message.content[:MAX_TURN])
        for message in chat.messages[:place]
        if message.role in {"user", "assistant"} and message.content
    ]
    day = chat.as_of.isoformat() if chat.as_of else None
    asked = chat.messages[place].content or ""
    return question_of(asked, chat.jurisdiction, day, tuple(before[-MAX_HISTORY:]), chat.role)


def _content(answer: Answer) -> str:
    """The answer with what it rests on below, since a plain client shows nothing else."""
    return "\n\n".join(filter(None, [answer.answer, basis(answer.citations)]))


def _outcome(answer: Answer) -> Outcome:
    return Outcome(
        id=answer.id,
        status=answer.status,
        reason=answer.reason,
        notices=answer.notices,
        mode=answer.mode,
        model=answer.model,
        index_version=answer.index_version,
    )


def _usage(answer: Answer | None) -> Usage:
    trace = answer.trace if answer else None
    read, written = (trace.tokens_in or 0, trace.tokens_out or 0) if trace else (0, 0)
    return Usage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


def _completion(answer: Answer) -> ChatCompletion:
    reply = Reply(content=_content(answer), citations=answer.citations)
    return ChatCompletion(
        id=f"chatcmpl-{answer.id}",
        created=int(time.time()),
        choices=(Choice(message=reply),),
        usage=_usage(answer),
        anze=_outcome(answer),
    )


def _sent(events: Iterator[Event], with_usage: bool, path: str) -> Iterator[bytes]:
    """The stream as it goes over the wire."""
    try:
        for chunk in _chunks(events, with_usage):
            yield _event(chunk.model_dump_json(exclude_unset=True))
    except Exception as error:
        fault = chat_problem(problem_of(error), path).error
        yield _event(f'{{"error": {fault.model_dump_json()}}}')
    else:
        yield _event("[DONE]")


def _event(data: str) -> bytes:
    return format_sse_event(data_str=data)


def _chunks(events: Iterator[Event], with_usage: bool) -> Iterator[Chunk]:
    """The completion in pieces, whose contents joined are the content of the whole one."""
    stream = _Stream(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()))
    yield stream.chunk(Delta(role="assistant", content=""))
    sent = 0
    answer: Answer | None = None
    for event in events:
        if isinstance(event, Written):
            sent += len(event.text)
            yield stream.chunk(Delta(content=event.text))
        elif isinstance(event, Answer):
            answer = event
            yield stream.chunk(Delta(content=_content(event)[sent:]))
            yield stream.last(event)
    if with_usage:
        yield stream.usage(_usage(answer))


class _Stream:
    """Makes the chunks of one completion.

    Args:
        name: the completion's id.
        created: when, in seconds since 1970.
    """

    def __init__(self, name: str, created: int) -> None:
        self._name = name
        self._created = created

    def chunk(self, delta: Delta) -> Chunk:
        """A piece in the middle."""
        return self._made((ChunkChoice(index=0, delta=delta, finish_reason=None),))

    def last(self, answer: Answer) -> Chunk:
        """The end of the message, with the citations of *answer*."""
        delta = Delta(citations=answer.citations)
        choice = ChunkChoice(index=0, delta=delta, finish_reason="stop")
        return self._made((choice,), anze=_outcome(answer))

    def usage(self, usage: Usage) -> Chunk:
        """What follows where usage was asked for."""
        return self._made((), usage=usage)

    def _made(self, choices: tuple[ChunkChoice, ...], **more: Any) -> Chunk:
        return Chunk(
            id=self._name,
            object="chat.completion.chunk",
            created=self._created,
            model=MODEL,
            choices=choices,
            **more,
        )
