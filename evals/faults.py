"""What a question gets when the language model fails: ``python -m evals.faults``.

Asks two questions of an assistant whose model plays one part after another (`evals.scripted`), and
prints for each part what came of it: who wrote the answer, whether it is the extractive one, what
the asker was told, after how many seconds; the second question shows what a fault costs later on.
Ends with status 1 where a part came to something else than it must.

    python -m evals.faults [PART…] [--seconds 3] [--pace 1]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from pydantic import SecretStr

from assistant.ask import answering
from assistant.compose.generative import Composer
from assistant.models import Answer, Mode, Question
from assistant.service import Assistant, composer_of
from assistant.settings import Settings, load_settings
from evals.scripted.endpoint import Endpoint
from evals.scripted.scripts import SCRIPTS, Comes, Script

#: A key that must turn up nowhere but in the header of a request.
KEY = "sk-scripted-4f1b7c9d"
#: Has two pieces of evidence, and a notice of its own.
QUESTION = "静安民防部门和房管部门分别负责什么"
#: What an answer may take beyond the time that the model has, in seconds.
GRACE = 3.0


@dataclass(frozen=True)
class Played:
    """What came of a part.

    Args:
        plain: the answer without a model.
        answers: to the same question, asked twice.
        seconds: how long each took.
        requests: how many were made of the endpoint.
        strayed: how many were made elsewhere, where the endpoint sent the client.
    """

    script: Script
    plain: Answer
    answers: tuple[Answer, Answer]
    seconds: tuple[float, float]
    requests: int
    strayed: int

    def wrong(self, limit: float) -> list[str]:
        """What should not have come of it; nothing, where all is well.

        Args:
            limit: the seconds that the model had.
        """
        found = []
        if self.seconds[0] > limit + GRACE:
            found.append("too late")
        if self.strayed:
            found.append("followed elsewhere")
        if KEY in "".join(answer.model_dump_json() for answer in self.answers):
            found.append("shows the key")
        return [*found, *(self._wrong_good() if self._is_good else self._wrong_fault())]

    @property
    def _is_good(self) -> bool:
        return self.script.comes_to is Comes.GOOD

    def _wrong_good(self) -> Iterator[str]:
        for answer in self.answers:
            if answer.mode is not Mode.GENERATIVE:
                yield "not the model's words"
            if len(answer.citations) < len(self.plain.citations):
                yield "less whole"

    def _wrong_fault(self) -> Iterator[str]:
        for answer in self.answers:
            if answer.answer != self.plain.answer:
                yield "not the extractive answer"
            if self.script.comes_to is Comes.FAULT and not _told(answer, self.plain):
                yield "no notice"


def play(
    script: Script,
    assistant: Assistant,
    limit: float,
    pace: float = 1.0,
    plain: Answer | None = None,
) -> Played:
    """Ask *assistant* with a model that plays *script* and has *limit* seconds a question.

    Args:
        pace: seconds between what is sent piece by piece.
        plain: the answer without a model, where it is known already.
    """
    plain = plain or _timed(assistant, None)[0]
    with Endpoint.playing(script, pace) as endpoint:
        composer = composer_of(settings_with(endpoint, assistant.settings, limit))
        first, first_seconds = _timed(assistant, composer)
        second, second_seconds = _timed(assistant, composer)
        strayed = len(endpoint.elsewhere.received)
    seconds = (first_seconds, second_seconds)
    return Played(script, plain, (first, second), seconds, len(endpoint.received), strayed)


def settings_with(endpoint: Endpoint, settings: Settings, limit: float) -> Settings:
    """*settings* with *endpoint* for the model, and *limit* seconds for a question."""
    changes = {
        "llm_base_url": endpoint.url,
        "llm_model": endpoint.name,
        "llm_key": SecretStr(KEY),
        "llm_timeout": limit,
    }
    return settings.model_copy(update=changes)


def _timed(assistant: Assistant, composer: Composer | None) -> tuple[Answer, float]:
    """The answer in the words of *composer*, and the seconds that it took."""
    started = perf_counter()
    asked = Question(question=QUESTION)
    *_, answer = answering(asked, assistant.library(), assistant.understanding, composer)
    assert isinstance(answer, Answer)
    return answer, perf_counter() - started


def _told(answer: Answer, plain: Answer) -> str:
    """What the asker is told besides what he is told without a model."""
    return "".join(notice for notice in answer.notices if notice not in plain.notices)


def row(played: Played, limit: float) -> str:
    """A line of the table, in Markdown."""
    first, second = played.answers
    same = "是" if first.answer == played.plain.answer else "否"
    fault = first.trace.fault if first.trace and first.trace.fault else ""
    times = " | ".join(f"{seconds:.1f}" for seconds in played.seconds)
    ends = (_told(first, played.plain), times, _told(second, played.plain), played.requests)
    verdict = "；".join(dict.fromkeys(played.wrong(limit)))
    cells = (played.script.name, first.status, first.mode, fault, same, *ends, verdict)
    return f"| {' | '.join(map(str, cells))} |"


_HEAD = """\
| 模型 | 状态 | 谁写的 | 故障 | 与原文作答相同 | 告知 | 第一问（秒） | 第二问（秒） | 再告知 \
| 请求数 | 不对 |
|---|---|---|---|---|---|---|---|---|---|---|"""


def main(arguments: list[str]) -> int:
    """Print the table; 1 where a part came to something else than it must."""
    parser = argparse.ArgumentParser(prog="python -m evals.faults", description="语言模型故障表")
    parser.add_argument("parts", nargs="*", metavar="PART", help="只演这些；不写则全部")
    parser.add_argument("--seconds", type=float, default=3.0, help="模型每题的时限（秒）")
    parser.add_argument("--pace", type=float, default=1.0, help="断续发送时的间隔（秒）")
    given = parser.parse_args(arguments)
    unknown = [part for part in given.parts if part not in SCRIPTS]
    if unknown:
        parser.error(f"没有这样的模型：{'、'.join(unknown)}。可用的有：{'、'.join(SCRIPTS)}。")
    assistant = Assistant.open(_without_model())
    print(_HEAD)
    wrong = 0
    for name in given.parts or SCRIPTS:
        played = play(SCRIPTS[name], assistant, given.seconds, given.pace)
        wrong += bool(played.wrong(given.seconds))
        print(row(played, given.seconds), flush=True)
    return 1 if wrong else 0


def _without_model() -> Settings:
    return load_settings().model_copy(update={"llm_base_url": "", "llm_model": ""})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
