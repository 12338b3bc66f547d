"""What tests of pictures ask of axes."""

import numpy as np


def texts(ax):
    """The texts that are written in and around the axes, names of rows aside."""
    return [one.get_text() for one in ax.texts]


def lines_at(ax, place):
    """The ends of the lines that lie in a row."""
    found = [line.get_xydata() for line in ax.lines]
    return [line[:, 0].tolist() for line in found if len(line) == 2 and np.allclose(line[:, 1], place)]


def sizes_of(collection):
    """The sizes of dots; none of lines."""
    return collection.get_sizes().tolist() if hasattr(collection, "get_sizes") else []
