"""Table 15 of the OECD/JRC Handbook (2008): mean years of schooling in 23 countries, normalised in eleven ways."""

import csv
import io

import numpy as np
import pytest

from softpower.registry import NORMALISE
from softpower.steps.normalise import Scales, normalise

TABLE = """\
country,value,rank,zscore,minmax,dist_mean,dist_best,dist_worst,rel_mean,rel_worst,above_below_mean_p20,percentile,categorical
Finland,10,15,0.26,0.59,1.04,0.83,1.41,0.04,0.41,0,65.2,60
United States,12,23,1.52,1.0,1.25,1.0,1.69,0.25,0.69,1,100,100
Sweden,11.4,19,1.14,0.88,1.19,0.95,1.61,0.19,0.61,0,82.6,60
Japan,9.5,12,-0.06,0.49,0.99,0.79,1.34,-0.01,0.34,0,52.2,50
Korea,10.8,17,0.76,0.76,1.13,0.9,1.52,0.13,0.52,0,73.9,60
Netherlands,9.4,9,-0.12,0.47,0.98,0.78,1.32,-0.02,0.32,0,39.1,50
United Kingdom,9.4,9,-0.12,0.47,0.98,0.78,1.32,-0.02,0.32,0,39.1,50
Canada,11.6,20,1.27,0.92,1.21,0.97,1.63,0.21,0.63,1,87.0,80
Australia,10.9,18,0.83,0.78,1.14,0.91,1.54,0.14,0.54,0,78.3,60
Singapore,7.1,1,-1.58,0,0.74,0.59,1.0,-0.26,0,-1,4.3,0
Germany,10.2,16,0.38,0.63,1.06,0.85,1.44,0.06,0.44,0,69.6,60
Norway,11.9,22,1.46,0.98,1.24,0.99,1.68,0.24,0.68,1,95.7,100
Ireland,9.4,9,-0.12,0.47,0.98,0.78,1.32,-0.02,0.32,0,39.1,50
Belgium,9.3,8,-0.19,0.45,0.97,0.78,1.31,-0.03,0.31,0,34.8,40
New Zealand,11.7,21,1.33,0.94,1.22,0.98,1.65,0.22,0.65,1,91.3,80
Austria,8.4,6,-0.76,0.27,0.88,0.7,1.18,-0.12,0.18,0,26.1,40
France,7.9,5,-1.08,0.16,0.82,0.66,1.11,-0.18,0.11,0,21.7,40
Israel,9.6,14,0,0.51,1.0,0.8,1.35,0,0.35,0,60.9,50
Spain,7.3,4,-1.46,0.04,0.76,0.61,1.03,-0.24,0.03,-1,17.4,40
Italy,7.2,3,-1.52,0.02,0.75,0.6,1.01,-0.25,0.01,-1,13.0,20
Czech Republic,9.5,12,-0.06,0.49,0.99,0.79,1.34,-0.01,0.34,0,52.2,50
Hungary,9.1,7,-0.31,0.41,0.95,0.76,1.28,-0.05,0.28,0,30.4,40
Slovenia,7.1,1,-1.58,0,0.74,0.59,1.0,-0.26,0,-1,4.3,0
"""
COLUMNS = {
    "rank": ("rank", {}, 0),
    "zscore": ("z_score", {}, 2),
    "minmax": ("min_max", {"low": 0.0, "high": 1.0}, 2),
    "dist_mean": ("share_of_mean", {}, 2),
    "dist_best": ("share_of_best", {}, 2),
    "dist_worst": ("share_of_worst", {}, 2),
    "rel_mean": ("relative_difference", {}, 2),
    "rel_worst": ("relative_difference", {"to": "worst"}, 2),
    "above_below_mean_p20": ("above_or_below_mean", {"band": 0.2}, 0),
    "percentile": ("percentile_rank", {"among": "all"}, 1),
    "categorical": ("categorical", {}, 0),
}
"""The method of each column, its parameters, and how many decimals are printed."""

ROWS = list(csv.DictReader(io.StringIO(TABLE)))


def column(name):
    return np.array([float(row[name]) for row in ROWS])


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column(name):
    blank = np.array([np.nan])
    scales = Scales(blank, blank, blank, np.array([False]), np.array([True]), ("schooling",))
    method, parameters, decimals = COLUMNS[name]
    got = normalise(NORMALISE[method], parameters, column("value")[:, None], scales).ravel()
    np.testing.assert_allclose(got, column(name), rtol=0, atol=0.5 * 10.0**-decimals + 1e-9 if decimals else 1e-9)


def test_every_column_is_compared():
    assert set(ROWS[0]) == {"country", "value", *COLUMNS}
    assert len(ROWS) == 23
