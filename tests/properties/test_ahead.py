"""Laws of strengths and of what turns an order, against scores that are made anew."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from properties.strategies import fewer, numbers
from softpower import Framework, score
from softpower.analysis.ahead import strengths
from softpower.analysis.turning import flips

STEP = 1e-6
"""Of the range between the goalposts, by which a value is moved past where the order turns."""


@st.composite
def tables(draw, most=4):
    """A framework of two dimensions with goalposts and means of several kinds, and a table that it scores."""
    sizes = draw(st.tuples(st.integers(1, 3), st.integers(1, 2)))
    dimensions = {"all": {"title": "All"}}
    leaves = {}
    for place, size in enumerate(sizes):
        dimensions[f"d{place}"] = {"title": f"D{place}", "parent": "all", "weight": draw(numbers(0.5, 3))}
        for number in range(size):
            low = draw(st.sampled_from([1.0, 10.0]))
            posts = {"low": low, "high": low + 100, "kind": "benchmark", "reason": "for the test"}
            posts |= draw(st.sampled_from([{}, {"log": True}, {"parity": low + 20}]))
            leaves[f"i{place}{number}"] = {
                "title": f"I{place}{number}",
                "dimension": f"d{place}",
                "weight": draw(numbers(0.5, 3)),
                "better": draw(st.sampled_from(["higher", "lower"])),
                "goalposts": posts,
            }
    framework = Framework.from_dict({"dimensions": dimensions, "indicators": leaves})
    labels = [f"C{place}" for place in range(draw(st.integers(2, most)))]
    cell = st.one_of(numbers(2, 108), st.none())
    cells = {name: draw(st.lists(cell, min_size=len(labels), max_size=len(labels))) for name in leaves}
    frame = pd.DataFrame(cells, index=labels, dtype=float)
    methodology = {"aggregate": draw(st.sampled_from(["arithmetic", "geometric", "harmonic"])), "floor": 1.0}
    return framework, frame, methodology


class TestStrengths:
    """The gains of a case sum to how far its composite is ahead of the mean of the others' composites."""

    @fewer
    @given(tables())
    def test_gains_sum_to_the_lead(self, drawn):
        framework, frame, methodology = drawn
        result = score(frame, framework, methodology=methodology)
        whole = result.composite
        table = strengths(result)
        for case in whole.dropna().index:
            others = whole.drop(case).dropna()
            if len(others):
                assert table.loc[case, "gain"].sum() == pytest.approx(whole[case] - others.mean(), abs=1e-8)

    @fewer
    @given(tables())
    def test_a_difference_is_the_score_less_the_mean_of_the_others(self, drawn):
        framework, frame, methodology = drawn
        result = score(frame, framework, methodology=methodology)
        wide = result.to_wide("indicator")
        table = strengths(result)
        assert len(table) == wide.size
        for (case, node), row in table.iterrows():
            others = [one for one in wide[node].drop(case) if not np.isnan(one)]
            wanted = wide.loc[case, node] - np.mean(others) if others else np.nan
            assert row["difference"] == pytest.approx(wanted, nan_ok=True, abs=1e-9)
            assert bool(row["reason"]) == bool(np.isnan(wanted))
        for case in wide.index:
            mine = table.loc[case, "difference"].dropna().to_numpy()
            assert (np.diff(mine) <= 1e-12).all()

    @fewer
    @given(tables(most=2))
    def test_of_two_what_one_gains_the_other_loses(self, drawn):
        framework, frame, methodology = drawn
        result = score(frame, framework, methodology=methodology)
        assume(not result.composite.isna().any())
        one = strengths(result, "C0", against="C1").droplevel("case")
        other = strengths(result, "C1", against="C0").droplevel("case").loc[one.index]
        for column in ("difference", "gain"):
            assert one[column].to_numpy() == pytest.approx(-other[column].to_numpy(), nan_ok=True, abs=1e-9)


@st.composite
def pairs(draw):
    """Two cases of which one leads, the table, and what turns their order."""
    framework, frame, methodology = draw(tables(most=2))
    lead = score(frame, framework, methodology=methodology).composite.diff().iloc[-1]
    assume(abs(lead) > 1e-3)
    table = flips(score(frame, framework, methodology=methodology), "C0", "C1").reset_index()
    # How far the second leads the first, turned round so that it is above zero now.
    return framework, frame, methodology, table, np.sign(lead)


few = settings(max_examples=12)
"""For laws whose examples score many tables."""


class TestFlips:
    """Just before where the order turns it holds; just past it, it is gone. Where nothing turns it, it always holds."""

    @few
    @given(pairs())
    def test_values(self, drawn):
        framework, frame, methodology, table, sign = drawn
        values = table[table["of"] != "weight"]
        posts = {name: one.goalposts for name, one in framework.indicators.items()}
        places = np.linspace(0, 1, 5)
        tried = []
        for number, row in values.iterrows():
            one = posts[row["node"]]
            step = STEP * (one.high - one.low)
            if np.isnan(row["turns"]):
                tried += [(number, row, value) for value in one.low + places * (one.high - one.low)]
            else:
                ends = (one.low, row["turns"] - step, row["turns"], row["turns"] + step, one.high)
                tried += [(number, row, np.clip(value, one.low, one.high)) for value in ends]
        # Every changed case is a row of one table: scores against goalposts do not see each other.
        changed = pd.concat([frame.loc[[row["of"]]] for _, row, _ in tried])
        changed.index = pd.Index(range(len(tried))).astype(str)
        for place, (_, row, value) in enumerate(tried):
            changed.iloc[place, changed.columns.get_loc(row["node"])] = value
        made = score(pd.concat([frame, changed]), framework, methodology=methodology).composite
        leads = {}
        for (number, row, _), whole in zip(tried, made[2:], strict=True):
            other = made["C1"] - whole if row["of"] == "C0" else whole - made["C0"]
            leads.setdefault(number, []).append(sign * other)
        for number, row in values.iterrows():
            found = leads[number]
            if np.isnan(row["turns"]):
                assert min(found) >= -1e-9 if "holds" in row["reason"] else max(found) < 1e-9
                continue
            low, below, at, above, high = found
            assert at == pytest.approx(0, abs=1e-6)
            assert (low < 0) != (high < 0)
            kept, lost = (above, below) if low < 0 else (below, above)
            assert kept >= -1e-9
            assert lost <= 1e-9
            assert row["within"] == ("bounds" if row["turns"] == pytest.approx(row["now"]) else "goalposts")

    @few
    @given(pairs(), st.integers(0, 100))
    def test_weights(self, drawn, which):
        framework, frame, methodology, table, sign = drawn
        weights = table[table["of"] == "weight"]
        assume(len(weights))
        row = weights.iloc[which % len(weights)]
        specs = framework.dimensions | framework.indicators
        siblings = [name for name, above in framework.parents.items() if above == framework.parents[row["node"]]]
        rest = sum(specs[name].weight for name in siblings if name != row["node"])
        assert row["now"] == pytest.approx(specs[row["node"]].weight / (rest + specs[row["node"]].weight))

        def lead(share):
            given = {name: specs[name].weight / rest * (1 - share) for name in siblings} | {row["node"]: share}
            made = score(frame, framework, methodology=methodology | {"weights": given}).composite
            return sign * made.diff().iloc[-1]

        if np.isnan(row["turns"]):
            assert min(lead(1e-6), lead(1 - 1e-6)) > -1e-4
        else:
            assert 0 < row["turns"] < 1
            assert lead(row["turns"]) == pytest.approx(0, abs=1e-6)
            assert lead(row["now"] + (row["turns"] - row["now"]) / 2) > 0
