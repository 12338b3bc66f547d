"""Pictures as part of a page: no file, no font and no script of their own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from markupsafe import Markup, escape

from softpower import plot
from softpower.errors import SoftPowerError
from softpower.page.tracing import Study
from softpower.page.wording import isolated
from softpower.plot.style import styled, styled_afresh

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Found = TypeVar("Found")

MOST_ROWS, MOST_CELLS = 60, 30
"""Of more cases a ranking, or a heat map of their ranks, is taller than a page and larger than its tables."""
POINTS, MARGIN = 72, 0.1
"""So many points an inch has; so many inches are left around a picture."""


def svg(draw: Callable[[], Axes], alt: str, *, name: str) -> Markup:
    """Return a picture as an element that says what it shows.

    Parameters
    ----------
    draw : function
        Draws it, and returns its axes.
    alt : str
        What it shows, in words.
    name : str
        Letters, digits and hyphens that go before the ids of its parts, which are then unique on the page.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    with styled():
        figure: Figure = draw().get_figure(root=True)  # type: ignore[assignment]
        text = _written(figure)
    text = text[text.index("<svg") :]
    # Comments hold the texts that are drawn, which may come from a file; the metadata name addresses.
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    # Only what is referred to needs an id; what is drawn in groups would repeat its own.
    referred = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
    text = re.sub(r' id="([^"]*)"', lambda found: f' id="{name}-{found[1]}"' if found[1] in referred else "", text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    label = escape(isolated(alt))
    # Text is drawn as paths: nothing of what is left was written by others.
    return Markup(text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))


def _written(figure: Figure) -> str:
    """Return a figure as SVG that is as large as what is drawn, with its coordinates to a hundredth of a point."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

    class Canvas(FigureCanvasSVG):
        """Lays out with what draws, so that each text is measured once; `savefig` draws everything twice."""

        def get_renderer(self) -> RendererSVG:
            return renderer

    figure.set_dpi(POINTS)
    figure.patch.set_visible(False)
    width, height = figure.get_size_inches() * POINTS
    written = io.StringIO()
    renderer = RendererSVG(width, height, written, metadata={"Date": None})  # type: ignore[no-untyped-call]
    Canvas(figure)
    figure.draw(renderer)
    renderer.finalize()  # type: ignore[no-untyped-call]
    box = figure.get_tightbbox(renderer).padded(MARGIN)
    left, top = POINTS * box.x0, height - POINTS * box.y1
    wide, high = POINTS * box.width, POINTS * box.height
    size = f'width="{wide:.2f}pt" height="{high:.2f}pt" viewBox="{left:.2f} {top:.2f} {wide:.2f} {high:.2f}"'
    text = re.sub(r'width="[^"]*" height="[^"]*" viewBox="[^"]*"', size, written.getvalue(), count=1)
    return re.sub(r'(?<= [dxy]=")[^"]+', lambda found: re.sub(r"(\.\d\d)\d+", r"\1", found[0]), text)


def pictures(study: Study, told: Callable[[int, int], object] = lambda *_: None) -> Mapping[str, Markup]:
    """Return the pictures of a page by the anchor of the place where each stands.

    A picture that has no meaning for the study, such as a triangle of four weights, is left out: the table that stands
    in the same place says as much.

    Parameters
    ----------
    study : Study
        ``finding`` is the anchor of the first screen; cases and sections have their own.
    told : function
        Is told how many pictures are drawn, and how many are to be.
    """
    shown = study.drawn or study.result
    several = len(study.result.cases) > 1
    drawings: dict[str, Callable[[], Axes]] = {}
    if len(study.labels) == 1:
        drawings["finding"] = lambda: plot.profile(shown)
        drawings[study.anchors.of("case", study.labels[0])] = lambda: plot.contributions(study.result)
        drawings["scenarios"] = lambda: plot.scenarios(study.scenarios)
    elif several and study.result.index.nlevels == 1 and len(study.labels) <= MOST_ROWS:
        drawings["finding"] = lambda: plot.ranking(shown)
        drawings["coverage"] = lambda: plot.missing(study.result)
    drawn = study.drawn
    if drawn is not None and study.result.index.nlevels == 1:
        if several and len(study.labels) <= MOST_CELLS:
            drawings["uncertainty"] = lambda: plot.acceptability(drawn)
        if not several:
            drawings["specification-curve"] = lambda: plot.specifications(drawn)
            drawings["tornado"] = lambda: plot.tornado(_there(study.tornado), profile=study.result.profile)
        drawings["sensitivity"] = lambda: plot.sensitivity(_there(study.sensitivity))
    if study.result.index.nlevels == 1:
        drawings["weight-space"] = lambda: plot.simplex(study.result)
    made: dict[str, Markup] = {}
    for done, (anchor, draw) in enumerate(drawings.items()):
        told(done, len(drawings))
        with styled_afresh():
            try:
                ax = draw()
            except SoftPowerError:
                continue
            made[anchor] = svg(partial(_same, ax), ax.get_title(loc="left").replace("\n", " "), name=anchor)
    told(1, 1)
    return made


def _there(found: Found | None) -> Found:
    """Return what there is wherever anything is drawn."""
    assert found is not None
    return found


def _same(ax: Axes) -> Axes:
    return ax
