"""The weights of three nodes as a triangle: who leads where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from softpower.arguments import diagnosed
from softpower.draws.facts import Places
from softpower.draws.sampler import Sampler
from softpower.errors import MethodError
from softpower.model.uncertainty import Uncertainty
from softpower.plot.choosing import expect, one_of
from softpower.plot.lines import broken, line_count
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, HATCHES, INK, QUIET, canvas, entitle, styled
from softpower.plot.subject import Subject
from softpower.plot.wording import percent
from softpower.result import Result, tie_of
from softpower.steps.aggregate import contributions
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.tri import Triangulation

STEPS = 120
"""A side of the triangle is cut into so many parts."""
STEEPNESS = 5.0
"""Weights w stand in the points as 1 - exp(-w x this); any number does that rounds none of these to 1."""
FILLS = ("#a9c4de", "#f3cf94", "#a5d3c5", "#e0b6d0", "#c9c9c9", "#cbbdd8")
"""The colours, lighter, so that lines and texts can be read on them."""
NAMED = len(FILLS)
"""So many regions have a colour and a name; smaller ones stay blank."""
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])


@diagnosed
def simplex(
    result: Result, *, case: str | None = None, period: str | int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the triangle of the weights of three nodes below the composite, and who leads where.

    Every point is a vector of weights; at a corner one node has all weight. Of several cases the regions say which has
    the highest composite. Of one case they say which node contributes most to it, and lines of equal composite are
    drawn. A diamond marks the weights as declared.

    Parameters
    ----------
    result : Result
    case, period : str or int, optional
        One case alone; by default all. The period may be left out where there is one.
    ax : Axes, optional
        Where to draw; by default on a figure of its own.

    Returns
    -------
    Axes

    Raises
    ------
    SpecificationError
        If it is no result.
    MethodError
        If the composite has not exactly three nodes below it, or one of them is missing where one case is drawn.
    NotFoundError
        If there is no such case or period, or several periods and none is named.

    Notes
    -----
    What a node contributes is its value times the derivative of the composite with respect to it: w x for the
    arithmetic mean. Weights further down stay as they are. Shares of all weights come from a grid, to about one
    percent.

    Misleads where a share of the triangle is read as a probability: no weights are more likely than others here.

    Examples
    --------
    >>> import pandas as pd
    >>> import softpower as sp
    >>> frame = pd.DataFrame({"trade": [1, 3], "visits": [4, 2], "aid": [1, 2]}, index=["KAZ", "UZB"])
    >>> simplex(sp.score(frame)).get_title(loc="left")
    'UZB leads under 75 % of all weights, also under the declared ones'
    """
    expect(result, Result, "simplex", "score")
    rows = _rows(result, case, period)
    triangle = _Triangle.of(result, rows)
    options = triangle.leaders() if len(rows) > 1 else triangle.sources()
    with styled():
        ax = canvas(ax, 7.6, 6.9)
        ax.set_aspect("equal")
        ax.set_axis_off()
        ax.set_xlim(-0.24, 1.24)
        # A long name of the upper corner reaches above it.
        ax.set_ylim(-0.12, 1.0 + max(0.0, 12.0 * line_count(_corner(triangle.titles[2])) - 36.0) / 300.0)
        _draw_regions(ax, triangle, options)
        if len(rows) == 1:
            _draw_lines(ax, triangle)
        _draw_frame(ax, triangle)
        finding = triangle.leading(options) if len(rows) > 1 else triangle.spanning(options)
        said = "Corners are all weight on one node; the diamond is the declared weights"
        said += "; blank areas are ties." if options.tied > 0.005 else "."
        # Long names of the lower corners reach below the axes.
        below = max(0.0, 12.0 * line_count(*map(_corner, triangle.titles[:2])) - 32.0)
        entitle(ax, finding, source_line(result), note=said, columns=76, below=below)
    return ax


def _rows(result: Result, case: object, period: object) -> Places:
    """Return the rows that are drawn: of one case, or all of a period that have a score."""
    mine = one_of(result.index, case, period, "simplex", every=True)
    rows = np.flatnonzero(mine & ~np.isnan(result.score[:, -1]))
    if not len(rows):
        raise MethodError.of("plot.simplex", "nothing that is drawn has a score", "Choose a case that has one.")
    return rows


