"""What is read from files, and what is said of every mistake in them.

To add a mistake: a folder in tests/broken with the one file that replaces its namesake of tests/broken/sound, and a
line in MISTAKES with the error and the words that its message must hold.
"""

import csv
import re
import shutil
from pathlib import Path

import pytest

from softpower import (
    FileError,
    MethodError,
    NotFoundError,
    ObservationError,
    SoftPowerError,
    SpecificationError,
    load_framework,
    load_profile,
    score,
)
from softpower.catalogue import framework_names, profile_names

BROKEN = Path(__file__).parent / "broken"

MISTAKES: dict[str, tuple[type[SoftPowerError], tuple[str, ...]]] = {
    # keys and types
    "unknown_key": (SpecificationError, ("profile.toml: sumary", "unknown key 'sumary'", "Did you mean 'summary'?")),
    "unknown_key_of_an_indicator": (
        SpecificationError,
        ("framework.toml: indicators.visit_rate.qualty", "unknown key", "Did you mean 'quality'?"),
    ),
    "unknown_key_of_a_measure": (
        SpecificationError,
        ("framework.toml: indicators.trade_volume.measure", "unknown key 'weight'", "Known: combine, kind, variable."),
    ),
    "unknown_key_of_a_source": (
        SpecificationError,
        ("sources.toml: sources.talk", "unknown key 'place'", "Known: accessed, author"),
    ),
    "unknown_table": (SpecificationError, ("variables.toml", "unknown table 'variable'", "Did you mean 'variables'?")),
    "missing_key": (SpecificationError, ("profile.toml: title", "the key 'title' is missing", "Add it")),
    "wrong_type": (SpecificationError, ("profile.toml: title", "3 is wrong", "valid string", "Correct the value.")),
    "wrong_type_of_a_list": (
        SpecificationError,
        ("profile.toml: cases", "'A>B' is wrong: it is no list", "Write a list"),
    ),
    "text_for_a_number": (SpecificationError, ("framework.toml: dimensions.regard.weight", "'1' is wrong", "number")),
    "yes_for_a_number": (SpecificationError, ("framework.toml: indicators.agreement.goalposts.high", "True is wrong")),
    "dimensions_that_are_no_table": (SpecificationError, ("framework.toml: dimensions", "3 is wrong")),
    "dimension_that_is_no_table": (SpecificationError, ("framework.toml: dimensions.regard", "'Regard' is wrong")),
    "sources_that_are_no_table": (SpecificationError, ("sources.toml", "sources")),
    "source_that_is_no_table": (SpecificationError, ("sources.toml: sources.talks", "'A talk' is wrong")),
    "references_that_are_no_table": (SpecificationError, ("references.toml", "references")),
    "impossible_choice": (
        SpecificationError,
        ("framework.toml: indicators.agreement.mode", "'pasive' is not a possible value", "Did you mean 'passive'?"),
    ),
    "invalid_id": (SpecificationError, ("profile.toml: id", "'a small study' is not a valid", "Use letters, digits")),
    "invalid_toml": (SpecificationError, ("profile.toml", "not valid TOML", "line 8", "Correct the TOML")),
    "unknown_kind_of_measure": (
        SpecificationError,
        ("framework.toml: indicators.mood_mean.measure", "'meen' is not a possible value", "Did you mean 'mean'?"),
    ),
    "measure_without_kind": (
        SpecificationError,
        ("framework.toml: indicators.mood_mean.measure", "the key 'kind' is missing", 'kind = "value"'),
    ),
    "missing_key_of_a_source": (
        SpecificationError,
        (
            "sources.toml: sources.talk",
            "the key 'kind' is missing",
            "Add it: one of article, book",
        ),
    ),
    "missing_key_of_the_goalposts": (
        SpecificationError,
        (
            "framework.toml: indicators.mood_mean.goalposts.reason",
            "is missing",
            "Add it: a text.",
        ),
    ),
    "number_for_a_table": (
        SpecificationError,
        (
            "profile.toml: window: 2000 is wrong: it is no table",
            "Write a table, { start = ..., end = ... }.",
        ),
    ),
    "name_for_a_list": (
        SpecificationError,
        (
            "profile.toml: sets: 'base' is wrong: it is no list",
            'Write a list: ["base"].',
        ),
    ),
    "year_as_a_text": (
        SpecificationError,
        (
            "sources.toml: sources.report: year",
            "'2010' is wrong",
        ),
    ),
    "truth_as_a_text": (
        SpecificationError,
        (
            "framework.toml: indicators.trade_volume.goalposts.log",
            "'yes' is wrong",
        ),
    ),
    "wrong_value_inside_a_measure": (
        SpecificationError,
        ("framework.toml: indicators.agreement.measure.variable: 3 is wrong",),
    ),
    # ids
    "duplicate_key": (SpecificationError, ("framework.toml", "line 15", "once: rename or delete one")),
    "duplicate_table": (
        SpecificationError,
        ("framework.toml", "[indicators.visit_rate]", "line 36", "rename or delete one"),
    ),
    "id_in_two_files": (
        SpecificationError,
        ("variables.toml: dimensions.help", "'help' stands in framework.toml already", "Rename or delete one."),
    ),
    "id_of_a_dimension_and_an_indicator": (
        SpecificationError,
        ("framework.toml: indicators.help", "'help' is the id of a dimension and of an indicator", "rename one"),
    ),
    "observation_id_twice": (
        ObservationError,
        ("observations.csv line 3: id", "'O-visit-1' is taken already", "Give each observation its own id."),
    ),
    "case_twice": (SpecificationError, ("profile.toml: cases", "'A>B' is named twice", "Name each case once.")),
    # names that nothing has
    "unknown_indicator": (
        SpecificationError,
        ("framework.toml: indicators.trade_volume.overlaps", "no indicator 'health_shares'", "mean 'health_share'?"),
    ),
    "unknown_variable_of_a_measure": (
        SpecificationError,
        ("framework.toml: indicators.visit_rate.measure", "no variable 'visit'", "Did you mean 'visits'?"),
    ),
    "unknown_variable_of_an_observation": (
        ObservationError,
        ("observations.csv line 4: variable", "no variable 'mod'", "Did you mean 'mood'?"),
    ),
    "unknown_dimension": (
        SpecificationError,
        ("framework.toml: indicators.mood_mean.dimension", "no dimension 'regards'", "Did you mean 'regard'?"),
    ),
    "unknown_parent": (
        SpecificationError,
        ("framework.toml: dimensions.regard.parent", "no dimension 'al'", "Did you mean 'all'?"),
    ),
    "unknown_tag": (
        SpecificationError,
        ("framework.toml: indicators.trade_volume.tags", "no tag 'moneys'", "Did you mean 'money'?"),
    ),
    # indicators of another framework
    "unknown_framework_that_lends": (
        SpecificationError,
        ("framework.toml: indicators_from", "no framework that ships is called 'nie'", "Did you mean 'nye'?"),
    ),
    "unknown_indicator_that_is_lent": (
        SpecificationError,
        ("framework.toml: dimensions.help.indicators", "'nye' has no indicator 'legal_tie'", "mean 'legal_ties'?"),
    ),
    "indicator_that_is_lent_twice": (
        SpecificationError,
        ("framework.toml: dimensions.help.indicators", "'trade_share' hangs under 'regard' already", "choose one"),
    ),
    "indicator_that_is_lent_and_left_out": (
        SpecificationError,
        ("framework.toml: left_out.trade_share", "is left out, but hangs under 'help'", "Delete one of the two."),
    ),
    "unknown_indicator_left_out": (
        SpecificationError,
        ("framework.toml: left_out.coherense", "'nye' has no indicator 'coherense'", "Did you mean 'coherence'?"),
    ),
    "indicator_of_its_own_that_is_lent": (
        SpecificationError,
        ("framework.toml: indicators.legal_ties", "'legal_ties' comes from 'nye' already", "Rename or delete one."),
    ),
    "list_of_indicators_that_is_none": (
        SpecificationError,
        ("framework.toml: dimensions.help.indicators", "'legal_ties' is no list of names", 'Write indicators = ["'),
    ),
    "list_of_indicators_without_a_lender": (
        SpecificationError,
        ("framework.toml: dimensions.help.indicators", "lists indicators, but nothing says whose", "indicators_from"),
    ),
    # a methodology of the framework's own
    "unknown_level_of_a_framework": (
        SpecificationError,
        ("framework.toml: methodology.aggregate", "the framework has no level 'parts'", "Did you mean 'part'?"),
    ),
    "unknown_node_weighed_by_a_framework": (
        SpecificationError,
        ("framework.toml: methodology.weights", "there is no node 'regards'", "Did you mean 'regard'?"),
    ),
    "unknown_indicator_of_a_framework": (
        SpecificationError,
        ("framework.toml: methodology.normalise", "there is no indicator 'tie'", "Did you mean 'ties'?"),
    ),
    "unknown_reference": (
        SpecificationError,
        ("framework.toml: indicators.visit_rate.references", "no reference 'hand_book'", "Did you mean 'handbook'?"),
    ),
    "unknown_source": (
        ObservationError,
        ("observations.csv line 4: source", "no source 'talks'", "Did you mean 'talk'?"),
    ),
    "unknown_case": (
        ObservationError,
        ("observations.csv line 4: case", "'A>C', which is none of the profile's cases", "Did you mean 'A>B'?"),
    ),
    "unknown_unit": (
        ObservationError,
        ("observations.csv line 2: unit", "unknown unit 'visits'", "Known: EUR", "count:noun"),
    ),
    "unknown_unit_of_a_variable": (
        SpecificationError,
        ("variables.toml: variables.share.unit", "unknown unit 'per cent'", "Did you mean 'percent'?"),
    ),
    "unknown_framework": (SpecificationError, ("profile.toml: framework", "no framework 'spek'", "no such folder")),
    "unknown_method": (
        SpecificationError,
        ("profile.toml: methodology.aggregate", "no method 'geometrc'", "Did you mean 'geometric'?"),
    ),
    "unknown_method_parameter": (
        SpecificationError,
        ("profile.toml: methodology.missing", "unknown parameter 'treshold'", "Did you mean 'threshold'?"),
    ),
    "missing_method_parameter": (
        SpecificationError,
        ("profile.toml: methodology.aggregate", "parameter 'p' is missing", "Set p beside the method."),
    ),
    "wrong_method_parameter": (
        SpecificationError,
        ("profile.toml: methodology.aggregate", "parameter 'p' is 'low'", "Write a number, without quotes."),
    ),
    "unknown_level": (
        SpecificationError,
        ("profile.toml: methodology.aggregate", "no level 'pat'", "Did you mean 'part'?"),
    ),
    "missing_level": (
        SpecificationError,
        ("profile.toml: methodology.aggregate", "for the level 'part'", 'Add part = "arithmetic"'),
    ),
    "unknown_set": (
        SpecificationError,
        ("profile.toml: sets", "'basic' is not a possible value", "Did you mean 'base'?"),
    ),
    "empty_set": (SpecificationError, ("profile.toml: sets", "no indicator", "Choose base, extended or both.")),
    "number_for_a_method": (
        SpecificationError,
        (
            "profile.toml: methodology.weights: -1 is no method",
            "Give a name, or a table of nodes and their weights.",
        ),
    ),
    "text_for_a_weight_of_a_mapping": (
        SpecificationError,
        (
            "profile.toml: methodology.weights: parameter 'weights': 'regard' is '2'",
            "Write a number, without quotes.",
        ),
    ),
    "unknown_level_of_a_threshold": (
        SpecificationError,
        ("profile.toml: methodology.missing", "no level 'parts'", "Did you mean 'part'?"),
    ),
    "threshold_above_one": (
        SpecificationError,
        ("profile.toml: methodology.missing", "parameter 'threshold' is 50", "Give 1 at most."),
    ),
    "unknown_node_of_a_weight": (
        SpecificationError,
        ("profile.toml: methodology.weights", "no node 'regards'", "Did you mean 'regard'?"),
    ),
    "negative_weight_of_a_mapping": (
        SpecificationError,
        ("profile.toml: methodology.weights", "'regard' is -2", "Give 0 or more."),
    ),
    # the tree and its weights
    "circle_of_parents": (
        SpecificationError,
        ("framework.toml: dimensions.regard.parent", "circle: regard > help > regard", "Cut the circle"),
    ),
    "own_parent": (SpecificationError, ("framework.toml: dimensions.regard.parent", "circle: regard > regard")),
    "two_roots": (SpecificationError, ("framework.toml: dimensions", "['all', 'regard']", "Exactly one")),
    "childless_dimension": (
        SpecificationError,
        ("framework.toml: dimensions.empty", "no children", "Give it indicators, or delete it."),
    ),
    "negative_weight": (SpecificationError, ("framework.toml: dimensions.regard.weight", "-1", "greater than")),
    "weights_that_sum_to_zero": (
        SpecificationError,
        ("framework.toml: dimensions.all", "weights of its children sum to zero", "at least one child"),
    ),
    "too_few_levels": (SpecificationError, ("framework.toml: levels", "1 levels are named", "once, top down")),
    # scenarios, and what is left out
    "unknown_key_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.exlude", "unknown key", "Did you mean 'exclude'?"),
    ),
    "scenario_without_a_title": (SpecificationError, ("profile.toml: scenarios.other.title", "is missing", "Add it")),
    "scenario_that_is_no_table": (
        SpecificationError,
        ("profile.toml: scenarios.other", "'exclude money' is wrong", "no table"),
    ),
    "scenario_called_like_an_alternative": (
        SpecificationError,
        ("profile.toml: scenarios.ties.high", "'ties.high' is a name that alternatives", "without the indicator"),
    ),
    "scenario_called_declared": (
        SpecificationError,
        ("profile.toml: scenarios.declared", "'declared' is the profile without a scenario", "another name"),
    ),
    "selection_of_nothing": (
        SpecificationError,
        ("profile.toml: scenarios.other.include", "names nothing", "Give it tags, mode"),
    ),
    "unknown_tag_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.exclude.tags", "no tag 'monei'", "Did you mean 'money'?"),
    ),
    "unknown_mode_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.include.mode", "'pasive' is not a possible value", "Did you mean 'passive'?"),
    ),
    "unknown_node_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.exclude.nodes", "no node 'regards'", "Did you mean 'regard'?"),
    ),
    "scenario_that_leaves_nothing": (
        SpecificationError,
        ("profile.toml: scenarios.other.exclude", "every indicator is left out", "at least one"),
    ),
    "unknown_source_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.without_observations.sources", "no source 'talks'", "Did you mean 'talk'?"),
    ),
    "unknown_observation_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.without_observations.ids", "no observation 'O-moot'", "Did you mean 'O-mood'?"),
    ),
    "unknown_flag_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.without_observations.flags", "no flag 'strict'", "None is known."),
    ),
    "bad_date_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.without_observations.after", "'late' is not a date", "like 1994-11"),
    ),
    "unknown_preferred_observation": (
        SpecificationError,
        ("profile.toml: scenarios.other.preferred", "no observation 'O-help-al'", "Did you mean 'O-help-all'?"),
    ),
    "preferred_without_alternatives": (
        SpecificationError,
        ("profile.toml: scenarios.other.preferred", "'O-mood' has no alternatives", "alternatives"),
    ),
    "two_preferred_by_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.preferred", "'O-help-all' and 'O-help-other'", "name that one"),
    ),
    "preferred_and_left_out": (
        SpecificationError,
        (
            "profile.toml: scenarios.other.preferred",
            "'O-help-other' is preferred",
            "'without_observations' leaves it out",
            "prefer another",
        ),
    ),
    "unknown_node_weighed_by_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.weights.regrad", "no node 'regrad'", "Did you mean 'regard'?"),
    ),
    "negative_weight_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.weights.regard", "-2 is wrong", "greater than or equal"),
    ),
    "weight_of_what_a_scenario_leaves_out": (
        SpecificationError,
        ("profile.toml: scenarios.other.weights.ties", "'ties' does not enter", "Weigh what enters"),
    ),
    "weight_of_the_composite": (
        SpecificationError,
        ("profile.toml: scenarios.other.weights.all", "'all' is the composite", "below it"),
    ),
    "weights_given_twice": (
        SpecificationError,
        ("profile.toml: scenarios.other.weights", "'methodology.weights' are given", "Give one"),
    ),
    "unknown_parent_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.parents.ties", "no dimension 'regart'", "Did you mean 'regard'?"),
    ),
    "circle_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.parents", "circle: regard > regard", "Cut the circle"),
    ),
    "rungs_of_a_mean": (
        SpecificationError,
        ("profile.toml: scenarios.other.rungs.mood_mean", "'mood_mean' has no rungs", "a ladder or a checklist"),
    ),
    "unknown_rung": (
        SpecificationError,
        ("profile.toml: scenarios.other.rungs.ties", "no rung of 'ties'", "Did you mean 'union'?"),
    ),
    "every_rung_dropped": (
        SpecificationError,
        ("profile.toml: scenarios.other.rungs.ties", "no rung of 'ties' is left", "Leave one"),
    ),
    "unknown_alternative_measure": (
        SpecificationError,
        (
            "profile.toml: scenarios.other.measures.ties",
            "no alternative measure of 'ties' called 'without_union'",
            "None is known.",
        ),
    ),
    "unknown_alternative_goalposts": (
        SpecificationError,
        (
            "profile.toml: scenarios.other.goalposts.trade_volume",
            "no alternative range of 'trade_volume' called 'half'",
            "None is known.",
        ),
    ),
    "unknown_indicator_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.measures.tie", "no indicator 'tie'", "Did you mean 'ties'?"),
    ),
    "unknown_method_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.methodology.aggregate", "no method 'geometrc'", "Did you mean 'geometric'?"),
    ),
    "unknown_choice_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.methodology.agregate", "unknown key", "Did you mean 'aggregate'?"),
    ),
    "unknown_level_of_a_scenario": (
        SpecificationError,
        ("profile.toml: scenarios.other.methodology.aggregate", "no level 'prat'", "Did you mean 'part'?"),
    ),
    "unknown_node_left_out": (SpecificationError, ("profile.toml: left_out", "no node 'tie'", "Did you mean 'ties'?")),
    "every_indicator_left_out": (
        SpecificationError,
        ("profile.toml: left_out", "every indicator is left out", "Leave at least one in."),
    ),
    "unknown_rule_of_a_weight": (
        SpecificationError,
        ("framework.toml: dimensions.regard.weight", "'indicator' is wrong", 'or "indicators"'),
    ),
    # goalposts and other numbers of the specs
    "goalposts_the_wrong_way_round": (
        SpecificationError,
        ("framework.toml: indicators.visit_rate.goalposts", "low 1 is not below high 0", "Swap or correct them."),
    ),
    "goalposts_that_are_equal": (
        SpecificationError,
        ("framework.toml: indicators.visit_rate.goalposts", "low 1 is not below high 1", "Swap or correct them."),
    ),
    "parity_outside": (
        SpecificationError,
        ("framework.toml: indicators.agreement.goalposts", "parity 1 is not between", "strictly between"),
    ),
    "log_of_zero": (
        SpecificationError,
        ("framework.toml: indicators.trade_volume.goalposts", "logarithmic goalposts start at 0", "low above zero"),
    ),
    "non_finite_goalpost": (
        SpecificationError,
        ("framework.toml: indicators.trade_volume.goalposts.high", "inf is wrong", "finite"),
    ),
    "not_a_number_as_weight": (
        SpecificationError,
        ("framework.toml: dimensions.regard.weight", "nan is wrong", "finite"),
    ),
    "floor_of_zero": (
        SpecificationError,
        ("profile.toml: methodology.floor", "0 is wrong", "greater than or equal to"),
    ),
    "scale_ends_inside_the_scale": (
        SpecificationError,
        (
            "framework.toml: indicators.mood_mean.goalposts",
            "-1 and 1 are no scale_ends in ordinal:-2..2",
            'Write low = -2 and high = 2, or kind = "benchmark".',
        ),
    ),
    "ladder_above_its_rungs": (
        SpecificationError,
        (
            "framework.toml: indicators.ties.goalposts",
            "0 and 3 are no ladder in rungs:2",
            "Write low = 0 and high = 2",
        ),
    ),
    "share_above_the_whole": (
        SpecificationError,
        (
            "framework.toml: indicators.health_share.goalposts",
            "0 and 2 are no natural_share in ratio",
            "Write low = 0 and high = 1",
        ),
    ),
    # measures
    "measure_whose_unit_does_not_fit": (
        SpecificationError,
        ("indicators.trade_volume.measure", "gives 'USD billion'", "unit is 'EUR billion'", "correct the unit"),
    ),
    "measure_of_the_wrong_kind": (
        SpecificationError,
        ("indicators.mood_mean.measure", "'rate' does not take the variable 'mood' of kind judgement", "takes: count"),
    ),
    "euros_added_to_dollars": (
        SpecificationError,
        ("indicators.trade_volume.measure", "'O-trade-before'", "'O-help-all'", "USD", "EUR", "Currencies never add"),
    ),
    "euros_over_dollars": (
        SpecificationError,
        ("indicators.health_share.measure", "'O-help-health'", "'O-trade-before'", "EUR million against USD billion"),
    ),
    "stock_added_to_a_flow": (
        SpecificationError,
        ("indicators.health_share.measure", "'O-help-health'", "'O-help-all'", "a stock never meets a flow"),
    ),
    "region_over_a_nation": (
        SpecificationError,
        (
            "observations.csv line 8: scope",
            "'O-help-health' is national",
            "'help_health' is regional",
            "'help_health' (observation 'O-help-health') and 'help_all' (observation 'O-help-all') differ in extent",
        ),
    ),
    # periods
    "end_before_start": (
        ObservationError,
        ("observations.csv line 2", "ends (2001) before it starts (2003)", "Swap the two dates."),
    ),
    "window_end_before_start": (
        SpecificationError,
        ("profile.toml: window", "ends (2000) before it starts (2009)", "Swap the two dates."),
    ),
    "open_window": (SpecificationError, ("profile.toml: window", "the window is open", "both a start and an end")),
    "bad_date": (ObservationError, ("observations.csv line 2: start", "'2001-13' is not a date", "like 1994-11")),
    "day_that_does_not_exist": (ObservationError, ("observations.csv line 2: start", "'2001-02-29' is not a date")),
    "bad_date_of_the_window": (SpecificationError, ("profile.toml: window.start", "'early' is not a date")),
    "date_that_is_a_fraction": (SpecificationError, ("profile.toml: window.start", "2000.5 is not a date")),
    "date_that_is_a_truth": (SpecificationError, ("profile.toml: window.start", "True is not a date")),
    "year_zero": (SpecificationError, ("profile.toml: window.start", "'0000' is not a date")),
    "rate_over_the_edge_of_the_window": (
        ObservationError,
        ("observations.csv line 2: start", "1998 to 2003, not inside 2000 to 2009", "Count the part inside"),
    ),
    "rate_without_dates": (
        ObservationError,
        (
            "observations.csv line 2: start",
            "'O-visit-1' has no dates",
            "Date it: from when to when it counts, inside 2000 to 2009.",
        ),
    ),
    "spell_without_start": (
        ObservationError,
        ("observations.csv line 11: start", "'O-office' of the spell 'office' has no start", "at least the year"),
    ),
    # single observations
    "low_above_value": (ObservationError, ("observations.csv line 3", "low 3 is above value 2", "at most the value")),
    "value_above_high": (
        ObservationError,
        ("observations.csv line 3", "high 1 is below value 2", "at least the value"),
    ),
    "bounds_without_value": (ObservationError, ("observations.csv line 14", "bounds but no value", "Fill value in")),
    "open_bound_without_cap": (
        ObservationError,
        ("observations.csv line 5", "open bound 'at_least' has no cap", "Write a cap in 'high'"),
    ),
    "cap_without_reason": (ObservationError, ("observations.csv line 5", "cap of 'at_least' has no reason", "why")),
    "about_without_bounds": (ObservationError, ("observations.csv line 8", "'about' has no bounds", "low and high")),
    "normal_without_standard_error": (
        ObservationError,
        ("observations.csv line 10", "'normal' has no standard_error", "Fill standard_error in."),
    ),
    "context_with_a_variable": (
        ObservationError,
        ("observations.csv line 14", "use 'context' names the variable 'mood'", "Leave the variable empty"),
    ),
    "context_without_reason": (ObservationError, ("observations.csv line 14", "use 'context' has no reason", "Write")),
    "scored_without_value": (ObservationError, ("observations.csv line 10", "'value' is empty", "Fill value in")),
    "scored_without_unit": (ObservationError, ("observations.csv line 10", "'unit' is empty", "Fill unit in")),
    "code_off_the_scale": (
        ObservationError,
        ("observations.csv line 4: value", "'O-mood'", "no code of 'mood'", "The codes are -2, -1, 0, 1, 2."),
    ),
    "bound_off_the_scale": (ObservationError, ("observations.csv line 4", "bound that is no code of 'mood'", "codes")),
    "half_an_event": (ObservationError, ("observations.csv line 12", "no code of 'treaty'", "The codes are 0, 1.")),
    "negative_amount": (ObservationError, ("observations.csv line 10", "'O-trade' is below zero", "start at zero")),
    "non_finite_value": (ObservationError, ("observations.csv line 10: value", "'nan' is wrong", "finite")),
    "infinite_bound": (ObservationError, ("observations.csv line 8: high", "'inf' is wrong", "finite")),
    "number_beyond_the_range": (ObservationError, ("observations.csv line 10: value", "'1e400' is wrong", "finite")),
    "number_that_is_none": (ObservationError, ("observations.csv line 10: value", "'ten' is wrong", "number")),
    "number_with_a_comma": (
        ObservationError,
        ("observations.csv line 10: value", "'10,5' is wrong", "number", "Write the decimal mark as a point"),
    ),
    "preferred_that_is_neither_yes_nor_no": (
        ObservationError,
        ("observations.csv line 6: preferred", "'maybe' is wrong", "Correct the value."),
    ),
    # observations that clash
    "observations_that_conflict": (
        ObservationError,
        ("observations.csv line 6", "'O-share' and 'O-share-more'", "overlapping periods", "Delete one", "combine"),
    ),
    "observations_of_other_years_that_conflict": (
        ObservationError,
        ("observations.csv line 6", "'O-share' and 'O-share-more'", "for one case", "Delete one", "combine"),
    ),
    "regional_observation_of_a_national_variable": (
        ObservationError,
        ("observations.csv line 10: scope", "'O-trade' is regional", "'O-trade-before'", "leave the row as context"),
    ),
    "euros_for_dollars": (
        ObservationError,
        ("observations.csv line 12: unit", "'O-trade-more' is in EUR billion", "'O-trade-before'", "USD billion"),
    ),
    "two_preferred": (
        ObservationError,
        ("observations.csv line 7", "2 of the alternatives", "'O-help-all' and 'O-help-other'", "Mark exactly one"),
    ),
    "none_preferred": (ObservationError, ("observations.csv line 7", "0 of the alternatives", "Mark exactly one")),
    "readings_of_which_none_holds": (
        ObservationError,
        ("observations.csv line 13", "0 of the readings 'O-treaty' and 'O-treaty-bob'", "Mark exactly one"),
    ),
    "readings_of_which_two_hold": (
        ObservationError,
        ("observations.csv line 5", "2 of the readings 'O-mood' and 'O-mood-bob'", "Mark one at most", "averaged"),
    ),
    "coder_who_is_not_named": (
        ObservationError,
        ("observations.csv line 5", "'O-mood' and 'O-mood-bob'", "'O-mood' names none", "Name the coder of each"),
    ),
    "coder_twice": (
        ObservationError,
        ("observations.csv line 6", "the coder 'Bob' has read one fact of 'mood' twice", "Delete one"),
    ),
    "none_the_latest": (
        ObservationError,
        ("observations.csv line 10", "'O-trade-before' and 'O-trade'", "end on the same day", "Date them more finely."),
    ),
    "wildcards_that_tie": (
        ObservationError,
        (
            "observations.csv line 6: case",
            "'O-share' (A>*)",
            "'O-share-there' (*>B)",
            "Write the one that holds as A>B",
        ),
    ),
    # rows and columns
    "ragged_row": (ObservationError, ("observations.csv line 2", "20 cells where the header has 19", "Quote cells")),
    "unknown_column": (
        ObservationError,
        ("observations.csv line 1", "unknown column 'footnotes'", "Did you mean 'footnote'?"),
    ),
    "missing_column": (ObservationError, ("observations.csv line 1", "column 'unit' is missing", "Add it")),
    "column_twice": (ObservationError, ("observations.csv line 1", "column 'unit' stands twice", "Delete one.")),
    "unclosed_quote": (ObservationError, ("observations.csv line 2", "not valid CSV", "Close every quoted cell.")),
    # files
    "byte_that_is_not_utf8": (FileError, ("observations.csv line 4", "byte 0xe9 is not UTF-8", "Save the file as")),
    "byte_that_is_not_utf8_in_toml": (FileError, ("sources.toml line 8", "byte 0xe9 is not UTF-8", "Save the file")),
    "empty_file": (FileError, ("observations.csv", "the file is empty", "Fill it in")),
    "empty_toml": (FileError, ("sources.toml", "the file is empty", "Fill it in")),
    "byte_order_mark_in_csv": (FileError, ("observations.csv", "byte order mark", "Save it as UTF-8 without BOM.")),
    "byte_order_mark_in_toml": (FileError, ("profile.toml", "byte order mark", "Save it as UTF-8 without BOM.")),
    "folder_instead_of_a_file": (FileError, ("observations.csv", "it is a folder", "Name a file.")),
    "missing_file": (FileError, ("observation.csv", "no such file", "Did you mean 'observations.csv'?")),
    "missing_spec_file": (FileError, ("indicator.toml", "no such file", "Known: framework.toml, references.toml")),
    "files_that_are_no_list": (SpecificationError, ("framework.toml: files", "no list", 'Write files = ["..."]')),
    "works_in_the_framework": (
        SpecificationError,
        ("framework.toml: works", "a file of their own", "Write [references.ID] in references.toml"),
    ),
    "file_name_that_is_no_text": (SpecificationError, ("profile.toml: observations", "3 is wrong", "string")),
    "framework_that_is_no_text": (SpecificationError, ("profile.toml: framework", "3 is wrong", "string")),
    "empty_file_name": (SpecificationError, ("profile.toml: observations", "'' is wrong", "at least 1 character")),
    "file_name_that_leaves_the_folder": (FileError, ("../observations.csv", "leaves the folder", "Keep every file")),
    "absolute_file_name": (FileError, ("/etc/hostname", "leaves the folder", "Keep every file inside")),
    "spec_file_that_leaves_the_folder": (FileError, ("../sources.toml", "leaves the folder", "Keep every file")),
    "framework_that_leaves_the_folder": (
        FileError,
        ("profile.toml: framework", "'../spec': the name leaves the folder", "Keep the framework inside"),
    ),
    # uncertainty and claims
    "unknown_key_of_the_uncertainty": (
        SpecificationError,
        ("profile.toml: uncertainty", "unknown key 'observation'", "Did you mean 'observations'?"),
    ),
    "unknown_weights_of_the_uncertainty": (
        SpecificationError,
        ("profile.toml: uncertainty.weights", "'simplx' is not a possible value", "Did you mean 'simplex'?"),
    ),
    "weights_of_a_level_that_is_not_there": (
        SpecificationError,
        (
            "profile.toml: uncertainty.weights.composit",
            "there is no level or dimension 'composit'",
            "Did you mean 'composite'?",
        ),
    ),
    "weights_of_no_siblings": (
        SpecificationError,
        ("profile.toml: uncertainty.weights.at_least", "'regard' and 'agreement' are no siblings"),
    ),
    "band_wider_than_the_weight": (
        SpecificationError,
        ("profile.toml: uncertainty.weights.share", "1.5 is wrong"),
    ),
    "method_that_cannot_be_drawn": (
        SpecificationError,
        ("profile.toml: uncertainty.aggregate.1", "there is no method 'geometrc'", "Did you mean 'geometric'?"),
    ),
    "ends_the_wrong_way_round": (
        SpecificationError,
        ("profile.toml: uncertainty.aggregate.0.p", "low 1 is not below high -1"),
    ),
    "parameter_that_is_not_drawn": (
        SpecificationError,
        ("profile.toml: uncertainty.aggregate.0", "does not take another 'orness' in each draw", "List values of it"),
    ),
    "measures_without_alternatives": (
        SpecificationError,
        ("profile.toml: uncertainty.measures", "'agreement' has no alternative measures"),
    ),
    "unknown_scenario_of_the_uncertainty": (
        SpecificationError,
        ("profile.toml: uncertainty.scenarios", "there is no scenario 'othr'", "Did you mean 'other'?"),
    ),
    "share_that_leaves_all_out": (
        SpecificationError,
        ("profile.toml: uncertainty.leave_out", "1.0 is neither 'one' nor a share"),
    ),
    "claim_of_an_unknown_node": (
        SpecificationError,
        ("profile.toml: claims.0.nodes", "there is no node 'regrd'", "Did you mean 'regard'?"),
    ),
    "claim_of_an_unknown_case": (SpecificationError, ("profile.toml: claims.0.cases", "there is no case 'A>C'")),
    "claim_twice": (SpecificationError, ("profile.toml: claims.1.id", "the id 'one' is taken already")),
    "spread_without_points": (SpecificationError, ("profile.toml: claims.0.by", "a spread of 0 always holds")),
    "claim_that_compares_one": (SpecificationError, ("profile.toml: claims.0", "it names 1 to compare")),
    "claim_of_an_unknown_source": (SpecificationError, ("profile.toml: claims.0.source", "there is no source 'talc'")),
    "claim_of_an_unknown_kind": (
        SpecificationError,
        ("profile.toml: claims.0.kind", "'hihest' is not a possible value", "Did you mean 'highest'?"),
    ),
    "negative_weight_of_a_set": (
        SpecificationError,
        ("profile.toml: uncertainty.weights.sets.mine.regard: -5 is wrong",),
    ),
    "set_that_is_a_number": (
        SpecificationError,
        (
            "profile.toml: uncertainty.weights.sets.mine: 5 is wrong: it is no table",
            "Write a table, { NAME = ... }.",
        ),
    ),
    "sets_of_a_level": (
        SpecificationError,
        (
            "profile.toml: uncertainty.weights.composite",
            "'sets' weighs the whole tree",
            'Write weights = { method = "sets", ... }, without a level',
        ),
    ),
    "claim_of_an_unknown_case_beside_scenarios": (
        SpecificationError,
        (
            "profile.toml: claims.0.cases",
            "there is no case 'A'",
            "Known: A>B.",
        ),
    ),
    "unknown_scenario_beside_scenarios": (
        SpecificationError,
        (
            "profile.toml: uncertainty.scenarios",
            "there is no scenario 'othr'",
        ),
    ),
}

