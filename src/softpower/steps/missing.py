"""What to do where values lack: how many of a node's children must be present."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from softpower.errors import MethodError, did_you_mean
from softpower.registry import MISSING
from softpower.steps.measures import Floats, Mask

NEAR = 1e-12
"""A share that is this little below the threshold is at it: 2 of 3 are two thirds, whichever way these are rounded."""


def enough(present: Floats, children: Floats | int, threshold: float) -> Mask:
    """Return whether enough of a node's children are present, for any shape of their number.

    Examples
    --------
    >>> enough(np.array([1, 2, 3]), 3, 0.666666666667)
    array([False,  True,  True])
    """
    return np.asarray(present >= (threshold - NEAR) * children)


Share = Annotated[float, Field(ge=0, le=1)]


@MISSING.register("available")
def available(levels: Sequence[str], *, threshold: Share | dict[str, Share] = 0.0) -> Floats:
    """Renormalise weights over the children present, in nodes with enough of them.

    A node is missing if all its children are, or if the share present, by number, is strictly below the threshold.

    Parameters
    ----------
    levels : sequence of str
        The level of each node.
    threshold : float or mapping of level to float
        The least share of children present, from 0 to 1; levels that are not named have 0.

    Returns
    -------
    array of shape (nodes,)
        The least share of each node.

    Notes
    -----
    Misleads when the gaps are not random: leaving a child out equals giving it the mean of its present siblings.

    References
    ----------
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 3.

    Examples
    --------
    >>> available(["source", "composite"], threshold={"composite": 1.0})
    array([0., 1.])
    """
    if isinstance(threshold, dict):
        for level in threshold:
            if level not in levels:
                what = f"the framework has no level '{level}'"
                raise MethodError.of("missing: threshold", what, did_you_mean(level, set(levels)))
        shares = np.array([threshold.get(level, 0.0) for level in levels])
    else:
        shares = np.full(len(levels), float(threshold))
    if ((shares < 0) | (shares > 1)).any():
        raise MethodError.of("missing: threshold", f"{threshold} is not a share", "Give numbers from 0 to 1.")
    return shares


@MISSING.register("strict")
def strict(levels: Sequence[str]) -> Floats:
    """A node is missing as soon as one of its children is.

    Examples
    --------
    >>> strict(["source", "composite"])
    array([1., 1.])
    """
    return np.ones(len(levels))
