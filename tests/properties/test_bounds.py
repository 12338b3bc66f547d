"""Laws of bounds: they enclose whatever admissible observations give, and are attained where they say so."""

import itertools

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from properties.strategies import drawn_slots, fewer, measured_studies, numbers, tree_studies
from softpower.engine import Engine
from softpower.scoring import score
from softpower.steps import measures
from softpower.steps.derive import derive, derive_bounds

NEAR = 1e-9


@st.composite
def boxes(draw, least=0.0, most=50.0, terms=5):
    """The low and high ends of some terms, some without any width."""
    count = draw(st.integers(1, terms))
    ends = [
        sorted(draw(st.lists(numbers(least, most), min_size=2, max_size=2))) if draw(st.booleans()) else [one, one]
        for one in draw(st.lists(numbers(least, most), min_size=count, max_size=count))
    ]
    return np.array(ends).T


def vertices(low, high):
    return np.array(list(itertools.product(*zip(low, high, strict=True))))


def corners(plan, terms):
    """All slots at their values, and those of a cell at every combination of their bounds."""
    slots = np.unique(terms)
    slots = slots[plan.low[slots] < plan.high[slots]]
    assume(len(slots) <= 9)
    ends = vertices(plan.low[slots], plan.high[slots])
    drawn = np.tile(plan.nominal, (len(ends), 1))
    drawn[:, slots] = ends
    return drawn


def inside(low, high, seed, count=300):
    rng = np.random.default_rng(seed)
    return low + rng.uniform(size=(count, len(low))) * (high - low)


def levels_between(low, high):
    """All bounds, and levels close to each other on the way from each bound to the next."""
    edges = np.unique([low, high])
    steps = np.concatenate([np.linspace(0, 1, 300), np.geomspace(1e-6, 1, 300)])
    return np.concatenate([edges, *(first + steps * (last - first) for first, last in itertools.pairwise(edges))])


def encloses(low, high, values):
    room = NEAR * np.maximum(1, np.abs(values))
    return (low - room <= values).all() and (values <= high + room).all()


def attains(low, high, values):
    room = NEAR * max(1, abs(low), abs(high))
    return abs(values.min() - low) <= room and abs(values.max() - high) <= room


def ratio_bounds(low, high, above, below):
    """Return the ratio with each term at the end that is said to be its least, and its greatest."""
    ends = measures.ratio_ends(low, high, above, below)
    return [measures.ratio(np.where(end, high, low), above, below) for end in ends]


class TestRatio:
    """(o + b) / (b + d) is linear-fractional: its extremes over a box are at vertices of the box."""

    @given(boxes(), st.data(), st.integers(0, 9))
    def test_enclose_and_attain(self, box, data, seed):
        low, high = box
        sides = st.lists(st.booleans(), min_size=len(low), max_size=len(low))
        above, below = np.array(data.draw(sides)), np.array(data.draw(sides))
        assume((low[below]).sum() > 0.01)

        def by_hand(x):
            return sum(x[above].tolist()) / sum(x[below].tolist())

        got = ratio_bounds(low[None], high[None], above[None], below[None])
        least, greatest = got[0][0], got[1][0]
        assert attains(least, greatest, np.array([by_hand(x) for x in vertices(low, high)]))
        assert encloses(least, greatest, np.array([by_hand(x) for x in inside(low, high, seed)]))