AT_SCORING: dict[str, tuple[type[SoftPowerError], tuple[str, ...]]] = {
    "weights_of_a_mapping_that_sum_to_zero": (MethodError, ("weights: all", "sum to zero", "at least one child")),
    "zero_denominator": (
        ObservationError,
        ("A>B: health_share", "denominator can be zero", "O-help-all", "Raise a low bound above zero"),
    ),
}
"""Mistakes that show only when the methodology meets the tree, or values are derived."""

SEVERAL = {
    "circle_of_parents": 3,
    "region_over_a_nation": 2,
    "unknown_level_of_a_framework": 2,
    "unknown_level_of_a_scenario": 2,
}
"""Mistakes that are rightly several faults: a circle is reported at each of its parents, and the root lost its
children; a regional figure over a national one clashes with its row and with its denominator; where a level is
misspelt, another one lacks."""


def overlaid(study: Path, name: str) -> Path:
    """Return the study after a mistake has replaced one of its files."""
    for broken in (BROKEN / name).rglob("*"):
        sound = study / broken.relative_to(BROKEN / name)
        if broken.is_dir() and sound.is_file():
            sound.unlink()
    return Path(shutil.copytree(BROKEN / name, study, dirs_exist_ok=True))


def faulty(study: Path, name: str) -> SoftPowerError:
    with pytest.raises(SoftPowerError) as caught:
        load_profile(overlaid(study, name))
    return caught.value


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place_and_its_mend(study, name):
    kind, words = MISTAKES[name]
    error = faulty(study, name)
    assert [word for word in words if word not in str(error)] == [], str(error)
    assert type(error) is kind


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_once(study, name):
    error = faulty(study, name)
    assert len(error.faults) == SEVERAL.get(name, 1), str(error)
    assert all(fault.where and fault.what and fault.mend for fault in error.faults)


