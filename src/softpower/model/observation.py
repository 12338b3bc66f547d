"""Observations: one fact each, with bounds, wording, unit, and its place in the source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from softpower.errors import ObservationError, problem, raise_all
from softpower.model.base import Case, Id, Model, Text
from softpower.model.period import Date, Period, order_problem
from softpower.model.variable import Combine, Extent, UnitText

Use = Literal["scored", "denominator", "context", "do_not_score", "coding_rule", "weighting", "data_quality"]
Wording = Literal["exact", "about", "at_least", "at_most", "between", "judgement"]


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise problem(f"{value} is wrong: it is no number", "Write 1 or 0.")
    if isinstance(value, str) and "_" in value:
        raise problem(f"{value!r} is wrong: it is no number", "Write its digits without anything between them.")
    return value


Measured = Annotated[float, BeforeValidator(_no_truth)]
"""A number as a spreadsheet or Python has it; True and False are none."""
Flag = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\s\x1c-\x1f]+$")]
"""A word without a blank: blanks part the flags of a row."""


class Observation(Model):
    """One fact: a variable's value for a case and a period.

    ``value`` is what the source says; ``low`` and ``high`` are the bounds within which it may lie. An exact value
    without bounds has none to either side. An open bound ("more than 70") needs a written cap with its reason.

    Parameters
    ----------
    id, case : str
        Its own name, and whom it is about: ``EU>KAZ``, or ``EU>*`` and ``*>KAZ`` for one side alone.
    variable, value, low, high, unit
        What is observed, how much, between which bounds, in which unit. Rows that feed no score may lack them.
    wording : {"exact", "about", "at_least", "at_most", "between", "judgement"}
        How the source puts it; all but ``exact`` need bounds.
    distribution, standard_error
        How draws take it: triangular around the value, uniform between the bounds, or normal with its standard error,
        cut off at the bounds, or at zero where there are none. Scores do not use them.
    coder : str, optional
        Who read it so. Rows of several coders that are otherwise alike in case, variable, period, source, place and
        statement are readings of one fact, see `readings`: its value is the preferred one, or the mean of judgements;
        its bounds are the hull of all; draws pick one.
    preferred : bool
        Which of several alternatives, or of several readings of one fact, holds.
    start, end : date
        Year, year and month, or day; an empty end is open.
    scope : {"national", "regional", "global"}
        What the figure covers; it must be the extent of the variable.
    statement, section, paragraph, footnote, source
        What the source says, in own words, and where.
    polarity, channel : str, optional
        Whether it raises or lowers soft power, and by which channel.
    use : str
        ``scored`` and ``denominator`` rows feed indicators; all others give a ``reason``.
    flags : tuple of str
        Anything a reader should know, a word each.

    Raises
    ------
    SpecificationError
        With all that is wrong with the row.

    Examples
    --------
    >>> seen = Observation(id="v1", case="A>B", variable="visits", value=3, unit="count:visit", start="2001")
    >>> seen.bounds, str(seen.period)
    ((3.0, 3.0), '2001 to ...')
    """

    id: Id
    case: Case
    variable: Id | None = None
    value: Measured | None = None
    low: Measured | None = None
    high: Measured | None = None
    wording: Wording = "exact"
    distribution: Literal["triangular", "uniform", "normal"] | None = None
    standard_error: Annotated[Measured, Field(gt=0)] | None = None
    preferred: bool = False
    coder: Text | None = None
    unit: UnitText | None = None
    start: Date | None = None
    end: Date | None = None
    scope: Extent = "national"
    statement: Text | None = None
    section: Text | None = None
    paragraph: int | None = Field(default=None, ge=1)
    footnote: int | None = Field(default=None, ge=1)
    source: Id | None = None
    polarity: Literal["raises", "lowers", "neutral"] | None = None
    channel: Literal["contagion", "transference", "information", "cultural_filter"] | None = None
    use: Use = "scored"
    reason: Text | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def feeds(self) -> bool:
        """Whether it can feed an indicator."""
        return self.use in {"scored", "denominator"}

    @property
    def period(self) -> Period:
        """The period, either end open."""
        return Period(start=self.start, end=self.end)

    @property
    def fact(self) -> tuple[Hashable, ...]:
        """What was read, whoever read it: the case, the variable, the period, the source, the place, the statement."""
        place = (self.source, self.section, self.paragraph, self.footnote, self.statement)
        return (self.case, self.variable, self.start, self.end, *place)

    @property
    def bounds(self) -> tuple[float, float]:
        """The low and the high bound; the value itself where none is given."""
        if self.value is None:
            what, mend = f"observation {self.id} has no value", "Give it one, or ask those that have."
            raise ObservationError.of("bounds", what, mend)
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)

    @property
    def place(self) -> str:
        """Where it stands in the source: section, paragraph, footnote."""
        parts = [self.section or ""]
        parts += [f"paragraph {self.paragraph}"] if self.paragraph else []
        parts += [f"footnote {self.footnote}"] if self.footnote else []
        return ", ".join(part for part in parts if part)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        found = [problem(what, mend) for what, mend in (*self._use_problems(), *self._bound_problems())]
        if self.start and self.end and self.end.last < self.start.first:
            found.append(order_problem(self.start, self.end))
        raise_all("Observation", [((), one) for one in found])
        return self

    def _use_problems(self) -> Iterator[tuple[str, str]]:
        """What the use of the row asks for and it lacks."""
        if self.feeds:
            for name in ("variable", "value", "unit"):
                if getattr(self, name) is None:
                    yield f"'{name}' is empty on a row of use '{self.use}'", f"Fill {name} in, or use = context."
        elif self.variable is not None:
            what = f"a row of use '{self.use}' names the variable '{self.variable}', which it does not feed"
            yield what, "Leave the variable empty, or use = scored."
        elif self.reason is None:
            yield f"a row of use '{self.use}' has no reason", "Write in 'reason' why it feeds no score."
        if self.distribution == "normal" and self.standard_error is None:
            yield "the distribution 'normal' has no standard_error", "Fill standard_error in."
        if self.standard_error is not None and self.distribution != "normal":
            yield "there is a standard_error, and the distribution is not normal", 'Say distribution = "normal".'

    def _bound_problems(self) -> Iterator[tuple[str, str]]:
        """Bounds that do not enclose the value, or that the wording asks for and are not there."""
        if self.value is None:
            if self.low is not None or self.high is not None:
                yield "there are bounds but no value", "Fill value in, or leave low and high empty."
            return
        if self.low is not None and self.low > self.value:
            yield f"low {self.low:g} is above value {self.value:g}", "A low bound is at most the value."
        if self.high is not None and self.high < self.value:
            yield f"high {self.high:g} is below value {self.value:g}", "A high bound is at least the value."
        if not self.feeds:
            return
        if self.wording in {"about", "between", "judgement"} and (self.low is None or self.high is None):
            yield f"the wording '{self.wording}' has no bounds", "Fill in both low and high."
        for wording, name, end in (("at_least", "high", "100"), ("at_most", "low", "0")):
            if self.wording == wording and getattr(self, name) is None:
                mend = f"Write a cap in '{name}', for instance {end} for a share in percent, and why in 'reason'."
                yield f"the open bound '{wording}' has no cap", mend
            elif self.wording == wording and self.reason is None:
                yield f"the cap of '{wording}' has no reason", "Write in 'reason' why the cap is what it is."


Groups = Mapping[tuple[str, str], tuple[Observation, ...]]
"""Observations by variable and case, which may be a pattern."""


def readings(observations: Sequence[Observation], combine: Combine | None = None) -> list[tuple[Observation, ...]]:
    """Return observations fact by fact, in their order: each alone, or together as several coders have read one fact.

    Rows of one coder, or of nobody by name, are facts of their own, however alike they are. So are alternatives, which
    are one group whoever read them.

    Parameters
    ----------
    observations : sequence of Observation
        Of one variable.
    combine : str, optional
        How the variable combines.

    Examples
    --------
    >>> common = {"case": "A>B", "variable": "welcome", "wording": "judgement", "unit": "ordinal:-2..2"}
    >>> ann = Observation(id="w1", coder="Ann", value=2, low=1, high=2, **common)
    >>> bob = Observation(id="w2", coder="Bob", value=1, low=0, high=2, **common)
    >>> [[one.id for one in fact] for fact in readings([ann, bob])]
    [['w1', 'w2']]
    """
    alike: dict[tuple[Hashable, ...], list[Observation]] = {}
    for one in observations:
        alike.setdefault(one.fact, []).append(one)
    coded = {fact for fact, group in alike.items() if len({one.coder for one in group}) > 1}
    several = set() if combine == "alternatives" else coded
    made: list[tuple[Observation, ...]] = []
    for one in observations:
        group = alike[one.fact]
        if one.fact not in several:
            made.append((one,))
        elif one is group[0]:
            made.append(tuple(group))
    return made


def grouped(observations: Iterable[Observation]) -> Groups:
    """Return observations that have a variable, by it and the case that they name."""
    made: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for one in observations:
        if one.variable is not None:
            made[one.variable, one.case].append(one)
    return {key: tuple(group) for key, group in made.items()}


def patterns(case: str) -> tuple[str, ...]:
    """Return the cases that an observation for a case may name, the most specific first.

    Examples
    --------
    >>> patterns("EU>KAZ")
    ('EU>KAZ', 'EU>*', '*>KAZ', '*>*')
    """
    actor, pair, partner = case.partition(">")
    return (case, f"{actor}>*", f"*>{partner}", "*>*") if pair else (case, "*")
