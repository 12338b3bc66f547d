"""The soft power of the European Union in Kazakhstan: how high, how sure, what it hangs on, and read otherwise.

Run it with ``python examples/kazakhstan.py``. With ``--output FOLDER`` and matplotlib (``softpower[plot]``) it writes
pictures there; what is there already stays, unless ``--overwrite`` is given.
"""

import argparse
from io import BytesIO
from pathlib import Path

import softpower
from softpower import plot
from softpower.errors import SoftPowerError
from softpower.files import write_file
from softpower.present.scenarios import scenario_table
from softpower.present.table import score_table
from softpower.present.uncertainty import claims_sheet, sensitivity_table

PROFILE = softpower.load_profile("kazakhstan")
PICTURES = ("profile", "contributions", "framework", "specifications", "tornado", "sensitivity", "simplex", "scenarios")


def options() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write pictures")
    parser.add_argument("--overwrite", action="store_true", help="replace pictures that are there already")
    given = parser.parse_args()
    there = [f"{name}.png" for name in PICTURES if given.output and (given.output / f"{name}.png").exists()]
    if there and not given.overwrite:
        parser.error(f"there already: {', '.join(there)}. Choose another folder, or give --overwrite")
    return given


def main() -> None:
    """Print what is asked in the first line, and write pictures."""
    given = options()
    result = softpower.score(PROFILE)
    drawn = softpower.uncertainty_analysis(PROFILE)
    print(score_table(result, depth=1, drawn=drawn))

    print("\nDoes the article's claim hold, whatever is chosen?")
    print(claims_sheet(drawn.claims()))

    found = softpower.sensitivity_analysis(PROFILE, groups="kinds", outputs=["soft_power"], n=256)
    most = found.to_frame("soft_power").iloc[0]
    print("\nWhat does the score hang on?")
    print(f"Most on {most['factor']}, with a part in {most['total']:.0%} of its variance.")
    print(sensitivity_table(found))

    print("\nAnd read otherwise?")
    print(scenario_table(PROFILE, softpower.score_scenarios(PROFILE, PROFILE.scenarios)))

    if given.output:
        drawings = (
            lambda: plot.profile(drawn),
            lambda: plot.contributions(result),
            lambda: plot.framework(result),
            lambda: plot.specifications(drawn),
            lambda: plot.tornado(softpower.tornado(PROFILE)),
            lambda: plot.sensitivity(found),
            lambda: plot.simplex(result),
            lambda: plot.scenarios(PROFILE),
        )
        try:
            given.output.mkdir(parents=True, exist_ok=True)
            for name, draw in zip(PICTURES, drawings, strict=True):
                picture = BytesIO()
                draw().figure.savefig(picture, dpi=110)
                wrote = write_file(given.output / f"{name}.png", picture.getvalue(), overwrite=given.overwrite)
                print(f"wrote {wrote}")
        except (SoftPowerError, OSError) as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
