"""What holds for all admissible weights: ranges of scores and ranks, dominance, and what reverses an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from softpower.analysis.enumeration import Enumeration
from softpower.analysis.region import Overturn, Place, Region
from softpower.analysis.reversing import Reversal
from softpower.arguments import diagnosed
from softpower.draws.running import Progress, Tick, aside
from softpower.errors import MethodError, NotFoundError, SpecificationError, did_you_mean, printed
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Experts, Sets, Uncertainty
from softpower.result import Result, by_each, captioned, in_steps, place_of, row_of
from softpower.scoring import score
from softpower.steps.measures import Floats, Mask
from softpower.studies import as_profile

WHERE = "weight_space"


@diagnosed
def weight_space(
    data: Result | Profile | pd.DataFrame | str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    uncertainty: Uncertainty | Mapping[str, Any] | None = None,
    weights: object = None,
) -> WeightSpace:
    """Return what scores, ranks and orders can be over all admissible weights, exactly.

    y = sum of e x, with e the weight of each indicator in the composite: whatever is said of the weights of siblings
    is linear in e. The least and greatest y are then linear programs, and so is the nearest e that reverses an order.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`.
    uncertainty : Uncertainty or mapping, optional
        Whose ``weights`` say what is admissible; by default those of the profile. The rest of it plays no part.
    weights : optional
        What is admissible, as ``Uncertainty(weights=...)`` takes it; goes before ``uncertainty``.

    Returns
    -------
    WeightSpace

    Raises
    ------
    MethodError
        If nothing says which weights are admissible. But for named sets and experts: if the means are not all
        arithmetic, or all geometric, or if weights are fitted to scores.
    SoftPowerError
        If the data cannot be scored, or the weights name what is not there.

    Notes
    -----
    ``simplex`` admits all weights of siblings; ``dirichlet`` the same, but zero stays zero; ``band`` each weight times
    1 - share to 1 + share, scaled; ``ordered`` all that keep the orders, so that a circle of orders makes weights
    equal, and siblings without an order have any weights. Ends count as admissible. ``sets`` and ``experts`` are
    finite: each is scored, and what lies between them is not covered.

    A case that lacks indicators is scored on the others, as `score` does; then it compares only with cases that lack
    the same ones. Misleads where the only children of a node that have a score are declared to weigh nothing: the node
    is missing as declared and there under other weights, and a reversal may lie on that edge.

    Misleads where the admissible weights are wider than anybody would defend: over a simplex the worst score is that
    of the worst indicator. A range says what is possible, not how likely it is.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7; S. Greco, A. Ishizaka, M. Tasiou and
    G. Torrisi, On the methodological framework of composite indices, Social Indicators Research 141 (2019).

    Examples
    --------
    >>> frame = pd.DataFrame({"trade": [0.0, 50, 100], "visits": [4, 3, 0]}, index=["KAZ", "UZB", "KGZ"])
    >>> space = weight_space(frame, weights="simplex")
    >>> space.ranks().to_numpy().tolist()
    [[2, 1, 3], [1, 1, 2], [2, 1, 3]]
    >>> space.reversal("UZB", "KAZ")
    UZB leads KAZ by 12.5 points. The lead is gone when 0.167 of the weight moves.
    """
    profile = as_profile(data, framework, methodology, scenario)
    declared: object = profile.uncertainty if uncertainty is None else uncertainty
    if weights is not None:
        declared = Uncertainty.parse({"weights": weights}, WHERE)
    elif isinstance(declared, Mapping):
        declared = Uncertainty.parse(declared, f"{WHERE}: uncertainty")
    if not isinstance(declared, Uncertainty):
        what = f"uncertainty is a {type(declared).__name__}"
        raise SpecificationError.of(WHERE, what, 'Give an Uncertainty, or say weights="simplex".')
    if declared.weights is None:
        mend = 'Say so, for instance weights="simplex", or declare it in the profile\'s uncertainty.'
        raise MethodError.of(WHERE, "nothing says which weights are admissible", mend)
    # Names are held against the framework by the profile.
    result = score(profile.replace(uncertainty=Uncertainty(weights=declared.weights)))
    return WeightSpace(result)


class Space(Protocol):
    """Admissible weights, and what extremes they have."""

    def ends(self) -> tuple[Floats, Floats]:
        """Return the least and greatest scores, of shape (rows, nodes)."""

    def attaining(self, row: int, node: int, *, greatest: bool) -> tuple[Floats, str]:
        """Return weights under which a score is least, or greatest, and their name."""

    def beats(self) -> tuple[Mask, Mask]:
        """Return which row is above which column necessarily, and possibly."""

    def rank_ends(self, tick: Tick) -> tuple[Floats, Floats]:
        """Return each row's best and worst rank."""

    def overturn(self, leader: Place, other: Place) -> Overturn:
        """Return how far weights must move for a lead to go."""

    def notes(self) -> Iterator[str]:
        """Yield what a reader must know."""


@dataclass(frozen=True, repr=False, eq=False)
class WeightSpace:
    """Scores, ranks and orders over all weights that the profile's uncertainty admits.

    Parameters
    ----------
    result : Result
        The scores under the declared weights.
    """

    result: Result

    def __post_init__(self) -> None:
        _ = self._space

    @cached_property
    def _space(self) -> Space:
        declared = self.result.profile.uncertainty.weights
        if declared is None:
            raise MethodError.of(WHERE, "nothing says which weights are admissible", "Use weight_space().")
        if isinstance(declared, Sets | Experts):
            return Enumeration(self.result, declared)
        return Region(self.result, declared)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        return tuple(self._space.notes())

    def to_frame(self) -> pd.DataFrame:
        """Return the range of each score: one row for each case (and period) and node that is no indicator.

        Returns
        -------
        DataFrame
            ``title``; ``score`` under the declared weights; ``least`` and ``greatest`` over all admissible weights.
            Each is an extreme by itself: two of them need not be attained under the same weights.
        """
        result, framework = self.result, self.result.profile.framework
        names = [name for name in result.to_wide().columns if name not in framework.indicators]
        places = [result.nodes.index(name) for name in names]
        index = by_each(result.index, "node", names)
        titles = [framework.node_title(name) for name in names] * len(result.index)
        least, greatest = self._space.ends()
        columns = {"score": result.score, "least": least, "greatest": greatest}
        return pd.DataFrame({"title": titles} | {name: one[:, places].ravel() for name, one in columns.items()}, index)

    @diagnosed
    def weights_of(
        self,
        case: str | None,
        node: str | None = None,
        end: Literal["least", "greatest"] = "greatest",
        *,
        period: str | int | None = None,
    ) -> pd.Series[float]:
        """Return weights among siblings, by node, under which a score is least or greatest.

        Parameters
        ----------
        case : str, optional
            None where there is one.
        node : str, optional
            The composite by default.
        end : {"least", "greatest"}
        period : str or int, optional
            The period; it may be left out where there are none.

        Returns
        -------
        Series
            Of the nodes under the node; others play no part. As ``methodology={"weights": ...}`` takes them. Where
            several weights attain the end these are some. Its name is that of the set, where weights have names.

        Raises
        ------
        NotFoundError
            For an unknown case, node, period or end.
        MethodError
            If the case has no score of the node.
        """
        if end not in {"least", "greatest"}:
            raise NotFoundError.of("weights_of", f"there is no end '{end}'", did_you_mean(end, ["least", "greatest"]))
        row, place = row_of(self.result.index, case, period, "weight_space"), self._node(node)
        self._refuse_missing("weights_of", (row, place))
        return self._series(*self._space.attaining(row, place, greatest=end == "greatest"), place)

    @diagnosed
    def ranks(self, *, progress: Progress = False) -> pd.DataFrame:
        """Return each case's rank by the composite, and the best and worst that admissible weights can give it.

        rank = 1 + number of cases above. A tie never costs a rank, neither in the best nor in the worst: the best rank
        counts the cases that must be above, the worst those that can be above at once.

        Parameters
        ----------
        progress : bool or function
            Whether to show on the terminal how far it is, or a function of the work done and the whole.

        Returns
        -------
        DataFrame
            ``rank``, ``best`` and ``worst``; missing where a case has no score, or `notes` say why.

        Raises
        ------
        MethodError
            If there is one case alone.

        Notes
        -----
        Between ends, some mixed-integer programs for each case, in a loop: fifty cases take seconds, hundreds may take
        many minutes.
        """
        frame = self.result.ranks().to_frame()
        found = aside(self._space.rank_ends, work=2 * len(frame), progress=progress)
        for column, ends in zip(("best", "worst"), found, strict=True):
            frame[column] = pd.Series(ends, frame.index).astype("Int64")
        return frame

    def dominance(self) -> pd.DataFrame:
        """Return which case (row) is above which (column) by the composite.

        Returns
        -------
        DataFrame
            ``"necessary"``: at least as high under all admissible weights, higher under some. ``"possible"``: higher
            under some. Empty: under none, or the two do not compare, in another period or as `notes` say.

        Raises
        ------
        MethodError
            If there is one case alone.
        """
        if len(self.result.cases) < 2:
            raise MethodError.of("dominance", "there is one case", "Compare its nodes by reversal().")
        necessary, possible = self._space.beats()
        said = np.where(necessary, "necessary", np.where(possible, "possible", ""))
        return pd.DataFrame(said, self.result.index, self.result.index)

    @diagnosed
    def reversal(
        self,
        a: str,
        b: str,
        *,
        case: str | None = None,
        node: str | None = None,
        period: str | int | None = None,
    ) -> Reversal:
        """Return by how much weights must change until an order is gone, or the proof that none of them do it.

        Parameters
        ----------
        a, b : str
            Two cases, or two nodes of one case.
        case : str, optional
            Whose nodes are compared; it may be left out where there is one.
        node : str, optional
            By which node cases are compared; the composite by default.
        period : str or int, optional
            The period; it may be left out where there are none.

        Raises
        ------
        NotFoundError
            For an unknown case, node or period.
        MethodError
            If a score is missing, a node is under the other, or two cases lack different indicators.
        """
        known = self.result.cases
        if case is None and {a, b} <= set(known):
            place = self._node(node)
            first, second = ((row_of(self.result.index, one, period, "weight_space"), place) for one in (a, b))
        elif node is not None:
            wrong = next((one for one in (a, b) if one not in known), a)
            mend = did_you_mean(wrong, known) if wrong not in known else "Leave out case, or node."
            raise NotFoundError.of("reversal", "cases are compared by a node, and these are not two cases", mend)
        else:
            if case is None and len(known) > 1 and not {a, b} <= set(self.result.nodes):
                wrong = next(one for one in (a, b) if one not in known)
                raise NotFoundError.of("reversal", f"there is no case '{wrong}'", did_you_mean(wrong, known))
            row = row_of(self.result.index, case, period, "weight_space")
            first, second = ((row, self._node(one)) for one in (a, b))
            self._refuse_nested(a, b)
        if first == second:
            raise MethodError.of("reversal", f"'{a}' is compared with itself", "Name two.")
        self._refuse_missing("reversal", first, second)
        return self._reversal({a: first, b: second})

    def _reversal(self, sides: Mapping[str, Place]) -> Reversal:
        names = sorted(sides, key=lambda name: -self.result.score[sides[name]])
        scores = [float(self.result.score[sides[name]]) for name in names]
        first, second = (sides[name] for name in names)
        found = self._space.overturn(first, second)
        ratios = isinstance(self._space, Region) and self._space.geometric
        lead = scores[0] / scores[1] - 1.0 if ratios else scores[0] - scores[1]
        nodes = [first[1], second[1]]
        steps = in_steps(self.result.score[:, nodes], self.result.scale)
        lead = lead if steps[first[0], 0] > steps[second[0], 1] else 0.0
        least = found.least - 1.0 if ratios else found.least
        weights = self._series(found.weights, found.name, *dict.fromkeys((first[1], second[1])))
        return Reversal(names[0], names[1], lead, least, found.moved, weights, ratios)

    def _series(self, weights: Floats, name: str, *roots: int) -> pd.Series[float]:
        """Return the weights of the nodes under some nodes, down the tree."""
        result = self.result
        above = {result.nodes[root] for root in roots}
        under = [one for one in result.to_wide().columns if above.intersection(result.profile.framework.path(one)[:-1])]
        values = weights[[result.nodes.index(one) for one in under]]
        return pd.Series(values, pd.Index(under, name="node"), name=name or None, dtype=float)

    def _node(self, node: str | None) -> int:
        """Return the place of a node; the composite by default."""
        nodes = self.result.nodes
        return place_of(nodes[-1] if node is None else node, self.result.profile, nodes)

    def _refuse_nested(self, a: str, b: str) -> None:
        framework = self.result.profile.framework
        for above, below in ((a, b), (b, a)):
            if a != b and above in framework.path(below):
                what = f"'{below}' is under '{above}', so that their weights are not each their own"
                raise MethodError.of("reversal", what, "Compare nodes that are not under each other.")

    def _refuse_missing(self, where: str, *places: Place) -> None:
        for row, node in places:
            if np.isnan(self.result.score[row, node]):
                what = f"'{self.result.engine.label(row)}' has no score of '{self.result.nodes[node]}'"
                raise MethodError.of(where, what, "See the reason in the result.")

    def _top(self) -> pd.DataFrame:
        """The range of the composite; that of every node where there is one case."""
        frame = self.to_frame()
        if len(self.result.cases) == 1:
            return frame
        root = frame.index.get_level_values("node") == self.result.nodes[-1]
        return frame[root].reset_index("node", drop=True)

    def __repr__(self) -> str:
        """Return the range of the composite as a table, with the notes."""
        table = self._top().round(3).to_string(max_rows=20)
        return printed("\n".join([self.result.profile.title, table, *self.notes]))

    def _repr_html_(self) -> str:
        """Return the range of the composite as an HTML table, with the notes."""
        return captioned(f"{self.result.profile.title}: scores over all admissible weights", self._top(), self.notes)
