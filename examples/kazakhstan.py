"""The soft power of the European Union in Kazakhstan: how high, how sure, what it hangs on, and read otherwise.

Run it with ``python examples/kazakhstan.py``. With ``--output FOLDER`` and matplotlib (``softpower[plot]``) it writes a
picture there; one that is there already stays, unless ``--overwrite`` is given.
"""

import argparse
from io import BytesIO
from pathlib import Path

import softpower
from softpower.errors import SoftPowerError
from softpower.files import write_file
from softpower.plot.heat import missing
from softpower.present.scenarios import scenario_table
from softpower.present.table import score_table
from softpower.present.uncertainty import claims_lines, sensitivity_table

PROFILE = softpower.load_profile("kazakhstan")
PICTURE = "missing.png"


def options() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="where to write a picture")
    parser.add_argument("--overwrite", action="store_true", help="replace a picture that is there already")
    given = parser.parse_args()
    if given.output and (given.output / PICTURE).exists() and not given.overwrite:
        parser.error(f"{PICTURE} is there already: choose another folder, or give --overwrite")
    return given


def main() -> None:
    """Print what is asked in the first line, and write the picture."""
    given = options()
    result = softpower.score(PROFILE)
    drawn = softpower.uncertainty_analysis(PROFILE, n=1024)
    print(score_table(result, depth=1, drawn=drawn))

    print("\nDoes the article's claim hold, whatever is chosen?")
    print("\n".join(claims_lines(drawn.claims())))

    found = softpower.sensitivity_analysis(PROFILE, groups="kinds", outputs=["soft_power"], n=256)
    most = found.to_frame("soft_power").iloc[0]
    print("\nWhat does the score hang on?")
    print(f"Most on {most['factor']}, with a part in {most['total']:.0%} of its variance.")
    print(sensitivity_table(found))

    print("\nAnd read otherwise?")
    print(scenario_table(PROFILE, softpower.score_scenarios(PROFILE, PROFILE.scenarios)))

    if given.output:
        try:
            given.output.mkdir(parents=True, exist_ok=True)
            picture = BytesIO()
            missing(result).figure.savefig(picture, dpi=150)
            wrote = write_file(given.output / PICTURE, picture.getvalue(), overwrite=given.overwrite)
            print(f"\nwrote {wrote}")
        except (SoftPowerError, OSError) as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
