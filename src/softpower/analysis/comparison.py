"""What moved between two scores, and what differs in the inputs behind them."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from softpower.analysis.association import Association, associate
from softpower.analysis.inputs import input_differences
from softpower.arguments import diagnosed
from softpower.errors import MethodError, printed
from softpower.result import Result, in_steps, tie_of
from softpower.steps.measures import Floats, Mask

SHOWN = 8
"""So many moves, differences or names are told in words; the frames hold all of them."""
WIDTH = 48
"""So many characters of one input are told in words."""

Section = tuple[str, Sequence[str]]
"""A sentence, and what stands under it."""


@diagnosed
def compare(a: Result, b: Result) -> Comparison:
    """Return what moved from one score to another, and what differs in their inputs.

    difference = b - a, for scores and for ranks, in every case (and period) and node that both have. What one of them
    lacks is listed with it.

    Parameters
    ----------
    a, b : Result
        Two scores, as `score` returns them.

    Returns
    -------
    Comparison

    Raises
    ------
    MethodError
        If one of them is no result, or one alone has periods.

    Notes
    -----
    Scores on different scales, for instance 0 to 100 against z-scores, have no difference: it is NaN, and the
    comparison says so. Their ranks and correlations have a meaning all the same.

    Misleads where several inputs differ at once: what moved is then owed to all of them, and changing one at a time
    tells them apart. Under a normalisation that looks across cases, a score also moves when other cases do.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> comparison = compare(score("kazakhstan"), score("kazakhstan", methodology={"aggregate": "geometric"}))
    >>> float(comparison.scores.loc[("EU>KAZ", "soft_power"), "difference"].round(1))
    -12.4
    >>> comparison.inputs.to_dict("records")
    [{'part': 'methodology', 'key': 'aggregate', 'a': 'arithmetic', 'b': 'geometric'}]
    """
    for name, one in (("a", a), ("b", b)):
        if not isinstance(one, Result):
            raise MethodError.of(f"compare: {name}", f"it is a {type(one).__name__}", "Give what score() returns.")
    if a.index.nlevels != b.index.nlevels:
        which = "a" if a.index.nlevels > 1 else "b"
        what = f"{which} alone has periods, so no row of one is a row of the other"
        raise MethodError.of("compare", what, "Score both with periods, or one period of the table that has them.")
    return Comparison(a, b)


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """Two scores side by side; frames are made when they are first asked for.

    Parameters
    ----------
    a, b : Result
        The scores; a difference is b - a.
    """

    a: Result
    b: Result

    @cached_property
    def _sides(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The scores of both, by all rows and all nodes of either: first those of a, in its order."""
        wide = (self.a.to_wide(), self.b.to_wide())
        rows = wide[0].index.append(wide[1].index.difference(wide[0].index, sort=False))
        nodes = list(dict.fromkeys((*wide[0].columns, *wide[1].columns)))
        left, right = (one.reindex(index=rows, columns=pd.Index(nodes, name="node")) for one in wide)
        return left, right

    @cached_property
    def _there(self) -> tuple[tuple[Mask, Mask], tuple[Mask, Mask]]:
        """Which rows, and which nodes, each of the two has."""
        rows, nodes = self._sides[0].index, self._sides[0].columns
        left, right = ((rows.isin(one.index), nodes.isin(one.nodes)) for one in (self.a, self.b))
        return left, right

    @cached_property
    def incomparable(self) -> str:
        """Why the differences of scores have no meaning; empty where they have one."""
        if self.a.scale == self.b.scale and (self.a.scale is not None or _scaling(self.a) == _scaling(self.b)):
            return ""
        ends = [f"{one.scale[0]:g} to {one.scale[1]:g}" if one.scale else "an open scale" for one in (self.a, self.b)]
        how = [", ".join(_scaling_methods(one)) for one in (self.a, self.b)]
        return f"a scores on {ends[0]} ({how[0]}) and b on {ends[1]} ({how[1]})"

    @cached_property
    def _difference(self) -> Floats:
        """The differences, of shape (rows, nodes); NaN where there is none."""
        left, right = (one.to_numpy() for one in self._sides)
        return np.full(left.shape, np.nan) if self.incomparable else right - left

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The scores of both: ``a``, ``b``, ``difference`` and ``lacking``, by case, period and node.

        ``lacking`` is ``"a"`` or ``"b"`` where that one has no such case, period or node. A score that is there and
        missing is NaN, without being lacking.
        """
        left, right = self._sides
        (rows_a, nodes_a), (rows_b, nodes_b) = self._there
        in_a, in_b = rows_a[:, None] & nodes_a, rows_b[:, None] & nodes_b
        rows, nodes = np.nonzero(in_a | in_b)
        labels = [left.index.get_level_values(level)[rows] for level in range(left.index.nlevels)]
        index = pd.MultiIndex.from_arrays([*labels, left.columns[nodes]])
        columns = {
            "a": left.to_numpy()[rows, nodes],
            "b": right.to_numpy()[rows, nodes],
            "difference": self._difference[rows, nodes],
            "lacking": _lacking(in_a[rows, nodes], in_b[rows, nodes]),
        }
        return pd.DataFrame(columns, index)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """The ranks by the composite: ``a``, ``b``, ``difference`` and ``lacking``, by case and period.

        Each rank is among all cases of its own score. A negative difference is a rise.

        Raises
        ------
        MethodError
            If one of the two has one case alone, which has no rank.
        """
        rows = self._sides[0].index
        left, right = (one.ranks().reindex(rows) for one in (self.a, self.b))
        lacking = _lacking(*(there[0] for there in self._there))
        return pd.DataFrame({"a": left, "b": right, "difference": right - left, "lacking": lacking}, rows)

    @cached_property
    def correlations(self) -> pd.DataFrame:
        """How alike both order the cases, by node: ``pearson``, ``spearman``, ``kendall``, ``cases`` and ``reason``.

        Over the cases that have a score in both; with periods each case counts once for each period. Scores that agree
        when rounded to 1e-9 of the scale are tied. Where a correlation is undefined it is NaN, and ``reason`` says why.
        """
        both = self._there[0][1] & self._there[1][1]
        places = np.flatnonzero(both)
        columns = ["pearson", "spearman", "kendall", "cases", "reason"]
        rows = [asdict(self._associated(int(place))) for place in places]
        return pd.DataFrame(rows, index=self._sides[0].columns[places], columns=columns)

    def _associated(self, place: int) -> Association:
        """Return the correlations of a node."""
        left, right = (one.iloc[:, place].to_numpy() for one in self._sides)
        return associate(in_steps(left, self.a.scale), in_steps(right, self.b.scale))

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """What differs in the inputs, one row each: ``part``, ``key``, what ``a`` has and what ``b`` has.

        None stands where one has nothing. Of the cells of tables, many are counted by column. It is empty where the
        inputs are the same.
        """
        return input_differences(self.a.profile, self.b.profile)

    def to_frame(self) -> pd.DataFrame:
        """Return the scores of both, one row for each case, period and node."""
        return self.scores.copy()

    @cached_property
    def _moved(self) -> Floats:
        """The size of each move; zero where the scores are tied, or there is no difference."""
        size = np.abs(np.nan_to_num(self._difference))
        both = np.stack([one.to_numpy() for one in self._sides])
        ties = np.array([tie_of(both[:, :, place], self.a.scale) for place in range(both.shape[2])])
        return np.where(size > ties, size, 0.0)

    def _sections(self) -> Iterator[Section]:
        """Yield the finding in words, the most important first."""
        yield f"a: {_name(self.a)}", []
        yield f"b: {_name(self.b)}", []
        if self.incomparable:
            what = f"The scales differ: {self.incomparable}. A difference of scores has no meaning, and none is given."
            yield what, []
        yield from self._composite()
        yield from self._below()
        yield from self._ranked()
        yield from self._unmatched()
        inputs = self.inputs
        if inputs.empty:
            yield "The inputs are the same.", []
            return
        yield "What differs in the inputs:", _parts(inputs)

    def _composite(self) -> Iterator[Section]:
        """Yield how the composite moved."""
        roots = [one.nodes[-1] for one in (self.a, self.b)]
        if roots[0] != roots[1]:
            yield f"The composite of a is '{roots[0]}' and that of b is '{roots[1]}': they are not matched.", []
            return
        place = 0  # A tree is walked from its composite down.
        rows = np.flatnonzero(self._there[0][0] & self._there[1][0])
        title = self.a.profile.framework.node_title(roots[0])
        if not len(rows):
            yield f"None of the {self._unit} is in both.", []
            return
        if len(rows) == 1:
            yield self._move(int(rows[0]), place), []
            return
        if not self.incomparable:
            moved = self._moved[rows, place]
            count = int((moved > 0).sum())
            largest = rows[np.argsort(-moved, kind="stable")[: min(SHOWN, count)]]
            mean = f", by {moved[moved > 0].mean():.4g} on average" if count else ""
            moves = _cut([self._move(int(row), place) for row in largest], count, "scores")
            yield f"{title} moves in {count:,} of {len(rows):,} {self._unit}{mean}.", moves
        found = self._associated(place)
        yield f"{title}, correlation over {found.cases:,} {self._unit}: {_correlation(found)}.", []

    @property
    def _unit(self) -> str:
        return "cases and periods" if self.a.index.nlevels > 1 else "cases"

    def _below(self) -> Iterator[Section]:
        """Yield the largest moves below the composite."""
        moved = self._moved[:, 1:]
        count = int((moved > 0).sum())
        if not count:
            return
        flat = moved.ravel()
        places = np.argpartition(-flat, min(SHOWN, flat.size) - 1)[: min(SHOWN, count)]
        places = places[np.argsort(-flat[places], kind="stable")]
        cells = [divmod(int(place), moved.shape[1]) for place in places]
        moves = [self._move(row, column + 1) for row, column in cells]
        yield "The largest moves below it:", _cut(moves, count, "scores")

    def _move(self, row: int, place: int) -> str:
        """Return how a score of both moved."""
        left, right = (float(one.to_numpy()[row, place]) for one in self._sides)
        title = self.a.profile.framework.node_title(str(self._sides[0].columns[place]))
        shown = " -> ".join("missing" if np.isnan(one) else f"{one:.4g}" for one in (left, right))
        moved = self._difference[row, place]
        by = "" if np.isnan(moved) else f" ({moved:+.4g})" if self._moved[row, place] else " (the same)"
        return f"{_label(self._sides[0].index[row])}, {title}: {shown}{by}"

    def _ranked(self) -> Iterator[Section]:
        """Yield how the ranks moved, or why there are none."""
        try:
            ranks = self.ranks
        except MethodError as error:
            yield f"No ranks: {error.faults[0].what}.", []
            return
        both = ranks["difference"].dropna()
        moved = both[both != 0]
        order = moved.iloc[np.argsort(-moved.abs().to_numpy(dtype=float), kind="stable")[:SHOWN]]
        told = [f"{_label(row)}: {ranks.loc[row, 'a']} -> {ranks.loc[row, 'b']}" for row in order.index]
        own = ", each ranked among all of its own score" if ranks["lacking"].ne("").any() else ""
        yield f"Ranks change in {len(moved):,} of {len(both):,} {self._unit}{own}.", _cut(told, len(moved), "ranks")

    def _unmatched(self) -> Iterator[Section]:
        """Yield what one of the two alone has."""
        rows, nodes = self._sides[0].index, self._sides[0].columns
        gaps = [one.isna().to_numpy() for one in self._sides]
        both = np.logical_and.outer(*(np.logical_and(*masks) for masks in zip(*self._there, strict=True)))
        for name, mine, other in (("a", 0, 1), ("b", 1, 0)):
            for unit, labels, place in ((self._unit, rows, 0), ("nodes", nodes, 1)):
                alone = self._there[mine][place] & ~self._there[other][place]
                if count := int(alone.sum()):
                    first = ", ".join(map(_label, labels[alone][:SHOWN]))
                    yield f"In {name} alone, {unit} ({count:,}): {first}{' ...' if count > SHOWN else '.'}", []
            if count := int((both & gaps[mine] & ~gaps[other]).sum()):
                yield f"Missing in {name} alone: {count:,} {'score' if count == 1 else 'scores'}.", []

    def __repr__(self) -> str:
        """Return the finding in words, the most important first."""
        lines = (line for what, items in self._sections() for line in (what, *(f"  {one}" for one in items)))
        return printed("\n".join(lines))

    def _repr_html_(self) -> str:
        """Return the finding in words as an HTML table."""
        rows = []
        for what, items in self._sections():
            listed = "".join(f"<li>{html.escape(one)}</li>" for one in items)
            cell = f'<td style="text-align: left"><ul>{listed}</ul></td>' if listed else "<td></td>"
            rows.append(f'<tr><th scope="row" style="text-align: left">{html.escape(what)}</th>{cell}</tr>')
        says = html.escape(f"Comparison of {_name(self.a)} (a) with {_name(self.b)} (b)")
        return f"<table><caption>{says}</caption>\n" + "\n".join(rows) + "\n</table>"


def _lacking(in_a: Mask, in_b: Mask) -> np.ndarray:
    """Return which of the two lacks each: a, b, or neither."""
    return np.where(in_a & in_b, "", np.where(in_a, "b", "a")).astype(object)


def _scaling(result: Result) -> tuple[object, ...]:
    """Return the choices that an open scale hangs on."""
    engine = result.engine
    rescoring = {level: (one.name, chosen) for level, (one, chosen) in engine.methods.items() if one.rescores}
    return engine.profile.methodology.normalise, rescoring


def _scaling_methods(result: Result) -> list[str]:
    """Return the names of the methods that bring scores to their scale."""
    engine = result.engine
    rescoring = [method.name for method, _ in engine.methods.values() if method.rescores]
    return [*(one.method.name for one in engine.normalisers), *dict.fromkeys(rescoring)]


def _name(result: Result) -> str:
    """Return what was scored: title, span and how many rows."""
    span = f" ({result.profile.span})" if result.profile.span else ""
    count = f"{len(result.cases):,} cases" if len(result.cases) > 1 else result.cases[0]
    return f"{result.profile.title}{span}, {count}"


def _label(row: object) -> str:
    return " ".join(map(str, row)) if isinstance(row, tuple) else str(row)


def _correlation(found: Association) -> str:
    if found.reason:
        return f"undefined, {found.reason}"
    return f"Pearson {found.pearson:.3f}, Spearman {found.spearman:.3f}, Kendall {found.kendall:.3f}"


def _cut(told: Sequence[str], count: int, where: str) -> list[str]:
    """Return lines, with how many more there are and where they are found."""
    return [*told, f"and {count - len(told):,} more: see .{where}"] if count > len(told) else [*told]


def _parts(inputs: pd.DataFrame) -> list[str]:
    """Return the differences of inputs, or where they are many the first of each part."""
    few = len(inputs) <= SHOWN
    told = inputs if few else inputs.drop_duplicates("part")
    more = () if few else set(inputs["part"][inputs["part"].duplicated()])
    return [
        _told(part, key, one, other) + (", and more: see .inputs" if part in more else "")
        for part, key, one, other in zip(told["part"], told["key"], told["a"], told["b"], strict=True)
    ]


def _told(part: str, key: str, a: object, b: object) -> str:
    """Return one difference of inputs in words."""
    alone = [name for name, one, other in (("a", a, b), ("b", b, a)) if other is None and _whole(one)]
    if alone:
        return f"{part} {key}: in {alone[0]} alone"
    return f"{part} {key}" if a is b is None else f"{part} {key}: {_short(a)} -> {_short(b)}"


def _whole(one: object) -> bool:
    """Return whether something is a whole entry, or the mark that one is there."""
    return one is True or isinstance(one, Mapping)


def _short(one: object) -> str:
    text = "none" if one is None else f"{one:.6g}" if isinstance(one, float) else " ".join(str(one).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 4]} ..."
