"""The scorer: trees out of a file give what the library that trained them gives."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.models import Question
from assistant.scorer import ALONE, SHIPPED, Scorer
from evals.training.scorer import averaged, stored


@pytest.fixture(scope="module")
def trained():
    random = np.random.default_rng(3)
    rows = random.normal(size=(600, 4)).round(3)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0.3).astype(int)
    model = HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=8, random_state=0)
    return model.fit(rows, labels), rows


def test_its_probabilities_are_those_of_the_library(trained, tmp_path):
    model, rows = trained
    names = ["a", "b", "c", "d"]
    path = tmp_path / "scorer.json"
    path.write_text(json.dumps(stored(model, names)))
    ours = Scorer.load(path).probabilities([dict(zip(names, row, strict=True)) for row in rows])
    assert np.abs(ours - model.predict_proba(rows)[:, 1]).max() < 1e-4


def test_averaged_trees_give_the_mean_of_their_log_odds(trained, tmp_path):
    model, rows = trained
    other = HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=5, random_state=1)
    other.fit(rows, (rows[:, 3] > 0).astype(int))
    names = ["a", "b", "c", "d"]
    tables = [stored(model, names), stored(other, names)]
    odds = []
    for n, table in enumerate([*tables, averaged(*tables)]):
        path = tmp_path / f"{n}.json"
        path.write_text(json.dumps(table))
        found = Scorer.load(path).probabilities([dict(zip(names, r, strict=True)) for r in rows])
        odds.append(np.log(found / (1 - found)))
    assert np.abs((odds[0] + odds[1]) / 2 - odds[2]).max() < 1e-4
    with pytest.raises(ValueError, match="numbers"):
        averaged(tables[0], tables[1] | {"names": ["a"]})


def test_no_candidates_have_no_probabilities():
    assert len(Scorer.load(SHIPPED).probabilities([])) == 0


def test_an_answer_says_how_sure_it_is(assistant):
    answer = assistant.ask(Question(question="成都多久听一次安全汇报"))
    assert answer.confidence is not None
    assert 0.3 < answer.confidence <= 1


def test_a_refusal_does_not_say_how_sure_it_is(assistant):
    assert assistant.ask(Question(question="今天天气怎么样")).confidence is None


def test_places_that_nobody_asked_about_are_judged_by_trees_that_know_no_votes():
    votes = [name for name in Scorer.load().names if name.startswith("known")]
    assert votes
    assert not set(votes) & set(Scorer.load(ALONE).names)
    assert set(Scorer.load(ALONE).names) < set(Scorer.load().names)
