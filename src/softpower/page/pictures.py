"""Pictures as part of a page: no file, no font and no script of their own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from softpower.page.tracing import Study
from softpower.page.wording import isolated
from softpower.plot.style import styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


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
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    # Comments hold the texts that are drawn, which may come from a file; the metadata name addresses.
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    label = escape(isolated(alt))
    # Text is drawn as paths: nothing of what is left was written by others.
    return Markup(text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))


def pictures(study: Study) -> Mapping[str, Markup]:  # noqa: ARG001 - no picture is drawn yet
    """Return the pictures of a page by the anchor of the place where each stands.

    Parameters
    ----------
    study : Study
        ``finding`` is the anchor of the first screen; cases and sections have their own.
    """
    return {}
