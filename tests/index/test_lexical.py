"""BM25's scores put in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import highest

scores = st.lists(st.integers(0, 4), max_size=30).map(lambda values: np.array(values, np.float32))


@given(scores, st.integers(0, 12))
def test_the_highest_are_those_of_a_full_stable_sort(given_scores, k):
    order = np.argsort(-given_scores, kind="stable")[:k]
    assert highest(given_scores, k) == [int(n) for n in order if given_scores[n] > 0]
