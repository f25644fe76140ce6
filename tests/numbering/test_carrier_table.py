"""Remembering a block of numbers must give exactly what phonenumbers gives number by number."""

import phonenumbers
import pytest
from phonenumbers import carrier
from phonenumbers.carrierdata import CARRIER_DATA

from tasrib.numbering import UNKNOWN_PREFIX, lookup, lookup_many, operators_of
from tasrib.numbering.plan import COUNTRY_CODES, may_be_mobile, national_mobile, plan_of

MOROCCAN_PREFIXES = [f"0{lead}{rest:02d}" for lead in "67" for rest in range(100)]


def from_phonenumbers(e164):
    return carrier.name_for_number(phonenumbers.parse(e164), "en")


@pytest.mark.parametrize("rest", ["000000", "234567", "999999"])
def test_moroccan_prefixes_equal_phonenumbers(rest):
    table = lookup_many([prefix + rest for prefix in MOROCCAN_PREFIXES])
    assert list(table["prefix"]) == MOROCCAN_PREFIXES
    assert set(table["number_status"]) == {"valid"}
    assert list(table["operator_allocated"]) == [from_phonenumbers(e164) for e164 in table["e164"]]


@pytest.mark.parametrize("iso", list(COUNTRY_CODES))
def test_every_block_of_every_home_country_equals_phonenumbers(iso):
    plan = plan_of(iso)
    ends = "0529"
    assert plan.mobile_leads
    blocks = [
        (f"{lead.start}{rest:0{5 - len(lead.start)}d}", lead.length)
        for lead in plan.mobile_leads.values()
        for rest in range(10 ** (5 - len(lead.start)))
    ]
    numbers = [block.ljust(length, ends[n % len(ends)]) for n, (block, length) in enumerate(blocks)]
    assert all(national_mobile(plan, number, False) == number for number in numbers)
    table = lookup_many(numbers, country=iso)
    assert (table["e164"] != "").all()
    assert list(table["operator_allocated"]) == [from_phonenumbers(e164) for e164 in table["e164"]]


@pytest.mark.parametrize("iso", list(COUNTRY_CODES))
def test_what_phonenumbers_calls_mobile_is_known_by_how_it_begins(iso):
    plan = plan_of(iso)
    for first in range(1000, 10_000):
        for length in (plan.length - 1, plan.length):
            national = ("0" if plan.zero_led else "") + str(first) + "123456"
            number = phonenumbers.parse(f"+{plan.code}{national[:length]}")
            if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
                assert national_mobile(plan, national[:length], False) == national[:length]


@pytest.mark.parametrize("iso", ["MA", "DZ", "TN", "MR", "SN", "CI", "EG", "LB"])
def test_the_operators_of_the_carrier_data_are_the_canonical_ones(iso):
    assert set(operators_of(iso)) == carriers(iso)


@pytest.mark.parametrize(
    ("iso", "networks"),
    [
        ("FR", {"Orange France", "SFR", "Bouygues", "Free Mobile"}),
        ("BE", {"Proximus", "Orange", "Telenet", "DIGI Communications"}),
    ],
)
def test_the_networks_are_named_as_in_the_carrier_data(iso, networks):
    assert networks < set(operators_of(iso)) < carriers(iso)


def carriers(iso):
    return {names["en"] for key, names in CARRIER_DATA.items() if key.startswith(COUNTRY_CODES[iso])}


def test_about_a_fifth_of_the_moroccan_prefixes_is_unknown_and_never_guessed():
    unknown = [prefix for prefix in MOROCCAN_PREFIXES if not lookup(prefix + "234567").operator_allocated]
    assert 0 < len(unknown) < len(MOROCCAN_PREFIXES) / 3
    for prefix in unknown:
        info = lookup(prefix + "234567")
        assert UNKNOWN_PREFIX in info.note
        assert info.prefix == prefix


def test_morocco_and_france_dial_mobiles_as_06_and_07():
    assert plan_of("MA").mobile_leads.keys() == {"6", "7"} == plan_of("FR").mobile_leads.keys()


def test_leads_have_a_length_and_a_trunk_prefix_of_their_own():
    leads = {
        iso: {(each.start, each.length, each.trunk) for each in plan_of(iso).mobile_leads.values()}
        for iso in ("LB", "CI", "EG")
    }
    assert leads["LB"] == {("3", 7, "0"), ("7", 8, ""), ("81", 8, "")}
    assert leads["CI"] == {("01", 10, ""), ("05", 10, ""), ("07", 10, "")}
    assert leads["EG"] == {("1", 10, "0")}


@pytest.mark.parametrize("iso", list(COUNTRY_CODES))
def test_digits_that_may_be_a_mobile_number(iso):
    example = str(phonenumbers.example_number_for_type(iso, phonenumbers.PhoneNumberType.MOBILE).national_number)
    assert may_be_mobile(f"99{example}99", iso)
    first = {lead.start.lstrip("0")[0] for lead in plan_of(iso).mobile_leads.values()}
    assert not may_be_mobile(min(set("123456789") - first) * 30, iso)
    assert not may_be_mobile(example[:-1], iso)
