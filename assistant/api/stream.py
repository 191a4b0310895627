"""A question's answer in the making, as server-sent events."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import Annotated, cast

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.api.calling import AtDesk, Called
from assistant.api.problems import DOCUMENTED, problem_of
from assistant.api.strict import strict_body
from assistant.desk import Door
from assistant.models import Answer, Citation, Event, Model, Notice, Question, Stage, Statement

_NAMES = {Notice: "notice", Citation: "citation", Statement: "statement", Answer: "done"}
_SAID = (
    "事件：stage（进行到哪一步）、notice（先要知道的：草案、已过期等）、citation（依据）、statement（已核对的一句）、done（完整的答复）；"
    "中途出错时为 error。"
)


class Staged(Model):
    """The data of the event ``stage``."""

    stage: Stage


def router() -> APIRouter:
    """The call."""
    api = APIRouter(responses={**DOCUMENTED, 200: {"description": _SAID}})
    api.post(
        "/api/v1/ask/stream",
        dependencies=[Depends(strict_body(Question))],
        response_class=EventSourceResponse,
    )(ask_stream)
    return api


@contextmanager
def begun(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """*events*, the question already read; closed at the end, also when the caller hangs up.

    Raises:
        BadQuestion: the question cannot be taken in: said before anything is sent.
    """
    with closing(cast(Generator[Event, None, None], events)) as generator:
        first = list(islice(generator, 2))  # the second comes when the question has been read
        yield chain(first, generator)


def _asked(question: Question, desk: AtDesk, caller: Called) -> Iterator[Iterator[Event]]:
    with begun(desk.asking(question, caller, Door.REST)) as events:
        yield events


def ask_stream(
    question: Question, events: Annotated[Iterator[Event], Depends(_asked)]
) -> Iterator[ServerSentEvent]:
    """Answer a question as it is worked out: each statement as soon as it is verified."""
    try:
        for event in events:
            if isinstance(event, Stage):
                yield ServerSentEvent(event="stage", data=Staged(stage=event))
            elif type(event) in _NAMES:
                yield ServerSentEvent(event=_NAMES[type(event)], data=event)
    except Exception as error:
        said = problem_of(error).model_dump(mode="json", exclude_none=True)
        yield ServerSentEvent(event="error", data=said)
