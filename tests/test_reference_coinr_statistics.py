"""Statistics, correlations, alpha and components against COINr 1.1.14, as ../shared/reference/README.md says.

All but the statistics of the raw data are of the values imputed by the mean of a case's region.
"""

import numpy as np
import pytest

from softpower.analysis.correlations import correlations
from softpower.analysis.reliability import cronbach_alpha
from softpower.analysis.structure import components
from softpower.steps import statistics
from test_reference_coinr import FOLDER, numbers, rows, table

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the numbers of COINr are not here: ../shared/reference")


def children(group):
    """The indicators under a node."""
    structure = table("structure.csv")
    if structure[group]["kind"] == "indicator":
        return [group]
    return [leaf for name, row in structure.items() if row["parent"] == group for leaf in children(name)]


@pytest.mark.parametrize(("file", "values"), [("raw", "raw"), ("imputed", "imputed_group_mean")])
def test_statistics(file, values):
    expected = table(f"statistics_{file}.csv")
    given = numbers(f"{values}.csv", expected)
    assert statistics.count(given).tolist() == [int(row["N.Avail"]) for row in expected.values()]
    for key, statistic in {
        "Mean": statistics.mean,
        "Median": statistics.median,
        "Skew": statistics.skewness,
        "Kurt": statistics.kurtosis,
    }.items():
        np.testing.assert_allclose(statistic(given), [float(row[key]) for row in expected.values()], rtol=1e-9)


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_correlations(method):
    names = children("index")
    found = correlations(numbers("imputed_group_mean.csv", names), method=method, names=names)
    expected = rows(f"correlations_{method}.csv")
    assert len(expected) == len(names) ** 2
    got = [found.matrix[names.index(row["Var1"]), names.index(row["Var2"])] for row in expected]
    np.testing.assert_allclose(got, [float(row["Correlation"]) for row in expected], rtol=0, atol=1e-9)


def test_alpha():
    """COINr's is of the values as they are."""
    groups = {row["group"]: float(row["alpha"]) for row in rows("cronbach_alpha.csv")}
    assert len(groups) == 10
    for group, alpha in groups.items():
        found = cronbach_alpha(numbers("imputed_group_mean.csv", children(group)), standardised=False)
        assert found.alpha == pytest.approx(alpha, rel=1e-9)


@pytest.mark.parametrize("group", ["education", "institutions", "contacts", "trade", "governance", "rights"])
def test_first_component(group):
    """COINr's is of normalised values, and its sign is whatever comes out; here the largest loading is positive."""
    expected = [row for row in rows("pca_first_component.csv") if row["group"] == group]
    found = components(numbers("normalised_minmax_0_100.csv", [row["id"] for row in expected]))
    loadings = np.array([float(row["loading_pc1"]) for row in expected])
    np.testing.assert_allclose(np.abs(found.vectors[:, 0]), np.abs(loadings), rtol=1e-9)
    assert np.ptp(np.sign(found.vectors[:, 0]) * np.sign(loadings)) == 0
    assert found.share[0] == pytest.approx(float(expected[0]["share_variance_pc1"]), rel=1e-9)
