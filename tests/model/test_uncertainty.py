"""What may be declared uncertain, in which forms, and what is refused."""

import pytest

import softpower
from softpower import Claim, SpecificationError, Uncertainty
from softpower.model.uncertainty import Band, Mean, described

FORMS = [
    {},
    {"observations": True, "measures": True, "goalposts": ("trade_share",)},
    {"observations": "uniform", "imputations": 5, "sets": True},
    {"weights": "simplex"},
    {"weights": {"method": "dirichlet", "concentration": 10}},
    {"weights": {"composite": "simplex", "culture": {"method": "band", "share": 0.2}}},
    {"weights": {"method": "ordered", "at_least": [["culture", "foreign_policy"]]}},
    {"weights": {"method": "sets", "sets": {"equal": "equal", "ours": {"culture": 2}}}},
    {
        "weights": {
            "method": "experts",
            "points": {"culture": [3, 1], "political_values": [1, 1], "foreign_policy": [2, 2]},
        }
    },
    {"missing": ["strict"], "impute": ["none", "mean"], "treat": ["none", {"method": "percentiles", "low": 0.1}]},
    {"normalise": ["min_max", {"trade_share": "rank", "others": "z_score"}]},
    {"aggregate": ["arithmetic", {"method": "power", "p": {"low": -1, "high": 1}}, {"method": "power", "p": 2.0}]},
    {"aggregate": {"composite": ["arithmetic", "geometric"]}},
    {"scenarios": ["visa_list"], "leave_out": "one"},
    {"leave_out": 0.25},
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_reads_back_as_it_was_written(form):
    known = {"treat": {"percentiles"}}
    if "treat" in form and known["treat"] - set(softpower.registry.STEPS["treat"]):
        form = {key: value for key, value in form.items() if key != "treat"}
    made = Uncertainty(**form)
    assert Uncertainty.model_validate(made.model_dump(exclude_defaults=True)) == made
    assert Uncertainty.model_validate(made.model_dump(mode="json")) == made
    assert made.declared == bool(form)


def test_a_name_is_the_method_without_parameters():
    assert Uncertainty(weights={"culture": "simplex"}).weights["culture"].method == "simplex"
    assert Uncertainty(weights={"method": "band", "share": 0.2}).weights == Band(method="band", share=0.2)


def test_a_range_of_a_parameter_is_named_and_has_a_middle():
    one = Mean.model_validate({"method": "power", "p": {"low": -1.0, "high": 0.0}})
    assert one.label == "power(p=-1 to 0)"
    assert one.choice.parameters == {"p": -0.5}


def test_a_choice_is_named_with_its_parameters():
    choices = Uncertainty(normalise=["rank", {"method": "min_max", "low": 1.0}], impute=["none"]).normalise
    assert [described(one) for one in choices] == ["rank", "min_max(low=1)"]
    assert described(None) == "none"
    (one,) = Uncertainty(impute=[{"trade": "mean", "others": {"method": "linear", "maximum_gap": 2}}]).impute
    assert described(one) == "trade: mean, others: linear(maximum_gap=2)"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"weights": 3}, "weights"),
        ({"weights": {"method": "simplex", "share": 1}}, "unknown key 'share'"),
        ({"weights": {"method": "sets", "sets": {}}}, "weights.sets: "),
        ({"weights": {"method": "sets", "sets": {"a": "equl"}}}, "Did you mean 'equal'"),
        ({"weights": {"method": "dirichlet", "concentration": 0}}, "0 is wrong"),
        ({"weights": {"composite": {"method": "experts", "points": {"a": [1]}}}}, "'experts' weighs the whole tree"),
        ({"aggregate": {"composite": []}}, "no aggregation is named"),
        ({"aggregate": ["arithmetic", "arithmetic"]}, "arithmetic stands twice"),
        ({"aggregate": "arithmetic"}, "it is no list"),
        ({"normalise": ["rank", "rank"]}, "rank stands twice"),
        ({"normalise": [{"trade_share": "rank"}]}, "no method is chosen for all other indicators"),
        ({"impute": ["men"]}, "Did you mean 'mean'"),
        ({"observations": "gaussian"}, "'gaussian' is no way to draw"),
        ({"leave_out": 1}, "1 is neither 'one' nor a share"),
        ({"leave_out": "two"}, "'two' is neither"),
        ({"measures": "trade_share"}, "neither true, false nor a list"),
        ({"scenarios": ["a", "a"]}, "a name stands twice"),
        ({"imputations": -1}, "imputations"),
        ({"imputations": "3"}, "imputations"),
        ({"sets": 1}, "sets"),
        ({"observations": 1}, "1 is no way to draw"),
        ({"aggregate": [{"method": "power", "p": {"low": -1e308, "high": 1e308}}]}, "too far apart to compute with"),
        ({"aggregate": [{"method": "power", "p": {"low": 1, "high": 1}}]}, "low 1 is not below high 1"),
        ({"aggregate": [{"method": "power", "p": {"low": 1}}]}, "the key 'high' is missing"),
        ({"aggregate": [{"method": "powr"}]}, "Did you mean 'power'"),
        ({"weigths": "simplex"}, "Did you mean 'weights'"),
    ],
    ids=str,
)
def test_what_is_refused(form, said):
    with pytest.raises(SpecificationError) as caught:
        Uncertainty(**form)
    assert said in str(caught.value)
    assert "<" not in str(caught.value)


