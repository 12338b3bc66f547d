"""Whatever frame is given: it is scored as the same numbers in plain columns are, or refused with a mend."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import softpower
from hostile.judging import judged, read, untouched
from softpower import Result, SoftPowerError, interop
from softpower.registry import AGGREGATE, IMPUTE, MISSING, NORMALISE, TREAT, WEIGHTS

try:
    import pyarrow as pa  # noqa: F401 - whether pandas can make its types
except ImportError:
    ARROW: tuple[str, ...] = ()
else:
    ARROW = ("int64[pyarrow]", "double[pyarrow]", "string[pyarrow]", "bool[pyarrow]", "decimal128(9,2)[pyarrow]")
    ARROW = (*ARROW, "timestamp[ns, tz=UTC][pyarrow]", "date32[day][pyarrow]")

few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=16_000, deadline=None, suppress_health_check=list(HealthCheck), database=None)

plain_numbers = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 100.0]),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.integers(-100, 100).map(float),
)
wild_numbers = st.one_of(
    plain_numbers,
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 5e-324, -5e-324, 2.2e-308, 1.7e308, -1.7e308, 1e300, 1e-300]),
    st.sampled_from([2.0**53, 2.0**53 + 2, 1e16 + 2]),
)
labels = st.one_of(
    st.sampled_from(["X", "Y", "Z", "W", "x", "KAZ", "EU>KAZ", "*", "composite", "a", "case", "period", "0"]),
    st.sampled_from(
        ["", " ", " X", "X ", "X\n", "a\x00b", "\ud800", "ناتج", "e\u0301", "é", "\u202eX", "😀", "x" * 300]
    ),
    st.sampled_from([None, math.nan, pd.NaT, pd.NA, 0, 1, 2.0, 2**60, True, b"X", ("X", "Y"), Fraction(1, 2)]),
    st.sampled_from([pd.Timestamp("2020-01-01"), pd.Timestamp("2020", tz="UTC"), pd.Period("2020", "Y")]),
    st.sampled_from(["group:region", "a:low", "a:high", "a:source", "b:low", ":low", "group:", "a:low:high"]),
    st.text(max_size=4),
)
good_labels = st.sampled_from(list("XYZWVU"))
cells = st.one_of(
    wild_numbers,
    st.sampled_from([None, pd.NA, pd.NaT, "", "1", "1,5", "x", b"1", True, False, 1j, 2**60, 2**1100, -(2**63)]),
    st.sampled_from([Decimal("1.5"), Decimal("NaN"), Decimal("1e400"), Fraction(1, 3), [1], (1, 2), {}, set(), object]),
    st.sampled_from([np.float32(1.5), np.int64(3), np.datetime64("2020"), pd.Timestamp("2020", tz="Asia/Almaty")]),
    st.sampled_from([pd.Timestamp("2020", tz="UTC"), pd.Timedelta("1D"), pd.Period("2020Q1"), pd.Interval(0, 1)]),
)


@st.composite
def columns(draw: st.DrawFn, rows: int, kinds: tuple[str, ...]) -> Any:  # noqa: PLR0912 - one branch for each kind
    """A column of one of some kinds."""
    kind = draw(st.sampled_from(kinds))
    some = draw(st.lists(plain_numbers, min_size=rows, max_size=rows))
    holes = draw(st.lists(st.booleans(), min_size=rows, max_size=rows)) if draw(st.booleans()) else [False] * rows
    gapped = [None if hole else one for one, hole in zip(some, holes, strict=True)]
    if kind == "plain":
        return np.array(some, dtype=float)
    if kind == "gaps":
        return np.array([np.nan if hole else one for one, hole in zip(some, holes, strict=True)], dtype=float)
    if kind == "missing":
        return np.full(rows, np.nan)
    if kind == "constant":
        return np.full(rows, draw(plain_numbers))
    if kind == "wild":
        return np.array(draw(st.lists(wild_numbers, min_size=rows, max_size=rows)), dtype=float)
    if kind == "extreme":
        return np.array(draw(st.lists(st.sampled_from(EXTREMES), min_size=rows, max_size=rows)))
    if kind == "cells":
        return pd.Series(draw(st.lists(cells, min_size=rows, max_size=rows)), dtype=object).to_numpy()
    if kind == "numbers as objects":
        return pd.Series(gapped, dtype=object).to_numpy()
    if kind == "large":
        return np.array([2**53 + 1 + int(one) for one in some], dtype=np.int64)
    if kind == "largest":
        return np.array([2**64 - 1 - abs(int(one)) for one in some], dtype=np.uint64)
    if kind == "truths":
        return np.array([one > 0 for one in some])
    if kind == "complex":
        return np.array(some, dtype=complex)
    if kind == "decimals":
        return pd.Series([None if one is None else Decimal(repr(one)) for one in gapped], dtype=object).to_numpy()
    if kind == "fractions":
        return pd.Series([None if one is None else Fraction(one) for one in gapped], dtype=object).to_numpy()
    if kind == "texts":
        return pd.Series([None if one is None else str(one) for one in gapped], dtype=object).to_numpy()
    if kind == "category":
        return pd.Categorical(gapped)
    if kind == "period":
        return pd.PeriodIndex(["2020-01"] * rows, freq="M")
    if kind == "sparse":
        return pd.arrays.SparseArray([np.nan if one is None else one for one in gapped])
    if kind == "zoned":
        return pd.DatetimeIndex(["2020-01-01"] * rows, tz="Asia/Almaty")
    if kind == "zones":
        zones = ["UTC", "Asia/Almaty"]
        return pd.Series([pd.Timestamp("2020", tz=zones[row % 2]) for row in range(rows)], dtype=object).to_numpy()
    if kind == "elapsed":
        return pd.to_timedelta(range(rows), unit="D")
    if kind in {"float32", "float16", "int8"}:
        return np.clip(np.array(some), -100, 100).astype(kind)
    if kind == "longdouble":
        return np.array(some, dtype=np.longdouble)
    if kind == "foreign order":
        return np.array(some, dtype=">f8")
    whole = [None if one is None else int(one) for one in gapped]
    made = {
        "Int64": whole,
        "UInt8": [None if one is None else abs(one) % 200 for one in whole],
        "Float64": gapped,
        "boolean": [None if one is None else one > 0 for one in whole],
        "string": [None if one is None else str(one) for one in whole],
        "int64[pyarrow]": whole,
        "double[pyarrow]": gapped,
        "string[pyarrow]": [None if one is None else str(one) for one in whole],
        "bool[pyarrow]": [None if one is None else one > 0 for one in whole],
        "decimal128(9,2)[pyarrow]": [None if one is None else Decimal(one % 1000) for one in whole],
    }
    if kind in made:
        return pd.array(made[kind], dtype=arrow(kind))
    return pd.array([pd.Timestamp("2020-01-01", tz="UTC" if "tz" in kind else None)] * rows, dtype=arrow(kind))


NUMBERS = (
    *["plain", "gaps", "extreme"] * 3,
    *("constant", "missing", "numbers as objects", "large", "largest", "float32", "float16", "int8", "longdouble"),
    *("foreign order", "sparse", "Int64", "UInt8", "Float64", *ARROW[:2]),
)
KINDS = (
    *("wild", "cells", "truths", "complex", "decimals", "fractions", "texts", "category", "period", "zoned", "zones"),
    *("elapsed", "boolean", "string", *ARROW[2:]),
)
EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 2.2e-308, 1e-300, 1e300, -1e300, 1.7e308, -1.7e308, 2.0**53, 2.0**53 + 2, 1.0]


def arrow(kind: str) -> Any:
    """Return a type by its name; pandas knows no name of decimals."""
    if kind.startswith("decimal128"):
        import pyarrow as pa

        return pd.ArrowDtype(pa.decimal128(9, 2))
    return kind


@st.composite
def indices(draw: st.DrawFn, rows: int) -> pd.Index:
    """An index of any kind: mostly of names, each once."""
    kind = draw(st.sampled_from(["range", "wild", "pairs", "pairs", "pairs", "three", "dates", "twice", "other"]))
    names = [f"C{place}" for place in range(rows)]
    if kind == "range":
        return pd.RangeIndex(draw(st.integers(-3, 3)), rows + 5)[:rows]
    if kind == "wild":
        return pd.Index(draw(st.lists(labels, min_size=rows, max_size=rows)), dtype=object, tupleize_cols=False)
    if kind == "pairs":
        years = draw(st.lists(st.sampled_from([2019, 2020, 2021]), min_size=rows, max_size=rows))
        levels = draw(
            st.sampled_from([[None, None], ["case", "period"], ["period", "case"], ["case", None], ["a", "b"]])
        )
        few_names = draw(st.lists(good_labels, min_size=rows, max_size=rows))
        pair = [few_names, years] if levels[0] != "period" else [years, few_names]
        return pd.MultiIndex.from_arrays(pair, names=levels)
    if kind == "three":
        count = draw(st.sampled_from([1, 3]))
        return pd.MultiIndex.from_arrays([names] * count, names=[*"pqr"][:count])
    if kind == "dates":
        return pd.date_range("2020", periods=rows, tz=draw(st.sampled_from([None, "UTC"])))
    if kind == "twice":
        return pd.Index(draw(st.lists(good_labels, min_size=rows, max_size=rows)))
    made: list[pd.Index] = [
        pd.CategoricalIndex(names),
        pd.Index(np.arange(rows) / 2),
        pd.IntervalIndex.from_breaks(range(rows + 1)),
        pd.PeriodIndex(["2020"] * rows, freq="Y"),
        pd.Index([row > 0 for row in range(rows)]),
        pd.Index(names, dtype="string"),
        pd.timedelta_range("1D", periods=rows),
    ]
    return draw(st.sampled_from(made))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A frame that is sound but for one thing at most."""
    wrong = draw(st.sampled_from(["nothing", "nothing", "nothing", "kinds", "index", "index", "names", "size"]))
    rows = draw(st.sampled_from([0, 1, 3] if wrong == "size" else [2, 3, 3, 4, 4, 5]))
    width = draw(st.sampled_from([0, 1, 2] if wrong == "size" else [2, 2, 3, 3, 4]))
    taken = [draw(columns(rows, NUMBERS)) for _ in range(width)]
    if wrong == "kinds":
        taken[0] = draw(columns(rows, KINDS))
    names: Any = [f"C{place}" for place in range(rows)]
    index = (
        draw(indices(rows)) if wrong == "index" else pd.Index(names, name=draw(st.sampled_from([None, "case", "", 0])))
    )
    made = pd.DataFrame(dict(enumerate(map(pd.Series, taken))))
    if rows and not width:
        made = pd.DataFrame(index=range(rows))
    made = made.iloc[:rows].set_axis(index, axis=0)
    names = [*"abcd"][:width]
    forms = ["wild", "wild", "bounds", "levels", "tidy", "tidy", "grouped", "twice"]
    form = draw(st.sampled_from(forms)) if wrong == "names" else "good"
    if form == "wild":
        names = pd.Index([draw(labels) for _ in range(width)], dtype=object, tupleize_cols=False)
    elif form == "bounds":
        names = ["a", "a:low", "b", "a:high"][:width]
    elif form == "levels":
        names = pd.MultiIndex.from_arrays([["p"] * width, names])
    elif form == "grouped":
        names = ["a", "b", "group:region", "a:source"][:width]
    elif form == "twice":
        names = ["a"] * width
    made.columns = names if isinstance(names, pd.Index) else pd.Index(names, dtype=object)
    if form == "tidy":
        made = made.set_axis(["value", "low", "high", "more"][:width], axis=1)
        some = st.lists(st.sampled_from([*"XY", None, 3]), min_size=rows, max_size=rows)
        made["case"], made["indicator"] = (
            draw(some),
            draw(st.lists(st.sampled_from("ab"), min_size=rows, max_size=rows)),
        )
        if draw(st.booleans()):
            units = st.sampled_from(["ratio", "percent", "", None, "EUR", "furlong", 3])
            made["unit"] = draw(st.lists(units, min_size=rows, max_size=rows))
    return laid_out(
        made, draw(st.sampled_from(["as it is", "as it is", "read-only", "Fortran", "every other", "view"]))
    )