@pytest.mark.parametrize("name", AT_SCORING)
def test_a_mistake_that_shows_at_scoring_is_named_with_its_place_and_its_mend(study, name):
    kind, words = AT_SCORING[name]
    profile = load_profile(overlaid(study, name))
    with pytest.raises(kind) as caught:
        score(profile)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


def test_every_folder_of_a_mistake_has_a_line_in_the_table():
    folders = {folder.name for folder in BROKEN.iterdir() if folder.is_dir()}
    assert folders == {"sound", *MISTAKES, *AT_SCORING}


def test_a_mistake_is_one_file_that_stands_for_a_sound_one():
    for name in (*MISTAKES, *AT_SCORING):
        (file,) = (one for one in (BROKEN / name).rglob("*") if one.is_file())
        place = file.relative_to(BROKEN / name)
        assert (BROKEN / "sound" / place).exists() or (BROKEN / "sound" / place.parent).is_file(), name


def test_the_sound_profile_scores(scored):
    # By hand: (50 + 75 + 70 + 100) / 4 = 73.75 and (25 + 50 + 50) / 3 = 41.67, their mean 57.71.
    assert scored.composite["A>B"] == pytest.approx((73.75 + 125 / 3) / 2)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("observations.csv", ",1250,", ",many,"), ("observations.csv", "id,case", "id,kase"), ("sources.toml", "[", "[[")],
)
def test_a_scenario_is_not_at_fault_for_facts_that_could_not_be_read(study, file, old, new):
    scenario = 'title = "T"\npreferred = ["O-help-other"]\nwithout_observations = { ids = ["O-mood"] }\n'
    profile = study / "profile.toml"
    profile.write_text(f"{profile.read_text(encoding='utf-8')}\n[scenarios.s]\n{scenario}", encoding="utf-8")
    load_profile(study)
    path = study / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SoftPowerError) as caught:
        load_profile(study)
    assert {fault.where.split(" ")[0].rstrip(":") for fault in caught.value.faults} == {file}


