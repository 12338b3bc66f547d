"""Which texts of a picture overlap, and which stick out of it, as they come out when drawn."""

from collections.abc import Iterator
from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TOUCHING = 0.5
"""Boxes that share so many pixels touch at most."""


def overlapping(ax: Axes) -> list[tuple[str, str]]:
    """Return the pairs of texts in the figure of the axes whose boxes overlap."""
    return [
        (one, other)
        for (one, here), (other, there) in combinations(_drawn(ax), 2)
        if min(here.x1, there.x1) - max(here.x0, there.x0) > TOUCHING
        and min(here.y1, there.y1) - max(here.y0, there.y0) > TOUCHING
    ]


def cut(ax: Axes) -> list[str]:
    """Return the texts that stick out of the figure of the axes."""
    frame = _figure(ax).bbox
    return [
        text
        for text, box in _drawn(ax)
        if min(box.x0, box.y0) < -TOUCHING or box.x1 > frame.x1 + TOUCHING or box.y1 > frame.y1 + TOUCHING
    ]


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def _drawn(ax: Axes) -> list[tuple[str, Bbox]]:
    """Return every text that is seen, with its box in pixels."""
    canvas = FigureCanvasAgg(_figure(ax))
    # Lays everything out, and spares the time of painting it.
    canvas.figure.draw_without_rendering()
    found = [text for one in canvas.figure.axes for text in _texts(one)] + list(canvas.figure.texts)
    renderer = canvas.get_renderer()
    return [(one.get_text(), one.get_window_extent(renderer)) for one in found if _seen(one)]


def _texts(ax: Axes) -> Iterator[Text]:
    yield from (child for child in ax.get_children() if isinstance(child, Text))
    legend = ax.get_legend()
    yield from legend.get_texts() if legend is not None else []
    for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
        yield axis.label
        yield from _ticks(axis)


def _ticks(axis: Axis) -> Iterator[Text]:
    """Yield the labels of the ticks in view: others exist, and are never drawn."""
    low, high = sorted(axis.get_view_interval())
    for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
        if axis.get_visible() and low <= tick.get_loc() <= high:
            yield from (tick.label1, tick.label2)


def _seen(text: Text) -> bool:
    return text.get_visible() and bool(text.get_text().strip())
