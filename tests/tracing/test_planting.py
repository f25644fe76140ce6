"""Which test numbers to give to whom: the plan, its register and its warnings. All numbers and holders are invented."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import tasrib
from tasrib.errors import TasribError
from tasrib.tracing.canary_lists import NOBODY, REGISTER_COLUMNS
from tasrib.tracing.comparisons.canaries import canary_evidence
from tasrib.tracing.planting_numbers import read_holder_file

# A prefix of each of three operators.
PREFIXES = ("0612", "0661", "0600")
HOLDERS = ["Banque Atlas", "Mutuelle Nour", "Boutique Azur"]


def stock(each, prefixes=PREFIXES, gap=31_417):
    """Invented numbers, far apart: of each prefix so many."""
    return pd.DataFrame({"number": [f"{prefix}{100_003 + gap * at:06d}" for prefix in prefixes for at in range(each)]})


@pytest.fixture(scope="module")
def plan():
    return tasrib.plan_canaries(stock(4), HOLDERS)


def holder_of(plan):
    return plan.register.set_index("number")["holder"].to_dict()


def table_of(plan):
    return pd.crosstab(plan.register["holder"], plan.register["operator"])


def test_the_register_holds_every_number_once_and_each_has_one_holder(plan):
    register = plan.register
    assert list(register.columns) == list(REGISTER_COLUMNS)
    assert len(register) == register["number"].nunique() == 12
    assert set(register["holder"]) == {*HOLDERS, NOBODY}
    assert (register[["given_at", "how_given", "given_by"]] == "").all(axis=None)


def test_a_holder_s_numbers_are_of_several_operators_and_each_operator_keeps_a_silent_one(plan):
    table = table_of(plan)
    assert ((table.loc[HOLDERS] > 0).sum(axis=1) >= 2).all()
    assert (table.loc[NOBODY] >= 1).all()
    assert table.loc[HOLDERS].sum(axis=1).tolist() == [3, 3, 3]


def test_no_two_neighbours_go_to_one_holder():
    found = tasrib.plan_canaries(stock(12, gap=7), HOLDERS)
    ordered = found.register.sort_values("number")
    same = (ordered["holder"] == ordered["holder"].shift()) & (ordered["operator"] == ordered["operator"].shift())
    assert not (same & (ordered["holder"] != NOBODY)).any()
    # Twelve numbers of one range cannot all lie in different ones.
    assert any("within 10,000 of each other" in warning for warning in found.warnings)


def test_the_same_whatever_the_order_and_another_with_another_seed(plan):
    again = tasrib.plan_canaries(stock(4).sample(frac=1, random_state=3), HOLDERS[::-1])
    assert holder_of(again) == holder_of(plan)
    assert holder_of(tasrib.plan_canaries(stock(4), HOLDERS, seed=1)) != holder_of(plan)


def test_what_hits_would_tell_is_what_the_report_would_find(plan):
    """Every pattern of hits on a holder's numbers, weighed by the comparison that reads the register."""
    for holder in HOLDERS:
        mine = plan.register.loc[plan.register["holder"] == holder, "number"].tolist()
        patterns = [[number for at, number in enumerate(mine) if code >> at & 1] for code in range(2 ** len(mine))]
        told = canary_evidence(plan.register, {str(code): hit for code, hit in enumerate(patterns)})
        told = told[told["holder"] == holder]
        chances = np.array([0.475**n * 0.525 ** (len(mine) - n) for n in map(len, patterns)])
        clear = ((told["posterior"] > 0.8) & (told["hit"] > 1)).to_numpy()
        source = plan.sources.set_index("source").loc[holder]
        assert source["clear"] == pytest.approx(chances @ clear)
        assert source["hit"] == pytest.approx(1 - 0.525 ** len(mine))
        assert source["error"] == 0


