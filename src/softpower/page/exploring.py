"""What the explorer of a page computes with: the scores of indicators, the tree, and what is declared.

The script beside the template aggregates as `softpower.steps.aggregate` does; the tests hold one against the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from softpower.engine import Engine
from softpower.errors import MethodError
from softpower.registry import WEIGHTS
from softpower.result import TIE, Result

if TYPE_CHECKING:
    from markupsafe import Markup

MEANS = ("arithmetic", "geometric", "harmonic")
"""The aggregations that the script knows."""
DECLARED = "declared"
"""The choice of each level's own aggregation, where levels have different ones."""
MOST_ROWS, MOST_SCORES = 1_000, 40_000
"""So many rows, and scores of indicators, keep a page small and a slider quick."""


def refusal(result: Result) -> str | None:
    """Return why a result has no explorer, or None where it has one.

    Parameters
    ----------
    result : Result

    Examples
    --------
    >>> from softpower.scoring import score
    >>> refusal(score("kazakhstan")) is None
    True
    >>> refusal(score("kazakhstan", methodology={"aggregate": "minimum"}))
    "There is no explorer: it knows the arithmetic, geometric and harmonic means, and 'minimum' is declared."
    """
    engine = result.engine
    other = sorted({method.name for method, _ in engine.methods.values()} - set(MEANS))
    if other:
        names = " and ".join(f"'{name}'" for name in other)
        known = "the arithmetic, geometric and harmonic means"
        return f"There is no explorer: it knows {known}, and {names} {'are' if len(other) > 1 else 'is'} declared."
    if engine.weights.ndim > 1:
        name = result.profile.methodology.weights.method
        return f"There is no explorer: '{name}' gives each case weights of its own, and a slider holds one for all."
    rows, leaves = engine.normalised.shape
    if rows > MOST_ROWS or rows * leaves > MOST_SCORES:
        return f"There is no explorer: {rows} rows of {leaves} indicators are too many for a page."
    return None


def explorer(result: Result) -> dict[str, Any]:
    """Return what the script needs to score other weights of the first level, and another mean at all levels.

    What the script shows is what `score` gives under ``{"weights": {...}, "aggregate": ...}``: gaps are renormalised
    at every level, thresholds and the floor hold. Weights below the first level stay as they are.

    Parameters
    ----------
    result : Result
        All its rows take part: cases, or cases in periods, which are ranked within each period.

    Returns
    -------
    dict
        Of texts, numbers, lists and dicts, so that it can be written as JSON; None where a score is missing.

        - ``first``: the nodes whose weights can be moved, with their places, titles and declared shares
        - ``choice``, ``choices``: the declared mean; all of them, each with why it is refused, or an empty text
        - ``families``: parents with their children by place, deepest first, with threshold and declared mean
        - ``weights``: of all nodes, among siblings
        - ``rows``: labels, groups, scores of the indicators, and the declared composites and ranks
        - ``periods``: the names of the groups, empty where there is one alone
        - ``floor``, ``scale``, ``tie``, ``digits``, ``ranked``, ``fitted``, ``composite``

    Raises
    ------
    MethodError
        If the result has no explorer; `refusal` says why.

    Notes
    -----
    Misleads where weights are fitted to the scores: they are held as fitted, while another methodology would fit
    them anew. A mean that `score` refuses under the declared weights is not offered, also where a weight of zero
    would make it possible.

    Examples
    --------
    >>> from softpower.scoring import score
    >>> data = explorer(score("kazakhstan"))
    >>> [round(one["weight"], 3) for one in data["first"]]
    [0.333, 0.333, 0.333]
    >>> data["choice"], data["floor"], data["ranked"]
    ('arithmetic', 1.0, False)
    """
    if (why := refusal(result)) is not None:
        raise MethodError.of("explorer", why, "Write the page without it.")
    engine, methodology = result.engine, result.profile.methodology
    tree, framework = engine.tree, result.profile.framework
    declared = {method.name for method, _ in engine.methods.values()}
    scale = result.scale
    return {
        "composite": framework.node_title(tree.nodes[-1]),
        "first": [
            {
                "node": int(place),
                "title": framework.node_title(tree.nodes[place]),
                "weight": float(engine.weights[place]),
            }
            for place in tree.families[-1].children
        ],
        "choice": DECLARED if len(declared) > 1 else next(iter(declared)),
        "choices": _choices(engine, mixed=len(declared) > 1),
        "families": [
            {
                "parent": family.parent,
                "children": family.children.tolist(),
                "threshold": float(threshold),
                "mean": engine.methods[family.level][0].name,
            }
            for family, threshold in zip(tree.families, engine.thresholds, strict=True)
        ],
        "weights": engine.weights.tolist(),
        "rows": _rows(result),
        "periods": [str(period) for period in engine.by_period] if engine.index.nlevels > 1 else [],
        "floor": methodology.floor,
        "scale": None if scale is None else list(scale),
        "tie": TIE,
        "digits": 1 if scale is not None and scale[1] - scale[0] >= 10 else 3,
        "ranked": len(result.cases) > 1,
        "fitted": WEIGHTS[methodology.weights.method].fitted,
    }


