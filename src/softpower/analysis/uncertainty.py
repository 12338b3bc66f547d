"""Uncertainty analysis: what scores, ranks and claims come to when everything that is uncertain is drawn jointly."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from softpower.analysis.idle import idle_factors
from softpower.analysis.specifications import specifications
from softpower.draws.claims import claim_table
from softpower.draws.drawing import Drawn, Job, draw, held_against
from softpower.draws.factors import Factor
from softpower.draws.moments import Moments
from softpower.draws.points import Points, Sampling, seed_of
from softpower.draws.realised import realised
from softpower.draws.running import Progress
from softpower.draws.sampler import Sampler
from softpower.draws.tally import RankTally
from softpower.errors import MethodError, NotFoundError, SpecificationError, did_you_mean
from softpower.model.base import fault_of
from softpower.model.declarations import uncertainty_problems
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.uncertainty import Uncertainty
from softpower.result import Result, captioned
from softpower.steps.measures import Floats
from softpower.studies import as_profile

Shares = TypeVar("Shares", pd.DataFrame, "pd.Series[float]")


def uncertainty_analysis(
    data: Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    uncertainty: Uncertainty | Mapping[str, Any] | None = None,
    n: int = 8192,
    sampling: Sampling = "sobol",
    rng: int | np.random.Generator | None = 0,
    executor: Executor | None = None,
    progress: Progress = False,
) -> UncertaintyResult:
    """Return the distributions of scores, ranks and claims when all that is uncertain is drawn jointly.

    Parameters
    ----------
    data, framework, methodology
        As for `score`.
    uncertainty : Uncertainty or mapping, optional
        What is uncertain; by default what the profile declares.
    n : int
        How many draws.
    sampling : {"sobol", "random"}
        Scrambled Sobol points fill the space of the factors evenly, so that means need far fewer of them. Their error
        is that of 16 independent scramblings. Pseudo-random points are as in a textbook.
    rng : int or Generator
        The seed; the same gives the same bits. It is recorded.
    executor : concurrent.futures.Executor, optional
        Where the draws are made; threads by default. ``dask.distributed.Client.get_executor()`` is one as well.
    progress : bool or function
        Whether to show on the terminal how far it is, or a function of the draws done and the whole.

    Returns
    -------
    UncertaintyResult

    Raises
    ------
    MethodError
        If nothing is uncertain, or something has no meaning for the data.
    SpecificationError
        If the uncertainty names what is not there.
    ExecutionError
        If the executor loses work.

    Notes
    -----
    Misleads where the intervals are read as everything that is unknown: they hold what is declared uncertain, no more.

    References
    ----------
    Saisana, Saltelli and Tarantola, Uncertainty and sensitivity analysis techniques as tools for the quality
    assessment of composite indicators, Journal of the Royal Statistical Society A 168(2), 2005, 307-323. OECD/JRC,
    Handbook on Constructing Composite Indicators (2008), step 7.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> drawn = uncertainty_analysis(frame, uncertainty={"weights": "simplex"}, n=1024)
    >>> drawn.ranks()["mean"].round(1).to_dict()
    {'KAZ': 2.5, 'UZB': 2.2, 'KGZ': 1.3}
    """
    profile = declared(as_profile(data, framework, methodology), uncertainty, "uncertainty_analysis")
    seed = seed_of(rng)
    sampler = Sampler(profile, profile.uncertainty, seed)
    check_nominal(sampler)
    points = Points(sampler.dimensions, n, sampling, seed)
    job = Job(sampler, points, held_against(sampler, profile.claims))
    return UncertaintyResult(job, draw(job, executor=executor, progress=progress))


def declared(profile: Profile, uncertainty: object, where: str) -> Profile:
    """Return a profile with the uncertainty that is given, or its own.

    Raises
    ------
    MethodError
        If none is given and it declares none.
    SpecificationError
        If what is given names what is not there.
    """
    if uncertainty is None:
        if not profile.uncertainty.declared:
            what = f"profile '{profile.id}' declares no uncertainty"
            mend = 'Say what is uncertain, for instance uncertainty={"weights": "simplex"}.'
            raise MethodError.of(where, what, mend)
        return profile
    if isinstance(uncertainty, Mapping):
        uncertainty = Uncertainty.parse(dict(uncertainty), "uncertainty")
    if not isinstance(uncertainty, Uncertainty):
        what = f"uncertainty is a {type(uncertainty).__name__}"
        raise SpecificationError.of(where, what, 'Give an Uncertainty, or a mapping like {"weights": "simplex"}.')
    found = list(uncertainty_problems(uncertainty, profile.framework, profile.all_scenarios))
    if found:
        raise SpecificationError([fault_of("uncertainty", one) for one in found])
    # What it names has just been held against the profile.
    return profile.model_copy(update={"uncertainty": uncertainty})


def check_nominal(sampler: Sampler) -> None:
    """Raise MethodError unless the point at which nothing is drawn scores as `score` does."""
    drawn = sampler.scores(np.full((1, sampler.dimensions), np.nan))[0]
    expected = sampler.nominal_of_nodes
    near = np.isclose(drawn, expected, rtol=1e-12, atol=1e-12 * sampler.declared.width, equal_nan=True)
    if not near.all():
        node, row = np.argwhere(~near)[0]
        what = (
            f"the draws do not reproduce the score: {sampler.nodes[node]} of {sampler.engine.label(row)} is"
            f" {expected[node, row]!r} and is drawn as {drawn[node, row]!r}"
        )
        raise MethodError.of("uncertainty_analysis", what, "A method of your own must treat each draw by itself.")


@dataclass(frozen=True, repr=False, eq=False)
class UncertaintyResult:
    """What the draws come to.

    Parameters
    ----------
    job : Job
        What was drawn.
    drawn : Drawn
        Sums, counts and ranks of the draws.
    """

    job: Job
    drawn: Drawn

    @property
    def profile(self) -> Profile:
        """Everything that went in, the uncertainty included."""
        return self.job.sampler.profile

    @property
    def n(self) -> int:
        """How many draws there are."""
        return self.job.points.n

    @property
    def sampling(self) -> str:
        """How the points were made."""
        return self.job.points.sampling

    @property
    def seed(self) -> int:
        """The seed that gives the same draws again."""
        return self.job.points.seed

    @cached_property
    def score(self) -> Result:
        """The score as declared."""
        return Result(self.job.sampler.engine, self.job.sampler.nominal)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What was drawn."""
        return self.job.sampler.factors

    def __repr__(self) -> str:
        """Return what was drawn and the composite with its interval."""
        frame = self.to_frame().xs(self.score.nodes[-1], level="node").head(3)
        shown = "; ".join(
            f"{self.score.engine.label(row)} {one['score']:.1f} ({one['low']:.1f} to {one['high']:.1f})"
            for row, (_, one) in enumerate(frame.iterrows())
        )
        more = ", ..." if len(self.score.index) > 3 else ""
        if not self.job.sampler.comparable:
            shown, more = "on several scales, so that ranks alone compare", ""
        return f"UncertaintyResult({self.n:,} draws of {len(self.factors)} factors: {shown}{more})"

    def _repr_html_(self) -> str:
        """Return scores with their intervals, and the claims, as HTML tables, with the notes."""
        frame, framework = self.to_frame(), self.profile.framework
        lowest = 1 if len(self.score.index) == 1 else 0
        near = frame[[framework.depths[node] <= lowest for node in frame.index.get_level_values("node")]]
        columns = ["title", "score", "mean", "median", "low", "high", "standard_deviation"]
        caption = f"{self.profile.title}: {self.n:,} draws of {len(self.factors)} factors, 90 % from low to high"
        tables = captioned(caption, near[columns])
        if self.profile.claims:
            tables += captioned("Claims", self.claims()[["says", "declared", "share", "verdict"]])
        return tables + "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)

    # Scores

    def _quantile(self, share: Any) -> Floats:
        """Return a quantile of the scores of the drawn nodes, of shape (nodes, rows); or of each its own."""
        shape = (len(self.job.sampler.nodes), len(self.job.sampler.index))
        if not self.job.sampler.comparable:
            return np.full(shape, np.nan)
        if self.drawn.grid is not None:
            return self.drawn.grid.quantile(np.broadcast_to(share, shape).ravel()).reshape(shape)
        return self._sorted_quantile(share)

    @cached_property
    def _sorted(self) -> Floats:
        """The scores that were kept, sorted along the draws; gaps last."""
        return np.sort(np.concatenate(self.drawn.kept), axis=0)

    def _sorted_quantile(self, share: Any) -> Floats:
        ordered = self._sorted
        count = (~np.isnan(ordered)).sum(axis=0)
        at = np.maximum(count - 1, 0) * share
        below = np.floor(at).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(count - 1, 0))
        lower, upper = (np.take_along_axis(ordered, one[None], axis=0)[0] for one in (below, above))
        return np.asarray(np.where(lower == upper, lower, lower + (at - below) * (upper - lower)))

    def _moments(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return mean, its error, standard deviation, its error, and the draws with a score, of the drawn nodes."""
        shape = (len(self.job.sampler.nodes), len(self.job.sampler.index))
        parts = self.drawn.moments
        count = np.array([one.count for one in parts], dtype=float)
        means = np.array([one.mean for one in parts])
        spreads = np.sqrt(np.array([one.variance for one in parts]))
        whole = self._whole
        with np.errstate(invalid="ignore", divide="ignore"):
            deviation = np.sqrt(whole.variance)
        results = (whole.mean, _error(means, count), deviation, _error(spreads, count), whole.count.astype(float))
        return tuple(one.reshape(shape) for one in results)  # type: ignore[return-value]

    @cached_property
    def _whole(self) -> Moments:
        whole = Moments(self.job.sampler.nominal_of_nodes.ravel())
        for one in self.drawn.moments:
            whole.merge(one)
        return whole

    def to_frame(self, level: str | None = None, *, interval: float = 0.9) -> pd.DataFrame:
        """Return one row for each case and node, the composite first: the score and what its draws come to.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level.
        interval : float
            The share of the draws between ``low`` and ``high``, half of the others on either side.

        Returns
        -------
        DataFrame
            ``score`` as declared; ``mean``, ``median``, ``standard_deviation``, ``low`` and ``high`` of the draws, each
            with its Monte Carlo error; ``outside`` where the score lies outside the interval; ``present``, the share of
            draws in which there is a score. Where draws are on several scales all but score and present are missing.

        Notes
        -----
        The error of the mean and of the standard deviation is that over independent replicates. That of a quantile is
        half the distance between the quantiles one binomial standard deviation away; of Sobol points it is on the safe
        side. Quantiles of more than a million scores come from a grid, whose error is in ``grid_error``.

        Examples
        --------
        >>> drawn = uncertainty_analysis("kazakhstan", uncertainty={"observations": True}, n=1024)
        >>> bool(drawn.to_frame("composite")["low"].iloc[0] < drawn.score.composite.iloc[0])
        True
        """
        wide = self._wide(tail_of(interval, "to_frame"))
        names = [str(name) for name in self.score.to_wide(level).columns]
        order = [self.score.nodes.index(name) for name in names]
        index = self.score.index
        labels = [index.get_level_values(place).repeat(len(names)) for place in range(index.nlevels)]
        nodes = pd.Index(names)[np.tile(np.arange(len(names)), len(index))]
        framework = self.profile.framework
        texts = {"title": framework.node_title, "level": framework.level}
        frame = pd.DataFrame(
            {
                **{name: np.tile(np.array([text(node) for node in names]), len(index)) for name, text in texts.items()},
                "score": self.score.score[:, order].ravel(),
                **{name: table[order].T.ravel() for name, table in wide.items()},
            },
            pd.MultiIndex.from_arrays([*labels, nodes], names=[*index.names, "node"]),
        )
        inside = frame["score"].between(frame["low"] - 1e-9, frame["high"] + 1e-9)
        frame["outside"] = ~inside & frame["low"].notna() & frame["score"].notna()
        return frame

    def _wide(self, tail: float) -> dict[str, Floats]:
        """Return the columns of the frame, of shape (nodes, rows), those of nodes that do not move included."""
        mean, mean_error, deviation, deviation_error, count = self._moments()
        made: dict[str, Floats] = {"mean": mean, "mean_error": mean_error}
        made |= {"standard_deviation": deviation, "standard_deviation_error": deviation_error}
        for name, share in (("low", tail), ("median", 0.5), ("high", 1 - tail)):
            made[name] = self._quantile(share)
            made[f"{name}_error"] = self._spread(self._quantile, share, count)
        if not self.job.sampler.comparable:
            made = {name: np.full_like(mean, np.nan) for name in made}
        made["present"] = count / self.n
        return {name: self._with_still(name, table) for name, table in made.items()}

    def _with_still(self, name: str, table: Floats) -> Floats:
        """Return a table of all nodes: indicators that do not move are at their score, without a spread."""
        sampler = self.job.sampler
        if sampler.moving:
            return table
        still = sampler.nominal.T[: sampler.engine.tree.indicator_count]
        if name == "present":
            filled = (~np.isnan(still)).astype(float)
        elif name in {"mean", "low", "median", "high"} and sampler.comparable:
            filled = still
        else:
            filled = np.where(np.isnan(still) | (not sampler.comparable), np.nan, 0.0)
        return np.vstack([filled, table])

    @staticmethod
    def _spread(quantile: Callable[[Any], Floats], share: float, count: Floats) -> Floats:
        """Return half the distance between the quantiles one binomial standard deviation to either side.

        ``count`` is the number of draws that have a value; of fewer than two there is no error.
        """
        step = np.sqrt(share * (1 - share) / np.maximum(count, 1))
        low, high = (quantile(np.clip(one, 0.0, 1.0)) for one in (share - step, share + step))
        return np.where(count > 1, (high - low) / 2, np.nan)

    def share_error(self, shares: Shares) -> Shares:
        """Return the Monte Carlo error of shares of the draws, such as acceptabilities: root of p (1 - p) / n.

        Of Sobol points it is on the safe side.

        Parameters
        ----------
        shares : DataFrame or Series
            What `acceptability`, `at_most` or `probability_above` returns.
        """
        return (shares * (1 - shares) / self.n).clip(lower=0.0) ** 0.5

    @property
    def grid_error(self) -> float:
        """By how much a quantile may be wrong because scores were counted on a grid; 0 where all were kept."""
        return 0.0 if self.drawn.grid is None else float(self.drawn.grid.error)

    # Ranks

    def _refuse_one(self, where: str) -> None:
        if not self.job.ranked:
            mend = "Compare dimensions of the one case by probability_above, or score several cases."
            raise MethodError.of(where, "one case has no rank", mend)

    def ranks(self, *, interval: float = 0.9) -> pd.DataFrame:
        """Return each case's rank as declared, and the ranks that its composite has in the draws.

        Returns
        -------
        DataFrame
            ``rank`` as declared; ``mean``, ``low``, ``median`` and ``high`` with their errors, and
            ``standard_deviation``, over the draws in which it has one; ``present``, the share of these.

        Raises
        ------
        MethodError
            If there is one case alone, or the interval is no share.
        """
        self._refuse_one("ranks")
        tail = tail_of(interval, "ranks")
        index = self.score.index
        ends = (("low", tail), ("median", 0.5), ("high", 1 - tail))
        names = ("mean", "standard_deviation", *(part for name, _ in ends for part in (name, f"{name}_error")))
        columns = {name: np.full(len(index), np.nan) for name in names}
        present = np.zeros(len(index))
        for tally, rows in zip(self.drawn.tallies, self.job.periods, strict=True):
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = tally.sums / tally.present
                columns["standard_deviation"][rows] = np.sqrt(
                    np.maximum(tally.squares / tally.present - np.square(mean), 0.0)
                )
            columns["mean"][rows] = mean
            for name, share in ends:
                columns[name][rows] = tally.quantile(share)
                columns[f"{name}_error"][rows] = self._spread(tally.quantile, share, tally.present.astype(float))
            present[rows] = tally.present / self.n
        sums = np.array(self.drawn.rank_sums)
        with np.errstate(invalid="ignore", divide="ignore"):
            error = _error(sums[:, 0] / sums[:, 1], sums[:, 1])
        frame = pd.DataFrame({"rank": self.score.ranks(), "mean": columns.pop("mean")}, index=index)
        return frame.assign(mean_error=error, **columns, present=present)

    def acceptability(self, period: object = None) -> pd.DataFrame:
        """Return the share of draws in which each case has each rank, of shape (cases, ranks).

        `share_error` gives the error of each.

        Parameters
        ----------
        period : str or int, optional
            The period, where there are several.

        References
        ----------
        Lahdelma and Salminen, SMAA-2: Stochastic multicriteria acceptability analysis for group decision making,
        Operations Research 49(3), 2001, 444-454.
        """
        self._refuse_one("acceptability")
        tally, rows = self._tally(period)
        if tally.counts is None:
            what = f"{tally.cases:,} cases have too many ranks to count each by itself"
            raise MethodError.of("acceptability", what, "Ask for ranks(), which has their mean and quantiles.")
        cases = self.score.index.get_level_values("case")[rows]
        shares = tally.counts / self.n
        return pd.DataFrame(shares, cases, pd.RangeIndex(1, tally.cases + 1, name="rank"))

    def at_most(self, rank: int, period: object = None) -> pd.Series[float]:
        """Return the share of draws in which each case has a rank, or a better one.

        Raises
        ------
        MethodError
            If there is no such rank.
        """
        table = self.acceptability(period)
        if rank not in table.columns:
            raise MethodError.of("at_most", f"there is no rank {rank!r}", f"Ranks are 1 to {len(table.columns)}.")
        return table.loc[:, :rank].sum(axis=1).rename(f"rank <= {rank}")

    def _tally(self, period: object) -> tuple[RankTally, Any]:
        index = self.score.index
        if index.nlevels == 1:
            if period is not None:
                raise NotFoundError.of("period", "the scores have no periods", "Leave it out.")
            return self.drawn.tallies[0], slice(None)
        periods = sorted(index.get_level_values("period").unique())
        if period not in periods:
            what = "there are several periods" if period is None else f"there is no period {period!r}"
            raise NotFoundError.of("period", what, f"Name one: {', '.join(map(str, periods))}.")
        place = periods.index(period)
        return self.drawn.tallies[place], self.job.periods[place]

    def probability_above(self, node: str | None = None, *, case: str | None = None) -> pd.DataFrame:
        """Return the share of draws in which the row's score is above the column's.

        Several cases are compared by a node. In one case the children of a node are compared.

        Parameters
        ----------
        node : str, optional
            The composite by default.
        case : str, optional
            Compares the children of the node in this case, where there are several cases.

        Notes
        -----
        The draws are made again from the seed, unless all were kept. Of the draws in which both have a score; ties
        count for neither. `share_error` gives the error of each share.
        """
        sampler = self.job.sampler
        node = node or self.score.nodes[-1]
        if node not in self.score.nodes:
            raise NotFoundError.of(
                "probability_above", f"there is no node '{node}'", did_you_mean(node, self.score.nodes)
            )
        tie = 1e-9 * sampler.declared.width
        rows = self.score.index
        if self.job.ranked and case is None:
            if node not in sampler.nodes:
                what = f"the score of '{node}' is the same in all draws"
                raise MethodError.of("probability_above", what, "Compare by a node above it.")
            at = sampler.nodes.index(node)
            labels: Sequence[Any] = list(rows)
            taken = [scores[:, at] for scores in self._scores()]
        else:
            children = sampler.children(node)
            if len(children) < 2:
                what = f"'{node}' has no children whose scores differ between draws"
                raise MethodError.of("probability_above", what, "Compare the children of a node above it.")
            cases = rows.get_level_values("case").tolist()
            if case is not None and case not in cases:
                raise NotFoundError.of("probability_above", f"there is no case '{case}'", did_you_mean(case, cases))
            row = len(cases) - 1 - cases[::-1].index(case) if case is not None else len(cases) - 1
            places = [sampler.nodes.index(one) for one in children]
            labels = children
            taken = [scores[:, places, row] for scores in self._scores()]
        count, both = np.zeros((2, len(labels), len(labels)))
        for scores in taken:
            there = (~np.isnan(scores)).astype(float)
            both += there.T @ there
            for place in range(len(labels)):
                count[place] += (scores[:, [place]] - scores > tie).sum(axis=0)
        with np.errstate(invalid="ignore"):
            shares = np.where(np.eye(len(labels)) > 0, np.nan, count / both)
        name = "case" if self.job.ranked and case is None else "node"
        index = rows if name == "case" else pd.Index(labels, name=name)
        return pd.DataFrame(shares, index, index.rename("above") if index.nlevels == 1 else index)

    # Claims, choices, draws

    def _scores(self) -> Any:
        """Yield the drawn scores in their order, of shape (draws, nodes, rows); made again where they were not kept."""
        if self.drawn.kept:
            yield from self.drawn.kept
            return
        for number in range(self.job.points.replicates):
            for points in self.job.points.replicate(number):
                yield self.job.sampler.scores(points)

    def claims(self) -> pd.DataFrame:
        """Return one row for each claim of the profile: the share of draws in which it holds.

        Returns
        -------
        DataFrame
            ``declared``, whether it holds as declared; ``share`` of the draws that decide it, with its error;
            ``decided``, the share of draws in which all that it names has a score; ``verdict``: robust from 90 % on,
            leaning from two thirds on, open between; and the same for its denial.
        """
        counts = np.array(self.drawn.holds)
        whole = counts.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = whole[0] / whole[1]
            error = _error(counts[:, 0] / counts[:, 1], counts[:, 1])
        return claim_table(self.job.claims, self.job.sampler.nominal_of_nodes, share, error, whole[1] / self.n)

    def draws(self) -> pd.DataFrame:
        """Return the score of every drawn node in every draw: one row a draw, one column a node (and row)."""
        tables = np.concatenate(list(self._scores()))
        nodes, rows = self.job.sampler.nodes, self.score.index
        index = pd.RangeIndex(len(tables), name="draw")
        if len(rows) == 1:
            return pd.DataFrame(tables[:, :, 0], index, pd.Index(nodes, name="node"))
        labels = [(*(row if isinstance(row, tuple) else (row,)), node) for node in nodes for row in rows]
        columns = pd.MultiIndex.from_tuples(labels, names=[*rows.names, "node"])
        return pd.DataFrame(tables.reshape(len(tables), -1), index, columns)

    def drawn_factors(self) -> pd.DataFrame:
        """Return what every draw stands for, made again from the seed: one row a draw, one column a number."""
        return realised(self.job.sampler, self.job.points.all())

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """The factors that change no score, by name, as far as a search of 16 draws shows."""
        return idle_factors(self.job.sampler, self.seed)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: scores outside their intervals, factors without effect, claims that do not hold."""
        return tuple(_notes(self))

    def specifications(self, factors: Sequence[str] | None = None) -> pd.DataFrame:
        """Return every combination of discrete choices with its scores, all else as declared: a specification curve.

        Parameters
        ----------
        factors : sequence of str, optional
            Names of factors with alternatives; by default all of them but those of single indicators and observations.

        Returns
        -------
        DataFrame
            One row for each combination and case, the lowest composite first: a column for each factor, then the
            composite and the nodes below it.

        Raises
        ------
        NotFoundError
            For a name that is no factor with alternatives.
        MethodError
            If there are more than 100,000 combinations.

        References
        ----------
        Simonsohn, Simmons and Nelson, Specification curve analysis, Nature Human Behaviour 4, 2020, 1208-1214.
        """
        return self._curve.copy() if factors is None else specifications(self.job.sampler, factors)

    @cached_property
    def _curve(self) -> pd.DataFrame:
        """The combinations of the usual factors, which a table and a picture ask for."""
        return specifications(self.job.sampler)


def tail_of(interval: object, where: str) -> float:
    """Return the share of the draws on either side of an interval."""
    if not isinstance(interval, int | float) or not 0 < interval < 1:
        what = f"{interval!r} is no share"
        raise MethodError.of(f"{where}: interval", what, "Give a number between 0 and 1, for instance 0.9.")
    return (1 - interval) / 2


def _error(estimates: Floats, count: Floats) -> Floats:
    """Return the standard error of a mean of independent estimates; NaN of fewer than two."""
    with np.errstate(invalid="ignore", divide="ignore"):
        there = ~np.isnan(estimates) & (count > 0)
        many = there.sum(axis=0)
        whole = np.where(there, estimates, 0.0)
        centre = whole.sum(axis=0) / many
        square = np.where(there, np.square(estimates - centre), 0.0).sum(axis=0)
        return np.where(many > 1, np.sqrt(square / (many - 1) / many), np.nan)


def _notes(result: UncertaintyResult) -> list[str]:
    """Return what a reader must know of the draws."""
    notes = []
    if not result.factors:
        notes.append("Nothing can vary: what is declared uncertain has no bounds, alternatives or siblings to draw.")
    absent = [one.name for one in result.factors if not one.contained]
    if absent:
        notes.append(f"What is declared is none of the alternatives of: {', '.join(absent)}.")
    if result.idle:
        notes.append(f"Factors that change no score: {', '.join(result.idle)}.")
    if not result.job.sampler.comparable:
        notes.append("The alternatives score on different scales: ranks compare, scores do not, and are not shown.")
    frame = result.to_frame()
    outside = frame[frame["outside"]]
    for row in outside.index[:10]:
        one = outside.loc[row]
        label = " ".join(map(str, row))
        notes.append(
            f"{label}: the score as declared, {one['score']:.1f}, lies outside {one['low']:.1f} to {one['high']:.1f}."
        )
    if len(outside) > 10:
        notes.append(f"{len(outside) - 10} more scores lie outside their intervals.")
    if result.grid_error:
        notes.append(f"Quantiles of scores come from a grid and may be wrong by {result.grid_error:.2g}.")
    claims = result.claims()
    for name, one in claims.iterrows():
        if one["verdict"] not in {"robust", "robustly denied", "undecided"}:
            notes.append(f"Not robust: {name}: {one['says']} It holds in {one['share']:.0%} of the draws.")
        elif one["verdict"] == "robustly denied":
            notes.append(f"Against the draws: {name}: {one['says']} It holds in {one['share']:.0%} of them.")
    return notes
