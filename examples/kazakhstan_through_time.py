"""The soft power of the European Union in Kazakhstan from 1991 to 2022: three phases, read in three ways.

Run it with ``python examples/kazakhstan_through_time.py``. With ``--output FOLDER`` and matplotlib
(``softpower[plot]``) it writes pictures there; what is there already stays, unless ``--overwrite`` is given.
"""

import argparse
from io import BytesIO
from pathlib import Path

import softpower
from softpower import plot
from softpower.errors import SoftPowerError
from softpower.files import write_file
from softpower.present.sheet import aligned
from softpower.present.trajectories import trajectory_table

PHASES = ("1991-2001", "2002-2013", "2014-2022")
PICTURES = ("trajectory", "trajectory_comparable")


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


def compared(readings: dict[str, softpower.Trajectory]) -> list[str]:
    """Return the phases of the composite under each reading, a line each."""
    rows = []
    for name, through in readings.items():
        for (_, _, phase), row in through.phases(PHASES, ["soft_power"]).iterrows():
            numbers = [format(row[key], ".1f") for key in ("mean", "last")] if row["scored"] else ["-", "-"]
            rows.append([f"{name}, {phase}", f"{row['scored']:.0f} of {row['years']:.0f}", *numbers])
            rows[-1] += [f"{row['coverage_first']:.0%} to {row['coverage_last']:.0%}"]
    return aligned(["", "years scored", "mean", "last", "coverage"], rows)


def main() -> None:
    """Print the trajectory with its limits, then the phases as other readings have them."""
    given = options()
    constant = softpower.trajectory("kazakhstan", undated="constant")
    dated = softpower.trajectory("kazakhstan")
    comparable = dated.comparable()
    print(trajectory_table(constant, phases=PHASES))

    print("\nThe same phases, read otherwise:")
    names = (
        "facts without a date held constant",
        "dated facts alone",
        f"the {len(dated.always)} indicators that dated facts settle in every year",
    )
    print("\n".join(compared(dict(zip(names, (constant, dated, comparable), strict=True)))))
    steps = constant.changes().loc[[("EU>KAZ", "soft_power", year) for year in (2013, 2014)]].sum()
    print(
        f"\nFrom 2012 to 2014 the score changes by {steps['change']:+.1f}, by {steps['coverage']:+.1f} through coverage"
    )
    print("alone: indicators enter that score low. What is observed before and after hardly moves.")

    if given.output:
        drawings = (
            lambda: plot.trajectory(constant, phases=PHASES),
            lambda: plot.trajectory(comparable, phases=PHASES),
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
