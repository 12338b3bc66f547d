import pandas as pd
import pytest

from softpower import NotFoundError, SpecificationError
from softpower.plot.choosing import expect, label_of, one_of

CASES = pd.Index(["KAZ", "UZB"], name="case")
BOTH = pd.MultiIndex.from_product([["KAZ", "UZB"], [2001, 2002]], names=["case", "period"])


def test_what_is_named_is_chosen():
    assert one_of(CASES, "UZB", None, "x").tolist() == [False, True]
    assert one_of(CASES[:1], None, None, "x").tolist() == [True]
    mine = one_of(BOTH, "UZB", 2001, "x")
    assert mine.tolist() == [False, False, True, False]
    assert label_of(BOTH, mine) == "UZB 2001"
    assert one_of(BOTH, None, 2002, "x", every=True).tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    ("index", "case", "period", "said"),
    [
        (CASES, None, None, "plot.x: case: there are 2 cases: KAZ, UZB. Name one: case='KAZ'."),
        (CASES, "UZ", None, "plot.x: case: there is no case 'UZ'. Did you mean 'UZB'?"),
        (CASES, "UZB", 2001, "plot.x: period: the scores have no periods. Leave it out."),
        (BOTH, "UZB", None, "plot.x: period: there are 2 periods: 2001, 2002. Name one: period=2001."),
        (BOTH, "UZB", "2001", "plot.x: period: there is no period '2001'. Name it so: period=2001."),
        (CASES, ["UZB"], None, "plot.x: case: there is no case ['UZB']. Did you mean 'UZB'?"),
        (BOTH, "UZB", 2003, "plot.x: period: there is no period 2003. Did you mean '2002'?"),
    ],
)
def test_what_cannot_be_chosen_says_how(index, case, period, said):
    with pytest.raises(NotFoundError) as caught:
        one_of(index, case, period, "x")
    assert str(caught.value) == said


def test_all_that_cannot_be_chosen_is_said_at_once():
    with pytest.raises(NotFoundError, match=r"2 faults:\n- plot.x: case: .*\n- plot.x: period: "):
        one_of(BOTH, "KAS", 1999, "x")


def test_what_is_of_another_kind():
    expect(1, int, "x", "y")
    with pytest.raises(SpecificationError, match=r"a str is given\. Give what softpower\.y or softpower\.z returns"):
        expect("1", int, "x", "y", "z")
