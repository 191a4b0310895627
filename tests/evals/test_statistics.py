"""Intervals, tests and calibration, beside scipy's figures where it has them."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from evals import calibration
from evals.statistics import bootstrap, mcnemar, percentile, wilson

pairs = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)


@given(st.integers(1, 300), st.data())
def test_wilson_is_scipy_s(total, data):
    hits = data.draw(st.integers(0, total))
    ours = wilson(hits, total)
    theirs = binomtest(hits, total).proportion_ci(method="wilson")
    assert ours.low == pytest.approx(theirs.low, abs=1e-9)
    assert ours.high == pytest.approx(theirs.high, abs=1e-9)
    assert ours.low <= ours.value <= ours.high


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(right, wrong):
    expected = binomtest(right, right + wrong).pvalue if right + wrong else 1
    assert mcnemar(right, wrong) == pytest.approx(expected)
    assert mcnemar(right, wrong) == mcnemar(wrong, right)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_the_bootstrap_is_repeatable_and_holds_the_mean(values):
    found = bootstrap(values)
    assert found == bootstrap(values)
    assert min(values) - 1e-9 <= found.low <= found.value <= found.high <= max(values) + 1e-9


def test_nothing_has_no_figures():
    assert wilson(0, 0) is None
    assert bootstrap([]) is None
    assert percentile([], 50) is None
    assert calibration.expected_calibration_error([]) is None
    assert calibration.area_under_risk([]) is None
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([7.0], 95) == 7


def test_an_honest_confidence_has_no_calibration_error():
    honest = [(0.75, True)] * 3 + [(0.75, False)]
    assert calibration.expected_calibration_error(honest) == pytest.approx(0)
    boaster = [(1.0, False)] * 4
    assert calibration.expected_calibration_error(boaster) == 1


@given(pairs)
def test_bins_hold_every_pair_once(found):
    bins = calibration.reliability(found)
    assert sum(b.count for b in bins) == len(found)
    assert all(b.low - 1e-9 <= b.confidence <= b.high + 1e-9 for b in bins)
    error = calibration.expected_calibration_error(found)
    assert error is None or 0 <= error <= 1


@given(pairs)
def test_the_risk_curve_ends_at_the_share_of_errors(found):
    points = calibration.risk_coverage(found)
    assert [p.coverage for p in points] == sorted(p.coverage for p in points)
    if found:
        assert points[-1].coverage == 1
        wrong = sum(not correct for _, correct in found)
        assert points[-1].risk == pytest.approx(wrong / len(found))
        assert 0 <= calibration.area_under_risk(found) <= 1


@given(pairs)
def test_the_curves_are_svg(found):
    for svg in (calibration.reliability_svg(found), calibration.risk_coverage_svg(found)):
        assert ElementTree.fromstring(svg).tag == "svg"