def laid_out(frame: pd.DataFrame, how: str) -> pd.DataFrame:
    """Return the same frame on other memory, where all of it is floats."""
    if how == "as it is" or not len(frame.columns) or any(kind != float for kind in frame.dtypes):  # noqa: E721
        return frame
    cells = frame.to_numpy().copy()
    if how == "read-only":
        cells.flags.writeable = False
    elif how == "Fortran":
        cells = np.asfortranarray(cells)
    elif how == "every other":
        cells = np.repeat(cells, 2, axis=1)[:, ::2]
    else:
        cells = np.vstack([cells, cells])[::-1][: len(cells)][::-1]
    return pd.DataFrame(cells, frame.index, frame.columns, copy=False)


CHOICES: dict[str, list[Any]] = {
    "normalise": [*NORMALISE],
    "aggregate": [*AGGREGATE],
    "missing": [*MISSING, {"method": "available", "threshold": 0.6}],
    "impute": [*IMPUTE, "no such method"],
    "treat": [*TREAT],
    "periods": ["pooled", "apart"],
    "floor": [1, 1e-300, 0, math.nan],
    "weights": [*WEIGHTS, {"a": 2.0}, {"a": 1e-300, "b": 1e300}, {"a": 0}],
}


@st.composite
def methods(draw: st.DrawFn) -> dict[str, Any] | None:
    """No methodology, or one or two choices."""
    steps = draw(st.lists(st.sampled_from([*CHOICES]), max_size=2, unique=True))
    return {step: draw(st.sampled_from(CHOICES[step])) for step in steps} or None


