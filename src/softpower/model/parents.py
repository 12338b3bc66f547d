"""Parents of nodes: how deep they go, and where they go in a circle."""

from __future__ import annotations

from collections.abc import Mapping


def depth_of(parents: Mapping[str, str | None]) -> int:
    """Return how many levels nodes have of which each names its parent, or none; 0 where parents go in a circle.

    Examples
    --------
    >>> depth_of({"index": None, "money": "index", "trade": "money"})
    3
    >>> depth_of({"money": "trade", "trade": "money"})
    0
    """
    deepest = 0
    for parent in parents.values():
        length, here = 1, parent
        while here is not None and here in parents and length <= len(parents):
            length, here = length + 1, parents[here]
        deepest = max(deepest, length)
    return deepest if deepest <= len(parents) else 0


def circle(start: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the way from a node over its parents back to it; empty where it does not come back.

    Examples
    --------
    >>> circle("money", {"money": "trade", "trade": "money"})
    ['money', 'trade', 'money']
    """
    walked, here = {start: None}, parents.get(start)
    while here is not None and here not in walked:
        walked[here] = None
        here = parents.get(here)
    return [*walked, here] if here == start else []
