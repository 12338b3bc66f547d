"""The specification curve: what a score is under every combination of choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.arguments import diagnosed
from softpower.draws.factors import Factor
from softpower.errors import MethodError
from softpower.model.scenario_parts import DECLARED
from softpower.plot.choosing import expect, label_of, one_of
from softpower.plot.lines import LINE, broken, centres, line_count
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, FAINT, INK, canvas, entitle, styled
from softpower.result import tie_of
from softpower.steps.measures import Floats, Mask

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 500
"""So many combinations are drawn at most; of more, every so many-th in the order of the scores."""
NAME = 40
"""So many letters of an option stand beside each other."""


@diagnosed
def specifications(
    drawn: UncertaintyResult,
    *,
    factors: Sequence[str] | None = None,
    case: str | None = None,
    period: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the score under every combination of choices, the lowest first, and below it which options each has.

    Parameters
    ----------
    drawn : UncertaintyResult
        What `softpower.uncertainty_analysis` returns.
    factors : sequence of str, optional
        Which choices, as for ``drawn.specifications``.
    case, period : str or int, optional
        May be left out where there is one.
    ax : Axes, optional
        Where to draw; by default on a figure of its own. Both parts stand inside it: ``ax.child_axes``.

    Returns
    -------
    Axes

    Raises
    ------
    SpecificationError
        If it is no such result.
    NotFoundError
        If there is no such factor, case or period, or several cases and none is named.
    MethodError
        If no choice has alternatives, there are too many combinations, or their scores are on several scales.

    Notes
    -----
    Of more than 500 combinations some are drawn, evenly along the curve, and the foot says so. The title counts all.

    Misleads where the share of combinations above a score is read as a probability: which options were thought of
    decides how many combinations there are.

    References
    ----------
    Simonsohn, Simmons and Nelson, Specification curve analysis, Nature Human Behaviour 4, 2020, 1208-1214.

    Examples
    --------
    >>> import softpower as sp
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> drawn = sp.uncertainty_analysis(frame, uncertainty={"aggregate": ["arithmetic", "minimum"]}, n=64)
    >>> curve, marks = specifications(drawn, case="KGZ").child_axes
    >>> [text.get_text() for text in marks.get_yticklabels()]
    ['aggregation', 'arithmetic (declared)', 'minimum']
    """
    expect(drawn, UncertaintyResult, "specifications", "uncertainty_analysis")
    index, root = drawn.score.index, drawn.score.nodes[-1]
    label = label_of(index, one_of(index, case, period, "specifications"))
    if not drawn.job.sampler.comparable:
        mend = "Draw the alternatives of one scale alone."
        raise MethodError.of("plot.specifications", "the combinations score on several scales", mend)
    table = drawn.specifications(factors)
    known = {one.name: one for one in drawn.factors if one.alternatives}
    names = [name for name in table.columns if name in known]
    if not names:
        mend = 'Name choices of single indicators in factors, or declare some: uncertainty={"aggregate": [...]}.'
        raise MethodError.of("plot.specifications", "no choice has alternatives", mend)
    mine = table[one_of(pd.MultiIndex.from_frame(table[list(index.names)]), case, period, "specifications")]
    there = mine[mine[root].notna()].reset_index(drop=True)
    declared = float(drawn.score.score[one_of(index, case, period, "specifications"), -1][0])
    if there.empty or np.isnan(declared):
        raise MethodError.of("plot.specifications", f"{label} has no score", "Choose a case that has one.")
    combinations = _Combinations(there, root, [known[name] for name in names], declared, drawn.score.scale)
    framework = drawn.profile.framework
    titles = {name: one.title for name, one in drawn.profile.all_scenarios.items()}
    titles |= {name: framework.node_title(name) for name in framework.depths}
    rows = _Rows.of(combinations.factors, titles | {DECLARED: "no scenario"})
    with styled():
        top, bottom = 2.6, LINE * rows.height
        ax = canvas(ax, 9.5, top + bottom + 1.3)
        ax.set_axis_off()
        share = bottom / (top + bottom)
        curve = ax.inset_axes((0.0, share + 0.02, 1.0, 0.98 - share))
        marks = ax.inset_axes((0.0, 0.0, 1.0, share), sharex=curve)
        _draw_curve(curve, combinations)
        curve.set_ylabel(framework.node_title(root))
        _draw_marks(marks, combinations, rows)
        marks.set_xlabel("combinations of choices, the lowest score first")
        said = combinations.said(len(mine) - len(there))
        entitle(ax, combinations.finding(label), source_line(drawn), note=said, columns=68, below=40.0)
    return ax


