"""What a grey printer and the colour-blind see, by the published formulas."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from softpower.plot.style import (
    APART,
    COLOURS,
    FAINT,
    HATCHES,
    INK,
    LOW_TO_HIGH,
    MARKERS,
    PAPER,
    QUIET,
    canvas,
    entitle,
    legible,
    luminance,
    others_for,
    styled,
    text_on,
)

DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
"""Machado, Oliveira and Fernandes, IEEE Transactions on Visualization and Computer Graphics 15, 2009, 1291-1298."""


def contrast(one, other):
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((float(luminance(np.array(to_rgb(colour)))) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightness(colours):
    """CIE L* of relative luminance, from 0 to 100."""
    bright = luminance(np.asarray(colours))
    return np.where(bright > 0.008856, 116 * np.cbrt(bright) - 16, 903.3 * bright)


def linear(colour):
    parts = np.array(to_rgb(colour))
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def test_luminance_and_contrast_are_those_of_the_standard():
    assert luminance(np.array([[1.0, 1, 1], [0, 0, 0], [1, 0, 0]])).tolist() == pytest.approx([1.0, 0.0, 0.2126])
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    # The lightest grey that still passes on white is well known.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colour", [INK, QUIET])
def test_texts_can_be_read_on_the_ground(colour):
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("name", [LOW_TO_HIGH, APART])
def test_texts_can_be_read_in_every_cell(name):
    for colour in mpl.colormaps[name](np.linspace(0, 1, 256)):
        assert contrast(text_on(colour), colour[:3]) >= 4.5


def test_every_colour_can_be_seen_on_the_ground_and_beside_what_is_faint():
    for colour in COLOURS:
        assert contrast(colour, PAPER) >= 2.5
        assert contrast(colour, FAINT) >= 1.8


def test_what_differs_in_kind_has_a_marker_and_a_hatch_of_its_own_beside_its_colour():
    assert len(set(COLOURS)) == len(set(MARKERS)) == len(set(HATCHES)) == len(COLOURS)
    first = lightness([to_rgb(colour) for colour in COLOURS[:2]])
    # The two that stand beside each other where there are two kinds alone.
    assert abs(first[0] - first[1]) >= 20


@pytest.mark.parametrize("matrix", [DEUTERANOPIA, PROTANOPIA])
def test_the_three_colours_in_front_are_apart_for_the_colour_blind(matrix):
    seen = [np.clip(matrix @ linear(colour), 0, 1) for colour in COLOURS[:3]]
    assert min(np.abs(one - other).max() for one, other in combinations(seen, 2)) >= 0.1


def test_amounts_rise_in_lightness():
    assert (np.diff(lightness(mpl.colormaps[LOW_TO_HIGH](np.linspace(0, 1, 64)))) > 0).all()


def test_what_goes_two_ways_darkens_from_the_middle_and_is_apart_for_the_colour_blind():
    """In grey the ends look alike: `correlations` writes a minus, or a stroke, into what is negative."""
    light = lightness(mpl.colormaps[APART](np.linspace(0, 1, 65)))
    assert (np.diff(light[:33]) > 0).all()
    assert (np.diff(light[32:]) < 0).all()
    low, high = (linear(colour[:3]) for colour in mpl.colormaps[APART]([0.1, 0.9]))
    for matrix in (DEUTERANOPIA, PROTANOPIA):
        assert np.abs(np.clip(matrix @ low, 0, 1) - np.clip(matrix @ high, 0, 1)).max() >= 0.1


def test_letters_that_the_font_lacks_come_from_others_and_the_weight_of_those_is_plain():
    assert others_for("plain") == others_for("Қазақстан \N{MINUS SIGN}1") == []
    assert others_for("中国")[0] == "DejaVu Sans"
    with styled():
        ax = canvas(None, 4, 3)
        entitle(ax, "中国 $x$", "a source", note="a note")
    title = ax._left_title
    assert title.get_text() == "中国 $x$"
    assert title.get_weight() == "normal"
    assert not title.get_parse_math()
    assert ax.texts[-1].get_text() == "a note\nSource: a source"


def test_axes_of_others_forget_that_dollars_are_commands():
    ax = Figure().subplots()
    ax.set_yticks([0.0], ["$\\frac$"])
    legible(ax)
    assert not ax.get_yticklabels()[0].get_parse_math()
