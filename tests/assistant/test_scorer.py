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


@pytest.mark.parametrize("leaves", [2, 8, 16, 31, 64])
def test_its_probabilities_are_those_of_the_library(trained, tmp_path, leaves):
    _, rows = trained
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0.3).astype(int)
    model = HistGradientBoostingClassifier(
        max_iter=25, max_leaf_nodes=leaves, min_samples_leaf=1, random_state=0
    ).fit(rows, labels)
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


def test_a_tree_of_one_leaf_adds_its_value(tmp_path):
    one = {"feature": [-1], "threshold": [0.0], "left": [0], "right": [0], "value": [0.7]}
    path = tmp_path / "scorer.json"
    path.write_text(json.dumps({"names": ["a"], "baseline": 0.0, "roots": [0], **one}))
    found = Scorer.load(path).probabilities([{"a": 3.0}, {"a": -3.0}])
    assert np.allclose(found, 1 / (1 + np.exp(-0.7)))


def test_trees_with_more_leaves_than_bits_are_not_read(trained, tmp_path):
    _, rows = trained
    random = np.random.default_rng(5)
    model = HistGradientBoostingClassifier(
        max_iter=1, max_leaf_nodes=100, min_samples_leaf=1, random_state=0
    ).fit(rows, random.integers(0, 2, len(rows)))
    path = tmp_path / "scorer.json"
    path.write_text(json.dumps(stored(model, ["a", "b", "c", "d"])))
    with pytest.raises(ValueError, match="leaves"):
        Scorer.load(path)


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
