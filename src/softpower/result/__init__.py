"""What a score returns, and its explanation."""

from softpower.result.fingerprints import fingerprint
from softpower.result.lookup import check_level
from softpower.result.notebook import ROWS, captioned
from softpower.result.result import Explanation, Result
from softpower.result.ties import TIE, in_steps

__all__ = ["ROWS", "TIE", "Explanation", "Result", "captioned", "check_level", "fingerprint", "in_steps"]
