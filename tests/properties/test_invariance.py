"""Laws of what must not matter: the order of rows, cases and siblings, the scale of units; and of what must: order."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import (
    MEASURES,
    VARIABLES,
    any_scores,
    fewer,
    framework,
    indicator,
    measured_studies,
    numbers,
    study,
    tree_studies,
    variable,
)
from softpower.model.framework import Framework
from softpower.model.profile import Profile
from softpower.registry import NORMALISE
from softpower.scoring import score
from softpower.steps.normalise import Scales, normalise

TABLES = ("score", "low", "high", "gap_low", "gap_high", "coverage", "weight", "effective_weight", "contribution")


def same(before, after, cases=None, tolerance=1e-12):
    """All numbers of two results agree, node by node, within 1e-12 of their size or of the scale."""
    assert set(before.nodes) == set(after.nodes)
    nodes = [after.nodes.index(name) for name in before.nodes]
    cases = [after.cases.index(case) for case in cases or before.cases]
    for name in TABLES:
        scale = 100 if name not in {"coverage", "weight", "effective_weight"} else 1
        got = getattr(after, name)[np.ix_(cases, nodes)]
        np.testing.assert_allclose(got, getattr(before, name), rtol=tolerance, atol=tolerance * scale, err_msg=name)
    np.testing.assert_array_equal(after.exact[np.ix_(cases, nodes)], before.exact)


@st.composite
def goalposts(draw, *, log=None):
    """One scale of any kind; low, high and parity in their order."""
    log = draw(st.booleans()) if log is None else log
    low = draw(numbers(0.01, 10) if log else numbers(-50, 50))
    parity = low + draw(numbers(0.1, 40))
    high = parity + draw(numbers(0.1, 40))
    return Scales(
        *(np.array([one]) for one in (low, high)),
        np.array([draw(st.sampled_from([parity, np.nan]))]),
        np.array([log]),
        np.array([draw(st.booleans())]),
    )


def scores(values, scales):
    return normalise(NORMALISE["goalposts"], {}, np.array(values, dtype=float)[:, None], scales).ravel()


class TestGoalposts:
    @given(goalposts(), st.lists(numbers(-200, 200), min_size=2, max_size=2))
    def test_order_is_kept(self, scales, values):
        """From x <= y follows score(x) <= score(y) where higher is better, and the mirror of it where lower is."""
        first, second = scores(sorted(values), scales)
        assert first <= second + 1e-12 if scales.higher[0] else second <= first + 1e-12

    @given(goalposts(), st.lists(numbers(0.1, 0.9), min_size=2, max_size=2, unique=True))
    def test_between_the_goalposts_order_is_strict(self, scales, shares):
        values = scales.low + np.array(sorted(shares)) * (scales.high - scales.low)
        first, second = scores(values, scales)
        assume(shares[0] != pytest.approx(shares[1]))
        assert first < second if scales.higher[0] else second < first

    @given(goalposts(), numbers(-1e6, 1e6))
    def test_scores_lie_within_0_to_100(self, scales, value):
        assert -1e-12 <= scores([value], scales)[0] <= 100 + 1e-12

    @given(goalposts())
    def test_goalposts_score_the_ends_and_parity_the_middle(self, scales):
        ends = scores([scales.low[0], scales.high[0]], scales)
        assert ends.tolist() == pytest.approx([0, 100] if scales.higher[0] else [100, 0], abs=1e-12)
        if not np.isnan(scales.parity[0]):
            assert scores(scales.parity, scales)[0] == pytest.approx(50)

    @given(goalposts(), numbers(-200, 200), numbers(0.001, 1000))
    def test_unit_free(self, scales, value, factor):
        """A value and its goalposts in another unit score the same."""
        turned = Scales(scales.low * factor, scales.high * factor, scales.parity * factor, scales.log, scales.higher)
        assert scores([value * factor], turned)[0] == pytest.approx(scores([value], scales)[0], abs=1e-7)

    @given(goalposts(log=False), numbers(-200, 200), numbers(-100, 100))
    def test_a_linear_scale_has_no_origin(self, scales, value, shift):
        moved = Scales(scales.low + shift, scales.high + shift, scales.parity + shift, scales.log, scales.higher)
        assert scores([value + shift], moved)[0] == pytest.approx(scores([value], scales)[0], abs=1e-7)

    @given(goalposts(), numbers(-200, 200))
    def test_the_two_directions_mirror_each_other(self, scales, value):
        other = Scales(scales.low, scales.high, scales.parity, scales.log, ~scales.higher)
        assert scores([value], scales)[0] + scores([value], other)[0] == pytest.approx(100)


UNITS = {
    "share": {"percent": 1.0, "ratio": 0.01},
    "aid": {"EUR million": 1.0, "EUR": 1e6, "EUR thousand": 1e3, "EUR billion": 1e-3},
    "loans": {"EUR million": 1.0, "EUR": 1e6, "EUR thousand": 1e3, "EUR billion": 1e-3},
}


def in_unit(row, unit, factor):
    return row | {"unit": unit} | {end: row[end] * factor for end in ("low", "value", "high") if row[end] is not None}


class TestUnits:
    """A fact, or a variable, in another unit of the same dimension changes nothing."""

    @fewer
    @given(measured_studies(), st.data())
    def test_of_observations(self, profile, data):
        facts = [one.model_dump(mode="json") for one in profile.observations]
        turned = []
        for row in facts:
            unit, factor = data.draw(st.sampled_from(list(UNITS.get(row["variable"], {row["unit"]: 1.0}).items())))
            turned.append(in_unit(row, unit, factor))
        same(score(profile), score(profile.replace(observations=tuple(turned))), tolerance=1e-9)

    @fewer
    @given(measured_studies(), st.data())
    def test_of_variables(self, profile, data):
        """The facts stay in their own units; what they are kept in is the variable's."""
        specs = profile.framework.model_dump(mode="json")
        for name, units in UNITS.items():
            specs["variables"][name]["unit"] = data.draw(st.sampled_from(list(units)))
        same(score(profile), score(profile, Framework.parse(specs)), tolerance=1e-9)

    @fewer
    @given(
        st.sampled_from(["EUR", "EUR million", "EUR billion"]),
        st.sampled_from(["EUR", "EUR million", "EUR billion"]),
        st.lists(numbers(0.5, 1000), min_size=2, max_size=2),
        st.sampled_from(["sum", "ratio", "effective_number"]),
    )
    def test_of_one_of_two_variables_that_a_measure_joins(self, one, other, amounts, kind):
        """EUR 500 million and EUR 2 billion are joined as what they are."""
        sides = {"numerator": ["a"], "denominator": ["b"]} if kind == "ratio" else {"variables": ["a", "b"]}
        unit = {"sum": "EUR million", "ratio": "ratio", "effective_number": "count:part"}[kind]
        rows = [
            {"variable": name, "value": amount, "unit": "EUR million"}
            for name, amount in zip("ab", amounts, strict=True)
        ]
        a, b = amounts
        expected = {"sum": a + b, "ratio": a / b, "effective_number": (a + b) ** 2 / (a**2 + b**2)}[kind]
        for units in (("EUR million", "EUR million"), (one, other)):
            variables = {name: variable("flow", unit) for name, unit in zip("ab", units, strict=True)}
            specs = framework({"it": indicator({"kind": kind, **sides}, unit=unit)}, variables)
            assert score(study(specs, rows)).raw[0, 0] == pytest.approx(expected)

    @fewer
    @given(
        st.sampled_from([("share_of_window", "ratio", "percent", 100), ("years", "year", "month", 12)]),
        st.integers(2001, 2005),
        st.integers(2006, 2010),
    )
    def test_of_indicators_whose_measure_has_a_unit_of_its_own(self, kind, first, last):
        """An indicator in another unit has other numbers, and with its goalposts in that unit the same score."""
        name, small, large, factor = kind
        event, spell = variable("event", "count:event"), variable("spell", "count:spell")
        if name == "years":
            measure = {"kind": "years_between", "earlier": "a", "later": "b"}
            rows = [{"variable": one, "value": 1, "start": str(year)} for one, year in (("a", first), ("b", last))]
            variables = {"a": event, "b": event}
        else:
            measure, variables = {"kind": name, "variables": ["a"]}, {"a": spell}
            rows = [{"variable": "a", "value": 1, "start": str(first), "end": str(last)}]
        results = [
            score(study(framework({"it": indicator(measure, unit=unit, high=10 * by)}, variables), rows))
            for unit, by in ((small, 1), (large, factor))
        ]
        assert results[1].raw[0, 0] == pytest.approx(factor * results[0].raw[0, 0])
        same(*results, tolerance=1e-9)


