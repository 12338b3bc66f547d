"""Sensitivity analysis: how much of the spread of an output each factor accounts for, alone and with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.analysis.before_drawing import check_nominal, declared
from softpower.analysis.design import Design, Groups, grouped
from softpower.analysis.drawn_notes import absent_notes, fitted_notes
from softpower.analysis.indices import (
    MOST_RESAMPLES,
    Indices,
    bootstrap_indices,
    complete_rows,
    convergence,
    interval,
    variance_indices,
)
from softpower.analysis.monte_carlo import tail_of
from softpower.analysis.outputs import Outputs
from softpower.arguments import diagnosed
from softpower.draws.factors import Factor
from softpower.draws.points import MOST, REPLICATES, Points, Sampling, seed_of
from softpower.draws.running import Progress, one_thread_each
from softpower.draws.sampler import Sampler
from softpower.errors import Fault, MethodError, NotFoundError, SpecificationError, did_you_mean
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty
from softpower.result import ROWS, Result, captioned
from softpower.steps.measures import Floats
from softpower.studies import as_profile


@diagnosed
def sensitivity_analysis(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    uncertainty: Uncertainty | Mapping[str, Any] | None = None,
    groups: Groups = None,
    outputs: Sequence[str] | str | None = None,
    n: int = 1024,
    resamples: int = 1000,
    sampling: Sampling = "sobol",
    rng: int | np.random.Generator | None = 0,
    executor: Executor | None = None,
    progress: Progress = False,
) -> SensitivityResult:
    """Return first-order and total Sobol indices of every factor for any outputs at once, with bootstrap intervals.

    The first-order index S = V(E(y | x)) / V(y) is the share of the variance that goes when the factor is known; the
    total index T = E(V(y | all others)) / V(y) is the share that stays when all others are.

    Parameters
    ----------
    data, framework, methodology, scenario, uncertainty
        As for `uncertainty_analysis`.
    groups : mapping of name to factors, or "kinds", optional
        Factors that are taken together; each factor stands in exactly one. ``"kinds"`` takes observations by the node
        below the composite that they feed, and every other factor by what it is about. By default each stands alone.
    outputs : sequence of str, optional
        Nodes; ``"rank_change"``, the mean absolute change of ranks; ``"a above b"`` for cases, or nodes of one case;
        ids of claims. By default the composite, the nodes below it and, with several cases, the change of ranks. Where
        there are periods, what is above and what is claimed is about the last period of each case alone.
    n : int
        Rows of the design, 2 or more; the model is run n (groups + 2) times.
    resamples : int
        How many resamples of the rows the intervals rest on.
    sampling, rng, executor, progress
        As for `uncertainty_analysis`.

    Returns
    -------
    SensitivityResult

    Raises
    ------
    MethodError
        If nothing is uncertain, groups do not part the factors, or something has no meaning for the data.
    NotFoundError
        For an output or a factor that there is not.

    Notes
    -----
    Misleads where an index is taken for importance as such: it is a share of the variance that the declared
    uncertainty makes, and widening one factor shrinks the share of all others. Estimates may be negative when the true
    index is near zero; they are shown as they are, beside their interval.

    References
    ----------
    Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola, Variance based sensitivity analysis of model output,
    Computer Physics Communications 181, 2010, 259-270.

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 4]}, index=["KAZ", "UZB", "KGZ"])
    >>> chosen = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"]}
    >>> found = sensitivity_analysis(frame, uncertainty=chosen, n=256)
    >>> sorted(found.groups)
    ['aggregation', 'weights: composite']
    """
    profile = declared(as_profile(data, framework, methodology, scenario), uncertainty, "sensitivity_analysis")
    _check_sizes(n, resamples)
    seed = seed_of(rng)
    sampler = Sampler(profile, profile.uncertainty, seed)
    check_nominal(sampler)
    chosen = grouped(groups, sampler.factors)
    points = Points(2 * sampler.dimensions, REPLICATES * n, sampling, seed)
    design = Design(Outputs.of(sampler, outputs), points, n, chosen)
    made = design.values(executor=executor, progress=progress)
    return SensitivityResult(design, made[0], made[1], made[2:], resamples, seed)


def _check_sizes(n: object, resamples: object) -> None:
    """Refuse what is no number of rows, or of resamples."""
    wrong = [
        Fault(name, f"{value!r} is no number of {what}", f"Give a whole number from {least} to {most:,}.")
        for name, value, what, least, most in (
            ("n", n, "rows", 2, MOST // REPLICATES),
            ("resamples", resamples, "resamples", 1, MOST_RESAMPLES),
        )
        if not isinstance(value, int | np.integer) or isinstance(value, bool) or not least <= value <= most
    ]
    if wrong:
        raise SpecificationError(wrong)


@dataclass(frozen=True, repr=False, eq=False)
class SensitivityResult:
    """Indices of every group of factors for every output.

    Parameters
    ----------
    design : Design
    a, b : arrays of shape (n, outputs)
        The outputs at the rows of A and of B.
    ab : array of shape (groups, n, outputs)
        The outputs at the rows of A with one group from B.
    resamples, seed : int
        Of the intervals.
    """

    design: Design
    a: Floats
    b: Floats
    ab: Floats
    resamples: int
    seed: int

    @property
    def n(self) -> int:
        """How many rows the design has."""
        return self.design.n

    @property
    def groups(self) -> tuple[str, ...]:
        """The factors, or groups of factors."""
        return tuple(self.design.groups)

    @property
    def outputs(self) -> tuple[str, ...]:
        """What was asked for."""
        return self.design.outputs.names

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What was drawn."""
        return self.design.outputs.sampler.factors

    def __repr__(self) -> str:
        """Return how large the analysis is and which factor matters most for the first output."""
        first = self.to_frame(self.outputs[0]).iloc[0]
        return (
            f"SensitivityResult({len(self.groups)} factors or groups, {len(self.outputs)} outputs, n = {self.n:,}; "
            f"{self.outputs[0]}: {first['factor']} {first['total']:.2f} in total)"
        )

    def _repr_html_(self) -> str:
        """Return the factors that matter most for each output as an HTML table, with the notes."""
        title, count = self.design.outputs.sampler.profile.title, max(ROWS // len(self.outputs), 1)
        frame = self.to_frame().groupby("output").head(count)
        caption = f"{title}: Sobol indices, n = {self.n:,}, the {count} greatest totals of each output"
        return captioned(caption, frame, self.notes, index=False)

    @cached_property
    def indices(self) -> Indices:
        """First-order and total indices, of shape (groups, outputs)."""
        with one_thread_each():
            return variance_indices(self.a, self.b, self.ab)

    @cached_property
    def _resampled(self) -> Indices:
        rng = np.random.default_rng(self.seed)
        with one_thread_each():
            return bootstrap_indices(self.a, self.b, self.ab, resamples=self.resamples, rng=rng)

    @diagnosed
    def to_frame(self, output: str | None = None, *, interval: float = 0.9) -> pd.DataFrame:
        """Return one row for each output and factor, the greatest total first, with bootstrap intervals.

        Parameters
        ----------
        output : str, optional
            One output; all by default.
        interval : float
            The share of the resamples between the ends of an interval, which is for the error of the estimate alone.

        Returns
        -------
        DataFrame
            ``output``, ``factor``, ``first`` and ``total``, each with ``_low`` and ``_high``. NaN where the output
            does not vary.

        Raises
        ------
        NotFoundError
            If there is no such output.
        """
        if output is not None and output not in self.outputs:
            raise NotFoundError.of("output", f"there is no output '{output}'", did_you_mean(output, self.outputs))
        columns: dict[str, Floats] = {}
        for name in ("first", "total"):
            columns[name] = getattr(self.indices, name)
            columns[f"{name}_low"], columns[f"{name}_high"] = _ends(getattr(self._resampled, name), interval)
        count = len(self.groups)
        frame = pd.DataFrame(
            {
                "output": np.repeat(self.outputs, count),
                "factor": np.tile(self.groups, len(self.outputs)),
                **{name: table.T.ravel() for name, table in columns.items()},
            }
        )
        frame["place"] = np.repeat(np.arange(len(self.outputs)), count)
        frame = frame.sort_values(["place", "total"], ascending=[True, False], kind="stable").drop(columns="place")
        return frame[frame["output"] == output].reset_index(drop=True) if output else frame.reset_index(drop=True)

    @diagnosed
    def convergence(self, output: str | None = None, sizes: Sequence[int] | None = None) -> pd.DataFrame:
        """Return the indices as they come out of the first rows of the design alone.

        Parameters
        ----------
        output : str, optional
            The first output by default.
        sizes : sequence of int, optional
            How many rows; by default doubling up to all.

        Returns
        -------
        DataFrame
            One row for each size and factor: ``n``, ``factor``, ``first``, ``total``.
        """
        name = self.outputs[0] if output is None else output
        if name not in self.outputs:
            raise NotFoundError.of("output", f"there is no output '{name}'", did_you_mean(name, self.outputs))
        chosen = (
            [size for size in (2**power for power in range(4, 40)) if size < self.n] if sizes is None else list(sizes)
        )
        chosen += [self.n] if sizes is None else []
        if not chosen:
            raise MethodError.of("sizes", "no size is named", f"Give sizes from 2 to {self.n}.")
        wrong = [size for size in chosen if not isinstance(size, int | np.integer) or not 2 <= size <= self.n]
        if wrong:
            raise MethodError.of("sizes", f"{wrong[0]!r} rows are not among 2 to {self.n}", "Give sizes within that.")
        at = self.outputs.index(name)
        made = convergence(self.a[:, [at]], self.b[:, [at]], self.ab[..., [at]], chosen)
        return pd.DataFrame(
            {
                "n": np.repeat(chosen, len(self.groups)),
                "factor": np.tile(self.groups, len(chosen)),
                "first": made.first[..., 0].ravel(),
                "total": made.total[..., 0].ravel(),
            }
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the estimates."""
        notes = []
        still = [name for name, first in zip(self.outputs, self.indices.first.T, strict=True) if np.isnan(first).all()]
        if still:
            notes.append(f"Outputs that do not vary, and have no indices: {', '.join(still)}.")
        rows = complete_rows(self.a, self.b, self.ab)
        short = [
            f"{name} ({int(count)} of {self.n})"
            for name, count in zip(self.outputs, rows, strict=True)
            if count < self.n
        ]
        if short:
            notes.append(f"Outputs that lack in some draws, and the rows that count for them: {', '.join(short)}.")
        notes += [*absent_notes(self.factors), *fitted_notes(self.design.outputs.sampler)]
        flat = [
            group
            for group, total in zip(self.groups, self.indices.total, strict=True)
            if not np.nan_to_num(total).any()
        ]
        if flat:
            notes.append(f"Factors that change no output: {', '.join(flat)}.")
        return tuple(notes)


def _ends(resampled: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the ends of an interval; refuse a level that is no share."""
    tail_of(level, "to_frame")
    return interval(resampled, level)
