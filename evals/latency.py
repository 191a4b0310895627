"""How long the assistant takes: ``python -m evals.latency [ROUNDS]``.

Prints the time to the first answer of a fresh process and, over all shipped questions, the
median and the 95th percentile of `Assistant.ask` in milliseconds, one question at a time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from assistant.models import Question
from assistant.service import Assistant
from assistant.settings import load_settings

_QUESTIONS = Path(__file__).parent / "cases" / "latency.jsonl"


def main(rounds: int) -> None:
    """Print the figures over *rounds* passes."""
    started = perf_counter()
    assistant = Assistant.open(load_settings())
    opened = perf_counter() - started
    questions = [json.loads(line)["question"] for line in _QUESTIONS.read_text().splitlines()]
    assistant.ask(Question(question=questions[0]))
    first = perf_counter() - started
    spent = [_milliseconds(assistant, text) for _ in range(rounds) for text in questions]
    cuts = quantiles(spent, n=20)
    print(f"打开 {opened:.1f} 秒，第一个回答在 {first:.1f} 秒时；{len(spent)} 次提问：", end="")
    print(f"p50 {cuts[9]:.0f} ms，p95 {cuts[18]:.0f} ms，最长 {max(spent):.0f} ms")


def _milliseconds(assistant: Assistant, text: str) -> float:
    started = perf_counter()
    assistant.ask(Question(question=text))
    return (perf_counter() - started) * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
