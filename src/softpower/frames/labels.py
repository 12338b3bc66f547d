"""The labels of a frame's rows: cases as texts, periods as years or ISO dates."""

import numbers
import unicodedata
from collections.abc import Hashable
from datetime import date

import numpy as np
import pandas as pd
from pydantic_core import PydanticCustomError

from softpower.frames.columns import TIDY
from softpower.frames.faults import Faults, shown
from softpower.model.period import Moment


def row_labels(frame: pd.DataFrame, faults: Faults) -> pd.Index | None:
    """Return the labels of the rows, by columns case and period or else by the index."""
    levels = list(frame.index.names)
    parts: dict[str, pd.Index] = {}
    if set(TIDY) <= {*levels, *frame.columns}:
        what = "its levels and the columns together make a tidy table"
        faults.keep("index", what, "Make its levels columns: frame.reset_index().")
        return None
    if frame.index.nlevels > 2:
        mend = "Name rows by case, or by case and period."
        faults.keep("index", f"it has {frame.index.nlevels} levels", mend)
        return None
    unnamed = [*range(len(levels))]
    for name in ("case", "period"):
        if name in frame.columns:
            if name in levels or len(levels) == 2:
                mend = f"Leave one out: frame.drop(columns='{name}'), or frame.reset_index(drop=True)."
                faults.keep("index", f"it names rows, and so does the column '{name}'", mend)
                return None
            parts[name] = pd.Index(frame[name])
        elif name in levels:
            unnamed.remove(levels.index(name))
            parts[name] = frame.index.get_level_values(levels.index(name))
    if "case" not in parts:
        if not unnamed:
            mend = "Add a column of cases, for instance frame.assign(case='KAZ')."
            faults.keep("index", "it names periods and no cases", mend)
            return None
        parts["case"] = frame.index.get_level_values(unnamed.pop(0))
    if "period" not in parts and len(levels) == 2:
        parts["period"] = frame.index.get_level_values(unnamed[0])
    return checked_labels(parts["case"], parts.get("period"), faults)


def checked_labels(
    cases: pd.Index, periods: pd.Index | None, faults: Faults, *, unique: bool = True
) -> pd.Index | None:
    """Return the labels of rows, by case or by case and period; None after keeping what is wrong with them."""
    before = len(faults.found)
    made: list[pd.Index] = []
    if (texts := _cases(cases, faults)) is not None:
        made.append(texts)
    if periods is not None and (when := _periods(periods, faults)) is not None:
        made.append(pd.Index(when, name="period"))
    if len(faults.found) > before:
        return None
    index = made[0] if periods is None else pd.MultiIndex.from_arrays(made)
    if unique and not index.is_unique:
        twice = index[index.duplicated()].unique()
        for label in twice[:5]:
            faults.keep(f"row {shown(label)}", "the label stands twice", "Keep one row for each label.")
        if len(twice) > 5:
            faults.keep("index", f"{len(twice) - 5} more labels stand twice", "Keep one row for each label.")
        return None
    return index


def _cases(labels: pd.Index, faults: Faults) -> pd.Index | None:
    """Return the labels of cases as texts."""
    if isinstance(labels.dtype, pd.CategoricalDtype):
        labels = pd.Index(labels.to_list())
    kind = pd.api.types.infer_dtype(labels, skipna=False)
    if kind == "integer" and not labels.hasnans:
        return labels.astype(str).rename("case")
    if kind == "string" and not labels.hasnans and _are_labels(labels):
        # Texts in the type that pandas gives to texts, whatever type they came in.
        texts = labels if labels.dtype == "str" else pd.Index(labels.astype(object).to_list())
        return texts.rename("case")
    for place, label in enumerate(labels):
        if not _is_label(label) and not (kind == "integer" and isinstance(label, numbers.Integral)):
            what = f"the label {label!r} is no name of a case"
            mend = "Name cases by text without blanks around it, for instance frame.set_index('country')."
            if isinstance(label, str) and label == label.strip() and label:
                what = f"{what}: it holds {_unprintable(label)}"
                mend = "Names hold what prints, and of all blanks the space alone: put that in its place, or nothing."
            if not isinstance(label, bool) and isinstance(label, numbers.Integral):
                what = f"the label {label!r} is a number among texts"
                mend = "Name all cases alike: frame.index = frame.index.astype(str)."
            faults.keep(f"row {place + 1}", what, mend)
            return None
    mend = "Name cases by text, for instance frame.set_index('country')."
    faults.keep("index", f"its labels of type {kind} are no names of cases", mend)
    return None


