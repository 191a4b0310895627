"""The parts by name, with what each must come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from evals.scripted import faults, writers
from evals.scripted.asked import Asked
from evals.scripted.wire import Wire
from evals.scripted.writers import Writer

Behaviour = Callable[[Asked, Wire], None]


class Port(Enum):
    """Whether anybody is behind the port."""

    OPEN = auto()
    #: Connections are refused at once.
    CLOSED = auto()
    #: Connections are neither taken nor refused, as behind a firewall.
    DROPPED = auto()


class Comes(Enum):
    """What an answer must come to when the model plays a part."""

    GOOD = auto()
    #: The extractive answer and a notice that says why.
    FAULT = auto()
    #: Nothing that the model said is shown; whether it is called a fault is left open.
    HOSTILE = auto()


@dataclass(frozen=True)
class Script:
    """A part that the endpoint plays.

    Args:
        name: e.g. ``half_json``.
        plays: how it replies to a request for a completion.
        comes_to: what the answer must come to.
        port: whether anybody listens.
    """

    name: str
    plays: Behaviour
    comes_to: Comes = Comes.FAULT
    port: Port = Port.OPEN

    @property
    def does(self) -> str:
        """What it does, in a sentence."""
        return (self.plays.__doc__ or self.name).partition("\n")[0]


def writing(writer: Writer, name: str = "", comes_to: Comes = Comes.HOSTILE) -> Script:
    """The part that replies with what *writer* writes."""

    def plays(asked: Asked, wire: Wire) -> None:
        wire.text(writer(asked))

    plays.__doc__ = writer.__doc__
    return Script(name or writer.__name__, plays, comes_to)


def _refused(asked: Asked, wire: Wire) -> None:
    """Refuses the connection: nothing listens at the port."""


def _unanswered(asked: Asked, wire: Wire) -> None:
    """Lets the connection wait, as a firewall does."""


_GOOD = (
    writers.copyist,
    writers.merger,
    writers.leaves_out,
    writers.fenced,
    writers.chatty,
    writers.thinks_first,
)
_GOOD_ON_THE_WIRE = (faults.no_schema, faults.reasons_first)
_BAD_TEXTS = (
    writers.half_json,
    writers.empty,
    writers.blank,
    writers.endless,
    writers.endless_thinking,
    writers.english,
    writers.japanese,
    writers.nested_deep,
    writers.brackets,
    writers.blanks_between,
    writers.one_sentence,
)
_HOSTILE = (writers.invents_token, writers.prints_prompt, writers.parrots)
#: Whether half an answer is a fault or half of it is shown is left open; so it is for an answer
#: that comes in one piece.
_LEFT_OPEN = (faults.truncated, faults.ends_early, faults.no_stream)
_BROKEN = (
    faults.hangs,
    faults.drips,
    faults.drips_headers,
    faults.keeps_alive,
    faults.busy,
    faults.breaks,
    faults.overloaded,
    faults.unauthorised,
    faults.unknown_model,
    faults.malformed,
    faults.no_json,
    faults.invalid_utf8,
    faults.wrong_shape,
    faults.wrong_types,
    faults.null_choices,
    faults.no_object,
    faults.fails_in_stream,
    faults.calls_tool,
    faults.filtered,
    faults.cut_off,
    faults.gzip_bomb,
    faults.huge_line,
    faults.huge_header,
    faults.no_http,
    faults.redirects,
    faults.forwards,
    faults.runs_in_circles,
    faults.reasons_on,
)

_ALL = (
    *(writing(writer, comes_to=Comes.GOOD) for writer in _GOOD),
    *(Script(part.__name__, part, Comes.GOOD) for part in _GOOD_ON_THE_WIRE),
    Script("refused", _refused, port=Port.CLOSED),
    Script("unanswered", _unanswered, port=Port.DROPPED),
    *(Script(part.__name__, part) for part in _BROKEN),
    *(writing(writer, comes_to=Comes.FAULT) for writer in _BAD_TEXTS),
    *(Script(part.__name__, part, Comes.HOSTILE) for part in _LEFT_OPEN),
    *(writing(writer) for writer in _HOSTILE),
)
SCRIPTS: Mapping[str, Script] = {script.name: script for script in _ALL}
