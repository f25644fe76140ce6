"""Numbers that were dialled are found, numbers of customers are not; each sign against its exact distribution."""

import itertools
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tasrib.numbering.market import MarketShares
from tasrib.report.narrative import narrate_verdict
from tasrib.tracing import trace
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.comparisons.dialling import generated_numbers
from tasrib.tracing.methods.prefixes import crowded_prefixes, prefix_concentration
from tasrib.tracing.stats.dialling import block_concentration, close_gaps, even_spacing

BLOCKS = np.array([(600 + prefix) * 100 + block for prefix in range(0, 100, 8) for block in range(0, 100, 3)])
# Some blocks are sold out, some nearly empty.
FILL = np.random.default_rng(0).gamma(0.5, size=len(BLOCKS))


def customers(rng, n, of=slice(None)):
    blocks, fill = BLOCKS[of], FILL[of]
    return rng.choice(blocks, n, p=fill / fill.sum()) * 10_000 + rng.integers(0, 10_000, n)


def test_close_gaps_expects_what_all_subsets_give():
    # Every choice of 4 among 12 numbers of one block.
    gaps = [np.diff(chosen) for chosen in itertools.combinations(range(12), 4)]
    for k in (1, 2, 5):
        exact = np.mean([(gap <= k).sum() for gap in gaps])
        assert close_gaps(np.array([0, 4, 7, 11]), unit=12, windows=[k]).expected == pytest.approx(exact)


@pytest.mark.parametrize("n", [5, 60])
def test_close_gaps_never_claims_more_than_simulation(n):
    rng = np.random.default_rng(1)
    counts = [(np.diff(np.sort(rng.choice(1000, n, replace=False))) <= 10).sum() for _ in range(4000)]
    at = np.arange(1000)
    for observed in np.unique(counts):
        if observed < np.mean(counts) + 2:  # the bound is one of the upper tail
            continue
        numbers = np.sort(np.append(at[:observed], 12 * np.arange(1, n - observed + 1) + observed - 1))
        found = close_gaps(numbers[:n], unit=1000, windows=[10])
        assert found.statistic >= observed - 1
        tail = np.mean(np.array(counts) >= found.statistic)
        assert found.p_value >= tail - 4 * np.sqrt(tail * (1 - tail) / 4000 + 1e-6)


def test_even_spacing_of_three_numbers():
    # Two gaps u and 1 - u of a uniform u: Greenwood's statistic u^2 + (1 - u)^2 is at most g with probability
    # sqrt(2 g - 1), which is |1 - 2 u|.
    found = even_spacing(np.array([0, 3001, 10_002]), (100_000,), replicates=20_000)
    assert found.p_value == pytest.approx(0.4, abs=0.015)
    assert found.statistic == pytest.approx(1.5 * (0.3**2 + 0.7**2))


def test_even_spacing_has_the_moments_of_moran():
    # Moran (1947): m gaps, mean 2 / (m + 1), variance 4 (m - 1) / ((m + 1)^2 (m + 2) (m + 3)); here over the mean.
    rng = np.random.default_rng(2)
    points = np.sort(rng.choice(10**9, (3000, 8)), axis=1)
    ratios = [even_spacing(row, (10**9,), replicates=1).statistic for row in points]
    assert np.mean(ratios) == pytest.approx(1, abs=0.03)
    assert np.var(ratios) == pytest.approx(6 / (9 * 10), rel=0.15)


def test_large_samples_use_a_normal_tail_close_to_simulation():
    rng = np.random.default_rng(3)
    numbers = np.unique(rng.integers(0, 10**9, 25_000))
    few = even_spacing(numbers[:15_000], (10**9,), replicates=400)
    many = even_spacing(numbers, (10**9,), replicates=400)
    assert 0.001 < few.p_value < 0.999
    assert 0.001 < many.p_value < 0.999
    assert even_spacing(np.arange(25_000) * 7 + rng.integers(0, 3, 25_000), (10**9,)).p_value < 1e-6


def test_concentration_equals_the_exact_test_of_one_pair_of_blocks():
    # With two blocks of a prefix the permutation is hypergeometric; pairs grow to both sides.
    reached = np.r_[np.arange(9), 10_000 + np.arange(1)]
    controls = np.r_[100 + np.arange(8), 10_100 + np.arange(12)]
    found = block_concentration(reached, controls, 1_000_000, replicates=20_000)
    x = np.arange(11)
    pairs = x * (x - 1) / 2 + (10 - x) * (9 - x) / 2
    exact = stats.hypergeom.pmf(x, 30, 17, 10)[pairs >= 36].sum()
    assert found.p_value == pytest.approx(exact, abs=0.005)
    assert found.statistic == 36


