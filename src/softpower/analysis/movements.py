"""What moved from period to period: scores taken apart by indicator, ranks by who moved, and who came and went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.draws.facts import Places
from softpower.errors import MethodError, printed
from softpower.result import ROWS, Result, by_each, captioned, in_steps, repeated
from softpower.steps.aggregate import aggregate, contributions
from softpower.steps.measures import Floats, Mask

TOLD = 5
"""So many cases are told in words; the frames hold all of them."""


@diagnosed
def changes(result: Result) -> Changes:
    """Return what moved from each period to the next, and from the first to the last, in every case.

    The change of the composite is the sum of value + weights over the indicators, where, with c(x, w) an indicator's
    contribution under values x and weights in force w,

    value = ((c(x1, w0) - c(x0, w0)) + (c(x1, w1) - c(x0, w1))) / 2, and
    weights = ((c(x0, w1) - c(x0, w0)) + (c(x1, w1) - c(x1, w0))) / 2.

    Neither comes first: both orders of moving them count one half. Weights in force move where gaps open or close. An
    indicator that is observed on one side alone has not moved its value, and counts under weights.

    Parameters
    ----------
    result : Result
        A score with periods.

    Returns
    -------
    Changes

    Raises
    ------
    MethodError
        If it is no score, has no periods, or has no case with two of them.

    Notes
    -----
    Misleads where scores are normalised in each period apart: a score then also moves when the other cases do, and
    what is called the case's own movement is only relative to them. The parts from the first period to the last are
    not the sums of those in between, since the weights in force differ on the way.

    Examples
    --------
    >>> import pandas as pd
    >>> from softpower.scoring import score
    >>> rows = [("A", 2000, 1.0, 5.0), ("A", 2001, 3.0, 5.0), ("B", 2000, 2.0, 1.0), ("B", 2001, 2.0, 9.0)]
    >>> table = pd.DataFrame(rows, columns=["case", "period", "trade", "visits"])
    >>> moved = changes(score(table))
    >>> moved.contributions.loc[("A", 2000, 2001), ["value", "weights", "change"]]
               value  weights  change
    indicator
    trade       50.0      0.0    50.0
    visits       0.0      0.0     0.0
    >>> moved.ranks.loc[("B", 2000, 2001), ["before", "after", "own", "others"]].tolist()
    [1.0, 1.0, -0.5, 0.5]
    """
    if not isinstance(result, Result):
        raise MethodError.of("changes", f"it is given a {type(result).__name__}", "Give what score() returns.")
    if result.index.nlevels == 1:
        mend = "Score a table with periods: a second level of its index, or a column 'period'."
        raise MethodError.of("changes", "the scores have no periods", mend)
    made = Changes(result)
    if not len(made.pairs[0]):
        raise MethodError.of("changes", "no case has two periods", "Give each case a row for each of its periods.")
    return made


@dataclass(frozen=True, repr=False, eq=False)
class Changes:
    """What moved between periods; frames are made when they are first asked for.

    Frames have one row for each case and each two periods of it that follow one another, then for its first and last
    where it has more than two.

    Parameters
    ----------
    result : Result
        The score with periods.
    """

    result: Result

    @cached_property
    def _places(self) -> tuple[Places, Places]:
        """The case and the period of each row, by number; periods in their order in time."""
        index = self.result.index
        return pd.factorize(index.get_level_values("case"))[0], self.result.engine.period_codes

    @property
    def cases(self) -> tuple[str, ...]:
        """What was scored, each once."""
        return self.result.cases

    @cached_property
    def periods(self) -> tuple[Any, ...]:
        """The periods of all cases, in their order in time."""
        return tuple(self.result.engine.by_period)

    @cached_property
    def pairs(self) -> tuple[Places, Places]:
        """The rows before and after each change."""
        cases, periods = self._places
        order = np.lexsort((periods, cases))
        follows = cases[order][1:] == cases[order][:-1]
        starts = np.flatnonzero(np.concatenate([[True], ~follows]))
        ends = np.concatenate([starts[1:], [len(order)]]) - 1
        longer = ends - starts > 1
        before = np.concatenate([order[:-1][follows], order[starts[longer]]])
        after = np.concatenate([order[1:][follows], order[ends[longer]]])
        whole = np.repeat([False, True], [follows.sum(), longer.sum()])
        arranged = np.lexsort((periods[before], whole, cases[before]))
        return before[arranged], after[arranged]

    @cached_property
    def whole(self) -> Mask:
        """Which changes are from the first period of a case to its last."""
        cases = self._places[0][self.pairs[0]]
        return np.append(cases[1:] != cases[:-1], True)  # the last of each case

    @cached_property
    def index(self) -> pd.MultiIndex:
        """The changes: case, from and to."""
        before, after = (self.result.index[rows] for rows in self.pairs)
        levels = [before.get_level_values("case"), *(one.get_level_values("period") for one in (before, after))]
        return pd.MultiIndex.from_arrays(levels, names=["case", "from", "to"])

    @cached_property
    def _reasons(self) -> np.ndarray:
        return np.asarray(self.result.engine.reasons(self.result.score))

    def _why(self, places: Places) -> np.ndarray:
        """Return why nodes cannot be compared, of shape (pairs, nodes); empty where they can."""
        periods = self.result.index.get_level_values("period").to_numpy(dtype=object)
        texts = np.full((len(self.pairs[0]), len(places)), "", dtype=object)
        for rows in self.pairs:
            reasons = self._reasons[rows][:, places]
            for pair, node in np.argwhere(np.isnan(self.result.score[rows][:, places])):
                said = f"{periods[rows[pair]]}: {reasons[pair, node]}"
                texts[pair, node] = f"{texts[pair, node]}; {said}" if texts[pair, node] else said
        return texts

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The scores of all nodes: ``before``, ``after``, ``change`` and ``reason``, by case, from, to and node.

        ``reason`` says why there is no change where a score is missing.
        """
        names = list(self.result.to_wide().columns)
        places = np.array([self.result.nodes.index(name) for name in names])
        before, after = (self.result.score[rows][:, places] for rows in self.pairs)
        columns = {"before": before, "after": after, "change": after - before, "reason": self._why(places)}
        return pd.DataFrame(
            {name: values.ravel() for name, values in columns.items()}, by_each(self.index, "node", names)
        )

    @cached_property
    def _parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """What indicators contribute before and after, and by value and by weights, of shape (pairs, indicators)."""
        result, (before, after) = self.result, self.pairs
        count = result.engine.tree.indicator_count
        scores = [result.score[rows][:, :count] for rows in (before, after)]
        # What is seen on one side alone has the same value on both.
        filled = [np.where(np.isnan(mine), other, mine) for mine, other in (scores, scores[::-1])]
        old, new = (result.contribution[rows][:, :count] for rows in (before, after))
        new_values = self._contributed(filled[1], scores[0], result.weight[before])
        new_weights = self._contributed(filled[0], scores[1], result.weight[after])
        value = ((new_values - old) + (new - new_weights)) / 2
        weights = ((new_weights - old) + (new - new_values)) / 2
        lost = np.isnan(result.score[before, -1] + result.score[after, -1])
        for part in (value, weights):
            part[lost] = np.nan
        for part, rows in ((old, before), (new, after)):
            part[np.isnan(result.score[rows, -1])] = np.nan
        return old, new, value, weights

    def _contributed(self, values: Floats, gaps: Floats, weights: Floats) -> Floats:
        """Return what indicators contribute with the values of one period and the gaps and weights of another."""
        engine, floor = self.result.engine, self.result.profile.methodology.floor
        seen = np.where(np.isnan(gaps), np.nan, values)
        made = aggregate(engine.tree, seen, weights, engine.methods, engine.thresholds, floor=floor)
        given = contributions(engine.tree, made, weights, engine.methods, floor=floor)
        return given[:, : engine.tree.indicator_count]

    @property
    def partless(self) -> str:
        """The aggregations under which a change is no sum of parts, by name; empty where it is one.

        Where cases are compared a case moves as the others do, so that its own values and weights do not say why.
        """
        methods = [method for method, _ in self.result.engine.methods.values()]
        return ", ".join(dict.fromkeys(one.name for one in methods if one.parts is None or one.across))

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """What each indicator adds to the change of the composite, by case, from, to and indicator.

        ``before`` and ``after`` are its contributions, ``value`` and ``weights`` the parts of their difference that its
        moves and those of weights and gaps make, and ``change`` is both together; ``reason`` says why there is none.

        Raises
        ------
        MethodError
            If a change of the composite is no sum of parts under its aggregation.
        """
        if self.partless:
            what = f"a change of the composite is no sum of parts under its aggregation: {self.partless}"
            mend = 'Score with a mean, for instance methodology={"aggregate": "arithmetic"}, or see scores and ranks.'
            raise MethodError.of("changes: contributions", what, mend)
        names = self.result.engine.indicators
        old, new, value, weights = self._parts
        why = self._why(np.array([len(self.result.nodes) - 1]))
        columns = {"before": old, "after": new, "value": value, "weights": weights, "change": value + weights}
        frame = pd.DataFrame(
            {name: one.ravel() for name, one in columns.items()}, by_each(self.index, "indicator", names)
        )
        return frame.assign(reason=repeated(why[:, 0], len(names)))

    @cached_property
    def _steps(self) -> Floats:
        """The composite in steps that tell ties, of shape (cases, periods); NaN where there is none."""
        table = np.full((len(self.cases), len(self.periods)), np.nan)
        table[self._places] = in_steps(self.result.score[:, -1], self.result.scale)
        return table

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """The ranks by the composite and what moved them, by case, from and to; a negative number is a rise.

        ``own`` is what the case's own movement does, and ``others`` what that of the cases does that have a score in
        both periods: each is its effect alone and its effect after the other, one half of both. ``entering`` counts the
        cases above it that are new, and ``leaving`` those above it that are gone. The four sum to ``change``.

        Raises
        ------
        MethodError
            If there is one case alone, which has no rank.
        """
        ranks, (before, after) = self.result.ranks(), self.pairs
        cases, periods = self._places
        parts = np.full((len(before), 4), np.nan)
        kinds, inverse = np.unique(np.stack([periods[before], periods[after]], axis=1), axis=0, return_inverse=True)
        for number, (start, stop) in enumerate(kinds):
            mine = np.flatnonzero(inverse.ravel() == number)
            parts[mine] = _rank_parts(self._steps[:, start], self._steps[:, stop], cases[before[mine]])
        columns: dict[str, Any] = {"before": ranks.to_numpy()[before], "after": ranks.to_numpy()[after]}
        columns["change"] = columns["after"] - columns["before"]
        columns |= dict(zip(("own", "others", "entering", "leaving"), parts.T, strict=True))
        columns["reason"] = self._why(np.array([len(self.result.nodes) - 1]))[:, 0]
        return pd.DataFrame(columns, self.index)

    @cached_property
    def entered(self) -> pd.DataFrame:
        """Each case that has a composite where it had none in the period before, by case and period.

        ``without`` is the period before, ``moves`` how many cases that are there in both stand lower for it, and
        ``reason`` why it had none.
        """
        return self._came(1)

    @cached_property
    def left(self) -> pd.DataFrame:
        """Each case that has no composite any more in the period after, by case and its period so far.

        ``without`` is the period after, ``moves`` how many cases that are there in both stand higher for it, and
        ``reason`` why it has none.
        """
        return self._came(-1)

    def _came(self, way: int) -> pd.DataFrame:
        """Return who is there in a period and not in the one before, way = 1, or the one after, way = -1."""
        steps = self._steps if way > 0 else self._steps[:, ::-1]
        there = ~np.isnan(steps)
        case, at = np.nonzero(there[:, 1:] & ~there[:, :-1])
        staying = np.where(there[:, 1:] & there[:, :-1], steps[:, 1:], np.nan)
        moves = (staying[:, at] < steps[case, at + 1]).sum(axis=0)
        last = len(self.periods) - 1
        period, without = (at + 1, at) if way > 0 else (last - at - 1, last - at)
        row = np.full(steps.shape, -1)
        row[self._places] = np.arange(len(self.result.index))
        here, gone = row[case, period], row[case, without]
        labels = pd.Index(self.periods)
        why = np.where(gone < 0, "it has no row", self._reasons[gone, -1])
        ranked = len(self.cases) > 1
        columns: dict[str, Any] = {"without": labels[without], "score": self.result.score[here, -1]}
        columns["rank"] = self.result.ranks().to_numpy()[here] if ranked else pd.array([pd.NA] * len(here), "Int64")
        columns |= {"moves": moves, "reason": why}
        index = pd.MultiIndex.from_arrays([pd.Index(self.cases)[case], labels[period]], names=["case", "period"])
        order = np.lexsort((case, period))
        return pd.DataFrame(columns, index).iloc[order]

    def to_frame(self) -> pd.DataFrame:
        """Return the changes of all scores, one row for each case, two periods and node."""
        return self.scores.copy()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The change of the composite from the first period of each case to its last, the largest first.

        With several cases the change of the rank stands beside it, and its part that is the case's own.
        """
        columns = ["before", "after", "change"]
        root = self.scores.index.get_level_values("node") == self.result.nodes[-1]
        frame = self.scores.loc[root, columns].droplevel("node")[self.whole]
        if len(self.cases) > 1:
            ranks = self.ranks[self.whole]
            frame = frame.assign(rank_before=ranks["before"], rank_after=ranks["after"], own=ranks["own"])
        size = frame["change"].abs().fillna(-1.0).to_numpy()
        return frame.iloc[np.argsort(-size, kind="stable")]

    def __repr__(self) -> str:
        """Return the finding in words."""
        root = self.result.profile.framework.node_title(self.result.nodes[-1])
        frame = self.summary
        told = f"Changes of {root}, {self.periods[0]} to {self.periods[-1]}, {len(self.cases):,} cases"
        lines = [told if len(self.cases) > 1 else told.replace(f"{len(self.cases):,} cases", self.cases[0])]
        for row in frame.head(TOLD).reset_index().to_dict("records"):
            ends = " -> ".join("missing" if np.isnan(row[one]) else f"{row[one]:.4g}" for one in ("before", "after"))
            by = "" if np.isnan(row["change"]) else f" ({row['change']:+.4g})"
            lines.append(f"  {row['case']}, {row['from']} to {row['to']}: {ends}{by}")
        lines += [f"  and {len(frame) - TOLD:,} more"] if len(frame) > TOLD else []
        for says, moved in (("Entered", self.entered), ("Left", self.left)):
            if len(moved):
                which = "in" if says == "Entered" else "after"
                names = [f"{case} {which} {period}" for case, period in moved.index[:TOLD]]
                lines.append(f"{says}: {', '.join(names)}{' ...' if len(moved) > TOLD else ''}")
        return printed("\n".join(lines))

    def _repr_html_(self) -> str:
        """Return the changes from first to last as an HTML table."""
        frame = self.summary
        hidden = [f"{ROWS} of {len(frame):,} are shown."] if len(frame) > ROWS else []
        return captioned(repr(self).split("\n")[0], frame.head(ROWS), hidden)


def _rank_parts(before: Floats, after: Floats, mine: Places) -> Floats:
    """Return what own movement, that of others, who enters and who leaves do to ranks, of shape (cases, 4).

    Parameters
    ----------
    before, after : arrays of shape (all cases,)
        Their scores in steps; NaN where there is none.
    mine : int array
        The cases that are asked for.
    """
    there, then = ~np.isnan(before), ~np.isnan(after)
    stay = there & then
    old, new = before[mine], after[mine]
    # The case itself is among those that stay, and is not above itself.
    old_old, new_new = _above(before[stay], old), _above(after[stay], new)
    new_old = _above(before[stay], new) - (old > new)
    old_new = _above(after[stay], old) - (new > old)
    own = ((new_old - old_old) + (new_new - old_new)) / 2
    others = ((old_new - old_old) + (new_new - new_old)) / 2
    parts = np.stack([own, others, _above(after[then & ~there], new), -_above(before[there & ~then], old)], axis=1)
    parts[~stay[mine]] = np.nan
    return parts


def _above(scores: Floats, of: Floats) -> Places:
    """Return how many scores are above each of some others."""
    return np.asarray(len(scores) - np.searchsorted(np.sort(scores), of, side="right"), dtype=np.int64)
