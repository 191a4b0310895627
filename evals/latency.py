"""How long the assistant takes: ``python -m evals.latency [ROUNDS] [--search]``.

Prints the time to the first answer of a fresh process and, over all shipped questions, the
median and the 95th percentile of `Assistant.ask` in milliseconds, one question at a time. With
``--search`` it looks up instead what people have typed so far, character by character, as the tab
查条文 does; a busy machine shows in the difference between time passed and time computed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

from assistant.models import Question
from assistant.service import Assistant
from assistant.settings import load_settings

_CASES = Path(__file__).parent / "cases"


def main(rounds: int, is_search: bool) -> None:
    """Print the figures over *rounds* passes."""
    started = perf_counter()
    assistant = Assistant.open(load_settings())
    opened = perf_counter() - started
    texts = typed_so_far() if is_search else questions()
    does = _searching(assistant) if is_search else _asking(assistant)
    does(texts[0])
    first = perf_counter() - started
    spent = [_milliseconds(does, text) for _ in range(rounds) for text in texts]
    word = "次查询" if is_search else "次提问"
    print(f"打开 {opened:.1f} 秒，第一个回答在 {first:.1f} 秒时；{len(spent)} {word}：", end="")
    print(_figures([passed for passed, _ in spent]))
    if is_search:
        print(f"  其中计算用时：{_figures([computed for _, computed in spent])}")


def questions() -> list[str]:
    """The shipped questions."""
    lines = (_CASES / "latency.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def typed_so_far() -> list[str]:
    """What stands in the box while the shipped look-ups are typed, each once."""
    lines = (_CASES / "typed.txt").read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(line[:n] for line in lines for n in range(1, len(line) + 1)))


def _asking(assistant: Assistant) -> Callable[[str], object]:
    return lambda text: assistant.ask(Question(question=text))


def _searching(assistant: Assistant) -> Callable[[str], object]:
    return assistant.search


def _milliseconds(does: Callable[[str], object], text: str) -> tuple[float, float]:
    """How long it took, and how much of that was computing."""
    started, computing = perf_counter(), process_time()
    does(text)
    return (perf_counter() - started) * 1000, (process_time() - computing) * 1000


def _figures(spent: Sequence[float]) -> str:
    cuts = quantiles(spent, n=20)
    return f"p50 {cuts[9]:.0f} ms，p95 {cuts[18]:.0f} ms，最长 {max(spent):.0f} ms"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="量一量回答和查询用的时间。")
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--search", action="store_true", help="量边输边查，不量提问")
    given = parser.parse_args()
    main(given.rounds, given.search)
