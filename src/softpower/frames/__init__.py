"""DataFrames and CSV texts, wide or tidy, checked cell by cell into a table of values."""

from softpower.frames.columns import holds_labels, is_tidy
from softpower.frames.faults import FRAME
from softpower.frames.reading import read_frame
from softpower.frames.texts import parse_csv, typed

__all__ = ["FRAME", "holds_labels", "is_tidy", "parse_csv", "read_frame", "typed"]
