"""Weights from judgements in pairs: the analytic hierarchy process."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from softpower.errors import Fault, MethodError, did_you_mean
from softpower.registry import WEIGHTS
from softpower.steps.measures import Floats
from softpower.steps.tree import Tree

RANDOM_INDICES = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Saaty's mean consistency index of matrices filled at random, of 1 to 15 rows."""
ROUNDING = 0.05
"""So far a judgement times its reverse may be from one: 0.33 is a third that somebody rounded."""


def reciprocal(matrix: Floats) -> Floats:
    """Return a matrix of judgements with reciprocals that were rounded made exact: of each pair the larger counts.

    Examples
    --------
    >>> reciprocal(np.array([[1, 4.0], [0.25, 1]]))
    array([[1.  , 4.  ],
           [0.25, 1.  ]])
    """
    return np.where(matrix >= matrix.T, matrix, 1.0 / matrix.T)


def principal_eigenvector(matrix: Floats) -> tuple[float, Floats]:
    """Return the greatest eigenvalue of a positive matrix, and its eigenvector scaled to sum to one.

    Examples
    --------
    >>> value, vector = principal_eigenvector(np.array([[1, 4.0], [0.25, 1]]))
    >>> round(value, 12), vector.round(12)
    (2.0, array([0.8, 0.2]))
    """
    values, vectors = np.linalg.eig(matrix)
    place = values.real.argmax()
    vector = np.abs(vectors[:, place].real)
    return float(values[place].real), vector / vector.sum()


def consistency(matrix: Floats) -> float:
    """Return the consistency ratio of judgements in pairs: 0 where they agree, 1 where they are as if at random.

    CR = ((l - n) / (n - 1)) / RI, with l the greatest eigenvalue of the n rows and RI Saaty's random index.

    Parameters
    ----------
    matrix : array of shape (nodes, nodes)
        How many times as important the row is as the column; reciprocal.

    Raises
    ------
    MethodError
        For more than 15 rows, for which there is no random index.

    Notes
    -----
    Two rows agree always. A low ratio says that the judgements agree with each other, not that they are right.

    References
    ----------
    T. L. Saaty, The Analytic Hierarchy Process (1980).

    Examples
    --------
    >>> round(consistency(np.array([[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]])), 9) + 0.0
    0.0
    >>> round(consistency(np.array([[1, 2, 1 / 4], [0.5, 1, 2], [4, 0.5, 1]])), 2)
    0.79
    """
    matrix = np.asarray(matrix, dtype=float)
    size = len(matrix)
    if size > len(RANDOM_INDICES):
        what = f"there is no random index for {size} rows"
        raise MethodError.of("consistency", what, "Compare 15 at most; put more into groups, a level each.")
    if size <= 2:
        return 0.0
    value, _ = principal_eigenvector(matrix)
    return max(0.0, (value - size) / (size - 1) / RANDOM_INDICES[size - 1])