def reordered(mapping, order):
    return {name: mapping[name] for name in order}


class TestPermutations:
    """The order in which rows, cases and siblings stand changes nothing beyond 1e-12."""

    @fewer
    @given(measured_studies(), st.data())
    def test_of_observations(self, profile, data):
        rows = data.draw(st.permutations(list(profile.observations)))
        same(score(profile), score(profile.replace(observations=tuple(rows))))

    @fewer
    @given(measured_studies())
    def test_of_cases(self, profile):
        turned = score(profile.replace(cases=profile.cases[::-1]))
        same(score(profile), turned, profile.cases)

    @fewer
    @given(measured_studies())
    def test_a_case_is_scored_as_it_is_alone(self, profile):
        together = score(profile)
        for place, case in enumerate(profile.cases):
            facts = tuple(one for one in profile.observations if one.case in {case, "A>*"})
            alone = score(profile.replace(cases=(case,), observations=facts))
            np.testing.assert_allclose(alone.score[0], together.score[place], rtol=1e-12, atol=1e-10)
            np.testing.assert_allclose(alone.low[0], together.low[place], rtol=1e-12, atol=1e-10)

    @fewer
    @given(measured_studies(), st.data())
    def test_of_siblings_over_measures(self, profile, data):
        self.permuted(profile, data)

    @fewer
    @given(tree_studies(bounds=True), st.data())
    def test_of_siblings_in_trees(self, profile, data):
        self.permuted(profile, data)

    @staticmethod
    def permuted(profile, data):
        specs = profile.framework.model_dump(mode="json")
        for part in ("dimensions", "indicators", "variables"):
            specs[part] = reordered(specs[part], data.draw(st.permutations(list(specs[part]))))
        same(score(profile), score(profile, Framework.parse(specs)))

    @fewer
    @given(measured_studies(), st.data())
    def test_of_the_variables_of_a_measure(self, profile, data):
        specs = profile.framework.model_dump(mode="json")
        for one in specs["indicators"].values():
            for side in ("variables", "numerator", "denominator"):
                if side in one["measure"]:
                    one["measure"][side] = data.draw(st.permutations(one["measure"][side]))
        same(score(profile), score(profile, Framework.parse(specs)))


