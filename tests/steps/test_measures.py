"""Each measure on arrays, with numbers that can be checked by hand."""

import numpy as np
import pytest

from softpower.steps import measures


def row(*numbers):
    return np.array([numbers], dtype=float)


def flags(*given):
    return np.array([given], dtype=bool)


def ratio_bounds(low, high, above, below):
    """Return the ratio with each term at the end that is said to be its least, and its greatest."""
    ends = measures.ratio_ends(low, high, above, below)
    return [measures.ratio(np.where(end, high, low), above, below) for end in ends]


class TestSums:
    def test_total_leaves_out_what_is_padded(self):
        assert measures.total(row(3, 4, 100), flags(1, 1, 0)) == [7]

    def test_mean_divides_by_the_terms_there_are(self):
        # (-2 - 1 + 2) / 3, the padding neither adds nor counts
        assert measures.mean(row(-2, -1, 2, 50), flags(1, 1, 1, 0)) == pytest.approx([-1 / 3])

    def test_ratio_counts_a_term_above_and_below_on_both_sides(self):
        # a stands above and below, b below alone: 4 / (4 + 12)
        assert measures.ratio(row(4, 12), flags(1, 0), flags(1, 1)) == [0.25]

    def test_ratio_ignores_a_term_on_neither_side(self):
        assert measures.ratio(row(4, 12, 7), flags(1, 0, 0), flags(0, 1, 0)) == pytest.approx([1 / 3])


class TestRatioEnds:
    def test_a_term_above_and_below_has_one_value(self):
        # a / (a + b), a in [4, 6], b in [8, 12]: least 4 / 16, greatest 6 / 14; apart they would give 4/18 and 6/12
        low, high = ratio_bounds(row(4, 8), row(6, 12), flags(1, 0), flags(1, 1))
        assert (low[0], high[0]) == pytest.approx((4 / 16, 6 / 14))

    def test_the_term_on_both_sides_at_its_high_end_may_give_the_least(self):
        # (o + b) / b with o in [1, 2], b in [1, 4]: least (1 + 4) / 4 at the high end of b, greatest (2 + 1) / 1
        low, high = ratio_bounds(row(1, 1), row(2, 4), flags(1, 1), flags(0, 1))
        assert (low[0], high[0]) == (1.25, 3)

    def test_apart_terms_go_to_opposite_ends(self):
        # o / d with o in [2, 3], d in [4, 5]: 2 / 5 and 3 / 4
        low, high = ratio_bounds(row(2, 4), row(3, 5), flags(1, 0), flags(0, 1))
        assert (low[0], high[0]) == (0.4, 0.75)

    def test_all_three_sides_at_once(self):
        # the ratio (o + b) / (b + d) with o in [0, 5], b in [1, 2], d in [2, 4];
        # least: o = 0, d = 4: 1/5 (b = 1), 2/6 (b = 2); greatest: o = 5, d = 2: 6/3 (b = 1), 7/4 (b = 2)
        low, high = ratio_bounds(row(0, 1, 2), row(5, 2, 4), flags(1, 1, 0), flags(0, 1, 1))
        assert (low[0], high[0]) == (0.2, 2)

    def test_the_term_on_both_sides_goes_by_what_stands_on_one_side_alone(self):
        # (5 + b) / (b + 2) for b from 1 to 3 falls from 2 to 8/5
        got = ratio_bounds(row(5, 1, 2), row(5, 3, 2), flags(1, 1, 0), flags(0, 1, 1))
        assert got == pytest.approx((1.6, 2))
        # (1 + b) / (b + 1.5) rises
        got = ratio_bounds(row(1, 1, 1.5), row(1, 3, 1.5), flags(1, 1, 0), flags(0, 1, 1))
        assert got == pytest.approx((2 / 2.5, 4 / 4.5))


