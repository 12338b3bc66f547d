"""Score Kazakhstan under two theories, and say how far the picture depends on which one it is.

The same facts and the same indicators, once in Nye's three sources, once in the channels of normative diffusion that
the article takes from Manners. Run it with ``python examples/two_theories.py``.
"""

import pandas as pd

import softpower

THEORIES = ("nye", "manners")
# What both trees have: facts, measures and goalposts, and the weights of whatever stands below the composite.
UNCERTAINTY = {
    "observations": True,
    "measures": True,
    "goalposts": True,
    "weights": {"composite": {"method": "simplex"}, "dimension": {"method": "band", "share": 0.5}},
}


def show(title: str, frame: pd.DataFrame) -> None:
    """Print a table under a title."""
    print(f"\n{title}\n{frame.to_string(float_format='{:.1f}'.format)}")


def main() -> None:
    """Print the two scores side by side, and what they owe to the theory."""
    profile = softpower.load_profile("kazakhstan")
    drawn = {name: softpower.uncertainty_analysis(profile, name, uncertainty=UNCERTAINTY, n=1024) for name in THEORIES}
    scores = {name: one.score for name, one in drawn.items()}
    for name, one in drawn.items():
        framework = one.score.profile.framework
        frame = one.to_frame().droplevel("case")
        above = [node for node in frame.index if node in framework.dimensions and framework.depths[node] < 2]
        show(f"Under {framework.title} ({name})", frame.loc[above, ["title", "score", "low", "high"]])

    tables = {name: one.to_frame("indicator").droplevel("case") for name, one in scores.items()}
    shared = [name for name in tables["nye"].index if name in tables["manners"].index]
    sides = pd.DataFrame({name: one["contribution"] for name, one in tables.items()}).loc[shared]
    ranks = sides.rank(ascending=False, method="min").astype(int).add_prefix("rank_")
    both = sides.join(ranks).assign(moves=ranks["rank_manners"] - ranks["rank_nye"])
    order = both["moves"].abs().sort_values(ascending=False, kind="stable").index
    show(
        f"What the {len(shared)} shared indicators contribute, those whose rank moves most first", both.loc[order[:12]]
    )
    print(f"\nSpearman's rank correlation of the contributions: {sides.corr('spearman').iloc[0, 1]:.2f}")

    left_out = scores["manners"].profile.framework.left_out
    base = [name for name in left_out if name in tables["nye"].index]
    share = tables["nye"].loc[base, "effective_weight"].sum()
    whole = len(tables["nye"])
    print(f"\nWithout a channel, and so left out: {len(base)} of the {whole} indicators that enter under nye,")
    print(f"which carry {share:.0%} of the weight there:")
    for name in base:
        print(f"- {tables['nye'].loc[name, 'title']}: {left_out[name]}")


if __name__ == "__main__":
    main()
