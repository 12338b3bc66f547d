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
    depths: dict[str, int] = {}
    for start in parents:
        # Up to a node whose depth is known, and down again.
        way: list[str] = []
        here: str | None = start
        while here is not None and here in parents and here not in depths:
            if len(way) == len(parents):
                return 0
            way.append(here)
            here = parents[here]
        above = 0 if here is None else depths.get(here, 0)
        depths |= {one: above + number for number, one in enumerate(reversed(way), 1)}
    return max(depths.values(), default=0)


def circle(start: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the way from a node over its parents back to it; empty where it does not come back.

    Examples
    --------
    >>> circle("money", {"money": "trade", "trade": "money"})
    ['money', 'trade', 'money']
    """
    # A mapping keeps the order in which it was walked, and finds a node among many at once.
    walked, here = {start: None}, parents.get(start)
    while here is not None and here not in walked:
        walked[here] = None
        here = parents.get(here)
    return [*walked, here] if here == start else []
