"""Pearson's correlation: of columns that lie side by side, and of all columns of a table without gaps."""

from __future__ import annotations

import numpy as np

from softpower.steps.measures import Floats

LEAST = 3
"""So many cases a correlation, or a regression, needs: any two lie on a line."""


def centred(values: Floats) -> Floats:
    """Return numbers about their mean along the first axis, the widest apart by 1, so that no square overflows.

    Zero where one is missing, and all zero where none differ.

    Examples
    --------
    >>> centred(np.array([1.0, np.nan, 2.0, 3.0]))
    array([-0.5,  0. ,  0. ,  0.5])
    """
    there = ~np.isnan(values)
    shifted = values / 2 - np.fmin.reduce(values) / 2
    widest = np.fmax.reduce(shifted)
    shifted = np.where(there, shifted / np.where(widest > 0, widest, 1.0), 0.0)
    with np.errstate(invalid="ignore"):
        mean = shifted.sum(axis=0) / there.sum(axis=0)
    return np.where(there, shifted - mean, 0.0)


def correlation(x: Floats, y: Floats) -> Floats:
    """Return the correlation of numbers that are centred: sum of x y / sqrt(sum of x^2 times sum of y^2).

    Parameters
    ----------
    x, y : arrays of shape (cases, ...)
        As `centred` returns them for the cases that have both.

    Returns
    -------
    array of shape (...)
        NaN where one of them is zero throughout.

    Examples
    --------
    >>> float(correlation(centred(np.array([1.0, 2.0, 3.0])), centred(np.array([2.0, 1.0, 3.0]))))
    0.5
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        made = (x * y).sum(axis=0) / np.sqrt(np.square(x).sum(axis=0) * np.square(y).sum(axis=0))
    return np.asarray(np.clip(made, -1.0, 1.0))


def of_length_one(values: Floats) -> Floats:
    """Return columns about their means, the squares of each adding up to one: their products are correlations.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Without gaps, and no column the same in every case.
    """
    x = centred(values)
    return np.asarray(x / np.sqrt(np.square(x).sum(axis=0)))


def correlation_matrix(values: Floats) -> Floats:
    """Return the correlations of all columns of a table.

    Parameters
    ----------
    values : array of shape (cases, indicators)
        Without gaps, and no column the same in every case.

    Returns
    -------
    array of shape (indicators, indicators)

    Examples
    --------
    >>> correlation_matrix(np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])).round(12)
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    x = of_length_one(values)
    matrix = np.clip(x.T @ x, -1.0, 1.0)
    np.fill_diagonal(matrix, 1.0)
    return np.asarray(matrix)
