"""Keeps a set of choices in a docstring from passing for a default: ``{"a", "b"}`` becomes ``"a" or "b"``.

Griffe, which reads the docstrings for the site, takes the first choice for the default, also where there is none.
"""

import re
from typing import Any

import griffe

CHOICES = re.compile(r"^(\w[\w, ]* : )\{([^{}]+)\}", re.MULTILINE)


class Choices(griffe.Extension):
    """Rewrites the choices in the docstrings of everything that is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite those of one object."""
        if obj.docstring:
            obj.docstring.value = CHOICES.sub(
                lambda found: found[1] + " or ".join(found[2].split(", ")), obj.docstring.value
            )
