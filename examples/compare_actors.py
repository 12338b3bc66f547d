"""Compare two actors towards one partner: who is ahead, where, how surely, and what would turn the order.

The study `comparison` holds INVENTED numbers, to show how cases are compared. Run it with
``python examples/compare_actors.py``. With ``--output FOLDER`` and matplotlib (``softpower[plot]``) it writes pictures
there; one that is there already stays, unless ``--overwrite`` is given.
"""

import argparse
from io import BytesIO
from pathlib import Path

import pandas as pd

import softpower
from softpower import plot
from softpower.errors import SoftPowerError
from softpower.files import write_file

PROFILE = softpower.load_profile("comparison")
ONE, OTHER = PROFILE.cases
PICTURES = {
    "strengths.png": lambda drawn: plot.strengths(drawn.score, ONE, against=OTHER),
    "pairwise.png": plot.pairwise,
    "pairwise_culture.png": lambda drawn: plot.pairwise(drawn, node="culture"),
}


def options() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write pictures")
    parser.add_argument("--overwrite", action="store_true", help="replace pictures that are there already")
    given = parser.parse_args()
    taken = [name for name in PICTURES if given.output and (given.output / name).exists()]
    if taken and not given.overwrite:
        parser.error(f"{', '.join(taken)}: there already; choose another folder, or give --overwrite")
    return given


def show(title: str, frame: pd.DataFrame) -> None:
    """Print a table under a title."""
    print(f"\n{title}\n{frame.to_string(float_format='{:.2f}'.format)}")


def tell(drawn: softpower.UncertaintyResult) -> None:
    """Print who is ahead, where, how surely, and what would turn the order."""
    result = drawn.score
    print(PROFILE.caveats[0])
    show("Scores", result.to_wide("composite").join(result.to_wide("source")))
    table = softpower.strengths(result, ONE, against=OTHER).droplevel("case")
    shown = ["title", "score", "against", "difference", "gain"]
    known = table.dropna(subset=["difference"])
    show(f"Where {ONE} is furthest ahead of {OTHER}", known[shown].head(5))
    show("and furthest behind", known[shown].tail(5).iloc[::-1])
    show("What one of the two lacks", table[table["difference"].isna()][["title", "score", "against", "reason"]])
    show("Share of the draws in which the row is above the column", drawn.probability_above())
    show("What is claimed", drawn.claims()[["says", "share", "verdict"]])
    moves = softpower.flips(result, ONE, OTHER).dropna(subset=["turns"]).reset_index()
    values = moves[moves["of"] != "weight"]
    columns = ["node", "of", "unit", "now", "turns", "points", "within"]
    show("One value that turns the order, the easiest first", values[columns].head(8))
    show("One weight that turns it", moves[moves["of"] == "weight"][["node", "now", "turns", "move"]])
    # Weights that are moved together are compared on what both have: a gap hands its weight on.
    lacking = {node for _, node in result.reasons if node in result.engine.indicators}
    space = softpower.weight_space(PROFILE.without(*lacking), weights="simplex")
    print(f"\nOn the {len(result.engine.indicators) - len(lacking)} indicators that both have:")
    print(space.reversal(ONE, OTHER))


def main() -> None:
    """Print the comparison, and write the pictures."""
    given = options()
    drawn = softpower.uncertainty_analysis(PROFILE, n=1024)
    tell(drawn)
    if given.output:
        try:
            given.output.mkdir(parents=True, exist_ok=True)
            for name, draw in PICTURES.items():
                picture = BytesIO()
                draw(drawn).figure.savefig(picture, dpi=110)
                print(f"wrote {write_file(given.output / name, picture.getvalue(), overwrite=given.overwrite)}")
        except (SoftPowerError, OSError) as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
