"""The cells of COINr's iData become a table of values."""

from collections.abc import Mapping, Sequence

import pandas as pd

from softpower.errors import Fault, ObservationError, did_you_mean
from softpower.frames import read_frame
from softpower.interop.coinr_findings import Findings
from softpower.interop.coinr_meta import Row
from softpower.interop.coinr_tables import OWN, TYPES, as_r_writes, label, named, year
from softpower.model.framework import Framework
from softpower.model.values import Values


def values_of(idata: object, rows: Mapping[str, Row], framework: Framework | None, found: Findings) -> Values | None:
    """Return the cells of iData; keep their faults also where there is no framework."""
    if not isinstance(idata, pd.DataFrame):
        found.of_data.append(Fault("iData", f"a {type(idata).__name__} is no DataFrame", "Give a DataFrame."))
        return None
    if not named("iData", idata, ("uCode",), found.of_data):
        return None
    if rows:
        _check_columns(idata, rows, found)
    there = {code: row for code, row in rows.items() if code in idata}
    if framework is None:
        known = {code for code, row in there.items() if row["Type"] in {"Indicator", "Denominator"}}
    else:
        known = {*framework.indicators, *framework.denominators} & {*there}
    frame = pd.DataFrame({"case": idata["uCode"].reset_index(drop=True)})
    if "Time" in idata:
        frame["period"] = pd.Series([year(one) for one in idata["Time"]], dtype=object)
    names = [code for code in there if code in known]
    columns = {code: as_r_writes(idata[code].reset_index(drop=True)) for code in names}
    groups = [code for code, row in there.items() if row["Type"] == "Group"]
    for code in (*(["uName"] if "uName" in idata else []), *groups):
        columns[f"group:{code}"] = pd.Series([label(one) for one in idata[code]], dtype=object)
    frame = pd.concat([frame, pd.DataFrame(columns)], axis=1)
    if not names:
        return None
    try:
        return read_frame(frame, framework or _stand_in(names), where="iData")[0]
    except ObservationError as error:
        found.of_data += error.faults
        return None


def _check_columns(idata: pd.DataFrame, rows: Mapping[str, Row], found: Findings) -> None:
    """Keep columns that iMeta does not describe, and codes without a column."""
    for name in idata.columns:
        if name not in rows and name not in OWN:
            mend = did_you_mean(name, rows) + " Every column but uCode, uName and Time has a row in iMeta."
            found.of_data.append(Fault(f"iData: column '{name}'", "iMeta has no such iCode", mend))
        elif name in rows and rows[name]["Type"] == "Aggregate":
            found.notes.append(f"The column '{name}' of iData is left out: aggregates are computed.")
    for code, row in rows.items():
        if row["Type"] in TYPES and row["Type"] != "Aggregate" and code not in idata:
            mend = did_you_mean(code, [name for name in idata.columns if name not in rows])
            found.of_data.append(Fault("iData", f"it has no column '{code}', which iMeta describes", mend))


def _stand_in(names: Sequence[str]) -> Framework:
    """Return any framework of the columns, so that their cells can be judged where iMeta is faulty."""
    root = "root"
    while root in names:
        root += "_"
    leaves = {name: {"title": name, "dimension": root} for name in names}
    return Framework.from_dict({"dimensions": {root: {"title": root}}, "indicators": leaves})