@WEIGHTS.register("analytic_hierarchy")
def analytic_hierarchy(tree: Tree, *, matrices: dict[str, list[list[float]]], limit: float = 0.1) -> Floats:
    """Analytic hierarchy process: the principal eigenvector of judgements in pairs.

    A w = l w, with l the greatest eigenvalue of the matrix A of a node's children.

    Parameters
    ----------
    tree : Tree
    matrices : mapping of node to matrix
        For each node that is judged, how many times as important the child of the row is as that of the column, by
        custom from 1/9 to 9, with the children in the framework's order. A reciprocal may be rounded, as 0.33
        for a third; of each pair the larger number counts. The children of other nodes keep the declared weight.
    limit : float
        The greatest consistency ratio that is accepted.

    Raises
    ------
    MethodError
        For a node without children, a matrix of a wrong size, judgements that are not positive or not reciprocal,
        or a consistency ratio above the limit; all of them at once.

    Notes
    -----
    Misleads where the scale does the weighing: with 9 as the most, extreme judgements give extreme weights, and
    more than about seven children are beyond what people judge in a consistent way.

    References
    ----------
    T. L. Saaty, The Analytic Hierarchy Process (1980); OECD/JRC, Handbook on Constructing Composite Indicators
    (2008), step 6.

    Examples
    --------
    >>> from softpower.model.framework import Framework
    >>> flat = Framework.flat(["trade", "aid", "visits"])
    >>> tree = Tree.of(flat, flat.indicators)
    >>> judged = [[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]
    >>> analytic_hierarchy(tree, matrices={tree.nodes[-1]: judged}).round(3)
    array([0.571, 0.286, 0.143, 1.   ])
    """
    parents = {tree.nodes[family.parent]: family for family in tree.families}
    weights, faults = tree.declared.copy(), []
    if not limit >= 0:
        faults.append(Fault("weights: limit", f"the limit {limit:g} is negative", "Use 0.1, or more to accept more."))
    for name, rows in matrices.items():
        where = f"weights: {name}"
        if name not in parents:
            faults.append(Fault(where, "there is no node of that name with children", did_you_mean(name, parents)))
            continue
        children = parents[name].children
        found = _faults(where, rows, tuple(tree.nodes[child] for child in children), limit)
        faults += found
        if not found:
            weights[children] = principal_eigenvector(reciprocal(np.array(rows, dtype=float)))[1]
    if faults:
        raise MethodError(faults)
    return weights


def _faults(where: str, rows: Sequence[Sequence[float]], names: tuple[str, ...], limit: float) -> list[Fault]:
    """Return what is wrong with one matrix."""
    count = len(names)
    if len(rows) != count or any(len(row) != count for row in rows):
        order = ", ".join(names)
        sizes = [len(row) for row in rows]
        of = ", ".join(map(str, sizes if len(set(sizes)) > 1 else sizes[:1])) or "no"
        what = f"the matrix has {len(rows)} rows of {of} numbers, and the node has {count} children"
        return [Fault(where, what, f"Write {count} rows of {count}, in this order: {order}.")]
    if count > len(RANDOM_INDICES):
        what = f"{count} children are more than can be judged in pairs"
        return [Fault(where, what, f"Compare {len(RANDOM_INDICES)} at most: group them under nodes of their own.")]
    matrix = np.array(rows, dtype=float)
    if not (matrix > 0).all():
        row, column = np.argwhere(~(matrix > 0))[0]
        what = f"'{names[row]}' against '{names[column]}' is {matrix[row, column]:g}"
        return [Fault(where, what, "Judgements are above zero: 3 for three times, 1/3 for a third.")]
    product = matrix * matrix.T
    wrong = np.argwhere(np.triu(np.abs(product - 1.0) > ROUNDING))
    if len(wrong):
        return [
            Fault(
                where,
                f"'{names[i]}' against '{names[j]}' is {matrix[i, j]:g}, and the reverse is {matrix[j, i]:g}",
                "A node against itself is 1."
                if i == j
                else f"The reverse of {matrix[i, j]:g} is {1 / matrix[i, j]:.3g}.",
            )
            for i, j in wrong
        ]
    matrix = reciprocal(matrix)
    ratio = consistency(matrix)
    if ratio <= limit:
        return []
    vector = principal_eigenvector(matrix)[1]
    implied = vector[:, None] / vector
    # A judgement and its reverse are equally far off, but for rounding: the one above the diagonal is named.
    i, j = np.unravel_index(np.triu(np.abs(np.log(matrix / implied))).argmax(), matrix.shape)
    what = f"the judgements contradict each other: their consistency ratio is {ratio:.3f}, above {limit:g}"
    mend = (
        f"Look first at '{names[i]}' against '{names[j]}', which is {matrix[i, j]:.3g} where the others imply "
        f"{implied[i, j]:.3g}; or raise the limit."
    )
    return [Fault(where, what, mend)]
