"""Every public function and method with arguments that are right, to be made wrong one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import softpower
from softpower import interop, plot

SOUND = Path(__file__).parent.parent / "broken" / "sound"
LINES = pd.MultiIndex.from_product([["X", "Y", "Z"], [2019, 2020]], names=["case", "period"])
DRAWS = 8


@dataclass(frozen=True)
class Target:
    """A function with arguments that are right; ``arguments`` makes them anew for each call."""

    name: str
    function: Callable[..., Any]
    arguments: Mapping[str, Any]


def cases() -> pd.DataFrame:
    return pd.DataFrame({"a": [1.0, 3.0, 2.0, 5.0], "b": [4.0, 2.0, 5.0, 1.0]}, index=["X", "Y", "Z", "W"])


def panel() -> pd.DataFrame:
    return pd.DataFrame({"a": [1.0, 3.0, 2.0, 5.0, 4.0, 2.5], "b": [4.0, 2.0, 5.0, 1.0, 2.0, 3.0]}, LINES)


@cache
def profile() -> softpower.Profile:
    return softpower.load_profile(SOUND)


@cache
def scored() -> softpower.Result:
    return softpower.score(cases())


@cache
def paneled() -> softpower.Result:
    return softpower.score(panel())


@cache
def alone() -> softpower.Result:
    return softpower.score(profile())


@cache
def drawn() -> softpower.UncertaintyResult:
    return softpower.uncertainty_analysis(cases(), uncertainty={"weights": "simplex"}, n=DRAWS)


@cache
def of_three() -> softpower.Result:
    return softpower.score(cases().assign(c=[1.0, 2.0, 4.0, 3.0]))


@cache
def chosen() -> softpower.UncertaintyResult:
    doubts = {"aggregate": ["arithmetic", "minimum"]}
    return softpower.uncertainty_analysis(cases(), uncertainty=doubts, n=DRAWS)


@cache
def felt() -> softpower.SensitivityResult:
    chosen = {"weights": "simplex", "aggregate": ["arithmetic", "minimum"]}
    return softpower.sensitivity_analysis(cases(), uncertainty=chosen, n=DRAWS, resamples=DRAWS)


@cache
def through() -> softpower.Trajectory:
    return softpower.trajectory(profile(), years=[2003, 2006, 2009])


@cache
def space() -> softpower.WeightSpace:
    return softpower.weight_space(cases(), weights="simplex")


@cache
def moved() -> softpower.Changes:
    return softpower.changes(paneled())


@cache
def audited() -> softpower.Audit:
    return softpower.audit(cases(), n=DRAWS)


@cache
def compared() -> softpower.Comparison:
    return softpower.compare(scored(), softpower.score(cases(), methodology={"aggregate": "minimum"}))


def models() -> dict[type, Any]:
    sound = profile()
    return {
        softpower.Claim: softpower.Claim(
            id="one", says="a above b", kind="above", nodes=("a", "b"), cases=("X",), by=0.0
        ),
        softpower.Framework: softpower.Framework.flat(["a", "b"]),
        softpower.Methodology: softpower.Methodology(),
        softpower.Observation: sound.observations[0],
        softpower.Period: softpower.Period(start=2000, end=2009),
        softpower.Profile: sound,
        softpower.Scenario: softpower.Scenario(title="other", weights={"a": 2.0}),
        softpower.Thresholds: softpower.Thresholds(),
        softpower.Uncertainty: softpower.Uncertainty(weights="simplex"),
    }


def targets(folder: Path) -> list[Target]:
    """Return them all; what they write goes to a folder."""
    frame, indicators = cases(), softpower.Framework.flat(["a", "b"])
    doubts = {"weights": "simplex"}
    plain = {"framework": None, "methodology": None}
    page = str(folder / "page.html")
    made = interop.to_coinr(softpower.from_frame(frame))
    table = softpower.tornado(frame, uncertainty=doubts, case="X")

    def without(nodes: Any, sources: Any, observations: Any) -> Any:
        return profile().without(nodes, sources=sources, observations=observations)

    functions: dict[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
        "score": (softpower.score, {"data": frame, **plain, "scenario": None, "as_of": None, "undated": "leave_out"}),
        "score of a profile": (
            softpower.score,
            {"data": profile(), **plain, "scenario": None, "as_of": 2005, "undated": "constant"},
        ),
        "from_frame": (softpower.from_frame, {"frame": frame, **plain, "id": "it", "title": "It", "where": "here"}),
        "load_framework": (softpower.load_framework, {"name_or_path": "nye"}),
        "load_profile": (softpower.load_profile, {"name_or_path": SOUND}),
        "agreement": (softpower.agreement, {"data": profile(), "confidence": 0.9, "resamples": DRAWS, "rng": 0}),
        "audit": (
            softpower.audit,
            {
                "data": frame,
                **plain,
                "scenario": None,
                "thresholds": None,
                "leave_out": (),
                "n": DRAWS,
                "rng": 0,
                "progress": False,
            },
        ),
        "changes": (softpower.changes, {"result": paneled()}),
        "compare": (softpower.compare, {"a": scored(), "b": scored()}),
        "drop_each": (
            softpower.drop_each,
            {"data": profile(), **plain, "by": "indicator", "case": None, "period": None, "progress": False},
        ),
        "drop_each of a panel": (
            softpower.drop_each,
            {"data": panel(), **plain, "by": "indicator", "case": "X", "period": 2019, "progress": False},
        ),
        "flips": (
            softpower.flips,
            {"result": softpower.score("comparison"), "a": "AAA>KAZ", "b": "ZZZ>KAZ", "period": None},
        ),
        "growth": (softpower.growth, {"data": panel()}),
        "influence": (softpower.influence, {"data": frame, **plain, "scenario": None}),
        "register": (softpower.register, {"step": "aggregate", "name": "hostile", "monotone": True}),
        "report": (
            softpower.report,
            {
                "data": frame,
                "path": page,
                **plain,
                "n": DRAWS,
                "rng": 0,
                "compare": None,
                "date": None,
                "overwrite": True,
                "progress": False,
            },
        ),
        "score_scenarios": (softpower.score_scenarios, {"profile": profile(), "names": None}),
        "screen": (
            softpower.screen,
            {
                "data": frame,
                "framework": None,
                "case_availability": 0.5,
                "indicator_availability": 0.5,
                "case_zeros": 0.5,
                "indicator_zeros": 0.5,
                "keep": (),
                "drop": (),
            },
        ),
        "sensitivity_analysis": (
            softpower.sensitivity_analysis,
            {
                "data": frame,
                **plain,
                "uncertainty": doubts,
                "groups": None,
                "outputs": None,
                "n": DRAWS,
                "resamples": DRAWS,
                "sampling": "sobol",
                "rng": 0,
                "executor": None,
                "progress": False,
            },
        ),
        "strengths": (
            softpower.strengths,
            {"result": scored(), "case": "X", "against": "Y", "level": "indicator", "period": None},
        ),
        "swings": (
            softpower.swings,
            {"data": profile(), **plain, "node": None, "case": None, "period": None, "progress": False},
        ),
        "tornado": (
            softpower.tornado,
            {
                "data": frame,
                **plain,
                "uncertainty": doubts,
                "node": "a",
                "case": "X",
                "period": None,
                "progress": False,
            },
        ),
        "trajectory": (
            softpower.trajectory,
            {
                "data": profile(),
                "framework": None,
                "years": [2003, 2006],
                "undated": "leave_out",
                "methodology": None,
                "scenario": None,
                "uncertainty": None,
                "n": None,
                "rng": 0,
                "progress": False,
            },
        ),
        "uncertainty_analysis": (
            softpower.uncertainty_analysis,
            {
                "data": frame,
                **plain,
                "uncertainty": doubts,
                "n": DRAWS,
                "sampling": "sobol",
                "rng": 0,
                "executor": None,
                "progress": False,
            },
        ),
        "weight_space": (
            softpower.weight_space,
            {"data": frame, **plain, "uncertainty": None, "weights": "simplex"},
        ),
        "Result.explain": (paneled().explain, {"case": "X", "node": "a", "period": 2019}),
        "Result.explain of a profile": (alone().explain, {"case": None, "node": None, "period": None}),
        "Result.ranks": (scored().ranks, {"node": "a"}),
        "Result.to_frame": (alone().to_frame, {"level": "indicator"}),
        "Result.to_wide": (alone().to_wide, {"level": "indicator"}),
        "UncertaintyResult.acceptability": (drawn().acceptability, {"period": None}),
        "UncertaintyResult.at_most": (drawn().at_most, {"rank": 1, "period": None}),
        "UncertaintyResult.compared": (drawn().compared, {"node": None, "case": None, "period": None}),
        "UncertaintyResult.probability_above": (
            drawn().probability_above,
            {"node": None, "case": None, "period": None},
        ),
        "UncertaintyResult.ranks": (drawn().ranks, {"interval": 0.9}),
        "UncertaintyResult.share_error": (drawn().share_error, {"shares": drawn().acceptability(), "draws": None}),
        "UncertaintyResult.specifications": (drawn().specifications, {"factors": None}),
        "UncertaintyResult.to_frame": (drawn().to_frame, {"level": "indicator", "interval": 0.9}),
        "SensitivityResult.to_frame": (felt().to_frame, {"output": None, "interval": 0.9}),
        "SensitivityResult.convergence": (felt().convergence, {"output": None, "sizes": [2, 4]}),
        "WeightSpace.ranks": (space().ranks, {"progress": False}),
        "WeightSpace.reversal": (
            space().reversal,
            {"a": "X", "b": "Y", "case": None, "node": None, "period": None},
        ),
        "WeightSpace.weights_of": (
            space().weights_of,
            {"case": "X", "node": None, "end": "greatest", "period": None},
        ),
        "Trajectory.phases": (through().phases, {"phases": ["2000-2005", "2006-2009"], "nodes": None}),
        "Trajectory.table": (through().table, {"name": "score"}),
        "Trajectory.to_frame": (through().to_frame, {"level": "indicator"}),
        "Audit.at_least": (audited().at_least, {"severity": "note"}),
        "Profile.as_of": (profile().as_of, {"day": 2005, "undated": "leave_out"}),
        "Profile.observed": (profile().observed, {"variable": "visits", "case": "A>B"}),
        "Profile.save": (profile().save, {"folder": folder / "saved", "overwrite": True}),
        "Profile.without": (without, {"nodes": "visit_rate", "sources": (), "observations": ()}),
        "Framework.flat": (
            softpower.Framework.flat,
            {"indicators": ["a", "b"], "better": None, "weights": None, "units": None, "title": "It"},
        ),
        "Framework.from_dict": (softpower.Framework.from_dict, {"data": indicators.model_dump()}),
        "Framework.level": (indicators.level, {"node": "a"}),
        "Framework.node_title": (indicators.node_title, {"node": "a"}),
        "Framework.path": (indicators.path, {"node": "a"}),
        "Framework.entering": (indicators.entering, {"sets": ("base",), "left_out": ()}),
        "Framework.unfit": (lambda **given: list(indicators.unfit(**given)), {"methodology": softpower.Methodology()}),
        "Methodology.aggregation": (softpower.Methodology().aggregation, {"level": "composite"}),
        "Methodology.choices": (softpower.Methodology().choices, {"step": "normalise", "indicators": ["a"]}),
        "Period.overlaps": (softpower.Period(start=2000, end=2009).overlaps, {"other": softpower.Period(start=2001)}),
        "Period.within": (softpower.Period(start=2000, end=2009).within, {"other": softpower.Period(start=2001)}),
        "Scenario.apply": (softpower.Scenario(title="other").apply, {"profile": profile()}),
        "plot.acceptability": (plot.acceptability, {"drawn": drawn(), "period": None, "ax": None}),
        "plot.changes": (
            plot.changes,
            {"result": moved(), "case": "X", "start": 2019, "stop": 2020, "ax": None},
        ),
        "plot.contributions": (
            plot.contributions,
            {"result": scored(), "case": "X", "period": None, "level": None, "ax": None},
        ),
        "plot.correlations": (plot.correlations, {"result": scored(), "level": None, "period": None, "ax": None}),
        "plot.framework": (plot.framework, {"result": scored(), "ax": None}),
        "plot.missing": (plot.missing, {"result": scored(), "ax": None}),
        "plot.pairwise": (
            plot.pairwise,
            {"drawn": drawn(), "node": None, "case": None, "period": None, "ax": None},
        ),
        "plot.profile": (plot.profile, {"result": scored(), "case": "X", "period": None, "ax": None}),
        "plot.ranking": (plot.ranking, {"result": scored(), "period": None, "ax": None}),
        "plot.scenarios": (
            plot.scenarios,
            {
                "table_or_profile": profile().replace(scenarios={"low": {"title": "Low", "methodology": {"floor": 2}}}),
                "case": None,
                "period": None,
                "ax": None,
            },
        ),
        "plot.sensitivity": (plot.sensitivity, {"result": felt(), "output": None, "top": 2, "ax": None}),
        "plot.simplex": (plot.simplex, {"result": of_three(), "case": None, "period": None, "ax": None}),
        "plot.specifications": (
            plot.specifications,
            {"drawn": chosen(), "factors": None, "case": "X", "period": None, "ax": None},
        ),
        "plot.strengths": (
            plot.strengths,
            {"result": scored(), "case": "X", "against": None, "level": "indicator", "period": None, "ax": None},
        ),
        "plot.tornado": (plot.tornado, {"table": table, "profile": None, "top": 3, "ax": None}),
        "plot.trajectory": (
            plot.trajectory,
            {"through": through(), "node": None, "case": None, "phases": ["2000-2005"], "ax": None},
        ),
        "plot.treatment": (plot.treatment, {"result": scored(), "indicator": "a", "ax": None}),
        "interop.from_coinr": (
            interop.from_coinr,
            {"idata": made.idata, "imeta": made.imeta, "level_names": None},
        ),
        "interop.to_coinr": (interop.to_coinr, {"profile": softpower.from_frame(frame)}),
        "interop.read_table": (interop.read_table, {"path": SOUND / "observations.csv", "sheet": None}),
        "interop.write_table": (
            interop.write_table,
            {"result": scored(), "path": folder / "it.csv", "drawn": None, "overwrite": True},
        ),
        "interop.write_workbook": (
            interop.write_workbook,
            {"result": scored(), "path": folder / "it.xlsx", "drawn": None, "overwrite": True},
        ),
    }
    for kind, one in models().items():
        # Fields that say what they are by default are left out, so that one wrong one is judged by itself.
        functions[kind.__name__] = (kind, {name: getattr(one, name) for name in kind.model_fields})
        functions[f"{kind.__name__}.replace"] = (one.replace, {name: getattr(one, name) for name in kind.model_fields})
        functions[f"{kind.__name__}.parse"] = (kind.parse, {"data": one.model_dump(), "where": "here"})
    return [Target(name, function, arguments) for name, (function, arguments) in functions.items()]
