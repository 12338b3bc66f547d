"""Cronbach's alpha, and without each indicator: by hand, as the Handbook prints it, and where it has no meaning."""

import numpy as np
import pytest

from softpower import MethodError, load_profile
from softpower.analysis.reliability import cronbach_alpha

ITEMS = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
THREE = np.array([[1.0, 2.0, 1.0], [2.0, 1.0, 2.0], [3.0, 3.0, 3.0]])


def test_by_hand():
    # two standardised items with correlation r have alpha = 2 r / (1 + r); here r = 0.5
    assert cronbach_alpha(ITEMS).alpha == pytest.approx(2 / 3)


def test_without_each_by_hand():
    # correlations 0.5, 1, 0.5: the variance of the sum is 3 + 2 x 2; without the second two that are the same are left
    found = cronbach_alpha(THREE)
    assert found.alpha == pytest.approx(3 / 2 * (1 - 3 / 7))
    assert found.if_deleted.tolist() == pytest.approx([2 / 3, 1, 2 / 3])
    # the first with the sum of the others: (0.5 + 1) / sqrt(2 + 2 x 0.5)
    assert found.item_rest.tolist() == pytest.approx([1.5 / 3**0.5, 0.5, 1.5 / 3**0.5])
    assert (found.cases, found.reason, found.reasons) == (3, "", ("", "", ""))


def test_units_matter_only_as_they_are():
    assert cronbach_alpha(ITEMS * [1, 100]).alpha == pytest.approx(2 / 3)
    assert cronbach_alpha(ITEMS * [1, 100], standardised=False).alpha < 0.1


@pytest.mark.parametrize("standardised", [True, False])
def test_no_square_leaves_the_range_of_numbers(standardised):
    got = cronbach_alpha(THREE * 1e200, standardised=standardised)
    assert got.alpha == pytest.approx(cronbach_alpha(THREE, standardised=standardised).alpha)


def test_items_that_hardly_vary_do_not_cancel_out():
    got = cronbach_alpha(1000 + THREE / 1024, standardised=False)
    assert got.reason == ""
    assert got.alpha == pytest.approx(cronbach_alpha(THREE, standardised=False).alpha)


def test_a_case_with_a_gap_does_not_count():
    found = cronbach_alpha(np.vstack([ITEMS, [np.nan, 9.0]]))
    assert (found.alpha, found.cases) == (pytest.approx(2 / 3), 3)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (ITEMS[:, :1], "1 indicator alone, and it takes 2"),
        (ITEMS[:, :0], "no indicators alone, and it takes 2"),
        (ITEMS[:1], "1 case without gaps, and fewer than 3 say nothing"),
        (ITEMS[:2], "2 cases without gaps, and fewer than 3 say nothing"),
        (np.full((4, 2), np.nan), "0 cases without gaps, and fewer than 3 say nothing"),
        (np.array([[1.0, 2], [1, 3], [1, 4]]), "indicator 1 is the same in every case"),
        (np.array([[1.0, 2], [1, 2], [1, 2]]), "indicator 1 and indicator 2 are the same in every case"),
        (
            np.array([[1.0, 3], [2, 2], [3, 1]]),
            "the indicators cancel out, so that their sum is the same in every case",
        ),
        (np.array([[0.1, -0.1], [0.7, -0.7], [0.3, -0.3]]), "the indicators cancel out"),
    ],
)
def test_what_has_no_meaning_says_why(values, says):
    found = cronbach_alpha(values)
    assert found.reason.startswith(says)
    assert np.isnan([found.alpha, *found.if_deleted, *found.item_rest]).all()
    assert found.reasons == (found.reason,) * values.shape[1]


def test_reasons_call_indicators_by_their_names():
    values = np.array([[1.0, 2], [1, 3], [1, 4]])
    assert cronbach_alpha(values, names=["trade", "aid"]).reason == "trade is the same in every case"


def test_of_two_none_can_be_deleted():
    found = cronbach_alpha(ITEMS)
    assert np.isnan(found.if_deleted).all()
    assert found.item_rest.tolist() == pytest.approx([0.5, 0.5])
    assert found.reasons == ("one indicator alone is left, and it takes 2",) * 2


def test_others_that_cancel_out_say_so():
    values = np.column_stack([[1.0, 2, 3, 4], [4.0, 3, 2, 1], [1.0, 3, 2, 4]])
    found = cronbach_alpha(values)
    assert found.reasons == ("", "", "the others cancel out, so that their sum is the same in every case")
    assert np.isnan(found.if_deleted).tolist() == [False, False, True]
    assert np.isnan(found.item_rest).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("values", "names", "says"),
    [
        (ITEMS[0], None, "they have 1 axes"),
        (ITEMS * [1, np.inf], None, "one is infinite"),
        (ITEMS, ["a"], "there are 1 for 2 indicators"),
    ],
)
def test_refusals(values, names, says):
    with pytest.raises(MethodError, match=says):
        cronbach_alpha(values, names=names)


class TestTable11:
    """The Technology Achievement Index of the Handbook, whose data are printed with two decimals."""

    IF_DELETED = (0.704, 0.645, 0.636, 0.774, 0.603, 0.624, 0.662, 0.706)
    ITEM_REST = (0.261, 0.527, 0.566, -0.108, 0.701, 0.614, 0.451, 0.249)

    @pytest.fixture
    def found(self):
        return cronbach_alpha(load_profile("technology_achievement").values.value)

    def test_alpha(self, found):
        assert found.alpha == pytest.approx(0.70, abs=0.005)
        assert found.cases == 23

    def test_without_each(self, found):
        np.testing.assert_allclose(found.if_deleted, self.IF_DELETED, atol=0.0015)

    def test_with_the_sum_of_the_others(self, found):
        np.testing.assert_allclose(found.item_rest, self.ITEM_REST, atol=0.006)
