"""Where a case is ahead of the others, and where behind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from softpower.arguments import diagnosed
from softpower.errors import Fault, MethodError, NotFoundError, did_you_mean
from softpower.result import Result, label_problem, rows_of
from softpower.steps.measures import Floats

COLUMNS = ["title", "level", "score", "against", "difference", "contribution", "gain", "reason"]


@diagnosed
def strengths(
    result: Result,
    case: str | None = None,
    *,
    against: str | None = None,
    level: str | None = "indicator",
    period: str | int | None = None,
) -> pd.DataFrame:
    """Return where each case is ahead and where behind: of the mean of the others, of one of them, or of the middle.

    difference = score - mean of the others' scores; gain = contribution - mean of the others' contributions. The gains
    of all indicators sum to the difference of the composites.

    Parameters
    ----------
    result : Result
    case : str, optional
        One case; all of them by default.
    against : str, optional
        The one case that it is compared with; by default all others, in the same period. A case alone is compared with
        the middle of the scale.
    level : str, optional
        The nodes that are compared: ``"indicator"``, or a level of the framework. None takes all below the composite.
    period : str or int, optional
        One period; all by default.

    Returns
    -------
    DataFrame
        One row for each case (and period) and node, furthest ahead first: ``title``, ``level``, ``score``; ``against``,
        the score that it is held against, of those that have one; ``difference``; ``contribution`` and ``gain``;
        ``reason`` where nothing is compared. Where one side has no composite there is no gain.

    Raises
    ------
    NotFoundError
        If there is no such case, level or period.
    MethodError
        If a case is alone and its scale has no ends, or it is compared with itself.

    Notes
    -----
    Misleads with gaps: where one lacks an indicator the weight goes to the others, so that a gain may have no
    difference, and a difference of the composite part of it in gains that say no more than that.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 8.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0], "visits": [4, 2]}, index=["KAZ", "UZB"])
    >>> strengths(score(frame, methodology={"weights": {"visits": 3}}), "KAZ")[["difference", "gain"]]
                  difference  gain
    case node
    KAZ  visits        100.0  75.0
         trade        -100.0 -25.0
    """
    framework = result.profile.framework
    levels = (*framework.levels, "indicator")
    if level is not None and level not in levels:
        raise NotFoundError.of("strengths: level", f"there is no level '{level}'", did_you_mean(level, levels))
    labels = result.index.get_level_values("case").to_numpy(dtype=object)
    asked, faults = rows_of(result.index, case, period, "strengths")
    if against is not None and (problem := label_problem("case", against, result.cases)) is not None:
        faults.append(Fault("strengths: against", *problem))
    if faults:
        raise NotFoundError(faults)
    if case is not None and case == against:
        raise MethodError.of("strengths", f"'{case}' is compared with itself", "Name another.")
    compared, given = np.empty(result.score.shape), np.empty(result.score.shape)
    for rows in result.engine.by_period.values():
        compared[rows], given[rows] = _held_against(result, rows, labels[rows], against)
    frame = result.to_frame(level)
    nodes = frame.index.get_level_values("node")
    row = np.arange(len(frame)) // (len(frame) // len(labels))
    place = pd.Index(result.nodes).get_indexer(nodes)
    frame["against"], frame["gain"] = compared[row, place], frame["contribution"] - given[row, place]
    frame["difference"] = frame["score"] - frame["against"]
    lonely = frame["score"].notna() & frame["against"].isna()
    frame["reason"] = np.where(lonely, "none of the others has a score", frame["reason"])
    whole = ~np.isnan(result.score[row, -1])
    frame["gain"] = frame["gain"].where(whole)
    rivals = np.where(frame["contribution"].notna(), "none of the others has a composite", "")
    lost = frame["gain"].isna() & (frame["reason"] == "")
    frame["reason"] = np.where(lost, np.where(whole, rivals, "the case has no composite"), frame["reason"])
    kept = np.isin(row, asked) & (labels[row] != against) & (nodes != result.nodes[-1])
    ahead = np.where(frame["difference"].isna(), -np.inf, frame["difference"])
    order = np.lexsort((-ahead, row))
    return pd.DataFrame(frame.iloc[order[kept[order]]], columns=COLUMNS)


def _held_against(result: Result, rows: np.ndarray, labels: np.ndarray, against: str | None) -> tuple[Floats, Floats]:
    """Return the scores and contributions that each of some rows is held against, of shape (rows, nodes)."""
    scores, whole = result.score[rows], ~np.isnan(result.score[rows, -1:])
    given = np.where(whole, result.contribution[rows], np.nan)
    if against is not None:
        mine, gone = labels == against, np.full_like(scores, np.nan)
        return (scores[mine], given[mine]) if mine.any() else (gone, gone)
    if len(rows) == 1:
        if result.scale is None:
            mend = "Score against goalposts, or several cases."
            raise MethodError.of("strengths", "one case alone on an open scale has nothing to be held against", mend)
        middle = float(np.mean(result.scale))
        # Where all score the same every mean is that score, and each node contributes its weight of it.
        return np.full(scores.shape, middle), result.effective_weight[rows] * middle
    return _mean_of_others(scores, ~np.isnan(scores)), _mean_of_others(given, np.broadcast_to(whole, given.shape))


def _mean_of_others(values: Floats, there: np.ndarray) -> Floats:
    """Return for each row the mean over the others that are there; NaN where none is."""
    mine = np.where(there, values, 0.0)
    count = there.sum(axis=0) - there
    with np.errstate(invalid="ignore"):
        return np.asarray((mine.sum(axis=0) - mine) / count)
