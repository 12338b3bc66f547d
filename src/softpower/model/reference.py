"""Works that specs rest on, and sources that observations come from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from softpower.errors import did_you_mean
from softpower.model.base import Model, Text, Whole


class Reference(Model):
    """A scholarly work that a spec cites."""

    authors: tuple[Text, ...]
    year: Whole
    title: Text
    container: Text | None = None
    publisher: Text | None = None
    pages: Text | None = None
    doi: Text | None = None
    url: Text | None = None
    note: Text | None = None

    def __str__(self) -> str:
        """Return the reference as one line."""
        parts = [f"{', '.join(self.authors)} ({self.year}). {self.title}"]
        parts += [part for part in (self.container, self.publisher) if part]
        if self.pages:
            parts.append(f"pp. {self.pages}" if "-" in self.pages else f"p. {self.pages}")
        parts += [f"https://doi.org/{self.doi}" if self.doi else self.url or ""]
        return ". ".join(part for part in parts if part)


class Source(Model):
    """Where a fact comes from: a text, a page, a dataset or an interview."""

    title: Text
    kind: Literal["article", "book", "report", "web_page", "official_document", "dataset", "interview"]
    author: Text | None = None
    publisher: Text | None = None
    year: Whole | None = None
    accessed: Text | None = None
    url: Text | None = None
    footnotes: tuple[Whole, ...] = ()
    note: Text | None = None

    def __str__(self) -> str:
        """Return the source as one line."""
        who = self.author or self.publisher
        when = f" ({self.year})" if self.year else ""
        return f"{who}{when}. {self.title}" if who else f"{self.title}{when}"


def source_mend(name: str, sources: Collection[str]) -> str:
    """Return how to mend the name of a source that is not there.

    Examples
    --------
    >>> source_mend("talks", ["talk"]), source_mend("talks", [])
    ("Did you mean 'talk'?", "Describe 'talks' among the sources: a title and a kind.")
    """
    return did_you_mean(name, sources) if sources else f"Describe '{name}' among the sources: a title and a kind."
