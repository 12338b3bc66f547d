"""The tree of a framework, from the composite to the indicators, with what each branch weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from softpower.arguments import diagnosed
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.model.profile import Profile
from softpower.plot.choosing import expect
from softpower.plot.lines import LINE, broken, centres, line_count
from softpower.plot.rows import BETWEEN, GAP, text_width
from softpower.plot.sources import source_line
from softpower.plot.style import COLOURS, INK, MARKERS, PAPER, QUIET, canvas, entitle, styled
from softpower.plot.wording import plural
from softpower.result import Result
from softpower.scoring import score
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SAID = "Before a node: its weight among its siblings. After it, in grey: its weight in the composite."
SIZE = 8.0
"""Of the letters of names."""
LETTERS = 34
"""So many of them stand on one line."""


@diagnosed
def framework(result: Result | Profile | Framework, *, ax: Axes | None = None) -> Axes:
    """Draw the tree with the weight of each node among its siblings, and in the composite.

    Parameters
    ----------
    result : Result, Profile or Framework
        Of a result or a profile the weights are those of its methodology, and its indicators those that are scored;
        of a framework all indicators are drawn, with the weights that it declares.
    ax : Axes, optional
        Where to draw; a figure of its own by default, as large as the names need.

    Raises
    ------
    SpecificationError
        If what is given has no tree.
    MethodError
        If the cases have weights of their own.
    MissingExtraError
        If matplotlib is not installed.

    Notes
    -----
    Misleads where weights are read as importance: what an indicator moves depends on how its scores vary as well. See
    `influence`.

    Examples
    --------
    >>> import softpower
    >>> ax = framework(softpower.load_profile("kazakhstan"))
    >>> ax.get_title(loc="left").split(":")[0]
    'Three sources of soft power'
    """
    declared, tree, weights, source = _weighed(result)
    with styled():
        names = {node: broken(declared.node_title(node), LETTERS) for node in tree.nodes}
        effective = tree.effective(weights)
        ups, tall = _places(tree, names)
        lefts, ends, width = _columns(declared, tree, names)
        width = max(width, text_width(SAID, 7.5))
        ax = canvas(ax, (width + 30) / 72, LINE * (tall + 2.0) + 1.5)
        ax.set_xlim(0.0, width)
        ax.set_ylim(tall + 0.5, -2.0)
        ax.set_axis_off()
        starts = np.zeros(len(tree.nodes))
        for place, node in enumerate(tree.nodes):
            at = lefts[place]
            heavy = "bold" if declared.depths[node] < 2 and node not in declared.indicators else "normal"
            ax.text(at + 7, ups[place], names[node], size=SIZE, weight=heavy, va="center", color=INK)
            end = at + 7 + text_width(names[node], SIZE, bold=heavy == "bold") + 6
            ax.text(end, ups[place], _percent(effective[place]), size=7.0, va="center", color=QUIET)
            starts[place] = end + text_width(_percent(effective[place]), 7.0) + 4
            if place != tree.families[-1].parent:
                ax.text(at - 7, ups[place], _percent(weights[place]), size=7.0, va="center", ha="right",
                        color=INK, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8})  # fmt: skip
        looks = _colours(declared, tree)
        _branches(ax, tree, looks, ups=ups, lefts=lefts, starts=starts, ends=ends, effective=effective)
        ax.text(0.0, -1.5, SAID, size=7.5, color=QUIET, va="center")
        entitle(ax, _finding(declared, tree, effective), source, columns=max(round(width / 7.4), 40), below=6.0)
    return ax


def _weighed(given: Result | Profile | Framework) -> tuple[Framework, Tree, Floats, str]:
    """Return the framework, the tree that is drawn, the weights among siblings, and the source."""
    expect(given, (Result, Profile, Framework), "framework", "score", "load_profile", "load_framework")
    if isinstance(given, Framework):
        tree = Tree.of(given, given.indicators)
        return given, tree, tree.among_siblings(tree.declared), source_line(given)
    if isinstance(given, Profile):
        given = score(given)
    weights = given.engine.weights
    if weights.ndim > 1:
        mend = "Draw the declared weights instead: framework(result.profile.framework)."
        raise MethodError.of("plot.framework", "each case has weights of its own", mend)
    return given.profile.framework, given.engine.tree, weights, source_line(given)


def _places(tree: Tree, names: dict[str, str]) -> tuple[Floats, float]:
    """Return how far from the top each node stands, and all go: indicators under one another, others amid their own."""
    order: list[int] = []
    children = {family.parent: family.children for family in tree.families}
    waiting = [tree.families[-1].parent]
    while waiting:
        node = waiting.pop()
        if node < tree.indicator_count:
            order.append(node)
        waiting += [int(one) for one in reversed(children.get(node, np.array([], dtype=int)))]
    places = np.zeros(len(tree.nodes))
    # A node above with a name of two lines needs as much room, though it has one child alone.
    above = {int(child): names[tree.nodes[family.parent]] for family in tree.families for child in family.children}
    tallest = [line_count(names[tree.nodes[leaf]], above[leaf]) for leaf in order]
    places[order], whole = centres(tallest, gap=BETWEEN)
    for family in tree.families:
        mine = places[family.children]
        places[family.parent] = (mine.min() + mine.max()) / 2
    return places, whole


def _columns(declared: Framework, tree: Tree, names: dict[str, str]) -> tuple[Floats, Floats, float]:
    """Return where each node stands and its column ends, in points from the left, and how wide all are.

    Indicators stand in the last column, wherever they hang.
    """
    depths = np.array([declared.depths[node] for node in tree.nodes])
    depths[: tree.indicator_count] = depths.max()
    # With the number that stands before the next column's node.
    widths = np.zeros(depths.max() + 1)
    for node, depth in zip(tree.nodes, depths, strict=True):
        widths[depth] = max(widths[depth], text_width(names[node], SIZE, bold=depth < 2))
    room = widths + text_width("100.0 %", 7.0) + 13 + GAP
    before = text_width("100.0 %", 7.0) + 26
    starts = 6 + np.concatenate([[0.0], np.cumsum(room[:-1] + before)])
    return starts[depths], (starts + room)[depths], float(starts[-1] + room[-1])


def _colours(declared: Framework, tree: Tree) -> list[tuple[str, str]]:
    """Return the colour and the marker of each node: those of the first level's node that it is under."""
    first = [tree.nodes[one] for one in tree.families[-1].children]
    flat = all(node in declared.indicators for node in first)
    made = []
    for node in tree.nodes:
        path = declared.path(node)
        branch = first.index(path[1]) if len(path) > 1 else 0
        own = len(path) > 1 and not flat
        made.append((COLOURS[branch % len(COLOURS)], MARKERS[branch % len(MARKERS)]) if own else (INK, "o"))
    return made