class TestOrder:
    """A fact that rises never lowers the score of a node where higher is better, never lifts it where lower is."""

    @fewer
    @given(tree_studies(scores=numbers(0, 90)), st.data())
    def test_of_one_fact(self, profile, data):
        if not profile.observations:
            return
        place = data.draw(st.integers(0, len(profile.observations) - 1))
        better = data.draw(st.sampled_from(["higher", "lower"]))
        specs = profile.framework.model_dump(mode="json")
        for one in specs["indicators"].values():
            one["better"] = better
        before = profile.replace(framework=Framework.parse(specs))
        fact = before.observations[place]
        more = fact.replace(value=fact.value + 0.1, low=None, high=None)
        facts = (*before.observations[:place], more, *before.observations[place + 1 :])
        lower, upper = score(before).score, score(before.replace(observations=facts)).score
        lower, upper = (lower, upper) if better == "higher" else (upper, lower)
        there = ~np.isnan(lower)
        assert (lower[there] <= upper[there] + 1e-9).all()


def test_the_strategy_draws_every_measure():
    kinds = {one["measure"]["kind"] for one in MEASURES.values()}
    assert kinds == {
        *("value", "sum", "ratio", "rate", "share_of_window", "ladder", "checklist"),
        *("years_between", "effective_number", "mean"),
    }
    assert isinstance(study(framework(MEASURES, VARIABLES), []), Profile)


@given(any_scores)
def test_a_scale_of_scores_is_0_to_100(value):
    one = Scales(*(np.array([part]) for part in (0.0, 100.0, np.nan, False, True)))
    assert scores([value], one)[0] == pytest.approx(value)
