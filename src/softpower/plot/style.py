"""How all pictures look: colours that the colour-blind and a grey printer tell apart, titles, a line for the source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from softpower.errors import MissingExtraError, SpecificationError
from softpower.plot.lines import broken
from softpower.steps.measures import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, QUIET, FAINT, PAPER = "#1a1a1a", "#5a5a5a", "#d9d9d9", "#ffffff"
"""Text; what is said beside; lines of a grid; the ground. The first two have a contrast of 4.5 and more on the last."""
COLOURS = ("#0b4f8a", "#d98200", "#1f8a70", "#b5478f", "#6b6b6b", "#7a5195")
"""For what differs in kind, such as sources of soft power: apart in hue, and most of them in lightness."""
MARKERS = ("o", "s", "^", "D", "v", "P")
"""Beside the colours, so that nothing rests on colour alone."""
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")
"""Beside the colours, where they fill."""
LOW_TO_HIGH = "cividis"
"""For amounts: as light to the colour-blind as to others, and rising in grey."""
APART = "PuOr"
"""For what goes two ways from a middle."""
LETTER = 7.5
"""About so many points takes a letter of a title."""
LEAST_LETTERS = 20
"""A line of a title or a foot has so many at least, however small the axes that are given."""
FONT = "DejaVu Sans"
OTHER_FONTS = (
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "Malgun Gothic",
    "Nirmala UI",
    "Arial Unicode MS",
    "Last Resort High-Efficiency",
)
"""What `FONT` lacks is taken from the first of these that is installed; the last, of matplotlib, has boxes for all."""
SETTINGS: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": [FONT],
    "font.size": 9.0,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a title is a dollar sign
    "text.usetex": False,  # a text is drawn, never run by TeX
    "xtick.color": QUIET,
    "ytick.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.bbox": "tight",
    "svg.hashsalt": "softpower",
    "svg.fonttype": "path",
}
_DRAWING = RLock()
"""matplotlib has one set of settings for all threads: one thread at a time draws."""


@contextmanager
def styled() -> Iterator[None]:
    """Draw with these settings, and leave those of others as they were.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ModuleNotFoundError:
        mend = "Install it: pip install 'softpower[plot]'."
        raise MissingExtraError.of("plot", "plots need matplotlib, which is not installed", mend) from None
    with _DRAWING, mpl.rc_context(SETTINGS):
        yield


@contextmanager
def styled_afresh() -> Iterator[None]:
    """Draw with these settings on those of matplotlib, and with none of a user's, so that all get the same picture.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    with styled():
        from matplotlib import style

        with style.context(["default", SETTINGS]):
            yield


def others_for(text: str) -> list[str]:
    """Return the fonts that a text needs, `FONT` first; none where that has all of its letters."""
    if text.isascii():
        return []
    from matplotlib.font_manager import findfont, fontManager, get_font

    letters = get_font(findfont(FONT)).get_charmap()
    if all(ord(one) in letters or one.isspace() for one in text):
        return []
    # Of a font that is not installed matplotlib complains.
    there = set(fontManager.get_font_names())
    return [FONT, *(name for name in OTHER_FONTS if name in there)]


def legible(ax: Axes) -> None:
    """Let every text of axes stand for itself: no letter is a command, and none is missing."""
    from matplotlib.text import Text

    for text in ax.findobj(Text):
        text.set_parse_math(False)
        text.set_usetex(False)
        if fonts := others_for(text.get_text()):
            # Those fonts are not all there in bold.
            text.set(fontfamily=fonts, fontweight="normal")


def canvas(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes that are given, or new ones of so many inches; inside `styled`."""
    if _given(ax):
        ax.spines[["top", "right"]].set_visible(False)
        return ax
    # No pyplot: it would keep the figure, and may open a window.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def luminance(colours: Floats) -> Floats:
    """Return the relative luminance of colours by WCAG 2: 0.2126 R + 0.7152 G + 0.0722 B, each made linear.

    Parameters
    ----------
    colours : array of shape (..., 3 or more)
        In red, green and blue from 0 to 1; what follows is left out.
    """
    parts = np.asarray(colours, dtype=float)[..., :3]
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def text_on(colour: Floats) -> str:
    """Return black or white, whichever has more contrast with a ground: 4.5 at least."""
    return "#000000" if luminance(colour) > 0.179 else PAPER


def _given(ax: object) -> TypeGuard[Axes]:
    """Whether axes are given; raise SpecificationError where it is something else."""
    from matplotlib.axes import Axes

    if ax is not None and not isinstance(ax, Axes):
        mend = "Give axes of matplotlib, of which figure.subplots() makes one or an array, or leave it out."
        raise SpecificationError.of("plot: ax", f"a {type(ax).__name__} is given", mend)
    return ax is not None


def inches_across(ax: Axes | None, wanted: float) -> float:
    """Return how many inches axes are wide: those that are given, or as wanted."""
    return ax.get_window_extent().width / _inch(ax) if _given(ax) else wanted


def _inch(ax: Axes) -> float:
    """Return how many pixels an inch has."""
    return float(ax.get_figure(root=True).dpi)  # type: ignore[union-attr]


def entitle(
    ax: Axes,
    finding: str,
    source: str,
    *,
    note: str = "",
    columns: int = 72,
    below: float = 26.0,
    left: float = 0.0,
) -> None:
    """Write the finding above, and below how to read the picture and its source; the last thing that is drawn.

    Parameters
    ----------
    ax : Axes
    finding, source : str
        Broken into lines so that nothing is cut.
    note : str
        How to read the picture, and what is not shown.
    columns : int
        So many letters of the title fit beside each other.
    below : float
        So many points the ticks and the label of the axis take, under which the source stands.
    left : float
        So many points the labels of the rows take, above which the title begins.
    """
    columns = min(columns, int((_room(ax) + left) / LETTER))
    # A number and its percent sign stay on one line.
    lines = broken(finding.replace(" %", "\u00a0%"), max(columns, LEAST_LETTERS))
    # Where no ticks are above there is nothing to keep clear of, and looking for it takes as long as drawing.
    place = None if any(one.xaxis.get_ticks_position() == "top" for one in ax.figure.axes) else 1.0
    title = ax.set_title(lines.replace("\u00a0%", " %"), pad=10, y=place)
    if left:
        from matplotlib.transforms import ScaledTranslation

        title.set_transform(title.get_transform() + ScaledTranslation(-left / 72, 0, ax.figure.dpi_scale_trans))
    said = [broken(text, max(round(columns * 1.6), LEAST_LETTERS)) for text in (note, f"Source: {source}") if text]
    label = ax.get_xlabel()
    ax.annotate(
        "\n".join(said),
        xy=(0.0, 0.0),
        xycoords="axes fraction",
        xytext=(-left, -below - (14.0 + 10.0 * label.count("\n") if label else 0.0)),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=7.5,
        color=QUIET,
        annotation_clip=False,
    )
    legible(ax)


def _room(ax: Axes) -> float:
    """Return how many points a title may take: the width of a figure of one picture, else that of the axes."""
    figure, spec = ax.get_figure(root=True), ax.get_subplotspec()
    alone = spec is not None and spec.get_gridspec().get_geometry() == (1, 1)
    box = figure.bbox if alone and figure is not None else ax.get_window_extent()
    return float(box.width) * 72 / _inch(ax)
