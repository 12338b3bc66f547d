"""How all pictures look: colours that the colour-blind and a grey printer tell apart, titles, a line for the source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from softpower.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, QUIET, FAINT, PAPER = "#1a1a1a", "#5a5a5a", "#d9d9d9", "#ffffff"
"""Text; what is said beside; lines of a grid; the ground. The first two have a contrast of 4.5 and more on the last."""
COLOURS = ("#0b4f8a", "#d98200", "#1f8a70", "#b5478f", "#6b6b6b", "#7a5195")
"""For what differs in kind, such as sources of soft power: apart in hue, and most of them in lightness."""
MARKERS = ("o", "s", "^", "D", "v", "P")
"""Beside the colours, so that nothing rests on colour alone."""
LOW_TO_HIGH = "cividis"
"""For amounts: as light to the colour-blind as to others, and rising in grey."""
APART = "PuOr"
"""For what goes two ways from a middle."""
SETTINGS: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
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
    "xtick.color": QUIET,
    "ytick.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.bbox": "tight",
    "svg.hashsalt": "softpower",
    "svg.fonttype": "path",
}


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
    with mpl.rc_context(SETTINGS):
        yield


def canvas(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes that are given, or new ones of so many inches; inside `styled`."""
    if ax is not None:
        return ax
    # No pyplot: it would keep the figure, and may open a window.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def entitle(
    ax: Axes, finding: str, source: str = "", *, columns: int = 72, below: float = 26.0, left: float = 0.0
) -> None:
    """Write the finding above and the source below, broken into lines so that nothing is cut.

    Parameters
    ----------
    ax : Axes
    finding, source : str
    columns : int
        So many letters of the title fit beside each other.
    below : float
        So many points the ticks and the label of the axis take, under which the source stands.
    left : float
        So many points the labels of the rows take, above which the title begins.
    """
    # A number and its percent sign stay on one line.
    lines = textwrap.wrap(finding.replace(" %", "\u00a0%"), columns)
    # Where no ticks are above there is nothing to keep clear of, and looking for it takes as long as drawing.
    place = None if any(one.xaxis.get_ticks_position() == "top" for one in ax.figure.axes) else 1.0
    title = ax.set_title("\n".join(lines).replace("\u00a0%", " %"), pad=10, y=place)
    if left:
        from matplotlib.transforms import ScaledTranslation

        title.set_transform(title.get_transform() + ScaledTranslation(-left / 72, 0, ax.figure.dpi_scale_trans))
    if source:
        ax.annotate(
            "\n".join(textwrap.wrap(f"Source: {source}", round(columns * 1.6))),
            xy=(0.0, 0.0),
            xycoords="axes fraction",
            xytext=(-left, -below - (14.0 if ax.get_xlabel() else 0.0)),
            textcoords="offset points",
            ha="left",
            va="top",
            fontsize=7.5,
            color=QUIET,
            annotation_clip=False,
        )