def test_faults_of_all_files_are_reported_together(study):
    for name in ("unknown_key", "unknown_key_of_a_source", "unknown_unit_of_a_variable", "parity_outside"):
        overlaid(study, name)
    table = study / "observations.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",10,", ",ten,").replace("2001,2003", "2003,2001"), encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        load_profile(study)
    message = str(caught.value)
    assert message.startswith(f"{len(caught.value.faults)} faults:")
    assert len(caught.value.faults) == 6
    for words in (
        "profile.toml: sumary",
        "framework.toml: indicators.agreement.goalposts",
        "variables.toml: variables.share.unit",
        "sources.toml: sources.talk",
        "observations.csv line 2",
        "observations.csv line 10",
    ):
        assert words in message


def test_all_faults_of_one_file_are_reported_together(study):
    table = study / "observations.csv"
    text = table.read_text(encoding="utf-8")
    for sound, broken in (
        ("O-mood,A>B,mood", "O-mood,A>C,mood"),
        ("treaty,1,", "treaty,0.5,"),
        ("O-visit-2,", "O-visit-1,"),
        (",talk,scored", ",talks,scored"),
        ("O-trade,A>B,trade,", "O-trade,A>B,trades,"),
    ):
        assert sound in text
        text = text.replace(sound, broken)
    table.write_text(text, encoding="utf-8")
    with pytest.raises(SoftPowerError) as caught:
        load_profile(study)
    lines = re.findall(r"observations.csv line (\d+)", str(caught.value))
    assert lines == ["3", "4", "4", "7", "10", "12"]


