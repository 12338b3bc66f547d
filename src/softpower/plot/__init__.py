"""Pictures of results: each takes ``ax=``, returns it, and shows nothing by itself.

``ax.figure.savefig("profile.png")`` writes one. matplotlib (``softpower[plot]``) is imported when one is drawn.
"""

from softpower.plot.bars import sensitivity, tornado
from softpower.plot.before_after import treatment
from softpower.plot.branches import framework
from softpower.plot.curve import specifications
from softpower.plot.dots import profile
from softpower.plot.dumbbells import strengths
from softpower.plot.heat import correlations, missing
from softpower.plot.ladder import scenarios
from softpower.plot.movements import changes
from softpower.plot.pairs import pairwise
from softpower.plot.ranks import acceptability, ranking
from softpower.plot.ternary import simplex
from softpower.plot.trajectories import trajectory
from softpower.plot.waterfall import contributions

__all__ = [
    "acceptability",
    "changes",
    "contributions",
    "correlations",
    "framework",
    "missing",
    "pairwise",
    "profile",
    "ranking",
    "scenarios",
    "sensitivity",
    "simplex",
    "specifications",
    "strengths",
    "tornado",
    "trajectory",
    "treatment",
]