def as_plain(frame: pd.DataFrame) -> pd.DataFrame | None:
    """Return the numbers of a frame in columns of floats and its labels as texts; None where it holds anything else."""
    if frame.columns.nlevels > 1 or frame.index.nlevels > 2 or not frame.columns.isin([*"abcd"]).all():
        return None
    made = {}
    for place, name in enumerate(frame.columns):
        cells_ = list(frame.iloc[:, place])
        read_ = [np.nan if pd.api.types.is_scalar(one) and pd.isna(one) else one for one in cells_]
        if not all(isinstance(one, numbers.Real) and not isinstance(one, bool | np.bool_) for one in read_):
            return None
        made[name] = np.array([float(one) for one in read_])
    return pd.DataFrame(made).set_axis(frame.index)


DOUBTS = {"weights": "simplex", "normalise": ["min_max", "z_score"], "aggregate": ["arithmetic", "geometric"]}
OTHERS: dict[str, Callable[[pd.DataFrame, Any], Any]] = {
    "audit": lambda frame, chosen: softpower.audit(frame, methodology=chosen, n=4).to_frame(),
    "influence": lambda frame, chosen: softpower.influence(frame, methodology=chosen),
    "drop_each": lambda frame, chosen: softpower.drop_each(frame, methodology=chosen),
    "screen": lambda frame, _: softpower.screen(frame, case_availability=0.5, indicator_zeros=0.5).to_frame(),
    "growth": lambda frame, _: softpower.growth(frame),
    "changes": lambda frame, chosen: softpower.changes(softpower.score(frame, methodology=chosen)).summary,
    "weight_space": lambda frame, chosen: softpower.weight_space(frame, methodology=chosen, weights="simplex").ranks(),
    "uncertainty_analysis": lambda frame, chosen: softpower.uncertainty_analysis(
        frame, methodology=chosen, uncertainty=DOUBTS, n=4
    ).to_frame(),
    "sensitivity_analysis": lambda frame, chosen: softpower.sensitivity_analysis(
        frame, methodology=chosen, uncertainty=DOUBTS, n=2, resamples=2
    ).to_frame(),
    "tornado": lambda frame, chosen: softpower.tornado(frame, methodology=chosen, uncertainty=DOUBTS),
    "strengths": lambda frame, chosen: softpower.strengths(softpower.score(frame, methodology=chosen)),
    "ranks": lambda frame, chosen: softpower.score(frame, methodology=chosen).ranks(),
    "explain": lambda frame, chosen: str(
        [one := softpower.score(frame, methodology=chosen), one.explain(*one.index[-1:].get_level_values("case"))]
    ),
    "to_coinr": lambda frame, chosen: interop.to_coinr(softpower.from_frame(frame, methodology=chosen)),
    "to_files": lambda frame, chosen: softpower.from_frame(frame, methodology=chosen).to_files(),
    "compare": lambda frame, chosen: repr(
        softpower.compare(softpower.score(frame), softpower.score(frame, methodology=chosen))
    ),
}