def _choices(engine: Engine, *, mixed: bool) -> list[dict[str, str]]:
    """Return the means that can be chosen, each with why `score` refuses it under the declared weights."""
    nodes = engine.tree.nodes
    held = dict(zip(nodes[:-1], engine.weights[:-1].tolist(), strict=True))
    choices = [{"name": DECLARED, "title": "As declared at each level", "refused": ""}] if mixed else []
    for name in MEANS:
        refused = ""
        try:
            engine.choosing(aggregate=name, weights=held).score()
        except MethodError as error:
            refused = error.faults[0].what
        choices.append({"name": name, "title": f"{name.capitalize()} mean", "refused": refused})
    return choices


def _rows(result: Result) -> list[dict[str, Any]]:
    """Return each row with the scores of its indicators and the declared answer."""
    engine = result.engine
    group = np.empty(len(result.index), dtype=int)
    for number, places in enumerate(engine.by_period.values()):
        group[places] = number
    ranks = np.full(len(result.index), np.nan)
    if len(result.cases) > 1:
        ranks = result.ranks().to_numpy(dtype=float, na_value=np.nan)
    return [
        {
            "case": str(case),
            "group": int(group[row]),
            "scores": [_number(one) for one in engine.normalised[row]],
            "composite": _number(result.score[row, -1]),
            "rank": None if np.isnan(rank) else int(rank),
        }
        for row, (case, rank) in enumerate(zip(result.index.get_level_values("case"), ranks, strict=True))
    ]


def _number(score: float) -> float | None:
    return None if np.isnan(score) else float(score)


def embedded(data: dict[str, Any]) -> Markup:
    r"""Return data as an element that a script reads, and that no text in it can leave.

    The JSON is ASCII, with ``<``, ``>``, ``&`` and ``'`` as escapes; so neither an end tag nor a line separator
    stands in it.

    Parameters
    ----------
    data : dict

    Examples
    --------
    >>> print(embedded({"title": "</script>"}))
    <script type="application/json" id="explorer-data">{"title": "\u003c/script\u003e"}</script>
    """
    from jinja2.utils import htmlsafe_json_dumps
    from markupsafe import Markup

    text = htmlsafe_json_dumps(data, allow_nan=False)
    return Markup('<script type="application/json" id="explorer-data">{}</script>').format(text)


def explorer_context(result: Result) -> dict[str, Any]:
    """Return what the template ``explorer.html`` needs: the data or why there is none, and how to embed them.

    Parameters
    ----------
    result : Result
    """
    why = refusal(result)
    return {"explorer": explorer(result) if why is None else None, "explorer_refusal": why, "embedded": embedded}
