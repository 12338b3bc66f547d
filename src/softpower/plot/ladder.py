"""A score under each scenario, beside the declared one."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from softpower.analysis.scenarios import score_scenarios
from softpower.arguments import diagnosed
from softpower.errors import MethodError
from softpower.model.profile import Profile
from softpower.model.scenario_parts import DECLARED
from softpower.plot.choosing import label_of, one_of
from softpower.plot.lines import LINE, broken, centres, line_count
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, INK, QUIET, canvas, entitle, styled
from softpower.result import Result
from softpower.scoring import score
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = 46
"""So many letters of a scenario's title stand beside each other."""


@diagnosed
def scenarios(
    table_or_profile: pd.DataFrame | Result | Profile | str | Path,
    *,
    case: str | None = None,
    period: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a case's score under each scenario with its bounds, the highest on top, beside the declared one.

    Parameters
    ----------
    table_or_profile : DataFrame, Result, Profile, str or Path
        What `softpower.score_scenarios` returns, or what it takes.
    case, period : str or int, optional
        May be left out where there is one.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes

    Raises
    ------
    NotFoundError
        If there is no such case or period, or several and none is named.
    MethodError
        If there is no scenario, or no score.

    Notes
    -----
    Misleads where the spread over scenarios is read as a margin of error: they are the readings that somebody thought
    of, each on its own.

    Examples
    --------
    >>> ax = scenarios(score_scenarios("kazakhstan", ["visa_list", "as_printed"]))
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['Placed as the article prints it', 'As declared', 'Visa opening by the list']
    """
    given = table_or_profile
    ready = isinstance(given, pd.DataFrame) and "scenario" in given.index.names
    table = given if isinstance(given, pd.DataFrame) and ready else score_scenarios(given)
    mine = one_of(table.index, case, period, "scenarios")
    rows, label = table[mine].reset_index(), label_of(table.index, mine)
    root = str(table.columns[1])
    rows = rows.assign(name=_names(rows)).sort_values(root, ascending=False, kind="stable", na_position="last")
    own = rows["scenario"] == DECLARED
    if len(rows) < 2 or not own.any():
        mend = "Write scenarios into the profile; its own score is the row 'declared'."
        raise MethodError.of("plot.scenarios", "there is nothing to compare", mend)
    declared = float(rows.loc[own, root].iloc[0])
    if math.isnan(declared):
        what = f"{label} has no score as declared: {rows.loc[own, 'reason'].iloc[0]}"
        raise MethodError.of("plot.scenarios", what, "Choose a case that has one.")
    with styled():
        names = [broken(name, NAME) for name in rows["name"]]
        reasons = [broken(f"no score: {why}", 60) if pd.isna(one) else "" for one, why in rows[[root, "reason"]].values]
        lines = [line_count(name, why) for name, why in zip(names, reasons, strict=True)]
        places, whole = centres(lines, gap=0.7)
        ax = canvas(ax, 8.5, LINE * whole + 1.5)
        _draw(ax, rows, root, places, declared)
        for place, why in zip(places, reasons, strict=True):
            at: dict[str, Any] = {"xycoords": ax.get_yaxis_transform(), "va": "center"}
            ax.annotate(why, (0.01, place), fontsize=7, color=QUIET, **at) if why else None
        ax.set_ylim(whole + 0.1, -0.1)
        ax.set_yticks(places, names)
        ax.get_yticklabels()[int(own.to_numpy().argmax())].set_fontweight("bold")
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="both", color=FAINT, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.set_xlabel(root.replace("_", " "))
        said = "Scenarios, each on its own; the diamond and the dashed line are the score as declared."
        said += " Bars are bounds: all observations within theirs." if (rows["high"] > rows["low"]).any() else ""
        entitle(
            ax,
            _finding(rows[~own], root, label, declared),
            source_line(table if ready else score(given)),
            note=said,
            columns=56,
        )
    return ax


def _draw(ax: Axes, rows: pd.DataFrame, root: str, places: Floats, declared: float) -> None:
    """Draw bounds as bars and scores as dots, the declared one as a diamond and a line."""
    low, high = (rows[end].to_numpy(dtype=float) for end in ("low", "high"))
    ax.hlines(places, low, high, color="#9db8d2", linewidth=3.0)
    ax.axvline(declared, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1.5)
    own = (rows["scenario"] == DECLARED).to_numpy()
    for which, marker, colour, size, said in (
        (~own, "o", COLOURS[0], 26, "under the scenario"),
        (own, "D", COLOURS[1], 46, "as declared"),
    ):
        look: dict[str, Any] = {"color": colour, "edgecolor": INK, "linewidth": 0.5, "zorder": 3}
        ax.scatter(rows.loc[which, root], places[which], size, marker=marker, label=said, **look)
    ax.margins(x=0.06)


def _names(rows: pd.DataFrame) -> list[str]:
    """Return the titles; scenarios of one title are told apart by their ids."""
    count = Counter(rows["title"])
    return [title if count[title] == 1 else f"{title} ({name})" for title, name in rows[["title", "scenario"]].values]


def _finding(others: pd.DataFrame, root: str, label: str, declared: float) -> str:
    """Return how far the scenarios, the highest first, go from the declared score, and which go furthest."""
    there = others[others[root].notna()]
    if there.empty:
        return f"{label} scores {declared:.1f} as declared, and under no scenario"
    low, high = there.iloc[-1], there.iloc[0]
    said = f"{label} scores {declared:.1f} as declared"
    if low[root] < declared:
        said += f", as little as {low[root]:.1f} under '{low['name']}'"
    if high[root] > declared:
        said += f", up to {high[root]:.1f} under '{high['name']}'"
    return said if low[root] < declared or high[root] > declared else f"{said}, and no more or less under any scenario"