def _periods(labels: pd.Index, faults: Faults) -> np.ndarray | None:
    """Return the labels of periods: whole numbers where all are years, else ISO dates as texts."""
    codes, unique = pd.factorize(labels, use_na_sentinel=True)
    read: list[str | None] = [_moment(label) for label in unique]
    # A gap makes years floats: it is the gap that is to be mended.
    if (codes < 0).any():
        faults.keep(f"row {int(np.argmin(codes)) + 1}", "the period is missing", "Fill it in.")
        return None
    if wrong := [place for place, text in enumerate(read) if text is None]:
        row = int(np.flatnonzero(np.isin(codes, wrong))[0])
        label = labels[row]
        mend = "Write it like 2019, 2019-05 or 2019-05-31."
        if isinstance(label, float) and label.is_integer():
            mend += " Years are whole numbers: .astype(int)."
        text = str(label) if isinstance(label, numbers.Number | np.bool_) else repr(label)
        faults.keep(f"row {row + 1}", f"the period {text} is no year, month or day", mend)
        return None
    texts = [text or "" for text in read]
    if len({len(text) for text in texts}) > 1:
        ends = ", ".join(sorted(texts, key=len)[:: max(1, len(texts) - 1)])
        faults.keep("period", f"years, months and days are mixed: {ends}", "Use one precision for all periods.")
        return None
    years = all(len(text) == 4 for text in texts)
    made = np.array([int(text) for text in texts]) if years else np.array(texts, dtype=object)
    taken: np.ndarray = made[codes]
    return taken


def _are_labels(labels: pd.Index) -> bool:
    """Return whether all labels are names: filled, printable, without blanks around them."""
    texts = labels.to_numpy(dtype=object)
    joined = "\n".join(texts)
    # The one blank that prints is the space.
    blanks = "\n " in joined or " \n" in joined or joined[:1] == " " or joined[-1:] == " "
    empty = "\n\n" in joined or joined[:1] in {"", "\n"} or joined[-1:] == "\n"
    return not blanks and not empty and "".join(texts).isprintable()


def _is_label(label: Hashable) -> bool:
    return isinstance(label, str) and bool(label) and label == label.strip() and label.isprintable()


def _unprintable(label: str) -> str:
    """Return the first character of a label that does not print, by its code and its name where it has one."""
    odd = next(one for one in label if not one.isprintable())
    return f"U+{ord(odd):04X} {unicodedata.name(odd, '')}".rstrip()


def _moment(label: object) -> str | None:
    """Return a period as an ISO text, or None where it is no period."""
    if isinstance(label, pd.Period):
        # A year that ends in another month than December is that of no calendar.
        precision = {"Y-DEC": 4, "A-DEC": 4, "M": 7, "D": 10}.get(label.freqstr)
        label = None if precision is None else label.start_time.date().isoformat()[:precision]
    elif isinstance(label, date):
        # A time of day is no period that is known here.
        midnight = not isinstance(label, pd.Timestamp) or (label == label.normalize() and label.tzinfo is None)
        label = label.isoformat()[:10] if midnight else None
    elif not isinstance(label, bool) and isinstance(label, numbers.Integral):
        label = str(label)
    try:
        return Moment(label.strip()).text if isinstance(label, str) else None
    except PydanticCustomError:
        return None
