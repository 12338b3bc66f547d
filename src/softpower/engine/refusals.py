"""What has no meaning: values too large, units that do not meet, scores that a mean cannot take."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from softpower.engine.choices import Chosen
from softpower.errors import Fault, MethodError, ObservationError
from softpower.model.framework import Framework
from softpower.model.unit import PLAIN
from softpower.registry import Method
from softpower.steps.aggregate import not_positive
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree
from softpower.words import LISTED


def refuse_infinite(values: Sequence[Floats], indicators: Sequence[str], label: Callable[[int], str]) -> None:
    """Raise ObservationError where a value is too large to compute with."""
    infinite = [np.isinf(one) for one in {id(one): one for one in values}.values()]
    if not any(one.any() for one in infinite):
        return
    cells = np.argwhere(np.any(infinite, axis=0))
    faults = [
        Fault(
            f"{label(row)}: {indicators[indicator]}",
            "its value or a bound of it is too large to compute with",
            "Check the figures and the scale of their unit.",
        )
        for row, indicator in cells[:LISTED]
    ]
    if len(cells) > LISTED:
        faults.append(Fault("", f"{len(cells) - LISTED} more cells are too large", "Check the unit of the columns."))
    raise ObservationError(faults)


def refuse_floor(floor: float | None, ends: tuple[float, float] | None) -> None:
    """Raise MethodError where the floor is not below the top of the scale."""
    if floor is not None and ends is not None and floor >= ends[1]:
        what = f"the floor {floor:g} is not below the top of the scale, {ends[1]:g}"
        raise MethodError.of("methodology: floor", what, "A floor is a small score, for instance 1 of 100.")


def refuse_units(
    tree: Tree,
    framework: Framework,
    normalisers: Sequence[Chosen],
    methods: Mapping[str, tuple[Method, Mapping[str, Any]]],
) -> None:
    """Raise MethodError where values in different units meet in another mean than the geometric one."""
    bare = {place for one in normalisers if one.method.name == "none" for place in one.columns}
    faults = []
    for family in tree.families:
        method, _ = methods[family.level]
        names = [tree.nodes[child] for child in family.children if child in bare]
        units = {framework.indicators[name].unit for name in names}
        # Numbers without a stated unit may be anything.
        unlike = len(units) > 1 or (len(names) > 1 and units == {PLAIN})
        if unlike and method.name != "geometric":
            what = f"values in different units meet in the {method.name} mean: {', '.join(sorted(units))}"
            mend = "Normalise them, or take the geometric mean."
            faults.append(Fault(tree.nodes[family.parent], what, mend))
    if faults:
        raise MethodError(faults)


def refuse_rescaled(
    normalisers: Sequence[Chosen],
    treatments: Sequence[Chosen],
    before: Floats,
    after: Floats,
    indicators: Sequence[str],
) -> None:
    """Raise MethodError where values that a treatment brought to another unit meet goalposts in the old one."""
    fixed = {place: one.method.name for one in normalisers if one.method.fixed for place in one.columns}
    faults = []
    for one in treatments:
        moved = [place for place in one.columns if one.method.rescales and place in fixed]
        for place in moved:
            if not np.array_equal(before[:, place], after[:, place], equal_nan=True):
                what = f"'{one.method.name}' may give it another unit, and '{fixed[place]}' scores it in the old one"
                mend = 'Normalise it among the cases, for instance by "min_max", or clip percentiles instead.'
                faults.append(Fault(f"methodology: {indicators[place]}", what, mend))
    if faults:
        raise MethodError(faults)


class Zeros:
    """Where means that need positive values meet others.

    Parameters
    ----------
    tree : Tree
    methods : mapping of str to method and parameters
        The aggregation of each level.
    label : function of int
        The name of a row.
    """

    def __init__(
        self, tree: Tree, methods: Mapping[str, tuple[Method, Mapping[str, Any]]], label: Callable[[int], str]
    ) -> None:
        self.tree, self.methods, self.label = tree, methods, label
        self.count = 0
        self.faults: list[Fault] = []

    def look(self, scores: Floats, weights: Floats, start: int) -> None:
        """Keep what the rows from one on have, under weights of all of them or of each."""
        for family in self.tree.families:
            method, _ = self.methods[family.level]
            if not method.positive:
                continue
            values = scores[:, family.children]
            cells = np.argwhere(not_positive(values, weights[..., family.children]))
            self.count += len(cells)
            for row, child in cells[: LISTED - len(self.faults)]:
                name = self.tree.nodes[family.children[child]]
                what = f"the {method.name} mean needs positive scores and '{name}' has {values[row, child]:g}"
                where = f"{self.label(start + row)}: {self.tree.nodes[family.parent]}"
                mend = "Declare a floor, for instance floor = 1, or aggregate otherwise."
                self.faults.append(Fault(where, what, mend))

    def refuse(self) -> None:
        """Raise MethodError where there are any."""
        if self.count > len(self.faults):
            what = f"{self.count - len(self.faults)} more scores are not positive"
            self.faults.append(Fault("", what, "The same floor mends them."))
        if self.faults:
            raise MethodError(self.faults)
