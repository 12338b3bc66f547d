"""Tables as values: columns in the order of the indicators, divided by their denominators, with bounds."""

import numpy as np
import pandas as pd
import pytest

from softpower import SpecificationError, score
from softpower.frames import read_frame
from softpower.model.framework import Framework
from softpower.steps.tabulate import tabulate, tabulate_cells


def specs(**denominators):
    return Framework.from_dict(
        {
            "dimensions": {"index": {"title": "Index"}},
            "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
            "indicators": {
                name: {"title": name, "dimension": "index", **more}
                for name, more in {"visits": {}, "trade": {}, **denominators}.items()
            },
        }
    )


PER = {"denominator": {"variable": "people", "scale": 10}}
FRAME = pd.DataFrame(
    {"visits": [30.0, 30.0, 0.0, -30.0], "trade": [1.0, 2.0, np.nan, 4.0], "people": [2.0, np.nan, 5.0, 3.0]},
    index=["A", "B", "C", "D"],
)


def test_a_denominator_divides_its_indicator_alone():
    framework = specs(visits=PER)
    made = tabulate(read_frame(FRAME, framework)[0], framework.indicators)
    np.testing.assert_allclose(made.value, [[150, 1], [np.nan, 2], [0, np.nan], [-100, 4]])
    assert made.low is made.high is made.value


def test_bounds_are_those_of_both():
    framework = specs(visits=PER)
    frame = FRAME.assign(
        **{"visits:low": [20, 30, -5, -40], "people:low": [1, None, 4, 2], "people:high": [4, None, 5, 5]}
    )
    made = tabulate(read_frame(frame, framework)[0], framework.indicators)
    # 20 over 4 and 30 over 1; a negative value is least over the least denominator
    np.testing.assert_allclose(made.low[:, 0], [50, np.nan, -12.5, -200])
    np.testing.assert_allclose(made.high[:, 0], [300, np.nan, 0, -60])
    np.testing.assert_allclose(made.low[:, 1], FRAME["trade"])


def test_bounds_are_the_least_and_greatest_of_all_four_corners():
    framework, ends = specs(visits=PER), [-2.0, -0.5, 0.0, 0.25, 0.75, 3.0]
    pairs = [(low, high) for low in ends for high in ends if low <= high]
    columns = {"trade": 1.0, "visits": [low for low, _ in pairs], "people": 3.0, "people:low": 0.5, "people:high": 4.0}
    bounds = {"visits:low": columns["visits"], "visits:high": [high for _, high in pairs]}
    frame = pd.DataFrame(columns | bounds, index=[f"C{place}" for place in range(len(pairs))])
    made = tabulate(read_frame(frame, framework)[0], framework.indicators)
    scale = framework.indicators["visits"].denominator.scale
    for row, pair in enumerate(pairs):
        corners = [scale * x / people for x in pair for people in (0.5, 4.0)]
        assert (made.low[row, 0], made.high[row, 0]) == pytest.approx((min(corners), max(corners)))


def test_a_missing_denominator_is_the_reason_of_the_gap():
    reasons = score(FRAME, specs(visits=PER)).reasons
    assert reasons["B", "visits"] == "no value of the denominator 'people'"
    assert reasons["C", "trade"] == "no value in the table"
    both = score(FRAME.assign(visits=[30.0, None, 0, -30]), specs(visits=PER)).reasons
    assert both["B", "visits"] == "no value in the table"


@pytest.mark.parametrize("people", [[0.0, 1, 1, 1], [2.0, -1, 1, 1]])
def test_a_denominator_is_above_zero(people):
    with pytest.raises(SpecificationError, match=r"people: the denominator of [AB] is zero or below"):
        score(FRAME.assign(people=people), specs(visits=PER))


def test_its_bounds_are_above_zero_too():
    with pytest.raises(SpecificationError, match="the denominator of A is zero or below, or can be within its bounds"):
        score(FRAME.assign(**{"people:low": [0.0, None, 5, 3]}), specs(visits=PER))


@pytest.mark.parametrize(
    ("denominator", "says"),
    [
        ({"variable": "persons"}, "there is no variable 'persons'. Known: people."),
        ({"variable": "people", "scale": 0}, "denominator.scale: 0 is wrong"),
        ({"variable": "people", "scal": 1}, "unknown key 'scal'. Did you mean 'scale'?"),
    ],
)
def test_a_denominator_that_cannot_be_is_refused(denominator, says):
    with pytest.raises(SpecificationError) as caught:
        specs(visits={"denominator": denominator})
    assert says in str(caught.value)