class TestRungs:
    def test_a_ladder_is_its_highest_rung_that_is_met(self):
        assert measures.ladder(row(1, 0, 1, 0), flags(1, 1, 1, 1), row(1, 1, 1, 1)) == [3]

    def test_a_checklist_counts_the_rungs_that_are_met(self):
        assert measures.checklist(row(1, 0, 1, 0), flags(1, 1, 1, 1), row(1, 1, 1, 1)) == [2]

    @pytest.mark.parametrize("measure", [measures.ladder, measures.checklist])
    def test_no_rung_met_is_zero(self, measure):
        assert measure(row(0, 0), flags(1, 1), row(1, 1)) == [0]

    def test_a_rung_is_met_at_its_least_value_and_not_below(self):
        assert measures.ladder(row(1, 5), flags(1, 1), row(1, 5)) == [2]
        assert measures.ladder(row(1, 4.999), flags(1, 1), row(1, 5)) == [1]
        assert measures.checklist(row(1, 5), flags(1, 1), row(1, 5)) == [2]
        assert measures.checklist(row(1, 4.999), flags(1, 1), row(1, 5)) == [1]

    @pytest.mark.parametrize("measure", [measures.ladder, measures.checklist])
    def test_padding_is_no_rung(self, measure):
        assert measure(row(1, 9), flags(1, 0), row(1, 1)) == [1]

    @pytest.mark.parametrize("size", [1e-12, 1.0, 1e12, -1e12])
    def test_rounding_is_a_billionth_of_a_large_value_and_of_one(self, size):
        near, far = row(size - 5e-10 * max(1, abs(size))), row(size - 2e-9 * max(1, abs(size)))
        for measure in (measures.ladder, measures.checklist):
            assert measure(near, flags(True), row(size)) == 1
            assert measure(far, flags(True), row(size)) == 0


class TestShareOfWindow:
    WINDOW = (100.0, 110.0)

    def share(self, *spells, mask=None):
        start, after = np.array(spells, dtype=float).T
        mask = np.ones(len(spells), dtype=bool) if mask is None else np.array(mask, dtype=bool)
        return measures.share_of_window(start[None], after[None], mask[None], self.WINDOW)[0]

    def test_one_spell(self):
        assert self.share((102, 105)) == pytest.approx(0.3)

    def test_overlapping_spells_count_once(self):
        # days 100 to 104, 104 to 105 (one of them new), 108 to 109 of a spell that goes on to 111
        assert self.share((100, 105), (104, 106), (108, 112)) == pytest.approx(0.8)

    def test_a_spell_inside_another_adds_nothing(self):
        assert self.share((101, 109), (103, 104), (105, 106)) == pytest.approx(0.8)

    def test_spells_that_touch_leave_no_gap(self):
        assert self.share((100, 104), (104, 107)) == pytest.approx(0.7)

    def test_their_order_does_not_matter(self):
        assert self.share((108, 112), (104, 106), (100, 105)) == pytest.approx(0.8)

    def test_what_lies_outside_the_window_does_not_count(self):
        assert self.share((0, 101), (109, 500), (200, 300), (1, 2)) == pytest.approx(0.2)

    def test_an_end_before_its_start_counts_nothing_and_hides_nothing(self):
        assert self.share((105, 103), (104, 106)) == pytest.approx(0.2)

    def test_the_whole_window_is_one(self):
        assert self.share((0, 500)) == 1

    def test_each_draw_has_its_own_spells(self):
        start, after = np.array([[[100.0, 104], [101, 102]], [[103, 100], [100, 100]]]), np.array([105.0, 106])
        mask = np.ones((2, 2, 2), dtype=bool)
        got = measures.share_of_window(start, np.broadcast_to(after, start.shape), mask, self.WINDOW)
        np.testing.assert_allclose(got, [[0.6, 0.5], [0.6, 0.6]])

    def test_padding_is_no_spell(self):
        assert self.share((100, 101), (103, 109), mask=(1, 0)) == pytest.approx(0.1)


class TestEffectiveNumber:
    @pytest.mark.parametrize(
        ("parts", "expected"),
        [
            ((5, 5, 5, 5), 4),  # equal parts: as many as there are
            ((7,), 1),
            ((2, 1, 1), 16 / 6),  # (2 + 1 + 1)^2 / (4 + 1 + 1)
            ((9, 1), 100 / 82),
            ((3, 0, 0), 1),  # parts of zero are no parts
            ((2e200, 1e200, 1e200), 16 / 6),  # squares beyond the largest float
            ((2e-200, 1e-200, 1e-200), 16 / 6),
            ((1e200, 1e-200), 1),
        ],
    )
    def test_by_hand(self, parts, expected):
        assert measures.effective_number(row(*parts), np.ones((1, len(parts)), dtype=bool))[0] == pytest.approx(
            expected
        )

    def test_padding_is_no_part(self):
        assert measures.effective_number(row(5, 5, 5), flags(1, 1, 0)) == [2]

    def test_draws_and_cells_of_any_size_side_by_side(self):
        parts = np.array([[2.0, 1, 1, 0], [9, 1, 0, 0], [5, 5, 5, 5]])
        draws = np.stack([parts, parts * [[1e-200], [1.0], [1e200]]])
        got = measures.effective_number(draws, np.ones((3, 4), dtype=bool))
        np.testing.assert_allclose(got, [[16 / 6, 100 / 82, 4]] * 2)

    def test_of_nothing_is_undefined(self):
        assert np.isnan(measures.effective_number(row(0, 0), flags(1, 1))[0])