class TestEffectiveNumber:
    """Greatest at clip(t, low, high) for one t, least at a vertex; between 1 and the number of parts."""

    @given(boxes(), st.integers(0, 9))
    def test_enclose_and_attain(self, box, seed):
        low, high = box
        assume(low.sum() > 0.01)

        def by_hand(x):
            return x.sum(axis=-1) ** 2 / (x**2).sum(axis=-1)

        got = measures.effective_number_bounds(low[None], high[None], np.full((1, len(low)), True))
        least, greatest = got[0][0], got[1][0]
        at_ends = by_hand(vertices(low, high))
        levels = np.clip(levels_between(low, high)[:, None], low, high)
        assert got[2].all()
        assert encloses(least, greatest, np.concatenate([at_ends, by_hand(levels), by_hand(inside(low, high, seed))]))
        assert abs(at_ends.min() - least) <= NEAR * least
        assert greatest <= by_hand(levels).max() * (1 + 1e-4)
        assert 1 - NEAR <= least <= greatest <= len(low) + NEAR

    @given(st.lists(st.tuples(numbers(0.1, 9), numbers(0, 9)), min_size=13, max_size=16), st.integers(0, 9))
    def test_outer_where_there_are_too_many_parts(self, parts, seed):
        low = np.array([one for one, _ in parts])
        high = low + np.array([1e-3 + width for _, width in parts])
        least, greatest, exact = measures.effective_number_bounds(low[None], high[None], np.full((1, len(low)), True))
        drawn = inside(low, high, seed)
        drawn = np.concatenate([drawn, np.where(drawn > (low + high) / 2, high, low)])
        assert not exact[0]
        assert encloses(least[0], greatest[0], drawn.sum(axis=-1) ** 2 / (drawn**2).sum(axis=-1))


class TestShareOfWindow:
    """The union of spells, counted day by day; longest with early starts and late ends."""

    spells = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=5)

    @given(spells)
    def test_is_the_share_of_days_in_some_spell(self, spells):
        start, after = np.array(spells, dtype=float).T
        got = measures.share_of_window(start[None], after[None], np.full((1, len(spells)), True), (5.0, 20.0))
        days = [day for day in range(5, 20) if any(first <= day < last for first, last in spells)]
        assert abs(got[0] - len(days) / 15) < NEAR

    @given(spells, st.data())
    def test_grows_with_every_spell_that_is_added_or_stretched(self, spells, data):
        start, after = np.array(spells, dtype=float).T
        place = data.draw(st.integers(0, len(spells) - 1))
        everything = np.full((1, len(spells)), True)
        before = measures.share_of_window(start[None], after[None], everything, (5.0, 20.0))[0]
        start[place] -= data.draw(st.integers(0, 5))
        after[place] += data.draw(st.integers(0, 5))
        stretched = measures.share_of_window(start[None], after[None], everything, (5.0, 20.0))[0]
        everything[0, place] = False
        without = measures.share_of_window(start[None], after[None], everything, (5.0, 20.0))[0]
        assert without <= stretched + NEAR
        assert before <= stretched + NEAR
        assert without >= 0
        assert stretched <= 1


class TestRungs:
    """Ladder and checklist rise with every term; each is what a reader counts."""

    @given(boxes(0, 9), st.lists(st.integers(1, 8), min_size=5, max_size=5))
    def test_count_and_bounds(self, box, least):
        low, high = box
        least = np.array(least[: len(low)], dtype=float)
        mask = np.full((1, len(low)), True)

        def by_hand(x):
            met = [number for number, (one, need) in enumerate(zip(x, least, strict=True), start=1) if one >= need]
            return max(met, default=0), len(met)

        counted = np.array([by_hand(x) for x in vertices(low, high)])
        for place, measure in enumerate((measures.ladder, measures.checklist)):
            ends = [measure(end[None], mask, least[None])[0] for end in (low, high)]
            assert attains(*ends, counted[:, place])


class TestCells:
    """Every measure, from observations: its bounds enclose its value at any admissible slot values, and are attained.

    Some combination of the ends of its slots attains each bound.
    """

    @fewer
    @given(measured_studies(), st.integers(0, 9))
    def test_enclose(self, profile, seed):
        engine = Engine(profile)
        bounds = derive_bounds(engine.plan)
        low, high = bounds.low, bounds.high
        values = np.concatenate(
            [derive(engine.plan, drawn_slots(engine, 60, seed)), [derive(engine.plan, engine.plan.nominal)]]
        )
        for case, name in np.ndindex(low.shape):
            drawn = values[:, case, name]
            assert np.isnan(low[case, name]) == np.isnan(drawn).all() == np.isnan(high[case, name])
            assert np.isnan(low[case, name]) or encloses(low[case, name], high[case, name], drawn)

    @fewer
    @given(measured_studies())
    def test_attain(self, profile):
        engine = Engine(profile)
        plan = engine.plan
        bounds = derive_bounds(plan)
        low, high, exact = bounds.low, bounds.high, bounds.exact
        for batch in plan.batches:
            # No cell has enough parts for an outer bound, but a spell may begin after it ends.
            assert batch.kind == "share_of_window" or exact[batch.case, batch.indicator].all()
            if batch.kind == "effective_number":
                continue  # its greatest is not at a vertex: see above
            for row, (case, name) in enumerate(zip(batch.case, batch.indicator, strict=True)):
                if not exact[case, name]:
                    continue
                drawn = corners(plan, batch.terms[row][batch.mask[row]])
                assert attains(low[case, name], high[case, name], derive(plan, drawn)[:, case, name])


