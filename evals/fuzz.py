"""Whether the API keeps what its OpenAPI document says: ``python -m evals.fuzz``.

Sends what the document allows and what it forbids to every operation, streams included, and checks
each reply: no server error, status, media type, headers and body as documented, bad input refused,
good input taken, no key that is not looked at. No process is started: requests go straight into the
API, over the index that serves; records go to a folder that is thrown away.
`tests/api/test_schema.py` tries it with the page around it.

    python -m evals.fuzz [--examples N] [--seconds N] [--only PATH] [--keys]

``--keys`` sets keys and asks with one of them. Needs the packages for tests (`schemathesis`).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.config import (
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.engine import Status, events, from_schema

from assistant.api.app import create_app
from assistant.keys import Ring, write_ring
from assistant.service import Assistant
from assistant.settings import Settings, load_settings
from index.provision import Audience

_SHOWN = 20
#: What no document can say: the places and offices that there are; that a text is more than
#: marks; that the last message of the user holds the question.
_NOT_SAYABLE = re.compile(
    r"jurisdiction|role|places(\[\d+\])?|question|q|messages(\[\d+\]\.content)?"
)
#: Half characters that make whole ones once they are written as JSON, so that a text is shorter.
_HALVES = re.compile(rb"\\ud[89ab]", re.IGNORECASE)


@dataclass
class Tally:
    """What came of a run.

    Args:
        statuses: for each operation how often each HTTP status was its reply.
        faults: what broke the document, each with the call that shows it.
    """

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many calls were made."""
        return sum(counter.total() for counter in self.statuses.values())


def fuzz(
    app: FastAPI, examples: int, *, headers: dict[str, str] | None = None, **more: Any
) -> Tally:
    """Try every operation that *app* documents.

    Args:
        examples: how many calls are made up for each operation and kind (allowed, forbidden),
            besides those that walk through each constraint of the document once.
        headers: sent with every call.
        more: ``seconds`` after which no call is begun, ``only`` operations whose path has that in
            it, ``seed`` for the same calls again.
    """
    config = _config(examples, headers or {}, more.get("seconds"), more.get("seed", 1))
    schema = schemathesis.openapi.from_dict(app.openapi(), config=config)
    schema.app = app
    only = more.get("only")
    tally = Tally()
    for event in from_schema(schema.include(path_regex=only) if only else schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(event.recorder, tally)
        elif isinstance(event, events.NonFatalError):
            tally.faults.append(f"{event.label}: {event.value}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return tally


def _config(
    examples: int, headers: dict[str, str], seconds: int | None, seed: int
) -> SchemathesisConfig:
    generation = GenerationConfig(max_examples=examples, deterministic=True, no_shrink=True)
    project = ProjectConfig(
        base_url="http://127.0.0.1",
        headers=headers,
        generation=generation,
        continue_on_failure=True,
        phases=PhasesConfig(
            examples=ExamplesPhaseConfig(),
            coverage=CoveragePhaseConfig(),
            fuzzing=FuzzingPhaseConfig(),
            stateful=StatefulPhaseConfig(enabled=False),
        ),
    )
    return SchemathesisConfig(seed=seed, max_time=seconds, projects=ProjectsConfig(default=project))


def _count(recorder: Any, tally: Tally) -> None:
    counter = tally.statuses.setdefault(recorder.label, Counter())
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            counter[interaction.response.status_code] += 1
    for case, checks in recorder.checks.items():
        interaction = recorder.interactions.get(case)
        for check in checks:
            if check.status is Status.FAILURE and not _is_known(check.name, interaction):
                tally.faults.append(_told(recorder.label, check))


def _is_known(check: str, interaction: Any) -> bool:
    """Whether a failed check says nothing of us."""
    if interaction is None or interaction.response is None:
        return False
    if check == "negative_data_rejection":
        return bool(_HALVES.search(interaction.request.body or b""))
    if check != "positive_data_acceptance":
        return False
    try:
        said = json.loads(interaction.response.content)
    except ValueError:
        return False
    too_large = said.get("status") == 413  # texts within their limits, too many of them
    return too_large or bool(_NOT_SAYABLE.fullmatch(said.get("field") or ""))


def _told(label: str, check: Any) -> str:
    info = check.failure_info
    said = str(info.failure.message).replace("\n", " ")
    shown = f"{info.failure.title}: {said[:300]}\n    {info.code_sample[:600]}"
    return f"{label} [{check.name}] {shown}"


def _app(folder: Path, with_keys: bool) -> tuple[FastAPI, dict[str, str]]:
    """The API over the index that serves, and the headers of a caller."""
    changes: dict[str, Any] = {"data": folder, "keys": None, "audit_url": ""}
    headers = {}
    if with_keys:
        ring, key = Ring().with_new("fuzz", Audience.PUBLIC)
        write_ring(folder / "keys.json", ring)
        changes["keys"] = folder / "keys.json"
        headers = {"Authorization": f"Bearer {key}"}
    settings: Settings = load_settings().model_copy(update=changes)
    return create_app(Assistant.open(settings), settings), headers


def show(tally: Tally) -> Iterable[str]:
    """The tally, line by line."""
    for label, counter in sorted(tally.statuses.items()):
        spread = " ".join(f"{status}:{count}" for status, count in sorted(counter.items()))
        yield f"{counter.total():6} {label:40} {spread}"
    yield f"{tally.cases} calls, {len(tally.faults)} faults"
    yield from tally.faults[:_SHOWN]


def main(arguments: list[str]) -> int:
    """Print the calls and faults of every operation; 1 where there is a fault."""
    parser = argparse.ArgumentParser(prog="python -m evals.fuzz")
    parser.add_argument("--examples", type=int, default=200, help="made-up calls an operation")
    parser.add_argument("--seconds", type=int, help="no call is begun later than this")
    parser.add_argument("--only", help="operations whose path has this (a pattern) in it")
    parser.add_argument("--keys", action="store_true", help="with keys set, as a public caller")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        app, headers = _app(Path(folder), given.keys)
        limits = {"seconds": given.seconds, "only": given.only}
        tally = fuzz(app, given.examples, headers=headers, **limits)
    print("\n".join(show(tally)))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