def test_what_one_hit_would_say_is_what_the_report_says_of_it(plan):
    for kind in plan.one_hit.to_dict("records"):
        assert kind["its_holder"] + kind["its_operator"] + kind["another"] + kind["none"] == pytest.approx(1)
        of_kind = (plan.register["holder"] == kind["holder"]) & (plan.register["operator"] == kind["operator"])
        assert of_kind.sum() == kind["numbers"]
        number = plan.register.loc[of_kind, "number"].iloc[0]
        told = canary_evidence(plan.register, {"c": [number]}).set_index("holder")
        if kind["holder"] == NOBODY:
            assert kind["its_holder"] == 0
        else:
            assert kind["its_holder"] == pytest.approx(told.loc[kind["holder"], "posterior"])
    silent = plan.one_hit[plan.one_hit["holder"] == NOBODY]
    assert (silent["its_operator"] > plan.one_hit["its_operator"].drop(silent.index).max()).all()


def test_a_register_is_continued_and_who_has_a_number_keeps_it(plan):
    filled = plan.register.assign(
        given_at=plan.register["holder"].map(lambda name: "" if name == NOBODY else "2026-03-01"), given_by="K. B."
    )
    more = pd.concat(
        [filled, stock(3, gap=57_331).assign(number=lambda table: table["number"].str.replace("10000", "90000"))]
    )
    after = tasrib.plan_canaries(more, ["Agence Sud"])
    before = filled[filled["holder"] != NOBODY].set_index("number")
    kept = after.register.set_index("number").loc[before.index]
    assert kept["holder"].equals(before["holder"])
    assert kept[["given_at", "given_by"]].equals(before[["given_at", "given_by"]])
    new = table_of(after).loc["Agence Sud"]
    assert (new > 0).sum() >= 2
    assert set(after.sources["source"]) >= {"Agence Sud", *HOLDERS}


def test_numbers_in_any_spelling_are_one_number():
    found = tasrib.plan_canaries(
        pd.DataFrame({"number": ["06 12 10 00 03", "+212612100003", 661100003, "00212600100003", "0661-234567"], "remark": list("abcde")}),
        HOLDERS[:1], silent=0,
    )  # fmt: skip
    assert len(found.register) == 4
    assert "numbers, row 2: the same number as in an earlier row; counted once" in found.warnings
    assert found.register.set_index("number").loc["+212612100003", "remark"] == "a"


def test_weights_decide_who_gets_more():
    found = tasrib.plan_canaries(stock(5), {"Banque Atlas": 9.0, "Mutuelle Nour": 1.0, "Boutique Azur": 1.0})
    counts = found.register["holder"].value_counts()
    assert counts["Banque Atlas"] > counts["Mutuelle Nour"]
    assert found.settings["weights"]["Banque Atlas"] == 9


def test_silent_numbers_as_many_as_wanted():
    assert (table_of(tasrib.plan_canaries(stock(6), HOLDERS, silent=3)).loc[NOBODY] >= 3).all()
    assert "silent" in " ".join(tasrib.plan_canaries(stock(3), HOLDERS, silent=0).warnings)


def test_more_noticed_is_more_told():
    sources = [tasrib.plan_canaries(stock(6), HOLDERS, leak_share=share).sources for share in (0.1, 0.5, 1.0)]
    for less, more in pairwise(sources):
        assert (more["hit"] > less["hit"]).all()
        assert more["clear"].sum() > less["clear"].sum()


def said(numbers, holders, **settings):
    return " | ".join(tasrib.plan_canaries(numbers, holders, **settings).warnings)


def test_all_numbers_of_one_shop_are_of_one_operator():
    told = said(stock(6, PREFIXES[:1]), HOLDERS)
    assert (
        "with 6 numbers for 3 holders no hit on a number of Banque Atlas, Mutuelle Nour and Boutique Azur rules out Orange"
        in told
    )
    assert "8 would do, 4 of each of 2 operators" in told
    assert "all numbers are of Orange: buy some of another operator, in another shop" in told


def test_too_few_numbers_for_the_holders():
    told = said(stock(2, PREFIXES[:2]), HOLDERS)
    assert "with 4 numbers for 3 holders no hit on a number of" in told
    assert "8 would do, 4 of each of 2 operators" in told
    assert "stays silent" in told
    assert said(stock(4, PREFIXES[:2]), HOLDERS).count("rules out") == 0
    assert "6 would do, 3 of each of 2 operators" in said(stock(2, PREFIXES[:2]), HOLDERS, silent=0)


