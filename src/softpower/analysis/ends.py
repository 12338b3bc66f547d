"""Where factors end: the points at which one factor alone is moved as far as it goes, and what it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np

from softpower.draws.factors import Factor
from softpower.draws.facts import Places
from softpower.draws.sampler import Sampler
from softpower.draws.weights import Drawn
from softpower.model.uncertainty import Band, Dirichlet, Simplex, described
from softpower.model.unit import PLAIN, Unit
from softpower.steps.measures import Floats, Mask

TAIL = 0.05
"""Where a distribution has no end, this quantile and that of 1 less it stand for its ends."""
CORNERS = 4
"""Up to so many columns are combined at their ends in every way; of more, each stands against all others."""


@dataclass(frozen=True)
class Ends:
    """The points of one factor, in its own columns; all other factors are as declared.

    Parameters
    ----------
    columns : int array of shape (columns,)
    u : array of shape (points, columns)
    said : sequence of str
        What the factor is at each point.
    empty : bool array of shape (points, rows), optional
        Where a point says nothing of a row: the weight lies on what is missing there.
    """

    columns: Places
    u: Floats
    said: Sequence[str]
    empty: Mask | None = None


@dataclass(frozen=True)
class NumberEnds:
    """The ends of every uncertain number, low and high: arrays of shape (2, numbers).

    Parameters
    ----------
    u : array
        The points.
    value : array
        The numbers there, in the unit of their variable; days as ordinals.
    quantile : bool array
        Whether a quantile stands for an end that there is not.
    """

    u: Floats
    value: Floats
    quantile: Mask


def number_ends(sampler: Sampler) -> NumberEnds:
    """Return the ends of every uncertain number: its bounds, or quantiles of a normal one where it has none."""
    facts = sampler.inventory.facts
    quantile = np.zeros((2, len(facts.table)), dtype=bool)
    if len(facts.normal):
        rows, keys = {one.id: one for one in sampler.profile.observations}, list(facts.table)
        for place in facts.normal.tolist():
            one = rows[keys[place][0]]
            quantile[:, place] = one.low is None, one.high is None
    u = np.where(quantile, [[TAIL], [1 - TAIL]], [[0.0], [1.0]])
    return NumberEnds(u, facts.draw(u), quantile)


def factor_ends(sampler: Sampler) -> list[Ends]:
    """Return the ends of every factor, in their order."""
    numbers = number_ends(sampler)
    parts = [part for _, part in sampler.inventory.facts.table]
    named = list(zip(parts, number_units(sampler), strict=True))
    return [_ends(sampler, one, numbers, named) for one in sampler.factors]


def _ends(sampler: Sampler, factor: Factor, numbers: NumberEnds, named: Sequence[tuple[str, str]]) -> Ends:
    columns = np.array(factor.columns, dtype=np.int64)
    if factor.alternatives:
        return Ends(columns, _middles(len(factor.alternatives)), _labels(sampler, factor))
    if factor.kind == "weights":
        return _weight_ends(sampler, factor)
    if factor.kind == "observations":
        return _observation_ends(sampler, factor, numbers, named)
    if factor.kind == "selection":
        # A share of the indicators leaves in a draw; here each leaves alone.
        alone = np.where(np.eye(len(columns), dtype=bool), 0.5, np.nan)
        return Ends(columns, alone, [f"without {name}" for name in sampler.inventory.leave_out])
    if factor.kind == "imputation":
        count = sampler.uncertainty.imputations
        return Ends(columns, _middles(count), [f"completed table {number}" for number in range(1, count + 1)])
    return _parameter_ends(sampler, factor)


def _middles(count: int) -> Floats:
    """Return points that pick each of so many alternatives."""
    return ((np.arange(count) + 0.5) / count)[:, None]


def _labels(sampler: Sampler, factor: Factor) -> list[str]:
    said = list(factor.alternatives)
    if factor.kind == "aggregation":
        # A parameter that is drawn is in the middle while the aggregation alone moves.
        said = next(
            [*map(described, one.options)] for one in sampler.inventory.choices if one.column == factor.columns[0]
        )
    if factor.name == "selection: left out":
        said = ["nothing left out", *(f"without {name}" for name in said[1:])]
    if factor.kind == "observations":
        rows = {one.id: one for one in sampler.profile.observations}
        said = [f"{name}: {worded(rows[name].value or 0.0, rows[name].unit or PLAIN)}" for name in said]
    return [f"{one}, as declared" if place == factor.nominal else one for place, one in enumerate(said)]


def _parameter_ends(sampler: Sampler, factor: Factor) -> Ends:
    """Return the ends of a parameter of an aggregation, with that aggregation chosen: it acts under no other."""
    choice, option, parameter = next(
        (choice, option, one)
        for choice in sampler.inventory.choices
        for option, given in choice.parameters.items()
        for one in given
        if one.column == factor.columns[0]
    )
    u = np.column_stack([np.full(2, (option + 0.5) / len(choice.options)), [0.0, 1.0]])
    method = choice.options[option].method
    said = [f"{method}, {parameter.name} = {end:g}" for end in (parameter.low, parameter.high)]
    return Ends(np.array([choice.column, parameter.column]), u, said)


def _observation_ends(sampler: Sampler, factor: Factor, numbers: NumberEnds, named: Sequence[tuple[str, str]]) -> Ends:
    """Return every combination of the ends of an observation's numbers, and the observation as declared.

    Each number is named by its part and its unit.
    """
    at = [sampler.inventory.fact_place[column] for column in factor.columns]
    low, high = numbers.u[:, at]
    corners = _corners(len(at))
    u = np.vstack([np.where(corners, high, low), np.full(len(at), np.nan)])
    texts = [[_end_text(*named[place], numbers, end, place, alone=len(at) == 1) for place in at] for end in range(2)]
    said = [", ".join(texts[end][place] for place, end in enumerate(one)) for one in corners.astype(int)]
    return Ends(np.array(factor.columns, dtype=np.int64), u, [*said, "as declared"])


def _end_text(part: str, unit: str, numbers: NumberEnds, end: int, place: int, *, alone: bool) -> str:
    """Return what a number is at one of its ends, with its part where there are several or it is a day."""
    number = float(numbers.value[end, place])
    if not numbers.quantile[end, place]:
        value, where = worded(number, unit), ""
    else:
        # Nobody wrote it down: more digits than these say nothing.
        value, where = worded(float(f"{number:.5g}"), unit), f" ({100 * numbers.u[end, place]:g} % quantile)"
    return f"{value}{where}" if unit != part and alone else f"{part} {value}{where}"


def number_units(sampler: Sampler) -> list[str]:
    """Return the unit of every uncertain number: that of its variable, or which of an observation's days it is."""
    profile = sampler.profile
    framework = profile.framework
    if profile.values is not None:
        own = {name: one.unit for name, one in framework.indicators.items()}
        return [
            own[name] if name in own else framework.variables[name].unit for _, name in sampler.inventory.facts.table
        ]
    variable = {one.id: one.variable for one in profile.observations}
    return [
        framework.variables[str(variable[name])].unit if part == "value" else part
        for name, part in sampler.inventory.facts.table
    ]