@dataclass(frozen=True)
class _Options:
    """What may lead: cases, or nodes.

    Parameters
    ----------
    names : sequence of str
    values : array of shape (points, options)
        The greatest leads; NaN where there is none.
    tie : float
        Values that are no further apart are tied.
    """

    names: Sequence[str]
    values: Floats
    tie: float

    @cached_property
    def ahead(self) -> Floats:
        """By how much each is ahead of all others, of shape (points, options); below zero where it is not."""
        values = np.where(np.isnan(self.values), -np.inf, self.values)
        place = values.argmax(axis=1)
        most = values[np.arange(len(values)), place]
        others = values.copy()
        others[np.arange(len(values)), place] = -np.inf
        rival = np.repeat(most[:, None], values.shape[1], axis=1)
        rival[np.arange(len(values)), place] = others.max(axis=1)
        # Without a value, or a rival, one is ahead or behind by as much as values are apart.
        known = self.values[~np.isnan(self.values)]
        width = float(np.ptp(known)) + 1.0 if len(known) else 1.0
        with np.errstate(invalid="ignore"):
            ahead = np.nan_to_num(values - rival, nan=-width, posinf=width, neginf=-width)
        return np.asarray(np.clip(ahead, -width, width))

    @cached_property
    def shares(self) -> Floats:
        """The share of all weights under which each leads."""
        return np.asarray(_AREAS @ (self.ahead > self.tie))

    @property
    def tied(self) -> float:
        """The share of all weights under which several lead together."""
        return 0.0 if np.isnan(self.values).all() else 1.0 - float(self.shares.sum())

    @property
    def order(self) -> Places:
        """Those that lead somewhere, the largest share first."""
        found = np.argsort(-self.shares, kind="stable")
        return found[self.shares[found] > 0]


@dataclass(frozen=True)
class _Triangle:
    """The composite of some rows over a grid of weights of the three nodes below it.

    Parameters
    ----------
    result : Result
    rows : int array
    children : int array of shape (3,)
        Places among the nodes.
    composite : array of shape (points, rows)
    """

    result: Result
    rows: Places
    children: Places
    composite: Floats

    @classmethod
    def of(cls, result: Result, rows: Places) -> _Triangle:
        """Return the triangle of a result.

        Raises
        ------
        MethodError
            If there are not exactly three nodes below the composite, or one of a single row is missing.
        """
        family, nodes = result.engine.tree.families[-1], result.nodes
        if len(family.children) != 3:
            names = ", ".join(nodes[child] for child in family.children[:8])
            more = " ..." if len(family.children) > 8 else ""
            what = f"'{nodes[-1]}' has {len(family.children)} nodes below it, not three: {names}{more}"
            raise MethodError.of("plot.simplex", what, "Use softpower.weight_space, which takes any number.")
        gaps = [nodes[child] for child in family.children if np.isnan(result.score[rows[0], child])]
        if len(rows) == 1 and gaps:
            what = f"{result.engine.label(rows[0])} has no score of {', '.join(gaps)}"
            raise MethodError.of("plot.simplex", what, "Choose a case that has all three, or impute.")
        sampler = Sampler(result.profile, Uncertainty.parse({"weights": {nodes[-1]: "simplex"}}, "simplex"))
        points = np.full((len(_GRID), sampler.dimensions), np.nan)
        points[:, list(sampler.factors[0].columns)] = 1.0 - np.exp(-STEEPNESS * _GRID)
        composite = sampler.scores(points)[:, sampler.nodes.index(nodes[-1]), rows]
        return cls(result, rows, family.children, composite)

    @property
    def titles(self) -> list[str]:
        """The nodes at the corners."""
        return [self.result.profile.framework.node_title(self.result.nodes[child]) for child in self.children]

    @property
    def declared(self) -> Floats:
        """The weights as declared, of the first row that has all three nodes."""
        weights = self.result.weight[self.rows][:, self.children]
        whole = ~np.isnan(self.result.score[self.rows][:, self.children]).any(axis=1)
        return np.asarray(weights[int(whole.argmax())])

    def leaders(self) -> _Options:
        """Return the cases, and the composite of each."""
        labels = [self.result.engine.label(row) for row in self.rows]
        if self.result.index.nlevels > 1:
            labels = [str(self.result.index[row][0]) for row in self.rows]
        return _Options(labels, self.composite, self._tie)

    @property
    def _tie(self) -> float:
        return tie_of(self.result.score[:, -1], self.result.scale)

    def sources(self) -> _Options:
        """Return the nodes at the corners, and what each contributes to the composite of the one row.

        Nothing is known of it where cases are compared, since points of the grid are no cases.
        """
        engine, row = self.result.engine, self.rows[0]
        if engine.across is not None:
            return _Options(self.titles, np.full((len(_GRID), 3), np.nan), self._tie)
        scores = np.tile(self.result.score[row], (len(_GRID), 1))
        weights = np.tile(self.result.weight[row], (len(_GRID), 1))
        scores[:, -1], weights[:, self.children] = self.composite[:, 0], _GRID
        floor = self.result.profile.methodology.floor
        found = contributions(engine.tree, scores, weights, engine.methods, floor=floor)
        return _Options(self.titles, found[:, self.children], self._tie)

    def leading(self, options: _Options) -> str:
        """Return which case leads under most weights, and which under the declared ones."""
        order, declared = options.order, self.result.score[self.rows, -1]
        own = np.flatnonzero(declared >= declared.max() - options.tie)
        named = " and ".join(options.names[place] for place in own[:3]) + (" and others" if len(own) > 3 else "")
        if not len(order):
            return f"Under all weights several cases lead together; under the declared ones {named}"
        first = order[0]
        said = f"{options.names[first]} leads under {percent(options.shares[first])} of all weights"
        if own.tolist() == [first]:
            return f"{said}, also under the declared ones"
        return f"{said}, but under the declared ones {named} {'leads' if len(own) == 1 else 'lead'}"

    def spanning(self, options: _Options) -> str:
        """Return between which scores the composite lies under all weights, and which node contributes most."""
        label = self.result.engine.label(self.rows[0])
        low, high = float(np.nanmin(self.composite)), float(np.nanmax(self.composite))
        subject, declared = Subject(self.result, None), float(self.result.score[self.rows[0], -1])
        low_said, high_said, said = (subject.number(one, 1) for one in (low, high, declared))
        said = f"{label} scores {low_said} to {high_said} under all weights, {said} under the declared ones"
        if not len(options.order):
            return said
        first = options.order[0]
        return f"{said}; {options.names[first]} contributes most under {percent(options.shares[first])} of them"


