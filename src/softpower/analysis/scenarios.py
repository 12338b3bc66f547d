"""Score a profile under its scenarios, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from softpower.catalogue import load_profile
from softpower.errors import Fault, NotFoundError, SoftPowerError, did_you_mean
from softpower.model.profile import DECLARED, Profile
from softpower.model.scenario import Scenario
from softpower.result import Result
from softpower.scoring import score


def score_scenarios(profile: Profile | str | Path, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the scores of a profile as declared, and below it under each scenario.

    Parameters
    ----------
    profile : Profile, str or Path
        A profile, the name of one that ships, or a folder.
    names : iterable of str, optional
        Which scenarios; by default all, the automatic ones for alternatives included (``Profile.all_scenarios``).

    Returns
    -------
    DataFrame
        One row for each scenario and case, ``declared`` first. Columns: the title; the composite and the nodes below
        it; ``difference`` of the composite from the declared one; coverage; how many indicators enter and how many
        observations they rest on; the reason of whatever score is missing. A scenario that changes nothing shows: its
        difference is zero, and its numbers are those of the first row.

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
    if not isinstance(profile, Profile):
        profile = load_profile(profile)
    known = profile.all_scenarios
    chosen = list(known) if names is None else _chosen(names, known)
    declared = score(profile)
    root = declared.nodes[-1]
    top = [name for name, parent in profile.framework.parents.items() if parent == root and name in declared.nodes]
    table = _Table([root, *top], declared.composite)
    parts = [table.scored("As declared", declared)]
    for name in chosen:
        try:
            parts.append(table.scored(known[name].title, score(profile, scenario=name)))
        except SoftPowerError as error:
            parts.append(table.unscored(known[name].title, error))
    return pd.concat(parts, keys=[DECLARED, *chosen], names=["scenario", *declared.composite.index.names])


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


@dataclass(frozen=True)
class _Table:
    """The nodes that are shown, and the composite as declared, with which the others are compared."""

    nodes: Sequence[str]
    declared: pd.Series[float]

    def scored(self, title: str, result: Result) -> pd.DataFrame:
        """Return the rows of a result."""
        index, frame = result.composite.index, result.to_frame()
        wide = {
            name: frame[name].unstack("node").reindex(index)  # noqa: PD010 - a Series has no pivot_table
            for name in ("score", "coverage", "reason")
        }
        scores = wide["score"].reindex(columns=list(self.nodes))
        feeds: dict[str, set[str]] = {}
        for (case, _), ids in result.feeds.items():
            feeds.setdefault(case, set()).update(ids)
        why = wide["reason"].reindex(columns=list(self.nodes), fill_value="it is left out")
        return self._rows(
            title,
            scores,
            coverage=wide["coverage"][result.nodes[-1]],
            indicators=[len(result.profile.indicators)] * len(index),
            observations=[len(feeds.get(case, ())) for case in index.get_level_values("case")],
            reason=["; ".join(f"{node}: {one}" for node, one in row.items() if one) for _, row in why.iterrows()],
        )

    def unscored(self, title: str, error: SoftPowerError) -> pd.DataFrame:
        """Return the rows of a scenario that cannot be scored, with the reason."""
        blank = pd.DataFrame(np.nan, self.declared.index, list(self.nodes))
        reason = "; ".join(str(fault) for fault in error.faults)
        return self._rows(title, blank, coverage=np.nan, indicators=pd.NA, observations=pd.NA, reason=reason)

    def _rows(self, title: str, scores: pd.DataFrame, **more: Any) -> pd.DataFrame:
        # A node may be called like one of the columns beside it.
        taken = {"title", "difference", *more}
        rows = scores.rename(columns=lambda node: f"{node}_score" if node in taken else node).rename_axis(columns=None)
        rows.insert(0, "title", title)
        rows["difference"] = scores.iloc[:, 0] - self.declared
        rows = rows.assign(**more)
        counts = {"indicators": "Int64", "observations": "Int64"}
        return rows.astype(counts)
