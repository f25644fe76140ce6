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
    # In Mauritania other kinds of numbers stand behind each first digit of mobile ones, and `phonenumbers` reads them all.
    leads = sorted(plan.mobile_leads) or ["2", "3", "4"]
    blocks = [f"{lead}{rest:04d}" for lead in leads for rest in range(10_000)]
    numbers = [block.ljust(plan.length, ends[n % len(ends)]) for n, block in enumerate(blocks)]
    assert all(national_mobile(plan, number, False) == (number if plan.mobile_leads else "") for number in numbers)
    table = lookup_many(numbers, country=iso)
    read = table[table["e164"] != ""]
    assert len(read) == len(table) if plan.mobile_leads else len(read) > 10_000
    assert list(read["operator_allocated"]) == [from_phonenumbers(e164) for e164 in read["e164"]]


@pytest.mark.parametrize("iso", ["MA", "DZ", "TN", "MR"])
def test_the_operators_of_the_carrier_data_are_the_canonical_ones(iso):
    assert set(operators_of(iso)) == carriers(iso)


def test_the_french_networks_are_named_as_in_the_carrier_data():
    assert {"Orange France", "SFR", "Bouygues", "Free Mobile"} < set(operators_of("FR")) < carriers("FR")


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
    assert plan_of("MA").mobile_leads == {"6", "7"} == plan_of("FR").mobile_leads


@pytest.mark.parametrize("iso", list(COUNTRY_CODES))
def test_digits_that_may_be_a_mobile_number(iso):
    example = str(phonenumbers.example_number_for_type(iso, phonenumbers.PhoneNumberType.MOBILE).national_number)
    assert may_be_mobile(f"99{example}99", iso)
    assert not may_be_mobile("1" * 30, iso)
    assert not may_be_mobile(example[:-1], iso)
