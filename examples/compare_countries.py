"""Rank the 23 countries of the Technology Achievement Index, and say how far each rank can be trusted.

Run it with ``python examples/compare_countries.py``. With ``--output FOLDER`` and matplotlib (``softpower[plot]``) it
writes pictures there; one that is there already stays, unless ``--overwrite`` is given.
"""

import argparse
from io import BytesIO
from pathlib import Path

import softpower
from softpower import plot
from softpower.errors import SoftPowerError
from softpower.files import write_file
from softpower.present.uncertainty import uncertainty_table

PROFILE = softpower.load_profile("technology_achievement")
# The geometric mean needs scores above zero, which the floor sees to.
METHODOLOGY = {"floor": 1.0}
# Nobody knows what the indicators should weigh. All alternatives score from 0 to 100, so that scores compare too.
UNCERTAINTY = {
    "weights": "simplex",
    "normalise": ["goalposts", "min_max", "percentile_rank"],
    "aggregate": ["arithmetic", "geometric"],
}
PICTURES = {
    "ranking.png": plot.ranking,
    "acceptability.png": plot.acceptability,
    "correlations.png": lambda drawn: plot.correlations(drawn.score),
    "missing.png": lambda drawn: plot.missing(drawn.score),
    "treatment.png": lambda _: plot.treatment(
        softpower.score(PROFILE, methodology={"normalise": "min_max", "treat": "jrc"}), indicator="patents"
    ),
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


def main() -> None:
    """Print the ranking with its intervals, and write the pictures."""
    given = options()
    ranked = softpower.uncertainty_analysis(PROFILE, methodology=METHODOLOGY, uncertainty=UNCERTAINTY, n=1024)
    print(uncertainty_table(ranked))
    if given.output:
        try:
            given.output.mkdir(parents=True, exist_ok=True)
            for name, draw in PICTURES.items():
                picture = BytesIO()
                draw(ranked).figure.savefig(picture, dpi=110)
                print(f"wrote {write_file(given.output / name, picture.getvalue(), overwrite=given.overwrite)}")
        except (SoftPowerError, OSError) as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
