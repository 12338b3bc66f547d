"""Cronbach's alpha: by hand, and where it has no meaning."""

import numpy as np
import pytest

from softpower import MethodError
from softpower.analysis.reliability import cronbach_alpha

ITEMS = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])


def test_by_hand():
    # two standardised items with correlation r have alpha = 2 r / (1 + r); here r = 0.5
    assert cronbach_alpha(ITEMS) == pytest.approx(2 / 3)


def test_units_matter_only_as_they_are():
    assert cronbach_alpha(ITEMS * [1, 100]) == pytest.approx(2 / 3)
    assert cronbach_alpha(ITEMS * [1, 100], standardised=False) < 0.1


def test_a_case_with_a_gap_does_not_count():
    assert cronbach_alpha(np.vstack([ITEMS, [np.nan, 9.0]])) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (ITEMS[:, :1], "too few"),
        (ITEMS[:2], "too few"),
        (np.array([[1.0, 2], [1, 3], [1, 4]]), "the same in every case"),
        (np.array([[1.0, 3], [2, 2], [3, 1]]), "cancel out"),
    ],
)
def test_what_has_no_meaning_is_refused(values, says):
    with pytest.raises(MethodError, match=says):
        cronbach_alpha(values)