class TestEffectiveNumberBounds:
    def test_of_exact_parts_are_the_number(self):
        low, high, exact = measures.effective_number_bounds(row(2, 1, 1), row(2, 1, 1), flags(1, 1, 1))
        assert (low[0], high[0], exact[0]) == pytest.approx((16 / 6, 16 / 6, True))

    def test_the_greatest_is_where_parts_are_most_equal(self):
        # 1 and something in [1, 3]: 2 where it is 1, (1 + 3)^2 / (1 + 9) where it is 3
        low, high, exact = measures.effective_number_bounds(row(1, 1), row(1, 3), flags(1, 1))
        assert (low[0], high[0], exact[0]) == pytest.approx((1.6, 2, True))

    def test_the_greatest_may_lie_between_the_bounds(self):
        # 1, 2 and t in [0.1, 10]: best at t = (1 + 4) / (1 + 2) = 5/3, (14/3)^2 / (5 + 25/9) = 196/70
        # least at t = 10: 13^2 / (1 + 4 + 100); at t = 0.1 it would be 9.61 / 5.01
        low, high, exact = measures.effective_number_bounds(row(1, 2, 0.1), row(1, 2, 10), flags(1, 1, 1))
        assert (low[0], high[0], exact[0]) == pytest.approx((169 / 105, 2.8, True))

    def test_the_least_is_at_a_vertex_that_mixes_low_and_high(self):
        # twelve parts in [1, 2], m of them at 2: (12 + m)^2 / (12 + 3 m), least at m = 4: 256 / 24
        low, high, exact = measures.effective_number_bounds(np.ones((1, 12)), np.full((1, 12), 2.0), flags(*[1] * 12))
        assert (low[0], high[0], exact[0]) == pytest.approx((32 / 3, 12, True))

    def test_of_cells_of_any_size_side_by_side(self):
        low, high = np.array([[1.0, 2, 0.1]]), np.array([[1.0, 2, 10]])
        unit = np.array([[1e-200], [1.0], [1e200]])
        least, greatest, _ = measures.effective_number_bounds(low * unit, high * unit, np.ones((3, 3), dtype=bool))
        assert (least.tolist(), greatest.tolist()) == (pytest.approx([169 / 105] * 3), pytest.approx([2.8] * 3))

    def test_of_parts_of_very_different_sizes(self):
        low, high, _ = measures.effective_number_bounds(row(1e200, 1e200, 1), row(1e200, 3e200, 1), flags(1, 1, 1))
        assert (low[0], high[0]) == pytest.approx((1.6, 2))

    def test_of_more_uncertain_parts_than_vertices_are_tried_for_are_outer(self):
        # thirteen parts in [1, 2]: (13 x 1)^2 / (13 x 4) = 3.25, and marked as not attained
        low, high, exact = measures.effective_number_bounds(np.ones((1, 13)), np.full((1, 13), 2.0), flags(*[1] * 13))
        assert (low[0], high[0], exact[0]) == pytest.approx((3.25, 13, False))

    def test_an_outer_bound_is_never_below_one(self):
        # thirteen parts in [0.1, 10]: 1.3^2 / 1300 would be below one part
        ends = np.full((1, 13), 0.1), np.full((1, 13), 10.0)
        assert measures.effective_number_bounds(*ends, flags(*[1] * 13))[0] == [1]

    def test_padding_is_no_part(self):
        low, high, _ = measures.effective_number_bounds(row(1, 1, 5), row(1, 3, 9), flags(1, 1, 0))
        assert (low[0], high[0]) == pytest.approx((1.6, 2))
        # nor does it stand in the way of a greatest number between the bounds, as above
        low, high, _ = measures.effective_number_bounds(row(1, 2, 0.1, 50), row(1, 2, 10, 90), flags(1, 1, 1, 0))
        assert (low[0], high[0]) == pytest.approx((169 / 105, 2.8))

    def test_padding_is_no_uncertain_part(self):
        ends = np.ones((1, 13)), np.full((1, 13), 2.0)
        low, high, exact = measures.effective_number_bounds(*ends, flags(*[1] * 12, 0))
        assert (low[0], high[0], exact[0]) == pytest.approx((32 / 3, 12, True))
        ends = np.ones((1, 14)), np.full((1, 14), 2.0)
        low, high, exact = measures.effective_number_bounds(*ends, flags(*[1] * 13, 0))
        assert (low[0], high[0], exact[0]) == pytest.approx((3.25, 13, False))
