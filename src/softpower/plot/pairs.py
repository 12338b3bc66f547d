"""Which of two is above the other, for all pairs: the share of draws as a map of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.arguments import diagnosed
from softpower.errors import NotFoundError
from softpower.plot.cells import LEAST_WIDTH, LETTER, grid, hatched, letters, room_for
from softpower.plot.choosing import expect
from softpower.plot.lines import broken, line_count
from softpower.plot.sources import source_line
from softpower.plot.style import APART, PAPER, canvas, entitle, inches_across, styled, text_on
from softpower.result import rows_of
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 50
"""So many are shown, those with the highest scores where there are more."""
MANY = 30
"""With more, cells are smaller and hold no numbers."""
SHORT, WRAPPED = 24, 38
"""Names of so many letters stand at the columns too; a line of the others has so many."""
ROBUST = 0.9
"""From this share of the draws on an order is called robust, as a claim is."""
ROOM_FOR_NUMBERS = 0.3
"""A cell of so many inches holds a percentage."""


@diagnosed
def pairwise(
    drawn: UncertaintyResult,
    *,
    node: str | None = None,
    case: str | None = None,
    period: str | int | None = None,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the share of draws in which the row is above the column, for all pairs, the highest score first.

    Cases are compared by a node; of one case the children of a node are compared.

    Parameters
    ----------
    drawn : UncertaintyResult
    node : str, optional
        The composite by default.
    case : str, optional
        Compares the children of the node in this case, where there are several cases.
    period : str or int, optional
        The period, where there are several. By default cases are compared in all of them, and the children of a node
        in the last that the case has.
    ax : Axes, optional
        Where to draw; by default axes of a new figure.

    Raises
    ------
    NotFoundError
        If there is no such node, case or period.
    MethodError
        If fewer than two differ between draws.
    SpecificationError
        If what is given holds no draws.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where it is read as the truth about the two: it is the share among what is declared uncertain, and each
    alternative counts alike. Three may go in a circle.

    Examples
    --------
    >>> import softpower
    >>> drawn = softpower.uncertainty_analysis("comparison", n=64)
    >>> ax = pairwise(drawn, node="culture")
    >>> ax.get_title(loc="left").split(" in ")[0]
    'ZZZ>KAZ is above AAA>KAZ'
    """
    expect(drawn, UncertaintyResult, "pairwise", "uncertainty_analysis")
    rows, faults = rows_of(drawn.score.index, case, period, "plot.pairwise")
    if faults:
        raise NotFoundError(faults)
    shares = drawn.probability_above(node, case=case, period=period)
    order = _order(drawn, shares, node, rows)
    hidden = max(0, len(order) - SHOWN)
    order = order[:SHOWN]
    found = shares.to_numpy(dtype=float)[np.ix_(order, order)]
    names = [_name(drawn, shares.index[place]) for place in order]
    with styled():
        few = len(names) <= MANY
        # Long names stand once, at the rows, and the columns bear their numbers.
        short = max(map(len, names)) <= SHORT
        labels = names if short else [broken(f"{place}. {name}", WRAPPED) for place, name in enumerate(names, 1)]
        heads = names if short else [str(place) for place in range(1, len(names) + 1)]
        high = (0.36 if few else 0.2) if short else 0.15 * max(2, line_count(*labels)) + 0.06
        across = inches_across(ax, max(LEAST_WIDTH, len(names) * (0.42 if few else 0.2)))
        ax = canvas(ax, room_for(labels) + across + 1.4, len(names) * high + room_for(heads) + 1.6)
        colours = _shade(ax, found)
        hatched(ax, np.isnan(found) & ~np.eye(len(found), dtype=bool))
        if across / len(names) >= ROOM_FOR_NUMBERS:
            for row, column in np.argwhere(~np.isnan(found)):
                ink = text_on(colours[row, column])
                text = _percent(found[row, column])
                ax.text(column, row, text, ha="center", va="center", fontsize=6.5, color=ink, zorder=3)
        else:
            # Both ends are dark in grey: a stroke marks where the row is mostly below.
            rows, columns = np.nonzero(found < 0.5)
            ax.scatter(columns, rows, marker="_", s=10, color=PAPER, linewidth=0.8, zorder=3)
        size = 7.5 if few else 6.5
        upright = max(map(len, heads)) * LETTER > across / len(names) - 0.05
        ax.set_yticks(range(len(names)), labels, fontsize=size)
        ax.set_xticks(range(len(names)), heads, fontsize=size, rotation=90 if upright else 0)
        said = f"Share of {drawn.n:,} draws in which the row is above the column, in %"
        said += f"; {hidden:,} with lower scores are not shown." if hidden else "."
        by = None if case is not None or node is None else drawn.score.profile.framework.node_title(node)
        entitle(ax, _finding(found, names, by), source_line(drawn), note=said, columns=letters(across), below=6.0)
    return ax


