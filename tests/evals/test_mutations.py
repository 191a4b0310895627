"""The measure of the check on a model's sentences, on the rules of the shipped edition."""

from pathlib import Path

import pytest

from evals import mutants
from evals.mutations import measure, part_of, texts


@pytest.fixture(scope="module")
def outcome():
    rules = [text for text in texts(Path("no-such-folder")) if part_of(text) == "report"]
    return measure(rules[:80])


def test_no_changed_rule_gets_through(outcome):
    assert {kind: t.shown[:1] for kind, t in outcome.changed.items() if t.faithful} == {}
    assert set(outcome.changed) >= mutants.DEADLY


def test_most_honest_rewritings_get_through(outcome):
    tallies = outcome.honest.values()
    assert sum(t.faithful for t in tallies) >= 0.95 * sum(t.tried for t in tallies)
