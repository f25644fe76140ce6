"""The arithmetic of a planting: what two sources share, who gets how many numbers, which ones, and what hits on them tell."""

import itertools

import numpy as np
import pytest
from scipy.special import beta
from scipy.stats import binom

from tasrib.tracing.stats.canary import COVERAGE, EVERYWHERE, HitChances, log_ratios, source_posteriors, weigh_hits
from tasrib.tracing.stats.canary_deal import FREE, deal, ranges_of, side_by_side
from tasrib.tracing.stats.canary_plan import Weighing, allocate, ambiguity, one_hit, overlaps, resemblance, tell

CHANCES = HitChances(0.01, EVERYWHERE, COVERAGE)
TINY = [
    (1, (4, 4)),
    (1, (6, 6)),
    (1, (9,)),
    (2, (4, 4)),
    (2, (3, 3, 2)),
    (2, (8, 2)),
    (3, (4, 4)),
    (3, (4, 3, 2)),
    (3, (5, 4)),
]


def tables(n_holders, left):
    """Every way to give some of the numbers of each operator."""

    def columns(n, holders):
        if not holders:
            return [()]
        return [(first, *rest) for first in range(n + 1) for rest in columns(n - first, holders - 1)]

    for each in itertools.product(*(columns(n, n_holders) for n in left)):
        yield np.array(each).T


def none_given(n_holders, supply):
    return np.zeros((n_holders, len(supply)), int)


@pytest.mark.parametrize(("one", "other", "shared"), [(3, 4, 0), (3, 4, 2), (2, 5, 2), (3, 3, 3), (0, 4, 0)])
def test_resemblance_is_summed_over_every_outcome(one, other, shared):
    """By the definition: the root of both probabilities, over all patterns of hits on all numbers."""
    either = one + other - shared
    first, second = set(range(one)), {*range(shared), *range(one, either)}
    total = 0.0
    for pattern in itertools.product([False, True], repeat=either):
        hit = {number for number, is_hit in enumerate(pattern) if is_hit}
        likely = [
            beta(1 + len(hit), 1 + len(held) - len(hit)) if hit <= held else 0 for held in (first, second)
        ]  # fmt: skip
        total += np.sqrt(likely[0] * likely[1])
    assert resemblance(one, other, shared) == pytest.approx(total)


@pytest.mark.parametrize("silent", [0, 1])
@pytest.mark.parametrize(("n_holders", "supply"), TINY, ids=str)
def test_greedy_is_the_best_of_all_allocations_of_tiny_plantings(n_holders, supply, silent):
    supply = np.array(supply)
    for weights in (
        np.ones(n_holders),
        np.array([2.0, *[1.0] * (n_holders - 1)]),
        np.array([*[1.0] * (n_holders - 1), 0.3]),
    ):
        found = allocate(supply, none_given(n_holders, supply), np.full(len(supply), silent), weights)
        best = min(
            ambiguity(table, supply, weights) for table in tables(n_holders, supply - silent) if table.sum(axis=1).all()
        )
        assert ambiguity(found, supply, weights) == pytest.approx(best)


@pytest.mark.parametrize(
    ("n_holders", "supply"), [(3, (4, 4, 4)), (3, (7, 5)), (5, (10, 9, 8)), (8, (12, 12, 12))], ids=str
)
def test_no_random_allocation_of_as_many_numbers_is_clearer(n_holders, supply):
    supply, weights = np.array(supply), np.ones(n_holders)
    table = allocate(supply, none_given(n_holders, supply), np.ones(len(supply), int), weights)
    total, largest = overlaps(table, supply)
    rng = np.random.default_rng(5)
    others = []
    for _ in range(300):
        other = np.array([rng.multinomial(n, np.full(n_holders, 1 / n_holders)) for n in table.sum(axis=0)]).T
        if other.sum(axis=1).all():
            others.append((ambiguity(other, supply, weights), *overlaps(other, supply)))
    ambiguities, totals, largests = np.array(others).T
    assert ambiguity(table, supply, weights) <= ambiguities.min() + 1e-12
    assert ambiguity(table, supply, weights) < np.median(ambiguities)
    assert largest <= largests.min() + 1e-12
    # Why the sum of overlaps does not decide: it is the same for all of them.
    assert totals == pytest.approx(total)


def test_overlaps_are_those_of_sets():
    table, supply = np.array([[2, 1], [0, 3]]), np.array([4, 5])
    sets = [{"a1", "a2", "b1"}, {"b2", "b3", "b4"}, {"a1", "a2", "a3", "a4"}, {"b1", "b2", "b3", "b4", "b5"}]
    shares = [len(one & other) / len(one) for one in sets for other in sets if one is not other]
    assert overlaps(table, supply) == pytest.approx((sum(shares), max(shares)))


