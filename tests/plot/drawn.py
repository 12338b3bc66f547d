"""What tests of pictures ask of axes."""

import numpy as np


def texts(ax):
    """The texts that are written in and around the axes, names of rows aside."""
    return [one.get_text() for one in ax.texts]


def lines_at(ax, place):
    """The ends of the lines that lie in a row."""
    found = [line.get_xydata() for line in ax.lines]
    return [line[:, 0].tolist() for line in found if len(line) == 2 and np.allclose(line[:, 1], place)]


def overlapping(ax):
    """Pairs of texts whose boxes share more than a pixel."""
    figure = ax.figure
    figure.draw_without_rendering()
    boxes = [*ax.texts, *ax.get_yticklabels(), ax._left_title, ax.xaxis.label]
    known = [(one.get_text(), one.get_window_extent()) for one in boxes if one.get_text() and one.get_visible()]
    known.sort(key=lambda pair: pair[1].y0)
    found = []
    for place, (text, box) in enumerate(known):
        for other, its in known[place + 1 :]:
            if its.y0 > box.y1:
                break
            wide = min(box.x1, its.x1) - max(box.x0, its.x0)
            high = min(box.y1, its.y1) - max(box.y0, its.y0)
            if wide > 1 and high > 1:
                found.append((text, other))
    return found


def sizes_of(collection):
    """The sizes of dots; none of lines."""
    return collection.get_sizes().tolist() if hasattr(collection, "get_sizes") else []