class TestProfiles:
    """What a profile does with its uncertainty and claims as it changes."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def profile(cls):
        cls.profile = softpower.load_profile("kazakhstan")

    def test_they_are_saved(self, tmp_path):
        assert softpower.load_profile(self.profile.save(tmp_path / "copy")) == self.profile

    def test_under_a_scenario_none_is_left_to_draw(self):
        under = self.profile.all_scenarios["visa_list"].apply(self.profile)
        assert under.uncertainty == self.profile.uncertainty.replace(scenarios=())
        assert under.claims == self.profile.claims

    def test_leaving_out_keeps_what_still_fits(self):
        left = self.profile.without("trade_share", "culture")
        assert left.uncertainty.scenarios == self.profile.uncertainty.scenarios
        drawn = softpower.uncertainty_analysis(left, n=32)
        assert drawn.claims().loc["culture_leads", "verdict"] == "undecided"

    def test_another_framework_drops_what_does_not_fit(self):
        framework = self.profile.framework.replace(title="Another")
        result = softpower.score(self.profile, framework=framework)
        assert result.profile.uncertainty.scenarios == ()
        assert result.profile.claims == self.profile.claims

    def test_the_fingerprint_of_a_score_does_not_hang_on_them(self):
        bare = self.profile.replace(uncertainty=Uncertainty(), claims=())
        assert softpower.score(bare).fingerprint == softpower.score(self.profile).fingerprint


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "above", "nodes": ["a"]}, "it names 1 to compare"),
        ({"kind": "above", "nodes": ["a", "b", "c"]}, "it names 3 to compare"),
        ({"kind": "order", "nodes": ["a"]}, "too few to compare"),
        ({"kind": "highest"}, "too few to compare"),
        ({"kind": "order", "nodes": ["a", "a"]}, "a name stands twice"),
        ({"kind": "order", "nodes": ["a", "b"], "cases": ["X", "Y"]}, "several nodes and several cases"),
        ({"kind": "spread", "nodes": ["a", "b"]}, "a spread of 0 always holds"),
        ({"kind": "order", "nodes": ["a", "b"], "by": -1}, "by"),
    ],
    ids=str,
)
def test_claims_that_are_none(form, said):
    with pytest.raises(SpecificationError) as caught:
        Claim(id="one", says="One.", **form)
    assert said in str(caught.value)


FIRST = {"id": "one", "says": "One.", "kind": "highest"}


@pytest.mark.parametrize(
    ("cases", "claims", "said"),
    [
        (("A>B",), [FIRST | {"nodes": ["regard"]}] * 2, "claims.1.id: the id 'one' is taken already"),
        (("A>B", "A>C"), [FIRST | {"nodes": ["regard"]}], "claims.0.cases: there are several cases and it names none"),
        (("A>B",), [FIRST | {"nodes": ["all"]}], "claims.0.nodes: 'all' has no siblings"),
        (("A>B",), [FIRST | {"cases": ["A>B"]}], "claims.0.cases: there is no other case"),
    ],
)
def test_claims_that_do_not_fit_the_profile(sound, cases, claims, said):
    with pytest.raises(SpecificationError) as caught:
        sound.replace(observations=(), cases=cases, claims=claims)
    assert said in str(caught.value)


def test_no_node_weighs_at_least_as_much_as_itself(sound):
    ordered = {"weights": {"method": "ordered", "at_least": [["regard", "regard"]]}}
    with pytest.raises(SpecificationError, match=r"'regard' stands against itself\. Name two siblings"):
        sound.replace(uncertainty=ordered)


def test_what_a_claim_compares():
    assert not Claim(id="a", says="A.", kind="highest", nodes=["x"], cases=["P"]).of_cases
    assert Claim(id="a", says="A.", kind="highest", cases=["P"]).of_cases
    assert Claim(id="a", says="A.", kind="order", nodes=["x"], cases=["P", "Q"]).of_cases


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"standard_error": 1.0}, "the distribution is not normal"),
        ({"distribution": "uniform", "standard_error": 1.0}, "the distribution is not normal"),
        ({"distribution": "normal"}, "has no standard_error"),
    ],
    ids=str,
)
def test_a_standard_error_goes_with_a_normal(form, said):
    with pytest.raises(SpecificationError) as caught:
        softpower.Observation(id="a", case="A>B", variable="x", value=3, unit="count:visit", **form)
    assert said in str(caught.value)


def test_no_normal_draws_a_code():
    profile = softpower.load_profile("kazakhstan")
    coded = next(one for one in profile.observations if one.variable == "visa_response")
    with pytest.raises(SpecificationError, match="which no normal distribution draws"):
        profile.replace(
            observations=[
                one.replace(distribution="normal", standard_error=0.5) if one is coded else one
                for one in profile.observations
            ]
        )