def test_what_was_given_stays_and_counts():
    supply, given = np.array([4, 4]), np.array([[3, 0], [0, 0]])
    table = allocate(supply, given, np.array([0, 1]), np.ones(2))
    assert (table >= given).all()
    assert table[0, 1] > 0  # The first holder's next number is of the other operator.
    assert table[:, 1].sum() <= 3


def test_more_weight_gets_more_numbers():
    supply = np.array([6, 6])
    alike = allocate(supply, none_given(2, supply), np.ones(2, int), np.ones(2)).sum(axis=1)
    heavier = allocate(supply, none_given(2, supply), np.ones(2, int), np.array([9.0, 1.0])).sum(axis=1)
    assert heavier[0] > alike[0]


def test_everyone_gets_a_number_before_anyone_a_second():
    supply = np.array([3, 3])
    table = allocate(supply, none_given(4, supply), np.ones(2, int), np.array([100.0, 1.0, 1.0, 1.0]))
    assert (table.sum(axis=1) == 1).all()


@pytest.mark.parametrize("source", [0, 2])
def test_chances_are_those_of_every_outcome(source):
    """Each pattern of hits by itself, with its own probabilities."""
    table, supply, chance = np.array([[1, 2], [2, 1]]), np.array([4, 4]), 0.4
    sets = [{0, 4, 5}, {1, 2, 6}, {0, 1, 2, 3}, {4, 5, 6, 7}]
    held, first, clear, wrong = sorted(sets[source]), 0.0, 0.0, 0.0
    for pattern in itertools.product([False, True], repeat=len(held)):
        hit = {number for number, is_hit in zip(held, pattern, strict=True) if is_hit}
        if not hit:
            continue
        probability = chance ** len(hit) * (1 - chance) ** (len(held) - len(hit))
        ratios = [
            10 ** weigh_hits(len(hit & own), len(own), len(hit - own), 8 - len(own), CHANCES).log10_lr for own in sets
        ]
        odds = np.array([*(ratio / 8 for ratio in ratios), 0.5])
        odds /= odds.sum()
        best = odds >= odds.max() - 1e-12
        first += probability * best[source] / best.sum()
        told = [value > 0.8 and len(hit & own) > 1 for value, own in zip(odds, sets, strict=False)]
        clear += probability * told[source]
        wrong += probability * (any(told) and not told[source])
    telling = tell(table, supply, Weighing(chance, CHANCES, 0.5, 0.8), np.random.default_rng(0))[source]
    assert (telling.first, telling.clear, telling.wrong, telling.error) == pytest.approx((first, clear, wrong, 0))
    assert telling.hit == pytest.approx(1 - 0.6 ** len(held))


def test_what_is_simulated_lies_within_its_error(monkeypatch):
    table, supply, weighing = np.array([[2, 3], [3, 2]]), np.array([6, 6]), Weighing(0.5, CHANCES, 0.5, 0.8)
    exact = tell(table, supply, weighing, np.random.default_rng(1))
    monkeypatch.setattr("tasrib.tracing.stats.canary_plan.MOST_OUTCOMES", 1)
    for one, other in zip(exact, tell(table, supply, weighing, np.random.default_rng(1)), strict=True):
        assert (one.error, one.hit) == (0, other.hit)
        assert 0 < other.error < 0.01
        assert abs(one.first - other.first) < 4 * other.error
        assert abs(one.clear - other.clear) < 4 * other.error


def test_one_hit_is_shared_between_its_holder_and_its_operator():
    table, supply = np.array([[1, 1], [1, 1]]), np.array([3, 3])
    odds = one_hit(table, supply, Weighing(0.5, CHANCES, 0.5, 0.8))
    assert odds.shape == (3, 2, 5)
    assert odds.sum(axis=2) == pytest.approx(1)
    ratios = [10 ** weigh_hits(x, m, 1 - x, 6 - m, CHANCES).log10_lr for x, m in ((1, 2), (0, 2), (1, 3), (0, 3))]
    expected = np.array([*ratios, 4.0]) / (sum(ratios) + 4)
    assert odds[0, 0] == pytest.approx(expected)
    # Of a number that nobody was given no holder is likely.
    assert odds[2, 0, :2].max() < 0.1
    assert odds[2, 0, 2] > odds[0, 0, 2]


