"""Krippendorff's alpha: his own example, by hand, where it has no meaning, and its interval."""

import csv
from pathlib import Path

import numpy as np
import pytest

from softpower import MethodError
from softpower.analysis.krippendorff import krippendorff_alpha

FILE = Path(__file__).parents[2] / ".." / "shared" / "reference" / "krippendorff_2011.csv"
NAN = np.nan

CODES = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
"""Four coders and twelve units, of Krippendorff (2011)."""
PRINTED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}


@pytest.mark.parametrize("level", PRINTED)
def test_krippendorffs_example(level):
    found = krippendorff_alpha(CODES, level)
    assert round(found.alpha, 3) == PRINTED[level]
    # the twelfth unit has one code, which pairs with none
    assert (found.units, found.coders, found.codes, found.reason) == (11, 4, 40, "")
    assert found.low < found.alpha < found.high


@pytest.mark.skipif(not FILE.is_file(), reason="the file is not here: ../shared/reference/krippendorff_2011.csv")
def test_the_example_is_as_in_the_file():
    with FILE.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    np.testing.assert_array_equal(CODES, [[float(cell or "nan") for cell in row] for _, *row in rows])


class TestByHand:
    def test_nominal(self):
        # two units agree and one does not: D_o = 2 / 6; 1 stands thrice, 2 twice and 3 once: D_e = (36 - 14) / 30
        codes = np.array([[1.0, 1, 2], [1, 2, 2]])
        codes[1, 1] = 3
        assert krippendorff_alpha(codes, "nominal").alpha == pytest.approx(1 - (2 / 6) / (22 / 30))

    def test_interval(self):
        # differences 0, 2: D_o = 2 x 4 / 4 = 2; of 0, 0, 1, 3 every two: 2 (1 + 9 + 1 + 9 + 4) / 12 = 4
        assert krippendorff_alpha(np.array([[0.0, 1], [0, 3]]), "interval").alpha == pytest.approx(0.5)

    def test_ratio(self):
        # 1 and 3 are 1/4 apart, 1 and 1 nothing: D_o = 2 x 1/4 / 4; of 1, 1, 1, 3 six of twelve are 1/4 apart
        assert krippendorff_alpha(np.array([[1.0, 1], [1, 3]]), "ratio").alpha == pytest.approx(0)

    def test_ordinal(self):
        # 1, 1, 2, 9 have the mid-ranks 1, 1, 2.5, 3.5: D_o = 2 x 1 / 4, D_e = 2 (2 x 1.5^2 + 2 x 2.5^2 + 1) / 12 = 3
        assert krippendorff_alpha(np.array([[1.0, 2], [1, 9]]), "ordinal").alpha == pytest.approx(1 - 0.5 / 3)

    def test_three_codes_of_a_unit_count_as_much_as_they_are_more(self):
        # a, a, b has 4 unlike pairs of 6, over m - 1 = 2; b, b none: D_o = 2 / 5, D_e = 2 x 2 x 3 / 20
        codes = np.array([[0.0, 1], [0, 1], [1, NAN]])
        assert krippendorff_alpha(codes, "nominal").alpha == pytest.approx(1 - (2 / 5) / (12 / 20))

    def test_two_zeros_agree_on_a_ratio_scale(self):
        assert krippendorff_alpha(np.array([[0.0, 2], [0, 2]]), "ratio").alpha == 1

    @pytest.mark.parametrize("unit", [1e-300, 1e300])
    def test_no_square_leaves_the_range_of_numbers(self, unit):
        assert krippendorff_alpha(CODES * unit, "interval").alpha == pytest.approx(0.849, abs=0.0005)
        assert krippendorff_alpha(CODES * unit, "ratio").alpha == pytest.approx(0.797, abs=0.0005)


