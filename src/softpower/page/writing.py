"""A profile as one HTML file that can be handed over, printed and questioned."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from softpower.analysis.uncertainty import uncertainty_analysis
from softpower.arguments import diagnosed
from softpower.draws.running import Progress, meter, part_of
from softpower.errors import FileError, MethodError, MissingExtraError, SpecificationError
from softpower.files import check_target, write_file
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.page.comparing import chosen
from softpower.page.contents import Page
from softpower.page.exploring import explorer_context
from softpower.page.wording import isolated
from softpower.result import Result
from softpower.scoring import score

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_LEVELS = 100
"""Of more levels a browser shows no list in a list, and nobody reads one."""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser lets the page do: it loads nothing, whatever is in it, and runs no script but the explorer's."""
SHARES = (20, 45, 35)
"""Of a hundred, how long the draws, the analyses and the pictures take."""
ENDINGS = (".html", ".htm")


@diagnosed
def report(
    data: Result | Profile | pd.DataFrame | str | Path,
    path: str | Path,
    framework: Framework | str | Path | None = None,
    *,
    methodology: Methodology | Mapping[str, Any] | None = None,
    scenario: Scenario | Mapping[str, Any] | str | None = None,
    n: int = 8192,
    rng: int | np.random.Generator | None = 0,
    compare: Sequence[str] | None = None,
    date: dt.date | str | None = None,
    overwrite: bool = False,
    progress: Progress = False,
) -> Path:
    """Write a study as one self-contained HTML file, and return its path.

    The finding comes first, with its interval and what of it is robust; then sliders for other weights, every number
    down to its facts, the analyses, the methodology in full, the references and a fingerprint. The page loads nothing
    from elsewhere. The same input gives the same bytes.

    Parameters
    ----------
    data, framework, methodology, scenario
        As for `score`.
    path : str or Path
        Where to write: a name that ends in .html.
    n : int
        How many draws the intervals rest on, where uncertainty is declared.
    rng : int or Generator
        The seed; the same gives the same page.
    compare : pair of str, optional
        The two cases that stand side by side, as ``("Finland", "Japan")``; without it the first two of the ranking.
    date : date or str, optional
        The date that the page bears, as 2024-05-31. Without it that of the variable SOURCE_DATE_EPOCH; without
        either the page bears none.
    overwrite : bool
        Whether a file that is there already may be replaced.
    progress : bool or function
        Whether to show on the terminal how far the page is, or a function of the hundredths done and 100.

    Returns
    -------
    Path

    Raises
    ------
    FileError
        If the file is there already, cannot be written, or is no .html file.
    MethodError
        If the date is none, or if there are no two such cases in one period to compare.
    MissingExtraError
        If jinja2 is not installed.
    SpecificationError
        If the framework has more than 100 levels.
    SoftPowerError
        If the data cannot be scored. An analysis that is refused has its reason on the page.

    Notes
    -----
    Misleads where the page is read without its fingerprint beside that of another: two pages of one title may rest on
    other facts or choices.

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame({"trade": [1.0, 3.0, 2.0], "visits": [4, 2, 3]}, index=["KAZ", "UZB", "KGZ"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     "<h1>" in report(frame, f"{folder}/ranking.html").read_text(encoding="utf-8")
    True
    """
    bearing = _date(date)
    _check_path(path, overwrite=overwrite)
    environment = _environment()
    # matplotlib and jinja2 come with the extra; whoever never writes a page needs neither.
    from softpower.page.gathering import gather
    from softpower.page.pictures import pictures
    from softpower.page.tracing import Study

    result = score(data, framework, methodology=methodology, scenario=scenario)
    if (levels := max(result.profile.framework.depths.values())) > MOST_LEVELS:
        what = f"the framework has {levels} levels below the composite, and a page shows {MOST_LEVELS} at most"
        raise SpecificationError.of("report", what, "Cut levels of which each has one child alone.")
    compared = None if compare is None else chosen(result, compare)
    declared = result.profile.uncertainty.declared
    with meter(progress, sum(SHARES)) as tick:
        drawing, analysing, picturing = (part_of(tick, share) for share in SHARES)
        drawn = uncertainty_analysis(result, n=n, rng=rng, progress=drawing) if declared else None
        drawing(1, 1)
        study = Study(result, drawn)
        page = gather(study, bearing, compared, analysing)
        text = render(environment, page, pictures(study, picturing), explorer_context(result))
    return write_file(path, text, overwrite=overwrite)


def render(environment: Environment, page: Page, pictures: Mapping[str, Any], explorer: Mapping[str, Any]) -> str:
    """Return a page as HTML, with every text of it escaped."""
    # The one script that may run is told by its hash: whatever else gets into the page does nothing.
    script = environment.get_template("explorer.js").render().encode()
    told = base64.b64encode(hashlib.sha256(script).digest()).decode()
    policy = f"{POLICY}; script-src 'sha256-{told}'"
    template = environment.get_template("page.html")
    return template.render(page=page, pictures=pictures, policy=policy, **explorer).lstrip()


def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ModuleNotFoundError:
        mend = "Install it: pip install 'softpower[report]'."
        raise MissingExtraError.of("report", "reports need jinja2, which is not installed", mend) from None
    return Environment(
        loader=PackageLoader("softpower.page"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: Any) -> Any:
    """Return whatever is put into the page: markup of our own as it is, texts so that they turn nothing around them."""
    return value if hasattr(value, "__html__") else isolated(str(value))


def _check_path(path: object, *, overwrite: bool) -> None:
    """Raise FileError before anything is computed where the file could not be written anyway."""
    if not isinstance(path, str | Path) or not str(path).strip():
        raise FileError.of("report: path", f"{path!r} is no path", "Name the file to be written.")
    if Path(path).suffix.lower() not in ENDINGS:
        raise FileError.of(str(path), "a report is an HTML file", "Let the name end in .html.")
    check_target(Path(path), overwrite=overwrite)


def _date(date: object) -> str | None:
    """Return the date that is given, or that of the environment, as a text."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if date is None and not epoch:
        return None
    try:
        if date is None:
            return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date().isoformat()
        if isinstance(date, dt.datetime):
            return date.date().isoformat()
        return date.isoformat() if isinstance(date, dt.date) else dt.date.fromisoformat(date).isoformat()  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        given, where = (epoch, "SOURCE_DATE_EPOCH") if date is None else (date, "report: date")
        mend = "Give whole seconds since 1970." if date is None else "Write it as 2024-05-31."
        raise MethodError.of(where, f"{given!r} is no date", mend) from None