def test_the_cells_that_are_given_stay_as_they_are():
    # People are an indicator themselves, so that the columns are the indicators in their order.
    framework = specs(visits=PER, people={"denominator": None})
    names = ("visits", "trade", "people")
    cells = FRAME[list(names)].to_numpy()
    before = cells.copy()
    made = tabulate_cells(names, cells, {name: framework.indicators[name] for name in names})
    assert made[0].tolist() == [150, 1, 2]
    np.testing.assert_array_equal(cells, before)


class TestExactness:
    """A denominator that two indicators share pulls both; where it pulls them apart the bound above is outer."""

    WIDE = FRAME.iloc[[0, 3]].assign(**{"visits": [30, 20], "people:low": [1.0, 3.0]})

    def exact(self, frame, **more):
        return score(frame, specs(**more), methodology={"normalise": "goalposts"}).exact[:, -1].tolist()

    POSTS = {"goalposts": {"low": 0, "high": 500, "kind": "benchmark", "reason": "for the test"}}  # noqa: RUF012

    def test_alike(self):
        assert self.exact(self.WIDE, visits=PER | self.POSTS, trade=PER | self.POSTS) == [True, True]

    def test_apart(self):
        lower = PER | self.POSTS | {"better": "lower"}
        assert self.exact(self.WIDE, visits=PER | self.POSTS, trade=lower) == [False, True]

    @pytest.mark.parametrize(("trade", "exact"), [(-1.0, False), (-0.01, False), (0.0, True), (0.05, True)])
    def test_with_a_negative_value(self, trade, exact):
        frame = self.WIDE.assign(**{"trade": [trade, 4.0], "people:low": [1.0, 2.0]})
        assert self.exact(frame, visits=PER | self.POSTS, trade=PER | self.POSTS) == [exact, True]

    def test_a_dimension_over_both_and_all_above_it_are_outer_in_that_row(self):
        ways = {"visits": "higher", "trade": "lower"}
        framework = Framework.from_dict(
            {
                "dimensions": {"all": {"title": "All"}, "part": {"title": "Part", "parent": "all"}},
                "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
                "indicators": {
                    name: {"title": name, "dimension": "part", "better": way} | PER | self.POSTS
                    for name, way in ways.items()
                },
            }
        )
        exact = score(self.WIDE, framework, methodology={"normalise": "goalposts"}).exact
        assert exact[:, -2:].tolist() == [[False, False], [True, True]]

    def test_a_dimension_over_one_of_them_attains_its_bounds(self):
        framework = Framework.from_dict(
            {
                "dimensions": {"all": {"title": "All"}, "low": {"title": "Low", "parent": "all"}},
                "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
                "indicators": {
                    name: {"title": name, "dimension": parent} | PER | self.POSTS
                    for name, parent in (("visits", "all"), ("trade", "low"))
                },
            }
        )
        frame = self.WIDE.assign(trade=[-1.0, 4.0])
        exact = score(frame, framework, methodology={"normalise": "goalposts"}).exact
        assert dict(zip(("visits", "trade", "low", "all"), exact[0].tolist(), strict=True)) == {
            **dict.fromkeys(("visits", "trade", "low"), True),
            "all": False,
        }

    def test_a_dimension_over_two_that_go_one_way_attains_its_bounds(self):
        ways = {"visits": "higher", "trade": "higher", "debt": "lower"}
        framework = Framework.from_dict(
            {
                "dimensions": {"all": {"title": "All"}, "part": {"title": "Part", "parent": "all"}},
                "variables": {"people": {"title": "People", "kind": "stock", "unit": "count:person"}},
                "indicators": {
                    name: {"title": name, "dimension": "all" if name == "debt" else "part", "better": way}
                    | PER
                    | self.POSTS
                    for name, way in ways.items()
                },
            }
        )
        exact = score(self.WIDE.assign(debt=[5.0, 6.0]), framework, methodology={"normalise": "goalposts"}).exact
        assert exact[0].tolist() == [*[True] * 3, True, False]

    def test_one_alone(self):
        assert self.exact(self.WIDE, visits=PER | self.POSTS, trade=self.POSTS) == [True, True]
