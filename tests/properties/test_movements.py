"""Laws of what moves between periods."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import softpower
from properties.strategies import fewer
from softpower.analysis.movements import changes


@st.composite
def panels(draw):
    """Return a table of cases that come and go, with gaps and ties, in which some case has two periods."""
    cases, periods, indicators = draw(st.integers(2, 5)), draw(st.integers(2, 4)), draw(st.integers(2, 4))
    g = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    years = np.sort(g.choice(np.arange(1990, 2010), periods, replace=False))
    index = pd.MultiIndex.from_product([list("ABCDE")[:cases], years.tolist()], names=["case", "period"])
    values = g.integers(0, 8, (len(index), indicators)).astype(float)
    frame = pd.DataFrame(values, index, columns=[f"x{place}" for place in range(indicators)])
    frame = frame.mask(g.random(frame.shape) < 0.2)
    keep = g.random(len(frame)) > 0.2
    keep[:2] = True
    # The ends of every column are there, so that it can be scored.
    frame.iloc[0], frame.iloc[1] = 0.0, 8.0
    return frame[keep]


MEANS = st.sampled_from(["arithmetic", "geometric", "harmonic"])


@fewer
@given(panels(), MEANS)
def test_parts_sum(frame, mean):
    """By value and by weights sum to what a contribution changes by, and over indicators to the composite's change."""
    methodology = {"aggregate": mean, "floor": 1.0}
    moved = changes(softpower.score(frame, methodology=methodology))
    parts = moved.contributions
    there = parts["change"].notna()
    assert (parts["after"] - parts["before"])[there].to_numpy() == pytest.approx(
        (parts["value"] + parts["weights"])[there].to_numpy(), abs=1e-9
    )
    whole = parts["change"].groupby(level=["case", "from", "to"], sort=False).sum(min_count=1)
    composite = moved.scores.xs("composite", level="node")["change"]
    assert whole.to_numpy() == pytest.approx(composite.to_numpy(), abs=1e-9, nan_ok=True)


@fewer
@given(panels(), MEANS)
def test_time_turned_round_turns_every_part_round(frame, mean):
    """Neither the values nor the weights come first: backwards in time each part is the same with its sign turned."""
    methodology = {"aggregate": mean, "floor": 1.0}
    back = frame.rename(index=lambda year: 4000 - year, level="period")
    forth, turned = (changes(softpower.score(one, methodology=methodology)) for one in (frame, back))
    for case, start, stop in forth.index:
        here = forth.contributions.xs((case, start, stop), level=["case", "from", "to"])
        there = turned.contributions.xs((case, 4000 - stop, 4000 - start), level=["case", "from", "to"])
        columns = ["value", "weights"]
        assert here[columns].to_numpy() == pytest.approx(-there[columns].to_numpy(), abs=1e-9, nan_ok=True)


def ranked(scores):
    """Return ranks by counting those above, one pair at a time."""
    return {one: 1 + sum(other > mine + 1e-6 for other in scores.values()) for one, mine in scores.items()}


@fewer
@given(panels())
def test_ranks_are_what_counting_gives(frame):
    """Own and others' parts are averages of ranks among the stayers, with who comes and goes added; they sum."""
    result = softpower.score(frame)
    assume(len(result.cases) > 1)
    moved = changes(result)
    by_period = {
        period: part.droplevel("period").dropna().to_dict() for period, part in result.composite.groupby(level="period")
    }
    for (case, start, stop), row in moved.ranks.iterrows():
        old, new = by_period[start], by_period[stop]
        if case not in old or case not in new:
            assert row[["own", "others", "entering", "leaving"]].isna().all()
            assert row["reason"]
            continue
        others = (set(old) & set(new)) - {case}

        def rank(mine, theirs, *, case=case, others=others):
            return ranked({case: mine[case]} | {one: theirs[one] for one in others})[case]

        own = (rank(new, old) - rank(old, old) + rank(new, new) - rank(old, new)) / 2
        rest = (rank(old, new) - rank(old, old) + rank(new, new) - rank(new, old)) / 2
        assert (row["own"], row["others"]) == (own, rest)
        assert row["entering"] == sum(new[one] > new[case] + 1e-6 for one in set(new) - set(old))
        assert row["leaving"] == -sum(old[one] > old[case] + 1e-6 for one in set(old) - set(new))
        assert row["change"] == row[["own", "others", "entering", "leaving"]].sum()
        assert (row["before"], row["after"]) == (ranked(old)[case], ranked(new)[case])