def day(number: float, part: str) -> date:
    """Return the day that a number stands for; a spell ends on the day before the first on which it is over.

    Examples
    --------
    >>> day(733042.0, "end")
    datetime.date(2007, 12, 31)
    """
    return date.fromordinal(int(number) - (part == "end"))


DAYS = frozenset({"start", "end", "date"})
"""The numbers of an observation that are days."""


def worded(number: float, unit: str) -> str:
    """Return a number with its unit, as it is read; codes and plain numbers have none.

    Examples
    --------
    >>> worded(9.0, "count:member_state"), worded(25.5, "percent"), worded(-2.0, "ordinal:-2..2")
    ('9 member_state', '25.5 percent', '-2')
    """
    if unit in DAYS:
        return str(day(number, unit))
    plain = unit in {PLAIN, "ratio"} or Unit.parse(unit).codes
    return f"{number:.10g}" if plain else f"{number:.10g} {unit.removeprefix('count:')}"


def _weight_ends(sampler: Sampler, factor: Factor) -> Ends:
    """Return the ends of siblings' weights: the corners of what is drawn, or quantiles of each share."""
    tree, name = sampler.engine.tree, factor.name.removeprefix("weights: ")
    columns = np.array(factor.columns, dtype=np.int64)
    family = next((one for one in tree.families if tree.nodes[one.parent] == name), None)
    if family is None or len(family.children) < 2:
        # It has siblings under a scenario alone.
        return Ends(columns, np.empty((0, len(columns))), [])
    drawn = Drawn.of(tree, family, sampler.inventory.families[name])
    children = [tree.nodes[child] for child in family.children]
    one = drawn.own.specification
    if isinstance(one, Simplex):
        on = np.eye(len(children), dtype=bool)
        return Ends(drawn.columns, np.where(on, 0.5, 0.0), *_heavy(sampler, drawn, children, on))
    if isinstance(one, Dirichlet):
        shares = sampler.engine.weights[family.children]
        return Ends(drawn.columns, *_dirichlet(shares, one.concentration, children))
    if isinstance(one, Band):
        high = _corners(len(children))[1:-1]
        return Ends(drawn.columns, high.astype(float), [_band_text(children, here) for here in high])
    assert drawn.orders is not None
    return _ordered(sampler, drawn, children, drawn.orders)


