"""What is wrong with a frame, and where: the faults of all its cells are kept before any is raised."""

import pandas as pd

from softpower.errors import Fault

FRAME = "frame"
"""What faults call a frame that comes from no file."""


class Faults:
    """The faults of one frame.

    Parameters
    ----------
    where : str
        What they call the frame.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[Fault] = []

    def keep(self, place: str, what: str, mend: str) -> None:
        """Keep a fault at a place of the frame."""
        self.found.append(Fault(f"{self.where}: {place}" if place else self.where, what, mend))


class Rows:
    """How faults name the rows of a frame.

    Parameters
    ----------
    index : Index
        The labels of the rows.
    named : bool
        Whether they are named as cases, and not by their order alone.
    """

    def __init__(self, index: pd.Index, *, named: bool = True) -> None:
        self.index = index
        self.named = named

    def cell(self, row: int, column: str) -> str:
        """Return the name of a cell."""
        return f"row {shown(self.index[row])}, column '{column}'"


def shown(label: object) -> str:
    """Return the label of a row as a text."""
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
