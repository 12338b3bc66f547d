"""Laws of the Human Development Index."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.strategies import fewer, numbers
from softpower import load_framework, score

HDI = load_framework("hdi")
UNIT = {"normalise": {"method": "goalposts", "low": 0, "high": 1}}
COLUMNS = ("life_expectancy", "expected_schooling", "mean_schooling", "gni_per_capita")
COUNTRY = st.tuples(numbers(21, 95), numbers(0.5, 25), numbers(0.0, 16), numbers(101, 200_000))


def by_hand(life: float, expected: float, mean: float, income: float) -> float:
    """The index as its technical note has it, with nothing but `math`."""
    health = (min(life, 85) - 20) / (85 - 20)
    knowledge = (min(expected, 18) / 18 + min(mean, 15) / 15) / 2
    living = (math.log(min(income, 75000)) - math.log(100)) / (math.log(75000) - math.log(100))
    return math.prod((health, knowledge, living)) ** (1 / 3)


@fewer
@given(st.lists(COUNTRY, min_size=1, max_size=6))
def test_it_is_what_the_technical_note_computes(rows):
    """Each country by itself, whoever else is in the table."""
    frame = pd.DataFrame(rows, index=[f"C{place}" for place in range(len(rows))], columns=COLUMNS)
    made = score(frame, framework=HDI, methodology=UNIT).composite
    assert made.tolist() == pytest.approx([by_hand(*row) for row in rows])


@fewer
@given(COUNTRY, st.integers(0, 3), numbers(0, 5))
def test_more_of_a_component_never_lowers_it(row, place, more):
    """Monotone in every component, also beyond the goalposts."""
    raised = list(row)
    raised[place] += more
    frame = pd.DataFrame([row, raised], index=["A", "B"], columns=COLUMNS)
    before, after = score(frame, framework=HDI, methodology=UNIT).composite
    assert after >= before - 1e-12