def _grid() -> tuple[Floats, Floats]:
    """Return weights evenly over the triangle, of shape (points, 3), and the area that each stands for."""
    first, second = np.indices((STEPS + 1, STEPS + 1)).reshape(2, -1)
    inside = first + second <= STEPS
    parts = np.stack([first, second, STEPS - first - second], axis=1)[inside]
    # Of the six small triangles around a point one is inside at a corner, and three along an edge.
    areas = np.choose((parts == 0).sum(axis=1), [6.0, 3.0, 1.0])
    return parts / STEPS, areas / areas.sum()


_GRID, _AREAS = _grid()


def _corner(title: str) -> str:
    return broken(f"all weight on {title}", 24)


def _draw_frame(ax: Axes, triangle: _Triangle) -> None:
    """Draw the sides, the corners' names and the declared weights."""
    ax.plot(*CORNERS[[0, 1, 2, 0]].T, color=INK, linewidth=1.0, gid="sides")
    shifts = ((0, -8, "center", "top"), (0, -8, "center", "top"), (0, 7, "center", "bottom"))
    for corner, title, (x, y, side, up) in zip(CORNERS, triangle.titles, shifts, strict=True):
        at: dict[str, Any] = {"xytext": (x, y), "textcoords": "offset points", "ha": side, "va": up}
        ax.annotate(_corner(title), corner, fontsize=8.5, **at)
    place = triangle.declared @ CORNERS
    ax.plot(*place, ls="none", marker="D", markersize=9, color=INK, markeredgecolor="white", gid="declared", zorder=6)


@lru_cache(maxsize=1)
def _triangulation() -> Triangulation:
    """Return the grid in triangles, which is the same for every picture."""
    from matplotlib.tri import Triangulation

    return Triangulation(*(_GRID @ CORNERS).T)


def _draw_regions(ax: Axes, triangle: _Triangle, options: _Options) -> None:
    """Fill where each of the largest leads, and say who it is in a legend."""
    from matplotlib.patches import Patch

    grid = _triangulation()
    of_one = len(triangle.rows) == 1
    handles = []
    for number, place in enumerate(options.order[:NAMED]):
        most = float(options.ahead[:, place].max())
        look: dict[str, Any] = {"colors": [FILLS[number]], "hatches": [HATCHES[number]]}
        filled = ax.tricontourf(grid, options.ahead[:, place], levels=[0.0, most * 1.001], zorder=1, **look)
        filled.set(gid="region", edgecolor=COLOURS[number], linewidth=0.0)
        if options.ahead[:, place].min() < 0:
            ax.tricontour(grid, options.ahead[:, place], levels=[0.0], colors=QUIET, linewidths=0.7, zorder=2)
        verb = "contributes most" if of_one else "leads"
        said = broken(f"{options.names[place]} {verb}: {percent(options.shares[place])}", 26)
        handles.append(Patch(facecolor=FILLS[number], hatch=HATCHES[number], edgecolor=COLOURS[number], label=said))
    left = options.order[NAMED:]
    if len(left):
        said = f"{len(left)} others: {percent(float(options.shares[left].sum()))}"
        handles.append(Patch(facecolor="white", edgecolor=INK, label=said))
    if handles:
        ax.legend(handles=handles, loc="upper left", frameon=False, fontsize=8.5, borderaxespad=0.0)


def _draw_lines(ax: Axes, triangle: _Triangle) -> None:
    """Draw lines of equal composite, where it is not the same everywhere."""
    score = triangle.composite[:, 0]
    if not np.ptp(score) > tie_of(score, triangle.result.scale):
        return
    lines = ax.tricontour(_triangulation(), score, levels=6, colors=INK, linewidths=0.9, zorder=3)
    lines.set_gid("composite")
    for text in ax.clabel(lines, fontsize=8.5, fmt="%g"):
        text.set(bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}, zorder=4)
