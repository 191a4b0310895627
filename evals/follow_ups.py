"""What a language model gains where questions go on: ``python -m evals.follow_ups``.

Asks the cases with a history three times: follow-ups completed by the rules, by the model where
the question would be refused as the rules read it, and by the model always. Prints how many are
answered right each time, what changed, and how many of the model's questions may be asked. Needs
``ANZE_LLM_BASE_URL`` and ``ANZE_LLM_MODEL``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.rereading import Help, Rereader
from assistant.service import Assistant, composer_of, rereader_of
from assistant.settings import Use, load_settings
from evals.asker import question_of
from evals.case import Case, load, shipped_files
from evals.comparison import compare
from evals.expansion import right, tell_cost
from evals.helped import Helped, RecordedFollowUps, Replies
from evals.run import run


def sample(part: str) -> list[Case]:
    """The cases of *part* in which the asker has said something before."""
    cases = [case for case in load(shipped_files()) if case.part == part]
    return [case for case in cases if any(turn.role == "user" for turn in case.history)]


def main(part: str, replies: Path) -> None:
    """Print the comparison."""
    settings = load_settings()
    composer = composer_of(settings)
    rereader = rereader_of(settings.model_copy(update={"llm_follow_ups": Use.ALWAYS}))
    if composer is None or rereader is None:
        raise SystemExit("先设置 ANZE_LLM_BASE_URL 和 ANZE_LLM_MODEL。")
    assistant = Assistant.open(settings)
    kept = Replies(replies)
    reader = RecordedFollowUps(rereader.follow_ups, kept)
    helps = {use: Rereader(reader, use, rereader.expander, Use.OFF) for use in Use}
    cases = sample(part)
    plain = run(cases, Helped(assistant, composer, helps[Use.OFF])).results
    print(f"rules: {right(plain)} of {len(plain)}")
    for use in (Use.REFUSED, Use.ALWAYS):
        results = run(cases, Helped(assistant, composer, helps[use])).results
        change = compare(plain, results)
        print(f"model {use}: {right(results)}")
        print("  became right:", *(case.id for case in change.became_right))
        print("  became wrong:", *(case.id for case in change.became_wrong))
    asked = 0
    for case in cases:
        library = assistant.library(case.as_of)
        work = composer.begin()
        question = question_of(case)
        help = Help(helps[Use.ALWAYS], work, question, library, assistant.understanding)
        asked += help.reread(Use.ALWAYS) is not None
    print(f"may be asked: {asked} of {len(cases)}")
    tell_cost(list(kept.known.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("tune", "report"), default="tune")
    parser.add_argument("--replies", type=Path, default=Path("var/follow_ups.jsonl"))
    arguments = parser.parse_args()
    main(arguments.part, arguments.replies)
