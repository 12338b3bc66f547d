"""What other defensible choices make of the Kazakhstan scores: the table in the profile's README."""

from collections.abc import Callable

import softpower
from softpower.model.indicator import Indicator

NODES = ("soft_power", "culture", "political_values", "foreign_policy")


def without(profile: softpower.Profile, left_out: Callable[[str, Indicator], bool]) -> softpower.Profile:
    """Return the profile without some base indicators; those that stay weigh the same inside their source."""
    data = profile.framework.model_dump()
    kept = []
    for name, indicator in profile.indicators.items():
        if left_out(name, indicator):
            data["indicators"][name]["set"] = "extended"
        else:
            kept.append(indicator.dimension)
    for name, dimension in data["dimensions"].items():
        if name in profile.framework.dimensions and name not in NODES:
            dimension["weight"] = kept.count(name)
    for source in NODES[1:]:
        if not any(data["dimensions"][one]["parent"] == source for one in kept):
            raise ValueError(f"nothing is left of {source}")
    return profile.replace(framework=softpower.Framework.parse(data))


def tagged(*tags: str) -> Callable[[str, Indicator], bool]:
    """Return the test whether an indicator has one of the tags."""
    return lambda _, indicator: bool(set(tags) & set(indicator.tags))


def by_visa_list(profile: softpower.Profile) -> softpower.Profile:
    """Return the profile with the list of visa-free countries preferred to the sentence on all members."""
    preferred = {"VIS-06": True, "VIS-07a": False}
    rows = [one.replace(preferred=preferred[one.id]) if one.id in preferred else one for one in profile.observations]
    return profile.replace(observations=rows)


def against_whole_shares(profile: softpower.Profile) -> softpower.Profile:
    """Return the profile with the shares of money scored from none to all, instead of twice parity."""
    data = profile.framework.model_dump()
    for name in ("capacity_building_money_share", "mobility_money_share"):
        data["indicators"][name]["goalposts"] |= {"high": 1.0, "parity": None}
    return profile.replace(framework=softpower.Framework.parse(data))


def choices(profile: softpower.Profile) -> dict[str, softpower.Profile]:
    """Return the profile under each choice."""
    methodology = profile.methodology
    return {
        "as declared": profile,
        "equal weights at every level": profile.replace(methodology=methodology.replace(weights="equal")),
        "geometric mean, floor 1": profile.replace(methodology=methodology.replace(aggregate="geometric")),
        "base and extended set": profile.replace(sets=("base", "extended")),
        "quality A and B alone": without(profile, lambda _, one: one.quality in "CD"),
        "without judgements": without(profile, tagged("judgement")),
        "without the three receptions": without(profile, lambda name, _: name.startswith("reception_of")),
        "active alone": without(profile, lambda _, one: one.mode == "passive"),
        "passive alone": without(profile, lambda _, one: one.mode == "active"),
        "without trade and investment": without(profile, tagged("trade_and_investment")),
        "without trade, investment and aid": without(profile, tagged("trade_and_investment", "aid")),
        "visa opening by the list": by_visa_list(profile),
        "without the Union's own visa step": without(profile, lambda name, _: name == "visa_reciprocity"),
        "money shares against 0 to 1": against_whole_shares(profile),
    }


def scores(profile: softpower.Profile) -> tuple[str, ...]:
    """Return composite and sources, to one decimal."""
    frame = softpower.score(profile).to_frame().droplevel("case")
    return tuple(f"{frame.loc[node, 'score']:.1f}" for node in NODES)


def main() -> None:
    """Print the table."""
    print("| choice | soft power | culture | political values | foreign policy |")
    print("|---|---|---|---|---|")
    for name, profile in choices(softpower.load_profile("kazakhstan")).items():
        print(f"| {name} | {' | '.join(scores(profile))} |")


if __name__ == "__main__":
    main()