def test_nothing_to_compare_concentration_with():
    rng = np.random.default_rng(4)
    assert np.isnan(block_concentration(customers(rng, 50), np.array([], int), 1_000_000).p_value)
    assert np.isnan(generated_numbers(customers(rng, 50)).concentrated.p_value)


@pytest.mark.parametrize("leaked", [slice(None), slice(0, 150)], ids=["any customer", "one operator's customers"])
def test_customers_are_rarely_taken_for_dialled(leaked):
    alarms = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        found = generated_numbers(customers(rng, 40, leaked), customers(rng, 80), replicates=99, seed=seed)
        alarms += found.p_value <= 0.05
    assert alarms <= stats.binom.ppf(0.995, 150, 0.05)


DIALLED = {
    "a run": ("consecutive", 661_230_000 + np.arange(30)),
    "few who complain in a thousand": ("consecutive", 661_231_000 + np.random.default_rng(8).choice(1000, 30, False)),
    "every 5,000th": ("even", 602_000_000 + 5000 * np.arange(40)),
    "a block": ("exhaustive block", 600_030_000 + np.random.default_rng(9).choice(10_000, 60, False)),
}


@pytest.mark.parametrize("case", DIALLED)
def test_dialled_numbers_are_found(case):
    pattern, numbers = DIALLED[case]
    controls = np.append(customers(np.random.default_rng(6), 200), [661_990_000, 661_450_000, 602_770_000])
    found = generated_numbers(numbers, controls)
    assert found.pattern == pattern
    assert found.p_value < 0.01


def test_the_range_is_named_without_the_numbers():
    rng = np.random.default_rng(7)
    numbers = np.append(customers(rng, 60), 661_235_000 + rng.choice(400, 20, replace=False))
    found = generated_numbers(numbers, customers(rng, 160))
    assert found.pattern == "consecutive"
    assert found.ranges["block"].tolist() == ["0661 23xxxx"]
    assert found.ranges.loc[0, "reached"] == 20


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_neither_order_nor_repetition_nor_spelling_matter(seed):
    rng = np.random.default_rng(seed)
    numbers, controls = customers(rng, 30), customers(rng, 60)
    straight = generated_numbers(numbers, controls, replicates=50)
    again = rng.permutation(np.append(numbers, numbers[:9]))
    spelled = [
        f"+212{number}" if i % 3 == 0 else f"0{number}" if i % 3 == 1 else int(number) for i, number in enumerate(again)
    ]
    turned = generated_numbers(spelled, rng.permutation(controls), replicates=50)
    assert repr(turned) == repr(straight)


@pytest.mark.parametrize(
    ("country", "code", "first", "prefix", "block"),
    [
        ("CI", "+225", "070123", "070", "070 123xxxx"),
        ("LB", "+961", "312", "031", "031 2xxxx"),
        ("LB", "+961", "7112", "711", "711 2xxxx"),
        ("SN", "+221", "77123", "771", "771 23xxxx"),
        ("EG", "+20", "100123", "0100", "0100 123xxxx"),
        ("MR", "+222", "2212", "221", "221 2xxxx"),
    ],
)
def test_a_dialled_range_is_written_as_in_its_country(country, code, first, prefix, block):
    found = generated_numbers([f"{code}{first}{at:04d}" for at in range(100, 160, 2)], [], country=country)
    assert (found.pattern, found.n, found.left_out) == ("consecutive", 30, 0)
    assert list(found.ranges["prefix"]) == [prefix]
    assert list(found.ranges["block"]) == [block]


def test_pseudonyms_and_few_numbers_are_not_tested():
    found = generated_numbers(["p-abcdefgh234567ab"] * 40, [661_230_000])
    assert np.isnan(found.p_value)
    assert found.pattern == "none"
    assert "pseudonyms" in found.reason
    assert found.left_out == 40
    few = generated_numbers([661_230_000 + i for i in range(9)])
    assert np.isnan(few.p_value)
    assert "at least 10" in few.reason


def in_prefixes(prefixes, operator="A", stratum=""):
    return pd.DataFrame({"operator": operator, "prefix": list(prefixes), "stratum": stratum})


def test_prefix_concentration_equals_the_exact_test_of_two_prefixes():
    # Nine of ten reached share a prefix; twenty controls fall 8 to 12.
    found = prefix_concentration(
        in_prefixes(["0661"] * 9 + ["0662"]), in_prefixes(["0661"] * 8 + ["0662"] * 12), replicates=20_000
    )
    x = np.arange(11)
    pairs = x * (x - 1) / 2 + (10 - x) * (9 - x) / 2
    exact = stats.hypergeom.pmf(x, 30, 17, 10)[pairs >= 36].sum()
    assert found.p_value == pytest.approx(exact, abs=0.005)
    assert found.statistic == 36


