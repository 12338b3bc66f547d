"""What a score returns, and its explanation."""

from softpower.result.fingerprints import fingerprint
from softpower.result.lookup import check_label, check_level, label_problem, place_of, row_of, rows_of
from softpower.result.notebook import ROWS, captioned
from softpower.result.result import Explanation, Result
from softpower.result.rows import by_each, repeated, tiled
from softpower.result.ties import TIE, in_steps, steps_of, tie_of, width_of

__all__ = [
    "ROWS",
    "TIE",
    "Explanation",
    "Result",
    "by_each",
    "captioned",
    "check_label",
    "check_level",
    "fingerprint",
    "in_steps",
    "label_problem",
    "place_of",
    "repeated",
    "row_of",
    "rows_of",
    "steps_of",
    "tie_of",
    "tiled",
    "width_of",
]