def test_ratios_of_many_outcomes_are_those_of_each():
    hit, others_hit = np.array([0, 1, 2, 3, 1]), np.array([0, 0, 1, 4, 2])
    each = [weigh_hits(int(x), 3, int(y), 5, CHANCES).log10_lr for x, y in zip(hit, others_hit, strict=True)]
    assert log_ratios(hit, 3, others_hit, 5, CHANCES) / np.log(10) == pytest.approx(each)
    odds = source_posteriors(np.array([[1], [2]]), [3, 5], np.array([2]), 8, CHANCES, 0.25)
    assert odds.sum() == pytest.approx(1)
    assert odds[1, 0] / odds[2, 0] == pytest.approx(
        0.375 / 0.25 * 10 ** weigh_hits(2, 5, 0, 3, CHANCES).log10_lr
    )  # fmt: skip


def test_spreading_over_operators_keeps_an_operator_s_leak_from_accusing_a_holder():
    """The trap: with all numbers of one operator its own leak looks like a holder's."""
    weighing, rng = Weighing(0.475, CHANCES, 0.5, 0.8, least_hits=1), np.random.default_rng(0)
    one, two = np.array([4]), np.array([4, 4])
    together = tell(np.array([[1], [1], [1]]), one, weighing, rng)[3]
    spread = tell(np.array([[1, 1], [1, 1], [1, 1]]), two, weighing, rng)[3]
    assert together.wrong > 0.2
    assert spread.wrong < 0.01


def numbers_in(sizes, gap=1):
    """Numbers in ranges of these sizes."""
    return np.concatenate([10**6 * at + gap * np.arange(size) for at, size in enumerate(sizes)])


@pytest.mark.parametrize(
    ("sizes", "left"),
    [
        ([6], [[2], [2], [2]]),
        ([9], [[5], [2], [2]]),
        ([3, 3, 2], [[3], [3], [2]]),
        ([5, 1, 1, 1], [[2], [2], [2], [2]]),
        ([12], [[4], [4], [4]]),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_numbers_of_a_holder_lie_apart(sizes, left, seed):
    ranges, left = ranges_of(numbers_in(sizes), 10_000), np.array(left)
    dealt = deal(ranges, np.zeros(sum(sizes), int), np.full(sum(sizes), FREE), left, np.random.default_rng(seed))
    assert np.bincount(dealt, minlength=len(left)).tolist() == left[:, 0].tolist()
    neighbours, _ = side_by_side(ranges, dealt, nobody=len(left))
    assert len(neighbours) == 0
    if max(sizes) <= len(left):
        assert len(side_by_side(ranges, dealt, nobody=len(left))[1]) == 0


def test_each_operator_s_numbers_go_where_they_are_wanted():
    ranges, operator = ranges_of(numbers_in([3, 3], gap=2), 10_000), np.array([0, 0, 1, 1, 1, 0])
    left = np.array([[1, 2], [2, 0], [0, 1]])
    dealt = deal(ranges, operator, np.full(6, FREE), left, np.random.default_rng(0))
    table = np.zeros((3, 2), int)
    np.add.at(table, (dealt, operator), 1)
    assert (table == left).all()


def test_what_was_dealt_before_stays_and_is_kept_apart_from():
    ranges = ranges_of(numbers_in([4]), 10_000)
    before = np.array([FREE, 0, FREE, FREE])
    for seed in range(5):
        dealt = deal(ranges, np.zeros(4, int), before, np.array([[1], [2]]), np.random.default_rng(seed))
        assert dealt.tolist() == [1, 0, 1, 0]


def test_neighbours_that_cannot_be_helped_are_named():
    ranges = ranges_of(numbers_in([4]), 10_000)
    dealt = deal(ranges, np.zeros(4, int), np.full(4, FREE), np.array([[3], [1]]), np.random.default_rng(0))
    neighbours, together = side_by_side(ranges, dealt, nobody=1)
    assert set(neighbours) == {0}
    assert set(together) == {0}
    assert [len(each) for each in side_by_side(ranges, dealt, nobody=0)] == [0, 0]


def test_far_numbers_are_in_ranges_of_their_own():
    assert ranges_of(np.array([1, 9_999, 20_000, 29_999]), 10_000).tolist() == [0, 0, 1, 1]
    assert ranges_of(np.array([5]), 10_000).tolist() == [0]


def test_hits_of_a_part_are_binomial():
    from tasrib.tracing.stats.canary_plan import _outcomes

    outcomes, weights, is_exact = _outcomes([2, 1], 0.3, np.random.default_rng(0))
    assert is_exact
    assert weights.sum() == pytest.approx(1)
    assert weights[(outcomes == [[2], [0]]).all(axis=0)] == pytest.approx(binom.pmf(2, 2, 0.3) * 0.7)