def ask(frame: pd.DataFrame, methodology: Any, other: str) -> None:
    """What else takes a frame answers or refuses it."""
    unchanged = untouched(frame)
    judged(lambda: OTHERS[other](frame, methodology), other)
    unchanged()


def hold(frame: pd.DataFrame, methodology: Any) -> None:
    """A frame is scored, read and compared with the same numbers in plain columns, or refused."""
    unchanged = untouched(frame)
    result = judged(lambda: softpower.score(frame, methodology=methodology), "score")
    unchanged()
    if not isinstance(result, Result):
        return
    table = judged(lambda: read(result), "reading")
    if isinstance(table, SoftPowerError):
        return
    unchanged()
    plain = as_plain(frame)
    if plain is not None:
        again = softpower.score(plain, methodology=methodology)
        np.testing.assert_array_equal(result.score, again.score)
        np.testing.assert_array_equal(result.raw, plain.to_numpy())


@given(frames(), methods())
@few
def test_any_frame_is_scored_or_refused(frame, methodology):
    hold(frame, methodology)


@given(frames(), methods(), st.sampled_from([*OTHERS]))
@few
def test_any_frame_is_analysed_or_refused(frame, methodology, other):
    ask(frame, methodology, other)


@pytest.mark.long
@given(frames(), methods())
@many
def test_many_frames_are_scored_or_refused(frame, methodology):
    hold(frame, methodology)


@pytest.mark.long
@given(frames(), methods(), st.sampled_from([*OTHERS]))
@many
def test_many_frames_are_analysed_or_refused(frame, methodology, other):
    ask(frame, methodology, other)
