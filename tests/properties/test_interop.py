"""Laws of what goes out and comes back: COINr's tables, CSV and Excel."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer
from softpower import score
from softpower.files import csv_of
from softpower.frames import parse_csv
from softpower.interop import from_coinr, to_coinr
from softpower.interop.tables import _unguarded, guarded

FINITE = st.floats(-1e6, 1e6, allow_nan=False)
CELLS = st.one_of(st.none(), FINITE)
TITLES = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8).filter(
    lambda text: text != "NA"
)


@st.composite
def coinr_tables(draw):
    """IData and iMeta as COINr takes them, in any order of rows and columns: two to four levels, perhaps a panel."""
    depth = draw(st.integers(0, 2))
    rows, parents = [{"iCode": "index", "Level": depth + 2, "Parent": None, "Type": "Aggregate"}], ["index"]
    for level in range(depth + 1, 1, -1):
        size = draw(st.integers(len(parents), 4)) if len(parents) < 4 else len(parents)
        made = [f"a{level}_{place}" for place in range(size)]
        # Every aggregate has a child, the rest hang anywhere.
        above = [*parents, *(draw(st.sampled_from(parents)) for _ in made[len(parents) :])]
        pairs = zip(made, above, strict=True)
        rows += [{"iCode": one, "Level": level, "Parent": parent, "Type": "Aggregate"} for one, parent in pairs]
        parents = made
    leaves = [f"i{place}" for place in range(draw(st.integers(max(2, len(parents)), 7)))]
    above = [*parents, *(draw(st.sampled_from(parents)) for _ in leaves[len(parents) :])]
    rows += [
        {"iCode": one, "Level": 1, "Parent": parent, "Type": "Indicator"}
        for one, parent in zip(leaves, above, strict=True)
    ]
    divided = draw(st.booleans())
    posted, targets = draw(st.booleans()), draw(st.booleans())
    for row in rows:
        leaf = row["Type"] == "Indicator"
        row |= {"iName": draw(TITLES), "Weight": draw(st.floats(0.01, 100))}
        row |= {"Direction": draw(st.sampled_from([1, -1])) if leaf else 1}
        row |= {"Unit": draw(st.sampled_from([None, "percent", "EUR million", "count:visit"])) if leaf else None}
        if leaf and targets:
            row["Target"] = draw(FINITE)
        if leaf and divided and (row["iCode"] == "i0" or draw(st.booleans())):
            row |= {"Denominator": "people", "ScaleFactor": draw(st.sampled_from([1.0, 100.0, 0.001]))}
        if leaf and posted:
            low = draw(FINITE)
            row |= {"goalpost_lower": low, "goalpost_upper": low + draw(st.floats(1, 1e6))}
            row |= {"goalpost_scale": 100.0, "goalpost_trunc2posts": True}
    if divided:
        rows.append({"iCode": "people", "Type": "Denominator", "iName": draw(TITLES), "Unit": "count:person"})
    if grouped := draw(st.booleans()):
        rows.append({"iCode": "region", "Type": "Group", "iName": "region"})
    cases = [f"C{place}" for place in range(draw(st.integers(2, 5)))]
    times = [2019, 2020] if draw(st.booleans()) else [None]
    data = {"uCode": [case for _ in times for case in cases]}
    size = len(data["uCode"])
    if times != [None]:
        data["Time"] = [one for one in times for _ in cases]
    if draw(st.booleans()):
        data["uName"] = draw(st.lists(TITLES, min_size=size, max_size=size))
    if grouped:
        data["region"] = draw(st.lists(st.sampled_from(["north", "south", None]), min_size=size, max_size=size))
    units = {row["iCode"]: row.get("Unit") for row in rows}
    for name in leaves:
        cells = np.array(draw(st.lists(CELLS, min_size=size, max_size=size)), dtype=float)
        # No count is below zero.
        data[name] = np.abs(cells) if units[name] == "count:visit" else cells
    if divided:
        data["people"] = np.array(draw(st.lists(st.floats(0.1, 1e6), min_size=size, max_size=size)))
    imeta = pd.DataFrame(draw(st.permutations(rows)))
    idata = pd.DataFrame({name: data[name] for name in draw(st.permutations(list(data)))})
    return idata, imeta[draw(st.permutations(list(imeta.columns)))]


def plain(frame, key):
    """A table without its order of rows and columns, its types, and columns that say nothing."""
    frame = frame.dropna(axis="columns", how="all")
    cells = frame.astype(object).where(frame.notna(), None).sort_values(key)
    return sorted(frame.columns), cells[sorted(frame.columns)].to_numpy().tolist()


class TestCoinr:
    """to_coinr(from_coinr(x)) is x up to the order of rows and columns, and nothing is said to be lost.

    from_coinr(to_coinr(p)) is the profile p, and the order in which iMeta names things moves no score.
    """

    @fewer
    @given(coinr_tables())
    def test_what_goes_out_comes_back(self, tables):
        idata, imeta = tables
        read = from_coinr(idata, imeta)
        written = to_coinr(read.profile)
        assert read.not_understood == ()
        assert written.not_held == ()
        keys = [name for name in ("uCode", "Time") if name in idata]
        assert plain(written.idata, keys) == plain(idata, keys)
        assert plain(written.imeta, "iCode") == plain(imeta, "iCode")
        again = from_coinr(written.idata, written.imeta, level_names=written.level_names).profile
        assert again.framework == read.profile.framework
        assert again.methodology == read.profile.methodology
        columns = list(idata.columns.intersection(read.profile.values.columns))
        assert again.values.to_frame()[columns].equals(read.profile.values.to_frame()[columns])

    @fewer
    @given(coinr_tables(), st.randoms(use_true_random=False))
    def test_the_order_of_rows_moves_no_score(self, tables, random):
        idata, imeta = tables
        # Min-max refuses an indicator that never varies.
        leaves = imeta.loc[imeta["Type"] == "Indicator", "iCode"]
        idata = idata.assign(**{name: np.arange(len(idata)) * 1.5 + place for place, name in enumerate(leaves)})
        order = random.sample(range(len(imeta)), len(imeta))
        one = score(from_coinr(idata, imeta).profile).composite
        other = score(from_coinr(idata, imeta.iloc[order]).profile).composite
        np.testing.assert_allclose(other.to_numpy(), one.to_numpy(), rtol=1e-9, atol=1e-9)


TEXTS = st.text(st.sampled_from("'=+-@\t\r\nab\",;0 "), max_size=6)


class TestGuard:
    """A guarded text never begins a formula, and unguarding gives every text back, through CSV as well."""

    @given(st.lists(TEXTS, min_size=1, max_size=6))
    def test_it_comes_back(self, texts):
        frame = pd.DataFrame({"text": texts, "number": -1.0})
        made = guarded(frame)
        assert not any(one.startswith(tuple("=+-@\t\r")) for one in made["text"])
        assert _unguarded(made)["text"].tolist() == texts
        assert made["number"].tolist() == frame["number"].tolist()

    @given(st.lists(TEXTS.filter(lambda text: text == text.strip()), min_size=1, max_size=6))
    def test_it_comes_back_from_csv(self, texts):
        frame = pd.DataFrame({"source": texts, "x": 1.0})
        file = csv_of(guarded(frame), index=False)
        assert _unguarded(parse_csv(file, "csv"))["source"].tolist() == texts
