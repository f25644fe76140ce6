import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.classify.batch import (
    CENTRES,
    LEAST_CALLED,
    MOST_DISMISSED,
    Reference,
    Terms,
    count_log_odds,
    estimate_share,
    terms_of,
)
from tasrib.classify.referring import refer
from tasrib.commands.expecting import expected_lines

PRIOR = 0.3


def draw(n, share, seed):
    """Log-odds calibrated at `PRIOR`, and truths, of messages of which a share is campaign: of each kind they are distributed as ever."""
    rng = np.random.default_rng(seed)
    true = rng.random(n) < share
    # Of two normal distributions with one spread the log-odds are linear: their very own calibration.
    score = rng.normal(np.where(true, 2.0, -2.0), 2.0)
    return score + np.log(PRIOR / (1 - PRIOR)), true


@pytest.fixture(scope="module")
def reference():
    log_odds, true = draw(6_000, PRIOR, 0)
    return refer(log_odds, true, np.arange(6_000) // 50, np.full(6_000, 0.1))


def terms(log_odds, reference, precision=0.95, recall=0.97, strange=0.0):
    probability = 1 / (1 + np.exp(-log_odds))
    found = terms_of(count_log_odds(probability), strange, reference, precision=precision, recall=recall)
    return found, found.decide(probability)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_the_share_of_a_batch_is_found(share):
    log_odds, true = draw(20_000, share, 1)
    counts = count_log_odds(1 / (1 + np.exp(-log_odds)))
    assert estimate_share(CENTRES, counts, PRIOR) == pytest.approx(true.mean(), abs=0.015)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.8])
def test_the_promise_is_kept_in_batches_of_any_share(reference, share):
    log_odds, true = draw(200_000, share, 2)
    found, decision = terms(log_odds, reference)
    called, seen = decision == "campaign", decision != "not_campaign"
    # Not more than chance below; above where no less likely message may be called so.
    assert true[called].mean() > 0.95 - 0.03
    # Where they are few, the last of them are not looked for among all others; what is expected says so.
    assert seen[true].mean() > (0.95 if share > 0.1 else 0.85)
    for said, measured in (
        (found.expected.precision, true[called].mean()),
        (found.expected.recall, called[true].mean()),
        (found.expected.with_review, seen[true].mean()),
    ):
        value, low, high = said
        assert low <= value <= high
        assert low - 0.005 < measured < high + 0.005


@pytest.mark.parametrize("n", [1, 3, 9])
def test_of_very_few_messages_no_share_is_told(reference, n):
    found, decision = terms(np.full(n, 9.0), reference)
    assert set(decision) == {"campaign"}
    assert (found.expected.precision, found.expected.recall, found.expected.with_review) == (None, None, None)
    (line,) = expected_lines(found.expected)
    assert "no figure can be given" in line
    assert "%" not in line


@pytest.mark.parametrize(("n", "low"), [(10, 0.6915), (30, 0.8843), (100, 0.9638), (1_000, 0.9963)])
def test_of_sure_messages_the_interval_is_as_wide_as_their_number_makes_it(reference, n, low):
    # Clopper & Pearson of n of n: (0.025) ** (1 / n).
    found, _ = terms(np.full(n, 11.9), reference)
    for value, least, most in (found.expected.precision, found.expected.recall, found.expected.with_review):
        assert most == 1.0
        assert least <= low + 0.001
        assert least <= value <= most
    assert low == pytest.approx(0.025 ** (1 / n), abs=0.0001)
    assert f"[{least:.1%} to" in next(expected_lines(found.expected))


def test_none_called_and_many_messages_still_tell_how_many_are_missed(reference):
    log_odds, _ = draw(400, 0.3, 5)
    found, decision = terms(np.minimum(log_odds, 0.5), reference, precision=0.99)
    assert "campaign" not in decision
    assert found.expected.precision is None
    assert found.expected.recall[0] == 0
    assert found.expected.recall[2] > 0
    line = next(expected_lines(found.expected))
    assert "sent to review" in line
    assert "fewer than 10" in line


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_intervals_of_small_batches_hold_the_truth_as_often_as_they_say(reference, share):
    held = []
    for seed in range(60):
        log_odds, true = draw(60, share, 100 + seed)
        found, decision = terms(log_odds, reference)
        called = decision == "campaign"
        if found.expected.precision is not None and called.any():
            _, low, high = found.expected.precision
            held.append(low <= true[called].mean() <= high)
    assert not held or np.mean(held) >= 0.9