def test_a_holder_with_all_numbers_of_an_operator_is_that_operator():
    told = said(stock(1, PREFIXES[:2]), HOLDERS[:2], silent=0)
    assert "a hit cannot tell Banque Atlas and Mutuelle Nour from the operator" in told


def test_leaks_that_would_be_told_too_seldom_and_how_many_numbers_would_do():
    told = said(stock(4), HOLDERS)
    assert (
        "would be told clearly in fewer than 80% of cases (46% for Banque Atlas); about 21 numbers, 7 of each of 3 operators, would do"
        in told
    )
    enough = tasrib.plan_canaries(stock(7), HOLDERS)
    assert (enough.sources.loc[:2, "clear"] >= 0.8).all()
    assert "told clearly" not in " ".join(enough.warnings)
    assert "no number of them would do" in said(stock(4), HOLDERS, leak_share=0.001)


def test_a_leak_that_would_be_taken_for_another_s():
    assert "a leak of Banque Atlas would be taken for that of another in up to 3% of cases" in said(
        stock(4, PREFIXES[:2]), HOLDERS[:1]
    )
    assert "taken for" not in said(stock(8), HOLDERS)


def test_a_ported_number_is_in_two_files():
    numbers = stock(4).assign(operator=["Inwi", *[""] * 11])
    assert "numbers, row 1: the number was allocated to another operator than the one stated" in said(numbers, HOLDERS)


def test_numbers_side_by_side_are_named():
    told = said(stock(4, PREFIXES[:1], gap=1), HOLDERS[:1], silent=1)
    assert "numbers of Banque Atlas lie" in told
    assert "lie" not in said(stock(4), HOLDERS)


@pytest.mark.parametrize(
    ("numbers", "holders", "message"),
    [
        (stock(1, PREFIXES[:2]), HOLDERS, "2 numbers are free and 3 holders have none yet; buy more"),
        (stock(4), [], "name at least one holder"),
        (stock(4), ["Banque Atlas", "banque  ATLAS"], "is named twice"),
        (stock(4), ["nobody"], "a holder has a name"),
        (stock(4), ["Inwi"], "Inwi is an operator"),
        (stock(4), ["Méditel"], "Méditel is an operator"),
        (stock(4), {"Banque Atlas": 0}, "write a number above 0"),
        (pd.DataFrame({"number": ["0522334455"]}), HOLDERS, "row 1, column number: a test number is a mobile number of MA"),
        (pd.DataFrame({"number": ["0612345678", "6,61235E+08"]}), HOLDERS, "row 2, column number"),
        (stock(4).assign(operator="Vodafone"), HOLDERS, "row 1, column operator: no operator 'Vodafone' is known"),
        (stock(4).assign(number="0612345678", holder=[*"ABCDEFGHIJKL"]), HOLDERS, "was given to 'A' in row 1 and to 'B' here"),
        (stock(4).head(0), HOLDERS, "holds no number"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_said(numbers, holders, message):
    with pytest.raises(TasribError, match=message):
        tasrib.plan_canaries(numbers, holders)


def test_silent_numbers_that_leave_none_to_give():
    with pytest.raises(
        TasribError, match="0 numbers are free and 3 holders have none yet, and 12 are to stay silent; lower that"
    ):
        tasrib.plan_canaries(stock(4), HOLDERS, silent=9)


def test_nothing_but_the_register_holds_numbers(plan):
    digits = [number[-6:] for number in plan.register["number"]]
    assert not any(each in str(plan.to_dict()) for each in digits)


def test_a_list_of_holders(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("Holder;Weight\nBanque Atlas;2,5\nMutuelle Nour;\n", "utf-8")
    assert read_holder_file(path) == {"Banque Atlas": 2.5, "Mutuelle Nour": 1.0}
    path.write_text("holder;weight\nBanque Atlas;much\n", "utf-8")
    with pytest.raises(TasribError, match="row 2, column weight: 'much' is no number"):
        read_holder_file(path)
    path.write_text("holder\nA\nA\n", "utf-8")
    with pytest.raises(TasribError, match="row 3, column holder: 'A' stands in an earlier row too"):
        read_holder_file(path)