class TestUndefined:
    @pytest.mark.parametrize(
        ("codes", "says"),
        [
            (CODES[:1], "one coder alone has coded"),
            ([[1, 2], [NAN, NAN]], "one coder alone has coded"),
            ([[NAN, NAN], [NAN, NAN]], "nobody has coded"),
            ([[1, NAN], [NAN, 1]], "no unit is coded by two coders, and fewer than 2 say nothing"),
            ([[1, 2], [2, NAN]], "1 unit is coded by two coders, and fewer than 2 say nothing"),
            ([[3, 3, 1], [3, 3, NAN]], "all codes are the same, so that chance agrees as well"),
        ],
    )
    def test_says_why(self, codes, says):
        found = krippendorff_alpha(np.array(codes, dtype=float), "ordinal")
        assert found.reason == says
        assert np.isnan([found.alpha, found.low, found.high]).all()

    def test_an_interval_of_resamples_that_are_mostly_flat(self):
        # without one of the two units nothing varies: in half of the resamples
        found = krippendorff_alpha(np.array([[1.0, 2], [1, 2]]), "nominal")
        assert found.alpha == 1
        assert np.isnan([found.low, found.high]).all()
        assert found.reason in {
            f"in {share}% of the resamples all codes are the same, so there is no interval" for share in (49, 50, 51)
        }


class TestInterval:
    def test_is_of_resampled_units(self):
        """One replicate after the other, each alpha anew."""
        found = krippendorff_alpha(CODES, "ordinal", confidence=0.9, resamples=300, rng=5)
        units = CODES[:, :11]
        times = np.random.default_rng(5).multinomial(11, np.full(11, 1 / 11), size=300)
        alphas = [krippendorff_alpha(np.repeat(units, one, axis=1), "ordinal", resamples=1).alpha for one in times]
        assert [found.low, found.high] == pytest.approx(np.quantile(alphas, [0.05, 0.95]).tolist())

    def test_a_seed_gives_it_again_and_a_generator_is_taken(self):
        assert krippendorff_alpha(CODES, "ratio", rng=1) == krippendorff_alpha(CODES, "ratio", rng=1)
        assert krippendorff_alpha(CODES, "ratio", rng=1) != krippendorff_alpha(CODES, "ratio", rng=2)
        drawn = [krippendorff_alpha(CODES, "ratio", rng=np.random.default_rng(3)) for _ in range(2)]
        assert drawn[0] == drawn[1]

    def test_is_wider_where_it_shall_hold_more(self):
        narrow, wide = (krippendorff_alpha(CODES, "interval", confidence=one) for one in (0.5, 0.99))
        assert wide.low < narrow.low < narrow.high <= wide.high

    def test_covers_what_it_estimates(self):
        """Two coders who hit one of two codes, and the same one nine times of ten: alpha is 0.8."""
        rng = np.random.default_rng(0)
        hits = 0
        for _ in range(100):
            first = rng.integers(0, 2, 200)
            second = np.where(rng.uniform(size=200) < 0.1, 1 - first, first)
            found = krippendorff_alpha(np.array([first, second], dtype=float), "nominal", resamples=400)
            hits += found.low <= 0.8 <= found.high
        assert 88 <= hits <= 100


@pytest.mark.parametrize(
    ("codes", "level", "more", "says"),
    [
        (CODES, "ordnal", {}, "there is no level 'ordnal'. Did you mean 'ordinal'?"),
        (CODES[0], "nominal", {}, "they have 1 axes. Give a table of coders by units"),
        (CODES * [1, 1, 1, 1, 1, 1, np.inf, 1, 1, 1, 1, 1], "nominal", {}, "one is infinite"),
        (-CODES / 10, "ratio", {}, "one is below zero, and a ratio scale starts there"),
        (CODES, "nominal", {"resamples": 0}, "0 resamples say nothing"),
        (CODES, "nominal", {"confidence": 95}, "95"),
    ],
)
def test_refusals(codes, level, more, says):
    with pytest.raises(MethodError, match=says.replace("?", r"\?")):
        krippendorff_alpha(codes, level, **more)


def test_all_faults_at_once():
    with pytest.raises(MethodError) as refused:
        krippendorff_alpha(-CODES, "none", resamples=0)
    assert len(refused.value.faults) == 2
