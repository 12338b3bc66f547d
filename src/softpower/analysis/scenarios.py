"""Score a profile under its scenarios, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.draws.running import Progress, meter
from softpower.errors import Fault, NotFoundError, SoftPowerError, did_you_mean
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.scenario_parts import DECLARED
from softpower.result import Result
from softpower.scoring import score
from softpower.steps.measures import Floats
from softpower.studies import as_profile


@diagnosed
def score_scenarios(
    data: Result | Profile | pd.DataFrame | str | Path,
    names: Iterable[str] | None = None,
    *,
    progress: Progress = False,
) -> pd.DataFrame:
    """Return the scores of a profile as declared, and below it under each scenario.

    Parameters
    ----------
    data : Result, Profile, DataFrame, str or Path
        As for `score`.
    names : iterable of str, optional
        Which scenarios; by default all, the automatic ones for alternatives included (``Profile.all_scenarios``).
    progress : bool or function
        Whether to show on the terminal how far it is, or a function of the scenarios done and the whole.

    Returns
    -------
    DataFrame
        One row for each scenario and case (and period), ``declared`` first. Columns: the title; the composite and the
        nodes below it; ``difference`` of the composite from the declared one; its ``rank``, where there are several
        cases; its bounds ``low`` and ``high``, missing where none are offered; coverage; how many indicators enter and
        how many observations, or cells of a table, they rest on; the reason of whatever score is missing. A scenario
        that changes nothing shows: its difference is zero, and its numbers are those of the first row.

    Raises
    ------
    NotFoundError
        For every name that is no scenario.
    SoftPowerError
        If the profile cannot be scored as it is declared. A scenario that cannot be scored has its reason in the table.

    Notes
    -----
    Misleads where the spread over scenarios is read as a margin of error: they are the readings that somebody thought
    of, each on its own, and neither drawn nor combined.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7.

    Examples
    --------
    >>> table = score_scenarios("kazakhstan", ["geometric_mean"])
    >>> table["soft_power"].round(1).tolist()
    [61.2, 48.8]
    """
    profile = as_profile(data)
    known = profile.all_scenarios
    chosen = list(known) if names is None else _chosen(names, known)
    declared = score(profile)
    root = declared.nodes[-1]
    top = [name for name, parent in profile.framework.parents.items() if parent == root and name in declared.nodes]
    table = _Table([root, *top], declared)
    parts = [table.scored("As declared", declared)]
    with meter(progress, len(chosen)) as tick:
        for name in chosen:
            try:
                parts.append(table.scored(known[name].title, score(profile, scenario=name)))
            except SoftPowerError as error:
                parts.append(table.unscored(known[name].title, error))
            tick(1)
    return table.whole([DECLARED, *chosen], parts)


def _chosen(names: Any, known: Mapping[str, Scenario]) -> list[str]:
    """Return the names that are asked for, each once; a single one may stand without a list."""
    given = list(names) if isinstance(names, Iterable) and not isinstance(names, str) else [names]
    faults = [
        Fault("score_scenarios", f"there is no scenario '{name}'", did_you_mean(name, known))
        for name in given
        if not isinstance(name, str) or name not in known
    ]
    if faults:
        raise NotFoundError(faults)
    return list(dict.fromkeys(given))


def _counted(result: Result) -> list[int]:
    """Return how many observations each case rests on, or filled cells of a table."""
    if result.profile.values is not None:
        return [int(count) for count in (~np.isnan(result.raw)).sum(axis=-1)]
    feeds: dict[str, set[str]] = {}
    for (case, _), ids in result.feeds.items():
        feeds.setdefault(case, set()).update(ids)
    return [len(feeds.get(case, ())) for case in result.composite.index]


Columns = dict[str, Any]
"""The rows of one scenario by column: one cell for each row of the result, or one for all of them."""


@dataclass(frozen=True)
class _Table:
    """The nodes that are shown, and the result as declared, with which the others are compared."""

    nodes: Sequence[str]
    declared: Result

    def scored(self, title: str, result: Result) -> Columns:
        """Return the rows of a result."""
        places = {node: place for place, node in enumerate(result.nodes)}
        gone = np.full(len(result.index), np.nan)
        scores = [result.score[:, places[node]] if node in places else gone for node in self.nodes]
        return self._rows(
            title,
            scores,
            **self._ranked(result),
            low=result.low[:, -1],
            high=result.high[:, -1],
            coverage=result.coverage[:, -1],
            indicators=len(result.profile.indicators),
            observations=_counted(result),
            reason=self._reasons(result) if np.isnan(scores).any() else "",
        )

    def _ranked(self, result: Result | None) -> Columns:
        """Return the ranks by the composite; no column of one case, which has none."""
        if len(self.declared.cases) < 2:
            return {}
        return {"rank": pd.NA if result is None else result.ranks().tolist()}

    def _reasons(self, result: Result) -> list[str]:
        """Return why scores that are shown are missing, one text for each row."""
        why = result.to_frame()["reason"].unstack("node")  # noqa: PD010 - a Series has no pivot_table
        why = why.reindex(result.composite.index).reindex(columns=list(self.nodes), fill_value="it is left out")
        return ["; ".join(f"{node}: {one}" for node, one in row.items() if one) for row in why.to_dict("records")]

    def unscored(self, title: str, error: SoftPowerError) -> Columns:
        """Return the rows of a scenario that cannot be scored, with the reason."""
        blank = np.full(len(self.declared.index), np.nan)
        reason = "; ".join(str(fault) for fault in error.faults)
        bare = dict.fromkeys(("low", "high", "coverage"), np.nan)
        none = self._ranked(None) | bare | {"indicators": pd.NA, "observations": pd.NA, "reason": reason}
        return self._rows(title, [blank] * len(self.nodes), **none)

    def _rows(self, title: str, scores: Sequence[Floats], **more: Any) -> Columns:
        # A node may be called like one of the columns beside it.
        taken = {"title", "difference", "rank", *more}
        named = {f"{node}_score" if node in taken else node: one for node, one in zip(self.nodes, scores, strict=True)}
        return {"title": title, **named, "difference": scores[0] - self.declared.score[:, -1], **more}

    def whole(self, names: Sequence[str], parts: Sequence[Columns]) -> pd.DataFrame:
        """Return the rows of all scenarios as one table."""
        index, count = self.declared.index, len(self.declared.index)
        columns: Columns = {}
        for column in parts[0]:
            cells = [part[column] for part in parts]
            spread = [[one] * count if np.ndim(one) == 0 else one for one in cells]
            columns[column] = [cell for one in spread for cell in one]
        blank = pd.DataFrame(index=index)
        keys = pd.concat([blank] * len(names), keys=names, names=["scenario", *index.names]).index
        counts = [name for name in ("rank", "indicators", "observations") if name in parts[0]]
        return pd.DataFrame(columns, keys).astype(dict.fromkeys(counts, "Int64"))