def _order(drawn: UncertaintyResult, shares: pd.DataFrame, node: str | None, rows: np.ndarray) -> np.ndarray:
    """Return the places of what is compared, the highest score as declared first, missing ones last."""
    result = drawn.score
    if shares.index.name == "node":
        last = rows[result.engine.period_codes[rows].argmax()]
        scores = result.score[last, [result.nodes.index(one) for one in shares.index]]
    else:
        scores = result.score[rows, result.nodes.index(result.nodes[-1] if node is None else node)]
    return np.argsort(np.where(np.isnan(scores), np.inf, -scores), kind="stable")


def _name(drawn: UncertaintyResult, label: object) -> str:
    framework = drawn.score.profile.framework
    if isinstance(label, tuple):
        return " ".join(map(str, label))
    known = label in framework.dimensions or label in framework.indicators
    return framework.node_title(str(label)) if known and label not in drawn.score.cases else str(label)


def _shade(ax: Axes, found: Floats) -> Floats:
    """Shade cells by share, with a bar that says how; return their colours, of shape (rows, columns, 4)."""
    from matplotlib.colors import Normalize

    edges = np.arange(len(found) + 1) - 0.5
    cells = np.ma.masked_invalid(found)
    mesh = ax.pcolormesh(edges, edges, cells, cmap=APART, norm=Normalize(0, 1), edgecolors=PAPER, linewidth=0.6)
    grid(ax, *found.shape)
    bar = ax.figure.colorbar(mesh, ax=ax, fraction=0.04, pad=0.02, aspect=20, shrink=0.8, ticks=[0, 0.5, 1])
    bar.outline.set_visible(False)
    bar.ax.set_yticklabels(["never above", "half the draws", "always above"], fontsize=7.5)
    bar.ax.tick_params(length=0)
    return np.asarray(mesh.to_rgba(cells))


def _percent(share: float) -> str:
    """Return a share in percent, 0 and 100 only where it is so."""
    return f"{share * 100 if share in {0, 1} else min(max(share * 100, 1), 99):.0f}"


def _finding(found: Floats, names: list[str], by: str | None) -> str:
    """Return what the shares say: of two which is above, of more how many orders are robust, and which is most open."""
    left, right = np.triu_indices(len(names), 1)
    pairs = np.fmax(found[left, right], found[right, left])
    known = ~np.isnan(pairs)
    within = f" by {by}" if by else ""
    if not known.any():
        return f"No two of them have a score in the same draw{within}"
    where = np.flatnonzero(known)
    least = where[int(np.argmin(pairs[where]))]
    one, other = left[least], right[least]
    if found[one, other] < found[other, one]:
        one, other = other, one
    pair = f"{names[one]} is above {names[other]} in {_percent(pairs[least])} % of the draws"
    if known.sum() == 1:
        return f"{pair}{within}"
    robust = int((pairs[known] >= ROBUST).sum())
    some = f"{robust:,}" if robust else "None"
    said = f"{some} of {known.sum():,} orders{within} {'hold' if robust != 1 else 'holds'} in 90 % of the draws"
    return f"{said}; most open: {pair}"
