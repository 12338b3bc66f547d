"""The public names, brought together: what `softpower` shows once one of them is asked for."""

from softpower.analysis.admissible import WeightSpace, weight_space
from softpower.analysis.ahead import strengths
from softpower.analysis.coders import Agreement, agreement
from softpower.analysis.comparison import Comparison, compare
from softpower.analysis.influences import influence
from softpower.analysis.leaving_out import drop_each
from softpower.analysis.movements import Changes, changes
from softpower.analysis.one_at_a_time import tornado
from softpower.analysis.reversing import Reversal
from softpower.analysis.scenarios import score_scenarios
from softpower.analysis.screening import Screening, screen
from softpower.analysis.sensitivity import SensitivityResult, sensitivity_analysis
from softpower.analysis.swinging import swings
from softpower.analysis.trajectories import Trajectory, trajectory
from softpower.analysis.trends import growth
from softpower.analysis.turning import flips
from softpower.analysis.uncertainty import UncertaintyResult, uncertainty_analysis
from softpower.auditing.findings import Finding, Thresholds
from softpower.auditing.inspecting import Audit, audit
from softpower.catalogue import load_framework, load_profile
from softpower.errors import (
    ExecutionError,
    Fault,
    FileError,
    MethodError,
    MissingExtraError,
    NotFoundError,
    ObservationError,
    SoftPowerError,
    SpecificationError,
)
from softpower.model.claim import Claim
from softpower.model.framework import Framework
from softpower.model.methodology import Methodology
from softpower.model.observation import Observation
from softpower.model.period import Period
from softpower.model.profile import Profile
from softpower.model.scenario import Scenario
from softpower.model.uncertainty import Uncertainty
from softpower.page.writing import report
from softpower.registry import register
from softpower.result import Explanation, Result
from softpower.scoring import score
from softpower.studies import from_frame

__all__ = [
    "Agreement",
    "Audit",
    "Changes",
    "Claim",
    "Comparison",
    "ExecutionError",
    "Explanation",
    "Fault",
    "FileError",
    "Finding",
    "Framework",
    "MethodError",
    "Methodology",
    "MissingExtraError",
    "NotFoundError",
    "Observation",
    "ObservationError",
    "Period",
    "Profile",
    "Result",
    "Reversal",
    "Scenario",
    "Screening",
    "SensitivityResult",
    "SoftPowerError",
    "SpecificationError",
    "Thresholds",
    "Trajectory",
    "Uncertainty",
    "UncertaintyResult",
    "WeightSpace",
    "agreement",
    "audit",
    "changes",
    "compare",
    "drop_each",
    "flips",
    "from_frame",
    "growth",
    "influence",
    "load_framework",
    "load_profile",
    "register",
    "report",
    "score",
    "score_scenarios",
    "screen",
    "sensitivity_analysis",
    "strengths",
    "swings",
    "tornado",
    "trajectory",
    "uncertainty_analysis",
    "weight_space",
]