class TestScores:
    """low and high of every node enclose the score of any admissible draw; they are attained where `exact`."""

    @staticmethod
    def drawn_scores(engine, slots):
        return engine.aggregate(engine.normalise(derive(engine.plan, slots)))

    @fewer
    @given(measured_studies(), st.integers(0, 9))
    def test_enclose(self, profile, seed):
        engine, result = Engine(profile), score(profile)
        scores = self.drawn_scores(engine, drawn_slots(engine, 60, seed))
        missing = np.isnan(result.score)
        assert (np.isnan(scores) == missing).all()
        assert encloses(result.low[~missing], result.high[~missing], scores[:, ~missing])
        assert encloses(result.low[~missing], result.high[~missing], result.score[~missing])

    @fewer
    @given(measured_studies())
    def test_attain(self, profile):
        """Some combination of the ends of the facts under a node is its worst, and some is its best."""
        engine, result = Engine(profile), score(profile)
        plan, framework = engine.plan, profile.framework
        for (case, node), exact in np.ndenumerate(result.exact):
            under = [
                (batch.kind, batch.terms[row][batch.mask[row]])
                for batch in plan.batches
                for row in np.flatnonzero(batch.case == case)
                if result.nodes[node] in framework.path(plan.indicators[batch.indicator[row]])
            ]
            if exact and under and "effective_number" not in {kind for kind, _ in under}:
                drawn = corners(plan, np.unique(np.concatenate([terms for _, terms in under])))
                scores = self.drawn_scores(engine, drawn)[:, case, node]
                if not np.isnan(result.score[case, node]):
                    assert attains(result.low[case, node], result.high[case, node], scores)

    @fewer
    @given(tree_studies(bounds=True))
    def test_gap_bounds_enclose_bounds_enclose_the_score(self, profile):
        result = score(profile)
        there = ~np.isnan(result.score)
        for name in ("low", "high", "gap_low", "gap_high"):
            assert (np.isnan(getattr(result, name)) != there).all()
        chain = [getattr(result, name)[there] for name in ("gap_low", "low", "score", "high", "gap_high")]
        for lower, upper in itertools.pairwise(chain):
            assert (lower <= upper + NEAR).all()

    @fewer
    @given(tree_studies(bounds=True), st.integers(0, 9))
    def test_gap_bounds_enclose_whatever_the_gaps_may_hide(self, profile, seed):
        """A gap filled with any score, in the nodes that the threshold keeps."""
        engine, result = Engine(profile), score(profile)
        rng = np.random.default_rng(seed)
        normalised = engine.normalise(derive(engine.plan, engine.plan.nominal))
        kept = ~np.isnan(result.score)
        for fill in (0.0, *rng.uniform(0, 100, size=3), 100.0):
            scores = engine.aggregate(normalised, gap=fill)
            assert (np.isnan(scores[:, engine.tree.indicator_count :]) == ~kept[:, engine.tree.indicator_count :]).all()
            inner = kept.copy()
            inner[:, : engine.tree.indicator_count] = False
            assert encloses(result.gap_low[inner], result.gap_high[inner], scores[inner])

    @fewer
    @given(tree_studies(bounds=True, gaps=False))
    def test_without_gaps_the_gap_bounds_are_the_bounds(self, profile):
        result = score(profile)
        np.testing.assert_array_equal(result.gap_low, result.low)
        np.testing.assert_array_equal(result.gap_high, result.high)
