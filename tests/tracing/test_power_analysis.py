"""A power analysis: the operator's share found in the market, and figures that are those of the test."""

import math

import pytest

from tasrib.errors import TasribError
from tasrib.numbering import PORTED_UNKNOWN, market_shares, operators_of, portability
from tasrib.tracing.power_analysis import PowerDesign, analyse_power, find_operator_share, power_table
from tasrib.tracing.stats.word_power import detectable_by_word, people_for_word, word_power

DAY = "2021-09-08"


def test_a_named_operator_has_the_share_and_the_ported_numbers_of_the_day():
    found = find_operator_share("إنوي", DAY)
    market = market_shares(DAY, "MA")
    assert (found.operator, found.baseline) == ("Inwi", market.shares["Inwi"])
    assert (found.n_operators, found.ported) == (len(market.shares), portability(DAY, "MA").mean)
    assert (found.at, found.given) == (DAY, False)


def test_a_share_stands_for_itself_where_nothing_is_known():
    found = find_operator_share(0.3, DAY, "FR")
    a, b = PORTED_UNKNOWN
    assert (found.baseline, found.ported, found.given) == (0.3, a / (a + b), True)
    assert found.n_operators == len(operators_of("FR"))
    assert found.ported_from.startswith("assumed, since no portability of France")
    with pytest.raises(TasribError, match="no market shares of France"):
        find_operator_share("SFR", DAY, "FR")


def test_the_analysis_asks_the_test_with_the_market_of_the_day():
    source = find_operator_share("Inwi", DAY)
    found = analyse_power(
        PowerDesign(source, 0.5, controls_per_case=3, confidence=0.9, power=0.7, people=60, campaigns=2)
    )
    test = found.design.test
    assert (test.ported, test.n_operators, test.campaigns) == (source.ported, source.n_operators, 2)
    assert test.alpha == pytest.approx(0.1)
    assert found.people_needed == people_for_word(0.5, source.baseline, test, power=0.7, controls_per_case=3)
    assert found.power_of_people == word_power(60, 180, 0.5, source.baseline, test)
    assert found.detectable_share == detectable_by_word(60, 180, source.baseline, test, power=0.7)
    assert 60 in found.table.index
    assert 3.0 in found.table.columns


def test_the_table_holds_the_power_of_each_cell():
    design = PowerDesign(find_operator_share(0.28, DAY), 0.3)
    table = power_table(design, [10, 40], [0, 0.5, 2])
    assert table.shape == (2, 3)
    for n, ratio, controls in ((40, 2.0, 80), (10, 0.5, 5), (40, 0.0, 0)):
        assert table.loc[n, ratio] == word_power(n, controls, 0.3, 0.28, design.test)


def test_the_curve_goes_to_twice_the_people_needed():
    found = analyse_power(PowerDesign(find_operator_share(0.3, DAY), 0.38))
    curve = found.curve()
    assert curve.index[0] == 10
    assert curve.index[-1] == max(1000, 2 * found.people_needed)
    assert list(curve.columns) == list(found.table.columns)
    assert curve[2.0].iloc[-1] > 0.8 > curve[2.0].iloc[0]


def test_a_share_as_small_as_lists_differ_shows_to_no_number_of_people():
    # The customers of one sender do not tell how much lists differ.
    design = PowerDesign(find_operator_share(0.3, DAY), 0.1, senders=1)
    assert analyse_power(design).people_needed is None


def test_what_cannot_be_found_is_none():
    found = analyse_power(PowerDesign(find_operator_share(0.97, DAY), 0.5, people=20))
    assert math.isnan(found.detectable[20])
    told = found.to_dict()
    assert (told["people_needed"], told["detectable_share"]) == (None, None)
    assert {row["detectable_share"] for row in told["detectable"]} == {None}
    nobody = analyse_power(PowerDesign(find_operator_share(0.3, DAY), 0.5)).to_dict()
    assert (nobody["people"], nobody["power_of_people"], nobody["detectable_share"]) == (None, None, None)