def test_prefixes_of_different_operators_and_strata_are_not_compared():
    reached = in_prefixes(["0661"] * 12, stratum="north")
    spread = [f"06{i}" for i in range(20, 60)]
    assert prefix_concentration(reached, in_prefixes(spread, stratum="north")).p_value < 0.001
    for controls in (in_prefixes(spread, operator="B", stratum="north"), in_prefixes(spread, stratum="south")):
        assert np.isnan(prefix_concentration(reached, controls).p_value)
    # Where everybody of the region has that prefix it is no sign.
    region = pd.concat([in_prefixes(["0661"] * 9, stratum="north"), in_prefixes(spread, stratum="south")])
    assert prefix_concentration(reached, region).p_value == 1


def test_crowded_prefixes_are_named():
    reached = in_prefixes(["0661"] * 9 + ["0670", "0671", "0672"])
    table = crowded_prefixes(reached, in_prefixes([f"06{i}" for i in range(60, 80)]))
    assert table.to_dict("records") == [{"prefix": "0661", "reached": 9, "controls": 1}]


PREFIXES = {name: [f"0{600 + 40 * k + i}" for i in range(40)] for k, name in enumerate("ABC")}


def holders_of_numbers(rng, n, shares, name, campaign):
    operators = rng.choice(list("ABC"), n, p=shares)
    prefixes = [rng.choice(PREFIXES[operator]) for operator in operators]
    numbers = [f"+212{prefix[1:]}{rng.integers(10**6):06d}" for prefix in prefixes]
    return complaints(n, name, campaign, operators, prefixes, numbers)


def complaints(n, name, campaign, operators, prefixes, numbers):
    return scored_frame(
        n, text=name, recipient=numbers, category="political_campaign" if campaign else "commercial",
        decision="campaign" if campaign else "not_campaign", campaign_id=f"c-{name}" if campaign else "",
        operator_allocated=operators, prefix=prefixes, channel="sms", received_at="2021-09-01",
    )  # fmt: skip


@pytest.fixture(scope="module")
def report():
    """Eleven campaigns, in one of which a block of A was dialled at random, and one of which is a list of customers of B."""
    rng, market = np.random.default_rng(11), [0.45, 0.35, 0.2]
    numbers = [f"+21261234{i:04d}" for i in rng.choice(10_000, 60, replace=False)]
    parts = [complaints(60, "dialled", True, "A", "0612", numbers)]
    parts.append(holders_of_numbers(rng, 60, [0, 1, 0], "leaked", True))
    parts += [holders_of_numbers(rng, 40, market, f"clean{i}", True) for i in range(9)]
    return pd.concat([*parts, holders_of_numbers(rng, 240, market, "sale", False)], ignore_index=True)


@pytest.mark.parametrize("hidden", [False, True], ids=["numbers", "pseudonyms"])
def test_a_dialled_block_accuses_nobody_in_a_report_of_many_campaigns(report, hidden, monkeypatch):
    made_up = MarketShares({"A": 0.45, "B": 0.35, "C": 0.2}, (), "made up", ())
    monkeypatch.setattr(import_module("tasrib.tracing.background"), "market_shares", lambda at, country: made_up)
    scored = report.assign(recipient=[f"p-{i}" for i in range(len(report))]) if hidden else report
    # Everyone lists a second number: of those dialled only that of A is reached.
    scored = scored.assign(other_operators=np.where(scored["operator_allocated"] == "B", "A", "B"))
    result = trace(scored, replicates=199)
    generated = result.generated.set_index("campaign_id")
    assert generated["pattern"].ne("none").to_dict() == {name: name == "c-dialled" for name in generated.index}
    assert generated["p_adjusted"].equals(generated["p_value"])
    dialled = result.findings[result.findings["campaign_id"] == "c-dialled"]
    assert dialled["p_value"].min() < 1e-9
    assert set(dialled["evidence"]) <= {"none", "weak"}
    sign = "one_prefix" if generated.loc["c-dialled", "pattern"] == "one prefix" else "looks_dialled"
    assert dialled["caveats"].map(lambda caveats: sign in caveats).all()
    # The list of a whole operator's customers does not look dialled; with all controls from one sender it is moderate.
    leaked = result.findings[
        (result.findings["campaign_id"] == "c-leaked") & (result.findings["comparison"] == "operators")
    ]
    assert leaked.set_index("name").loc["B", "evidence"] == "moderate"
    if hidden:
        (place,) = generated.loc["c-dialled", "places"]
        assert place == {
            "prefix": "0612",
            "reached": 60,
            "controls": place["controls"],
            "block": "0612 xxxxxx",
            "close_pairs": "–",
        }
        told = narrate_verdict(
            by_key()["dialling"],
            generated.reset_index().loc[lambda rows: rows["campaign_id"] == "c-dialled"].iloc[0],
            "en",
        )
        assert "one region or one shop" in told
        assert "neighbours" not in told