def _band_text(children: Sequence[str], high: Mask) -> str:
    """Return which weights are high, or which are low where these are fewer."""
    if 2 * high.sum() > len(children):
        return f"less weight on {_listed(children, ~high)}, more on the rest"
    return f"more weight on {_listed(children, high)}, less on the rest"


def _heavy(sampler: Sampler, drawn: Drawn, children: Sequence[str], on: Mask) -> tuple[list[str], Mask]:
    """Return what it is that some children share the weight and the others have none, and where these are missing."""
    absent = np.isnan(sampler.nominal)[:, drawn.children]
    how = ["all" if here.sum() == 1 else "equal" for here in on]
    said = [f"{one} weight on {_listed(children, here)}" for one, here in zip(how, on, strict=True)]
    return said, np.array([absent[:, here].all(axis=1) for here in on])


def _ordered(sampler: Sampler, drawn: Drawn, children: Sequence[str], orders: Places) -> Ends:
    """Return the corners of the weights that keep to an order: the first so many of it share the weight."""
    count = len(children)
    first: dict[frozenset[int], int] = {}
    for place, order in enumerate(orders.tolist()):
        for size in range(1, count + 1):
            first.setdefault(frozenset(order[:size]), place)
    on = np.array([[child in some for child in range(count)] for some in first])
    choice = (np.array([*first.values()]) + 0.5) / len(orders)
    # What is drawn is sorted before the order hands it out, so that it matters only how many columns share.
    shares = np.where(np.arange(count) < on.sum(axis=1, keepdims=True), 0.5, 0.0)
    columns = np.array([drawn.own.choice, *drawn.columns])
    return Ends(columns, np.column_stack([choice, shares]), *_heavy(sampler, drawn, children, on))


def _dirichlet(shares: Floats, concentration: float, children: Sequence[str]) -> tuple[Floats, list[str]]:
    """Return points at which each share is at its quantiles, and the others are in proportion.

    A share w is Beta-distributed with the parameters c w and c (1 - w).
    """
    from scipy.special import betaincinv, gammainc

    some = np.flatnonzero((shares > 0) & (shares < 1))
    shapes = concentration * shares
    u, said = [], []
    for child, tail in product(some.tolist(), (TAIL, 1 - TAIL)):
        share = float(betaincinv(shapes[child], concentration - shapes[child], tail))
        parts = shapes.copy()
        parts[child] = min(share / max(1 - share, np.finfo(float).tiny), 1e300) * (concentration - shapes[child])
        point = np.full(len(shares), 0.5)
        point[some] = gammainc(shapes[some], parts[some])
        u.append(point)
        said.append(f"{100 * share:.1f} % of the weight on {children[child]} ({100 * tail:g} % quantile)")
    return np.array(u).reshape(len(u), len(shares)), said


def _corners(count: int) -> Mask:
    """Return which columns are high: all combinations of a few; of many, none, one, all but one, and all."""
    if count <= CORNERS:
        return np.array(list(product([False, True], repeat=count)))
    one = np.eye(count, dtype=bool)
    return np.vstack([np.zeros((1, count), dtype=bool), one, ~one, np.ones((1, count), dtype=bool)])


def _listed(names: Sequence[str], chosen: Iterable[bool]) -> str:
    return ", ".join(name for name, here in zip(names, chosen, strict=True) if here)