def test_a_faulty_row_hides_no_clash_of_sound_rows(study):
    table = study / "observations.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("treaty,1,", "treaty,0.5,").replace("250,200,", "250,260,"), encoding="utf-8")
    with pytest.raises(SoftPowerError) as caught:
        load_profile(study)
    assert "line 8: low 260 is above value 250" in str(caught.value)
    assert "no code of 'treaty'" in str(caught.value)


@pytest.mark.parametrize("file", ["observations.csv", "sources.toml", "spec/framework.toml", "spec/variables.toml"])
def test_a_link_that_leaves_the_folder_is_refused(study, file):
    outside = study.parent / "outside"
    (study / file).rename(outside)
    (study / file).symlink_to(outside)
    with pytest.raises(FileError, match="leaves the folder") as caught:
        load_profile(study)
    assert Path(file).name in str(caught.value)


def test_a_framework_folder_that_is_a_link_out_of_the_profile_is_refused(study):
    (study / "spec").rename(study.parent / "outside")
    (study / "spec").symlink_to(study.parent / "outside", target_is_directory=True)
    with pytest.raises(FileError, match="leaves the folder"):
        load_profile(study)


def test_a_folder_without_profile_says_which_file_lacks(study):
    (study / "profile.toml").unlink()
    with pytest.raises(FileError, match=r"profile\.toml: there is no such file in study"):
        load_profile(study)


