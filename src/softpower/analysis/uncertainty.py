"""Uncertainty analysis: what scores, ranks and claims come to when everything that is uncertain is drawn jointly."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.before_drawing import check_nominal, declared
from softpower.analysis.drawn_notes import absent_notes, claim_notes, fitted_notes, outside_notes
from softpower.analysis.drawn_pairs import Pairs
from softpower.analysis.drawn_ranks import rank_columns, tally_of
from softpower.analysis.drawn_scores import DrawnScores
from softpower.analysis.drawn_shares import Shares, error_of_shares
from softpower.analysis.idle import idle_factors
from softpower.analysis.monte_carlo import error_of_mean, tail_of
from softpower.analysis.specifications import specifications
from softpower.arguments import diagnosed
from softpower.draws.claims import claim_table
from softpower.draws.drawing import Drawn, Job, draw, held_against
from softpower.draws.factors import Factor
from softpower.draws.points import Points, Sampling, seed_of
from softpower.draws.realised import realised
from softpower.draws.running import Progress
from softpower.draws.sampler import Sampler
from softpower.errors import MethodError
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty
from softpower.result import Result, by_each, captioned
from softpower.studies import as_profile
from softpower.words import counted


@diagnosed
def uncertainty_analysis(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
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
    data, framework, methodology, scenario
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
    profile = declared(as_profile(data, framework, methodology, scenario), uncertainty, "uncertainty_analysis")
    seed = seed_of(rng)
    sampler = Sampler(profile, profile.uncertainty, seed)
    check_nominal(sampler)
    points = Points(sampler.dimensions, n, sampling, seed)
    job = Job(sampler, points, held_against(sampler, profile.claims))
    return UncertaintyResult(job, draw(job, executor=executor, progress=progress))


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
            self.score.engine.label(row)
            + (f" {one['score']:.1f}" if pd.notna(one["score"]) else " without a score")
            + (f" ({one['low']:.1f} to {one['high']:.1f})" if pd.notna(one["low"]) else "")
            for row, (_, one) in enumerate(frame.iterrows())
        )
        more = ", ..." if len(self.score.index) > 3 else ""
        if not self.job.sampler.comparable:
            shown, more = "on several scales, so that ranks alone compare", ""
        return f"UncertaintyResult({self.n:,} draws of {counted(len(self.factors), 'factor')}: {shown}{more})"

    def _repr_html_(self) -> str:
        """Return scores with their intervals, and the claims, as HTML tables, with the notes."""
        frame, framework = self.to_frame(), self.profile.framework
        lowest = 1 if len(self.score.index) == 1 else 0
        near = frame[[framework.depths[node] <= lowest for node in frame.index.get_level_values("node")]]
        columns = ["title", "score", "mean", "median", "low", "high", "standard_deviation"]
        caption = (
            f"{self.profile.title}: {self.n:,} draws of {counted(len(self.factors), 'factor')}, 90 % from low to high"
        )
        tables = captioned(caption, near[columns])
        if self.profile.claims:
            tables += captioned("Claims", self.claims()[["says", "declared", "share", "verdict"]])
        return tables + "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)

    @cached_property
    def _summary(self) -> DrawnScores:
        return DrawnScores(self.job, self.drawn)

    @diagnosed
    def to_frame(self, level: str | None = None, *, interval: float = 0.9) -> pd.DataFrame:
        """Return one row for each case and node, the composite first: the score and what its draws come to.

        Parameters
        ----------
        level : str, optional
            Only the nodes of a level.
        interval : float
            The share of the draws between ``low`` and ``high``, half of the others on either side. It says what the
            declared uncertainty spans, and is no confidence in an estimate.

        Returns
        -------
        DataFrame
            ``score`` as declared; ``mean``, ``median``, ``standard_deviation``, ``low`` and ``high`` of the draws, each
            with its Monte Carlo error; ``outside`` where the score lies outside the interval; ``present``, the share of
            draws in which there is a score. Where draws are on several scales all but score and present are missing.
            The standard deviation is over one less than the draws that have a score.

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
        wide = self._summary.columns(tail_of(interval, "to_frame"))
        names = [str(name) for name in self.score.to_wide(level).columns]
        order = [self.score.nodes.index(name) for name in names]
        index = self.score.index
        framework = self.profile.framework
        texts = {"title": framework.node_title, "level": framework.level}
        frame = pd.DataFrame(
            {
                **{name: np.tile(np.array([text(node) for node in names]), len(index)) for name, text in texts.items()},
                "score": self.score.score[:, order].ravel(),
                **{name: table[order].T.ravel() for name, table in wide.items()},
            },
            by_each(index, "node", names),
        )
        ties = np.tile(self.job.sampler.declared.ties[order], len(index))
        inside = frame["score"].between(frame["low"] - ties, frame["high"] + ties)
        frame["outside"] = ~inside & frame["low"].notna() & frame["score"].notna()
        return frame

    def share_error(self, shares: Shares, draws: Shares | None = None) -> Shares:
        """Return the Monte Carlo error of shares of the draws, such as acceptabilities: root of p (1 - p) / draws.

        Of Sobol points it is on the safe side.

        Parameters
        ----------
        shares : DataFrame or Series
            What `acceptability`, `at_most` or `probability_above` returns.
        draws : DataFrame or Series, optional
            In how many draws each share is counted; by default in all, as ranks are. Where some draws lack scores those
            of `probability_above` are counted in fewer, which `compared` returns.

        Raises
        ------
        MethodError
            If they are no shares, or each pair is compared in fewer draws and these are not given.
        """
        return error_of_shares(self._summary, shares, draws)

    @property
    def grid_error(self) -> float:
        """By how much a quantile of scores may be wrong since they were counted on a grid; 0 where all were kept."""
        return 0.0 if self.drawn.grid is None else float(self.drawn.grid.error)

    @property
    def rank_error(self) -> float:
        """By how many ranks a quantile of ranks may be wrong since they were counted on a grid; 0 where none was."""
        return max((one.error for one in self.drawn.tallies), default=0.0)

    def _refuse_one(self, where: str) -> None:
        if not self.job.ranked:
            mend = "Compare dimensions of the one case by probability_above, or score several cases."
            raise MethodError.of(where, "one case has no rank", mend)

    @diagnosed
    def ranks(self, *, interval: float = 0.9) -> pd.DataFrame:
        """Return each case's rank as declared, and the ranks that its composite has in the draws.

        Parameters
        ----------
        interval : float
            As for `to_frame`.

        Returns
        -------
        DataFrame
            ``rank`` as declared; ``mean``, ``low``, ``median`` and ``high`` with their errors, and
            ``standard_deviation`` (over one less than the draws, as that of scores), over the draws in which it has
            one; ``present``, the share of these.

        Raises
        ------
        MethodError
            If there is one case alone, or the interval is no share.

        Notes
        -----
        Quantiles are exact of up to 2,048 cases, and of more while there are at most 128 draws, or cases times draws
        are at most eight million and there are no more than 2,048 draws. Else they come from a grid, and `rank_error`
        says by how many ranks they may be wrong: one in 256 of the cases at most.
        """
        self._refuse_one("ranks")
        tail = tail_of(interval, "ranks")
        columns = rank_columns(self.job, self.drawn, tail)
        return pd.DataFrame({"rank": self.score.ranks()} | columns, index=self.score.index)

    @diagnosed
    def acceptability(self, period: str | int | None = None) -> pd.DataFrame:
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
        tally, rows = tally_of(self.job, self.drawn, period, "acceptability")
        if tally.counts is None:
            what = f"{tally.cases:,} cases have too many ranks to count each by itself"
            raise MethodError.of("acceptability", what, "Ask for ranks(), which has their mean and quantiles.")
        cases = self.score.index.get_level_values("case")[rows]
        shares = tally.counts / self.n
        return pd.DataFrame(shares, cases, pd.RangeIndex(1, tally.cases + 1, name="rank"))

    @diagnosed
    def at_most(self, rank: int, period: str | int | None = None) -> pd.Series[float]:
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

    @diagnosed
    def probability_above(
        self, node: str | None = None, *, case: str | None = None, period: str | int | None = None
    ) -> pd.DataFrame:
        """Return the share of draws in which the row's score is above the column's.

        Several cases are compared by a node. In one case the children of a node are compared.

        Parameters
        ----------
        node : str, optional
            The composite by default.
        case : str, optional
            Compares the children of the node in this case, where there are several cases.
        period : str or int, optional
            The period, where there are several. By default cases are compared in all of them, each with each, and the
            children of a node in the last that the case has.

        Raises
        ------
        NotFoundError
            If there is no such node, case or period.
        MethodError
            If nothing that is compared differs between draws.

        Notes
        -----
        The draws are made again from the seed, unless all were kept. Of the draws in which both have a score; ties
        count for neither. `share_error` gives the error of each share; where some draws lack scores it needs to be
        told in how many both have one, which `compared` returns.
        """
        return Pairs.of(self._summary, node, case, period, "probability_above").above()

    @diagnosed
    def compared(
        self, node: str | None = None, *, case: str | None = None, period: str | int | None = None
    ) -> pd.DataFrame:
        """Return in how many draws both the row and the column have a score, so that they compare.

        Parameters
        ----------
        node, case, period : optional
            As for `probability_above`.

        Raises
        ------
        NotFoundError, MethodError
            As `probability_above` does.

        Examples
        --------
        >>> frame = pd.DataFrame({"a": [1.0, 3.0, 2.0], "b": [2.0, 1.0, None]}, index=["KAZ", "UZB", "KGZ"])
        >>> choices = {"normalise": "min_max", "missing": "strict"}
        >>> drawn = uncertainty_analysis(frame, methodology=choices, uncertainty={"leave_out": "one"}, n=1024)
        >>> (drawn.compared().loc["KAZ"] / drawn.n).round(2).tolist()
        [1.0, 1.0, 0.33]
        """
        return Pairs.of(self._summary, node, case, period, "compared").both()

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
            error = error_of_mean(counts[:, 0] / counts[:, 1], counts[:, 1])
        return claim_table(self.job.claims, self.job.sampler.nominal_of_nodes, share, error, whole[1] / self.n)

    def draws(self) -> pd.DataFrame:
        """Return the score of every drawn node in every draw: one row a draw, one column a node (and row)."""
        tables = np.concatenate(list(self._summary.blocks()))
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
        return tuple(self._noted())

    def _noted(self) -> Iterator[str]:
        if not self.factors:
            yield "Nothing can vary: what is declared uncertain has no bounds, alternatives or siblings to draw."
        yield from absent_notes(self.factors)
        yield from fitted_notes(self.job.sampler)
        if self.idle:
            yield f"Factors that change no score: {', '.join(self.idle)}."
        if not self.job.sampler.comparable:
            yield "The alternatives score on different scales: ranks compare, scores do not, and are not shown."
        yield from outside_notes(self.to_frame())
        if self.grid_error:
            yield f"Quantiles of scores come from a grid and may be wrong by {self.grid_error:.2g}."
        if self.rank_error:
            yield f"Quantiles of ranks come from a grid and may be wrong by {self.rank_error:,.2g} ranks."
        yield from claim_notes(self.claims())

    @diagnosed
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