@dataclass(frozen=True)
class _Combinations:
    """The combinations with a score, the lowest first, and the declared one.

    Parameters
    ----------
    table : DataFrame
    root : str
        The column of the score.
    factors : sequence of Factor
    declared : float
        The score as declared.
    scale : (float, float), optional
    """

    table: pd.DataFrame
    root: str
    factors: Sequence[Factor]
    declared: float
    scale: tuple[float, float] | None

    @property
    def scores(self) -> Floats:
        return self.table[self.root].to_numpy(dtype=float)

    @property
    def own(self) -> Mask:
        """Which of them is the declared one; none where some declared option is not among the alternatives."""
        found = np.ones(len(self.table), dtype=bool)
        for one in self.factors:
            option = None if one.nominal is None else one.alternatives[one.nominal]
            found &= (self.table[one.name] == option).to_numpy()
        return found

    @property
    def drawn(self) -> np.ndarray:
        """The places of those that are drawn: all, or evenly many from the first to the last, with the declared one."""
        count = len(self.table)
        if count <= SHOWN:
            return np.arange(count)
        return np.union1d(np.rint(np.linspace(0, count - 1, SHOWN)).astype(np.int64), np.flatnonzero(self.own))

    def finding(self, label: str) -> str:
        """Return between which scores all of them lie, and where the declared one is among them."""
        scores, tie = self.scores, tie_of(np.append(self.scores, self.declared), self.scale)
        below = float((scores < self.declared - tie).mean())
        return (
            f"{label} scores {scores[0]:.1f} to {scores[-1]:.1f} over {len(scores):,} combinations of choices;"
            f" {100 * below:.0f} % of them score below the declared {self.declared:.1f}"
        )

    def said(self, missing: int) -> str:
        """Return what is not drawn, and what is marked."""
        count, drawn = len(self.scores), len(self.drawn)
        said = "Each column is one combination, all else as declared."
        said += f" Drawn are {drawn:,} of {count:,}, evenly along the curve." if drawn < count else ""
        said += f" {missing:,} more have no score." if missing else ""
        said += "" if self.own.any() else " The declared combination is not among them."
        return said


@dataclass(frozen=True)
class _Rows:
    """The rows of the lower part: a head for each factor, and its options below.

    Parameters
    ----------
    texts : sequence of str
    places : array of shape (rows,)
    heads : sequence of bool
    height : float
        In lines.
    """

    texts: Sequence[str]
    places: Floats
    heads: Sequence[bool]
    height: float

    @classmethod
    def of(cls, factors: Sequence[Factor], titles: dict[str, str]) -> _Rows:
        """Return the rows of some factors; ids are said by their titles."""
        texts, heads = [], []
        for one in factors:
            texts.append(broken(one.name, NAME))
            texts += [
                broken(titles.get(option, option) + (" (declared)" if place == one.nominal else ""), NAME)
                for place, option in enumerate(one.alternatives)
            ]
            heads += [True] + [False] * len(one.alternatives)
        places, height = centres([line_count(text) for text in texts], gap=0.25)
        return cls(texts, places, heads, height)


def _draw_curve(ax: Axes, combinations: _Combinations) -> None:
    """Draw the scores, and the declared one."""
    x, own = combinations.drawn, np.flatnonzero(combinations.own)
    ax.plot(x + 1, combinations.scores[x], ls="none", marker="o", markersize=2.6, color=COLOURS[0], gid="scores")
    ax.axhline(combinations.declared, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1.5)
    look: dict[str, Any] = {
        "ls": "none",
        "marker": "D",
        "markersize": 7,
        "color": COLOURS[1],
        "markeredgecolor": INK,
        "zorder": 4,
    }
    if len(own):
        ax.plot(own + 1, combinations.scores[own], label="as declared", gid="declared", **look)
        ax.legend(loc="lower right", frameon=False, fontsize=8)
    ax.set_xlim(0.0, len(combinations.scores) + 1.0)
    ax.margins(y=0.12)
    ax.locator_params(axis="x", integer=True)
    ax.tick_params(axis="x", labelbottom=False, length=0)
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    ax.set_axisbelow(True)


def _draw_marks(ax: Axes, combinations: _Combinations, rows: _Rows) -> None:
    """Mark which option each combination has."""
    x, start = combinations.drawn, 0
    for number, one in enumerate(combinations.factors):
        code = pd.Categorical(combinations.table[one.name].iloc[x], categories=list(one.alternatives)).codes
        places = rows.places[start + 1 + code.astype(np.int64)]
        look: dict[str, Any] = {"ls": "none", "marker": "|", "markersize": 7.5, "markeredgewidth": 0.9}
        ax.plot(x + 1, places, color=COLOURS[number % len(COLOURS)], gid=one.name, **look)
        start += 1 + len(one.alternatives)
    for place in np.flatnonzero(combinations.own):
        ax.axvline(float(place) + 1, color=COLOURS[1], linewidth=1.4, alpha=0.6, zorder=1)
    ax.set_ylim(rows.height, 0.0)
    ax.set_yticks(rows.places, rows.texts, fontsize=7.5)
    for text, head in zip(ax.get_yticklabels(), rows.heads, strict=True):
        text.set_fontweight("bold" if head else "normal")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.hlines(rows.places[~np.array(rows.heads)], 0, len(combinations.scores) + 1, color=FAINT, linewidth=0.4, zorder=0)