def test_an_ordinary_campaign_message_is_called_so_among_many_and_not_among_few(reference):
    log_odds = np.log(0.88 / 0.12)
    decided = {}
    for share in (0.02, 0.95):
        others, _ = draw(5_000, share, 3)
        _, decision = terms(np.append(others, log_odds), reference, precision=0.985)
        decided[share] = decision[-1]
    assert decided == {0.02: "review", 0.95: "campaign"}


def test_a_few_messages_are_judged_nearly_as_they_are(reference):
    found, _ = terms(np.array([5.0, 6.0]), reference)
    assert abs(found.shift) < 0.2


def test_a_strange_batch_is_looked_at_more(reference):
    log_odds, _ = draw(2_000, PRIOR, 4)
    plain, _ = terms(log_odds, reference)
    strange, _ = terms(log_odds, reference, strange=0.5)
    assert not plain.expected.unlike
    assert strange.expected.unlike
    assert strange.lower == 0 < plain.lower
    assert strange.upper > plain.upper


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-40, 40), max_size=60), st.floats(0.5, 0.999), st.floats(0, 1))
def test_any_batch_can_be_decided(reference, log_odds, precision, strange):
    given = np.array(log_odds, float)
    found, decision = terms(given, reference, precision=precision, strange=strange)
    assert len(decision) == len(given)
    assert set(decision) <= {"campaign", "review", "not_campaign"}
    assert 0 <= found.lower <= MOST_DISMISSED
    assert found.upper >= LEAST_CALLED
    alone = 1 / (1 + np.exp(-given))
    assert (alone[decision == "campaign"] >= 0.5).all()
    adapted = found.probabilities(alone)
    # Never the less likely one before the likelier.
    order = np.argsort(adapted, kind="stable")
    rank = {"not_campaign": 0, "review": 1, "campaign": 2}
    assert (np.diff([rank[each] for each in decision[order]]) >= 0).all()


def test_parts_add_up_to_the_whole():
    log_odds, _ = draw(1_000, PRIOR, 5)
    probability = 1 / (1 + np.exp(-log_odds))
    parts = sum(count_log_odds(part) for part in np.array_split(probability, 7))
    np.testing.assert_array_equal(parts, count_log_odds(probability))
    assert count_log_odds(np.array([0.0, 1.0])).sum() == 2


def test_a_reference_comes_back_as_it_was(reference):
    assert Reference.of(json.loads(json.dumps(reference.stored()))) == reference
    assert Reference.of(None) is None


def test_hands_that_wrote_few_messages_make_none_strange():
    log_odds, true = draw(200, PRIOR, 6)
    assert refer(log_odds, true, np.arange(200), np.full(200, 0.1)).strange == 1.0


def test_the_calibration_is_trusted_the_less_the_fewer_hands_there_are():
    log_odds, true = draw(4_000, PRIOR, 7)
    few, many = (refer(log_odds, true, np.arange(4_000) // size, np.zeros(4_000)) for size in (400, 4))
    assert np.std([slope for slope, _ in few.wobble]) > 0
    # Drawn from one distribution, whoever wrote them, so that it is the resampling alone that differs.
    assert np.allclose(np.mean(few.wobble, axis=0), [1, 0], atol=0.2)
    assert np.allclose(np.mean(many.wobble, axis=0), [1, 0], atol=0.2)


def test_terms_without_a_shift_change_no_bit():
    probability = np.array([0.1, 0.123456789, 1.0, 0.0])
    np.testing.assert_array_equal(Terms(0.0, 0.2, 0.9).probabilities(probability), probability)
