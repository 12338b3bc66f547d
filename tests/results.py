"""The results that public functions and methods return, by the names of their classes."""

NAMES = [
    "Agreement",
    "Audit",
    "Changes",
    "Comparison",
    "Explanation",
    "Result",
    "Reversal",
    "Screening",
    "SensitivityResult",
    "Trajectory",
    "UncertaintyResult",
    "WeightSpace",
]
