"""An answer on the page while it is being made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from time import monotonic

from assistant.models import Answer, Citation, Event, Stage, Written
from ui.render import Exchange

#: Seconds between two pictures of one answer: each costs the framework some hundredths of a second,
#: which the end of the answer would have to wait for.
PAUSE = 0.15


def grown(
    asked: Exchange,
    events: Iterable[Event],
    pause: float = PAUSE,
    now: Callable[[], float] = monotonic,
    *,
    by_model: bool = False,
) -> Iterator[Exchange]:
    """Pictures of *asked* as *events* come in, *pause* seconds apart; the last is the whole answer.

    Words come at the first moment that they may; a mere stage waits like everything else, but for
    the writing of a language model, which may take many seconds.
    """
    shown = asked
    last = now()
    for event in events:
        asked = _with(asked, event)
        due = now() - last >= pause or (asked.written and not shown.written)
        due = due or (by_model and event is Stage.COMPOSING)
        if asked.answer is None and due and asked != shown:
            yield asked
            shown, last = asked, now()
    yield asked


def _with(asked: Exchange, event: Event) -> Exchange:
    match event:
        case Answer():
            return Exchange(asked.question, answer=event)
        case Stage():
            return replace(asked, stage=event)
        case Citation():
            return replace(asked, citations=(*asked.citations, event))
        case Written():
            return replace(asked, written=asked.written + event.text)
    return asked
