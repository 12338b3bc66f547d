"""What the commands can be told: each argument and option once, as the type of a parameter."""

from enum import StrEnum
from typing import Annotated

import typer

DRAWS = 8192
"""So many draws where nobody says how many."""


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Gravity(StrEnum):
    """From what on an audit fails."""

    SERIOUS = "serious"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


class Groups(StrEnum):
    """How factors are taken together."""

    SINGLE = "single"
    KINDS = "kinds"


class Sampling(StrEnum):
    """How points are made."""

    SOBOL = "sobol"
    RANDOM = "random"


class Undated(StrEnum):
    """What becomes of facts without a date."""

    LEAVE_OUT = "leave_out"
    CONSTANT = "constant"


NameOrPath = Annotated[
    str, typer.Argument(metavar="NAME_OR_PATH", help="A profile that ships, a folder, or a table: .csv or .xlsx.")
]
Framework = Annotated[str | None, typer.Option(help="Another framework: one that ships, or a folder.")]
Methodology = Annotated[
    list[str] | None,
    typer.Option(help="A change like aggregate=geometric or floor=1, or a TOML file of choices. May be repeated."),
]
Sets = Annotated[str | None, typer.Option(help="Which indicators: base, extended, or base,extended.")]
ScenarioName = Annotated[
    str | None, typer.Option(help="One of the profile's scenarios; `softpower scenarios` lists them.")
]
Uncertainty = Annotated[
    list[str] | None,
    typer.Option(help="What is uncertain, like weights=simplex, or a TOML file; replaces what the profile declares."),
]
Node = Annotated[str | None, typer.Option(help="A dimension or an indicator; the composite by default.")]
Case = Annotated[str | None, typer.Option(help="One case; all by default.")]
Period = Annotated[str | None, typer.Option(help="Which period, like 2001 or 2001-05, where there are several.")]
Draws = Annotated[int, typer.Option(min=1, help="How many draws.")]
Depth = Annotated[int, typer.Option(min=0, help="How many levels the table shows below the composite.")]
SamplingMethod = Annotated[Sampling, typer.Option(help="Scrambled Sobol points, or pseudo-random ones.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")]
PrintedAs = Annotated[Format, typer.Option("--format", help="How to print.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file that is there.")]
AsOf = Annotated[
    str | None,
    typer.Option(help="A year, or a day like 2005-06-30: what sources date by then; all of the window by default."),
]
Years = Annotated[str | None, typer.Option(help="Like 1991-2022, or 1991,2001,2013; by default the whole window.")]
UndatedFacts = Annotated[
    Undated, typer.Option("--undated", help="Whether facts without a date are left out, or hold in every year.")
]
Phases = Annotated[str | None, typer.Option(help="Spans of years to compare, like 1991-2001,2002-2013,2014-2022.")]
Comparable = Annotated[bool, typer.Option("--comparable", help="Only indicators that are observed in every year.")]
DrawsOrBounds = Annotated[int, typer.Option(min=0, help="How many draws the intervals rest on; 0 for bounds.")]
