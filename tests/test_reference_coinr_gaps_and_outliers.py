"""Imputation and treatment against COINr 1.1.14 on invented data, as ../shared/reference/README.md says."""

import json

import numpy as np
import pytest

from softpower.registry import IMPUTE
from softpower.steps import statistics
from softpower.steps.layout import Layout
from softpower.steps.treat import box_cox, jrc_treatment
from test_reference_coinr import FOLDER, agree, numbers, table

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the numbers of COINr are not here: ../shared/reference")

METHODS = {"imputed_i_mean": "mean", "imputed_i_median": "median", "imputed_group_mean": "group_mean"}
VECTORS = json.loads((FOLDER.parent / "coinr_small_vectors.json").read_text())["vectors"] if FOLDER.is_dir() else {}


def indicators():
    return tuple(name for name, row in table("structure.csv").items() if row["kind"] == "indicator")


def layout():
    regions = [row["region"] for row in table("raw.csv").values()]
    codes = np.unique(regions, return_inverse=True)[1]
    names = indicators()
    return Layout(names, np.zeros(len(names), dtype=int), np.arange(len(codes)), groups={"region": codes})


def vector(cells):
    return np.array([np.nan if cell is None else cell for cell in cells], dtype=float)[:, None]


@pytest.mark.parametrize("name", METHODS)
def test_imputations(name):
    values = numbers("raw.csv", indicators())
    assert np.isnan(values).any()
    parameters = {"group": "region"} if "group" in name else {}
    got = IMPUTE[METHODS[name]].function(values, layout(), **parameters)
    agree(got, numbers(f"{name}.csv", indicators()))


@pytest.mark.parametrize(("file", "values"), [("raw", "raw"), ("imputed", "imputed_group_mean")])
def test_statistics(file, values):
    values, expected = numbers(f"{values}.csv", indicators()), numbers(f"statistics_{file}.csv", ("Skew", "Kurt"))
    np.testing.assert_allclose(statistics.skewness(values), expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose(statistics.kurtosis(values), expected[:, 1], rtol=1e-9)


class TestTreatment:
    def test_values(self):
        made = jrc_treatment(numbers("imputed_group_mean.csv", indicators()), layout())
        agree(made.values, numbers("treated.csv", indicators()))

    def test_how_many_cells_and_which(self):
        values = numbers("imputed_group_mean.csv", indicators())
        made = jrc_treatment(values, layout())
        details = table("treated_details.csv")
        assert made.cells.tolist() == [int(details[name]["winsorise.nwin"] or 0) for name in indicators()]
        assert (made.method == "winsorised").tolist() == [row["winsorise.nwin"] != "" for row in details.values()]
        points = [[row[name] == "winhi" for name in indicators()] for row in table("treated_points.csv").values()]
        assert (made.values < values).tolist() == points

    def test_moments_after(self):
        made = jrc_treatment(numbers("imputed_group_mean.csv", indicators()), layout()).values
        rows = [row for row in table("treated_details.csv").values() if row["winsorise.nwin"]]
        moved = [
            place for place, name in enumerate(indicators()) if table("treated_details.csv")[name]["winsorise.nwin"]
        ]
        for ours, key in ((statistics.skewness, "Skew"), (statistics.kurtosis, "Kurt")):
            expected = [float(row[f"check_SkewKurt1.{key}"]) for row in rows]
            np.testing.assert_allclose(ours(made[:, moved]), expected, rtol=1e-9)


@pytest.mark.parametrize("name", VECTORS)
class TestVectors:
    def test_moments(self, name):
        given = VECTORS[name]
        values = vector(given["x"])
        assert statistics.skewness(values) == pytest.approx([given["skew"]], rel=1e-9)
        assert statistics.kurtosis(values) == pytest.approx([given["kurt"]], rel=1e-9)

    @pytest.mark.parametrize(("key", "most"), [("winsorise_max5", 5), ("winsorise_max1", 1)])
    def test_winsorised(self, name, key, most):
        given = VECTORS[name]
        made = jrc_treatment(vector(given["x"]), Layout.plain(len(given["x"]), ("x",)), most=most)
        assert (made.method == "none").tolist() == [given["pass"]]
        assert made.cells.tolist() == [given[key]["nwin"]]
        np.testing.assert_array_equal(made.values, vector(given[key]["x"]))

    def test_logarithm(self, name):
        given = VECTORS[name]
        # A rule that nothing passes, and no cell to winsorise.
        made = jrc_treatment(
            vector(given["x"]),
            Layout.plain(len(given["x"]), ("x",)),
            most=0,
            skewness_threshold=1e-12,
            kurtosis_threshold=-100.0,
        )
        np.testing.assert_allclose(made.values, vector(given["log_CT"]), rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize(("key", "exponent"), [("boxcox_l0.5", 0.5), ("boxcox_l0", 0.0), ("boxcox_lm1", -1.0)])
    def test_box_cox(self, name, key, exponent):
        # COINr lifts the least value to 1 before
        values = vector(VECTORS[name]["x"])
        lifted = values - np.nanmin(values) + 1
        got = box_cox(lifted, Layout.plain(len(values), ("x",)), exponent=exponent)
        np.testing.assert_allclose(got, vector(VECTORS[name][key]), rtol=1e-9, atol=1e-12)
