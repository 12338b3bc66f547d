"""Laws of trajectories: every change is what moved and what entered, and moves add up to what moved."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from properties.strategies import fewer
from properties.test_as_of import both, dated_studies
from softpower import score, trajectory

few = settings(fewer, max_examples=max(5, fewer.max_examples // 4))
"""Each example scores several years."""


class TestSplit:
    """change = moved + coverage, and moved is the sum of the points of the moves; phases that follow on add up."""

    @few
    @given(dated_studies(), both, st.sampled_from([range(2003, 2008), [2002, "2004-06", 2009]]))
    def test_changes_add_up(self, profile, undated, years):
        through = trajectory(profile, years=years, undated=undated)
        changes = through.changes()
        there = changes["change"].notna() & changes["moved"].notna()
        split = changes.loc[there, ["moved", "coverage"]].sum(axis=1)
        np.testing.assert_allclose(split, changes.loc[there, "change"], atol=1e-9)
        still = there & (changes["enter"] + changes["leave"] == 0)
        np.testing.assert_allclose(changes.loc[still, "coverage"], 0, atol=1e-9)
        root = changes.loc[there & (changes.index.get_level_values("node") == "index"), "moved"].droplevel("node")
        points = through.moves()["points"].groupby(["case", "year"]).sum().reindex(root.index, fill_value=0.0)
        np.testing.assert_allclose(points, root, atol=1e-9)

    @few
    @given(dated_studies(), both)
    def test_phases_add_up(self, profile, undated):
        through = trajectory(profile, years=[2001, 2004, 2005, 2007, 2010], undated=undated)
        table = through.phases(["2001-2004", (2005, 2005), "2006-2010"], ["index"])
        first, last = (score(profile, as_of=year, undated=undated).composite for year in (2001, 2010))
        for case in profile.cases:
            mine = table.xs(case, level="case")
            if (mine["years"] == mine["scored"]).all():
                np.testing.assert_allclose(mine["change"].sum(), last[case] - first[case], atol=1e-9)


class TestComparable:
    """Of what is observed in every year, nothing enters and nothing leaves."""

    @few
    @given(dated_studies())
    def test_coverage_changes_nothing(self, profile):
        through = trajectory(profile, years=[2003, 2006, 2009])
        if through.always:
            changes = through.comparable().changes()
            assert not changes[["enter", "leave"]].to_numpy().any()
            np.testing.assert_allclose(changes["coverage"].fillna(0.0), 0, atol=1e-9)
