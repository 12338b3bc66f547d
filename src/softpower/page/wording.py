"""Numbers and texts as a page shows them, and names for its places."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

from softpower import words

ISOLATE, END = "\u2068", "\u2069"
"""What stands between the two does not turn the text around it."""
OPENS = frozenset({"\u2066", "\u2067", ISOLATE})
TURNS = frozenset({"R", "AL", "RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI", "FSI", "PDI"})
"""The classes of characters that run from right to left, or turn what follows."""
NONE = "\N{EN DASH}"


def isolated(text: str) -> str:
    r"""Return a text that can stand inside another: what turns the direction of reading ends with it.

    Characters that no page may hold are replaced.

    Examples
    --------
    >>> isolated("trade")
    'trade'
    >>> isolated("\u202eedart").encode("unicode_escape")
    b'\\u2068\\u202eedart\\u2069'
    """
    if text.isascii() and text.isprintable():
        return text
    plain = "".join("\ufffd" if _forbidden(letter) else letter for letter in text)
    if not any(unicodedata.bidirectional(letter) in TURNS for letter in plain):
        return plain
    kept, depth = [], 0
    for letter in plain:
        if letter in OPENS:
            depth += 1
        elif letter == END:
            if depth == 0:
                # It would end the isolation itself.
                continue
            depth -= 1
        kept.append(letter)
    return f"{ISOLATE}{''.join(kept)}{END * depth}{END}"


def _forbidden(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t"


def score_text(value: float) -> str:
    """Return a score with one decimal; a dash where there is none."""
    return NONE if math.isnan(value) else f"{value:.1f}"


def difference_text(value: float) -> str:
    """Return a difference of scores with its sign; a dash where there is none."""
    return NONE if math.isnan(value) else f"{value:+.1f}"


def number_text(value: float, form: str = ".4g") -> str:
    """Return a number in a format; a dash where there is none."""
    return NONE if math.isnan(value) else format(value, form)


def share_text(value: float) -> str:
    """Return a share in percent, never rounded to all or nothing where it is neither.

    Examples
    --------
    >>> share_text(0.9996), share_text(1.0)
    ('over 99%', '100%')
    """
    if math.isnan(value):
        return NONE
    if 0.995 <= value < 1:
        return "over 99%"
    return "under 1%" if 0 < value < 0.005 else f"{value:.0%}"


def span_text(low: float, high: float, form: str = ".1f") -> str:
    """Return a span from low to high, or the one number where they are the same; a dash where there is none."""
    if math.isnan(low) or math.isnan(high):
        return NONE
    return format(low, form) if low == high else f"{low:{form}} to {high:{form}}"


def valued(value: float, low: float, high: float) -> str:
    """Return a value, and behind it its bounds where they differ from it."""
    if math.isnan(value):
        return "missing"
    return f"{value:.4g}" if math.isnan(low) or low == high else f"{value:.4g} ({low:.4g} to {high:.4g})"


def listed(texts: Iterable[str]) -> str:
    """Return texts as a list in words, each isolated.

    Examples
    --------
    >>> listed(["trade", "visits", "aid"])
    'trade, visits and aid'
    """
    return words.listed([isolated(text) for text in texts])


class Anchors:
    """Hands out names for places of the page: letters, digits, `-` and `_`, each name once.

    The same parts get the same name.

    Examples
    --------
    >>> anchors = Anchors()
    >>> anchors.of("node", "EU>KAZ", "trade"), anchors.of("node", "EU.KAZ", "trade")
    ('node-EU-KAZ-trade', 'node-EU-KAZ-trade-2')
    """

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._taken: set[str] = set()

    def of(self, *parts: str) -> str:
        """Return the name of the place that some parts name."""
        if parts not in self._names:
            slug = re.sub(r"[^A-Za-z0-9_]+", "-", "-".join(parts)).strip("-")
            name, count = slug, 1
            while name in self._taken:
                count += 1
                name = f"{slug}-{count}"
            self._taken.add(name)
            self._names[parts] = name
        return self._names[parts]