def _branches(
    ax: Axes,
    tree: Tree,
    looks: list[tuple[str, str]],
    *,
    ups: Floats,
    lefts: Floats,
    starts: Floats,
    ends: Floats,
    effective: Floats,
) -> None:
    """Draw the nodes, and from each parent a branch to each child, as thick as the child weighs in the composite."""
    for family in tree.families:
        trunk, own, mine = ends[family.parent], ups[family.parent], ups[family.children]
        ax.plot([starts[family.parent], trunk], [own, own], color=QUIET, linewidth=0.8, zorder=1)
        ax.plot([trunk, trunk], [min(own, mine.min()), max(own, mine.max())], color=QUIET, linewidth=0.8, zorder=1)
        for child in family.children:
            thick = 0.8 + 8 * float(effective[child])
            ax.plot(
                [trunk, lefts[child]], [ups[child]] * 2, color=looks[child][0], linewidth=thick, alpha=0.6, zorder=1,
                solid_capstyle="butt",
            )  # fmt: skip
    for place, (colour, marker) in enumerate(looks):
        ax.scatter(
            [lefts[place]], [ups[place]], s=20 + 60 * float(effective[place]), marker=marker, color=colour,
            edgecolor=PAPER, linewidth=0.6, zorder=3,
        )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _finding(declared: Framework, tree: Tree, effective: Floats) -> str:
    """Return what weighs most, or that all weigh the same."""
    first, leaves = tree.families[-1].children, np.arange(tree.indicator_count)
    groups = [leaves] if set(first) <= set(leaves) else [first, leaves]
    return f"{declared.title}: {', '.join(_heaviest(declared, tree, effective, group) for group in groups)}"


def _heaviest(declared: Framework, tree: Tree, effective: Floats, group: np.ndarray) -> str:
    called = plural(declared.level(tree.nodes[group[0]]))
    mine = effective[group]
    if len(group) == 1:
        return f"{declared.node_title(tree.nodes[group[0]])} weighs {_percent(mine[0])}"
    if np.allclose(mine, mine[0]):
        return f"each of {len(group)} {called} weighs {_percent(mine[0])}"
    if (heaviest := int(np.isclose(mine, mine.max()).sum())) > 1:
        return f"{heaviest} of {len(group)} {called} weigh most, {_percent(mine.max())} each"
    most = tree.nodes[group[int(mine.argmax())]]
    return f"of {len(group)} {called} {declared.node_title(most)} weighs most, {_percent(mine.max())}"
