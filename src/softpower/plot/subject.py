"""What a picture is of: a score, with or without draws around it; its rows, its numbers and its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import UncertaintyResult
from softpower.errors import MethodError, NotFoundError
from softpower.result import Result


@dataclass(frozen=True, eq=False)
class Subject:
    """A score, and the draws around it where there are any.

    Parameters
    ----------
    result : Result
        The score as declared.
    drawn : UncertaintyResult, optional
        What draws come to.
    """

    result: Result
    drawn: UncertaintyResult | None

    @classmethod
    def of(cls, given: object, where: str) -> Subject:
        """Return the subject of a picture.

        Raises
        ------
        MethodError
            If what is given is no result.
        """
        if isinstance(given, UncertaintyResult):
            return cls(given.score, given)
        if isinstance(given, Result):
            return cls(given, None)
        mend = "Give what softpower.score or softpower.uncertainty_analysis returns."
        raise MethodError.of(f"plot.{where}", f"a {type(given).__name__} is no result", mend)

    def row(self, where: str, case: str | None, period: str | int | None) -> int:
        """Return the row of a case and a period; either may be left out where there is one.

        Raises
        ------
        NotFoundError
            If there is no such row, or there are several and none is named.
        """
        try:
            return self.result.explain(case, period=period).row
        except NotFoundError as error:
            faults = [replace(one, where=one.where.replace("explain", f"plot.{where}")) for one in error.faults]
            raise NotFoundError(faults) from None

    def name(self, row: int) -> str:
        """Return what the composite of a row is called."""
        result = self.result
        if len(result.index) == 1:
            return result.profile.title
        return f"{result.profile.framework.node_title(result.nodes[-1])} of {result.engine.label(row)}"

    def table(self, row: int) -> pd.DataFrame:
        """Return the nodes of one row, each before its children, ``low`` and ``high`` being 90 % of draws or bounds.

        ``outside`` says where the score lies outside of 90 % of draws; ``outer`` where bounds may not be attained.
        """
        size = len(self.result.nodes)
        mine = slice(row * size, (row + 1) * size)
        table = self.result.to_frame().iloc[mine].assign(outside=False, outer=False)
        if self.drawn is None:
            table["outer"] = ~table["exact"].astype(bool) & (table["low"] < table["high"])
        else:
            columns = ["low", "high", "outside"]
            table[columns] = self.drawn.to_frame().iloc[mine][columns]
        table.index = table.index.get_level_values("node")
        return table

    @property
    def decimals(self) -> int:
        """So many decimals tell scores apart on their scale."""
        scale, scores = self.result.scale, self.result.score
        if scale is None and np.isnan(scores).all():
            return 0
        width = np.ptp(scale) if scale else np.nanmax(np.abs(scores))
        return 0 if width >= 20 else 1 if width >= 2 else 2

    def number(self, value: float, more: int = 0) -> str:
        """Return a score as it is shown, with more decimals where asked; empty where it is missing."""
        # Adding zero takes the sign from a zero below zero.
        digits = self.decimals + more
        return "" if np.isnan(value) else f"{round(float(value), digits) + 0.0:.{digits}f}"

    def span(self, low: float, high: float) -> str:
        """Return an interval as it is shown; empty where there is none, or it is the score alone."""
        return "" if np.isnan(low) or np.isnan(high) or low == high else f"{self.number(low)} to {self.number(high)}"

    @property
    def interval(self) -> str:
        """What an interval is called."""
        return "bounds" if self.drawn is None else "90 % of draws"

    @property
    def source(self) -> str:
        """Where the numbers come from, and how many draws were made of them."""
        cited = [text.rstrip(".") for text in self.result.sources()["citation"]]
        said = cited[0] if cited else "none is named"
        said += f", and {len(cited) - 1} more" if len(cited) > 1 else ""
        if self.drawn is not None:
            count = len(self.drawn.factors)
            said += f". {self.drawn.n:,} draws of {count} factor{'' if count == 1 else 's'}, seed {self.drawn.seed}"
        return f"{said}. softpower {self.result.fingerprint['version']}"


def plural(name: str) -> str:
    """Return the name of a level for several nodes.

    Examples
    --------
    >>> [plural(name) for name in ("source", "sub_index", "category", "level_1")]
    ['sources', 'sub indexes', 'categories', 'dimensions']
    """
    words = "dimension" if name.startswith("level_") else name.replace("_", " ")
    if words.endswith("y") and words[-2:-1] not in set("aeiou"):
        return f"{words[:-1]}ies"
    return f"{words}es" if words.endswith(("s", "x", "ch", "sh")) else f"{words}s"
