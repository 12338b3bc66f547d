"""What is wrong with COINr's two tables, and what they say that is not held: both are kept and said together."""

from collections.abc import Sequence

from softpower.errors import Fault


class Findings:
    """What is found while the two tables are read."""

    def __init__(self) -> None:
        self.of_meta: list[Fault] = []
        self.of_data: list[Fault] = []
        self.notes: list[str] = []
        self.faulty: set[tuple[object, str]] = set()

    def keep(self, code: object, column: str, what: str, mend: str) -> None:
        """Keep a fault of a cell of iMeta."""
        self.faulty.add((code, column))
        self.of_meta.append(Fault(f"iMeta: row {code}, column '{column}'", what, mend))


def listed(head: str, what: str, sentences: Sequence[str]) -> str:
    """Return a head and sentences under it, or that there are none."""
    return "\n".join([head, f"{what}:" if sentences else f"{what}: nothing", *(f"- {one}" for one in sentences)])
