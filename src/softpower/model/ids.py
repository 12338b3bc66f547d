"""Ids made of names that a user gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from softpower.errors import Fault, SpecificationError
from softpower.model.base import ID


def ids_of(names: Sequence[object]) -> list[str]:
    """Return an id for each name: the name itself, or its letters and digits."""
    faults, taken = [], {"composite": "the composite"}
    ids = []
    for name in names:
        text = str(name)
        made = text if re.fullmatch(ID, text) else _slug(text)
        if not isinstance(name, str) or not made:
            what = f"the name {name!r} gives no id"
            faults.append(Fault("Framework.flat", what, "Name indicators with Latin letters and digits."))
        elif made in taken:
            what = f"the name '{name}' gives the id '{made}', which is that of {taken[made]}"
            faults.append(Fault("Framework.flat", what, "Rename one of the two."))
        taken[made] = f"'{name}'"
        ids.append(made)
    if faults:
        raise SpecificationError(faults)
    return ids


def _slug(text: str) -> str:
    """Return a name's Latin letters and digits, joined by underscores; accents are left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:120]