def test_a_misspelt_name_suggests_the_shipped_one():
    with pytest.raises(NotFoundError, match="kazakhstn") as caught:
        load_profile("kazakhstn")
    assert "Did you mean 'kazakhstan'?" in str(caught.value)
    with pytest.raises(NotFoundError, match="Known: hdi, manners, nye"):
        load_framework("other")


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (" ", SpecificationError, "' ' is neither a name nor a path"),
        (3, SpecificationError, "3 is neither a name nor a path"),
        ("a" * 5000, FileError, "it cannot be a folder"),
        (Path("nowhere"), NotFoundError, "nowhere: there is no such folder"),
    ],
    ids=["blank", "number", "long", "path"],
)
def test_what_names_no_folder_is_refused(given, kind, says):
    with pytest.raises(kind, match=says):
        load_profile(given)


@pytest.mark.parametrize(("mark", "spoken"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_observations_that_a_spreadsheet_parted_otherwise_are_told_apart(study, mark, spoken):
    file = study / "observations.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",", mark), encoding="utf-8")
    with pytest.raises(ObservationError, match=f"line 1: the cells are separated by {spoken}"):
        load_profile(study)


def test_a_table_of_sources_under_another_name_is_refused(study):
    with (study / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[works.other]\ntitle = "A work"\n')
    with pytest.raises(SpecificationError, match=r"sources\.toml: unknown table 'works'"):
        load_profile(study)


def test_a_file_where_a_folder_is_meant_is_refused(study):
    with pytest.raises(FileError, match=r"it is a file. Give the folder that holds profile\.toml"):
        load_profile(study / "sources.toml")


def test_the_profile_file_itself_stands_for_its_folder(study):
    assert load_profile(study / "profile.toml") == load_profile(study)


def test_a_path_is_a_folder_even_where_a_shipped_profile_has_its_name(study, monkeypatch):
    study.rename(study.parent / "kazakhstan")
    monkeypatch.chdir(study.parent)
    assert load_profile(Path("kazakhstan")).id == "mini"
    assert load_profile("kazakhstan").id == "kazakhstan"


def test_what_ships_loads():
    assert "nye" in framework_names()
    assert "kazakhstan" in profile_names()
    for name in framework_names():
        assert load_framework(name).id == name
    for name in profile_names():
        assert load_profile(name).id == name


def test_a_framework_is_read_from_a_folder_of_its_own(study, sound):
    assert load_framework(study / "spec") == sound.framework
    assert load_framework(str(study / "spec")) == sound.framework


def test_a_framework_has_the_works_of_its_own_and_of_those_that_ship_what_it_cites(sound):
    assert list(sound.framework.works) == ["handbook", "unread"]


def test_the_framework_may_stand_beside_the_profile(study, sound):
    for file in (study / "spec").iterdir():
        file.rename(study / file.name)
    (study / "spec").rmdir()
    profile = study / "profile.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace('framework = "spec"', 'framework = "."'), "utf-8")
    assert load_profile(study) == sound


def test_windows_line_ends_and_blank_lines_change_nothing(study, sound):
    for file in study.rglob("*.*"):
        lines = file.read_bytes().replace(b"\n", b"\r\n")
        file.write_bytes(lines + b"\r\n\r\n")
    assert load_profile(study) == sound


def test_a_quoted_cell_may_span_lines_and_later_lines_keep_their_number(study):
    table = study / "observations.csv"
    text = table.read_text(encoding="utf-8")
    text = text.replace("Three visits, by both", "Three visits,\nby both").replace("treaty,1,", "treaty,one,")
    table.write_text(text, encoding="utf-8")
    with pytest.raises(ObservationError, match=r"observations\.csv line 13: value: 'one'"):
        load_profile(study)


def test_the_order_of_columns_means_nothing(study, sound):
    table = study / "observations.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row[::-1] for row in csv.reader(file)]
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert load_profile(study) == sound


def test_the_code_na_is_read_as_text_and_not_as_a_gap(study):
    table = study / "observations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("O-aside,", "NA,"), encoding="utf-8")
    assert load_profile(study).observations[-1].id == "NA"


def test_nothing_is_read_but_text_of_the_right_kind(study):
    for file in ("observations.csv", "sources.toml", "spec/framework.toml", "spec/variables.toml", "profile.toml"):
        whole = (study / file).read_bytes()
        (study / file).write_bytes(whole[: len(whole) // 2] + b"\x00\xff" + whole[len(whole) // 2 :])
        with pytest.raises(FileError, match="byte 0xff is not UTF-8"):
            load_profile(study)
        (study / file).write_bytes(whole)


def test_a_folder_whose_rows_cite_no_source_needs_no_file_of_sources(study):
    (study / "sources.toml").unlink()
    profile = study / "profile.toml"
    profile.write_text(profile.read_text(encoding="utf-8").replace('sources = "sources.toml"\n', ""), "utf-8")
    with pytest.raises(FileError, match=r"sources\.toml: there is no such file"):
        load_profile(study)
    table = study / "observations.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace(",report,", ",,").replace(",talk,", ",,"), encoding="utf-8")
    assert load_profile(study).sources == {}


class TestValues:
    """A profile whose indicators stand in a table: what is read, and what is said of a table at fault."""

    TABLE = (
        "case,period,group:region,a,a:low,b,b:source\nX,2019,north,2,1,30,book\nNA,2019,south,,,10,\nY,2019,,3,,5,\n"
    )

    @pytest.fixture
    def tabled(self, tmp_path: Path) -> Path:
        folder = tmp_path / "tabled"
        (folder / "spec").mkdir(parents=True)
        head = (
            'id = "t"\ntitle = "T"\nframework = "spec"\nvalues = "values.csv"\nmethodology = { normalise = "rank" }\n'
        )
        spec = 'id = "s"\ntitle = "S"\n[dimensions.index]\ntitle = "I"\n'
        spec += "".join(f'[indicators.{name}]\ntitle = "{name}"\ndimension = "index"\n' for name in "ab")
        (folder / "profile.toml").write_text(head, encoding="utf-8")
        (folder / "sources.toml").write_text('[sources.book]\ntitle = "A book"\nkind = "book"\n', encoding="utf-8")
        (folder / "spec" / "framework.toml").write_text(spec, encoding="utf-8")
        (folder / "values.csv").write_text(self.TABLE, encoding="utf-8")
        return folder

    def test_it_is_read_and_scored(self, tabled):
        profile = load_profile(tabled)
        assert profile.values is not None
        assert list(profile.index) == [("X", 2019), ("NA", 2019), ("Y", 2019)]
        assert profile.values.groups == {"region": ("north", "south", "")}
        result = score(profile)
        assert result.sources().index.tolist() == ["book"]
        assert result.reasons == {("NA", 2019, "a"): "no value in the table"}

    @pytest.mark.parametrize(
        ("file", "old", "new", "says"),
        [
            ("values.csv", "30", "n/a", "values.csv: row X 2019, column 'b': 'n/a' is no number. Correct it, or leave"),
            ("values.csv", "30", "inf", "values.csv: row X 2019, column 'b': 'inf' is no number"),
            ("values.csv", "X,2019,north,2,1", "X,2019,north,2,3", "low 3 is above the value 2"),
            ("values.csv", ",b,b:", ",c,c:", "values.csv: column 'c': the framework 's' has no such indicator"),
            ("values.csv", "NA,", "X,", "values.csv: row X 2019: the label stands twice"),
            ("values.csv", ",10,", ",10", "values.csv line 3: 6 cells where the header has 7"),
            ("values.csv", "book", "a book", "values.csv: row X 2019, column 'b:source': there is no source 'a book'"),
            ("values.csv", TABLE, "", "values.csv: the file is empty"),
            ("profile.toml", '"values.csv"', '"value.csv"', "value.csv: there is no such file in tabled. Did you mean"),
            ("profile.toml", '"values.csv"', "3", "profile.toml: values: 3 is wrong"),
            ("profile.toml", '"values.csv"', '"../values.csv"', "the name leaves the folder"),
            ("profile.toml", 'id = "t"', 'id = "t"\ncases = ["X"]', "profile.toml: cases: the profile has a table of"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_named_with_its_place(self, tabled, file, old, new, says):
        text = (tabled / file).read_text(encoding="utf-8")
        assert old in text
        (tabled / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(SoftPowerError) as caught:
            load_profile(tabled)
        assert says in str(caught.value)
        assert len(caught.value.faults) == 1

    def test_faults_of_table_and_profile_are_reported_together(self, tabled):
        (tabled / "values.csv").write_text(self.TABLE.replace("30", "n/a"), encoding="utf-8")
        text = (tabled / "profile.toml").read_text(encoding="utf-8")
        (tabled / "profile.toml").write_text(text.replace('"rank"', '"rnk"'), encoding="utf-8")
        with pytest.raises(SpecificationError) as caught:
            load_profile(tabled)
        assert len(caught.value.faults) == 2
