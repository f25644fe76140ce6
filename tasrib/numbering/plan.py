"""Numbering plans of the home countries, over the metadata and carrier data of ``phonenumbers``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberType,
    carrier,
    country_code_for_region,
    number_type,
)
from phonenumbers.carrierdata import CARRIER_DATA, CARRIER_LONGEST_PREFIX

from tasrib.errors import TasribError

HOME_COUNTRIES = {"MA": "Morocco", "DZ": "Algeria", "TN": "Tunisia", "MR": "Mauritania", "FR": "France"}
"""ISO 3166 code to English name: what a parameter ``country`` may be. Another country is a row here and rows of data."""
COUNTRY_CODES = {iso: str(country_code_for_region(iso)) for iso in HOME_COUNTRIES}
_ISO_BY_CODE = {int(code): iso for iso, code in COUNTRY_CODES.items()}

_LONGEST_SHOWN_PREFIX = 4
_SHOWN_WHERE_UNKNOWN = 3
# The carrier data decides by 2, 3 or 4 digits in Morocco; people there name a prefix by four (0661).
_FIXED_PREFIX = {"MA": 3}


@dataclass(frozen=True, slots=True)
class Plan:
    """What reading a mobile number of one country takes."""

    iso: str
    name: str
    code: str
    trunk: str
    length: int
    mobile_leads: frozenset[str]
    block_width: int


@dataclass(frozen=True, slots=True)
class Block:
    """A range of numbers that share prefix and operator."""

    prefix: str
    operator: str


def check_country(country: str) -> str:
    """ISO code of a home country in capitals, or a TasribError that names the known ones."""
    iso = country.strip().upper() if isinstance(country, str) else ""
    if iso not in HOME_COUNTRIES:
        known = ", ".join(f"{code} ({name})" for code, name in HOME_COUNTRIES.items())
        said = repr(country[:60]) if isinstance(country, str) else f"of type {type(country).__name__}"
        raise TasribError(f"country {said} is not one of the home countries: {known}")
    return iso


@lru_cache(maxsize=len(HOME_COUNTRIES))
def plan_of(iso: str) -> Plan:
    """The plan of a home country; measured from the metadata at first use (some 50 ms)."""
    metadata = PhoneMetadata.metadata_for_region(iso)
    code = COUNTRY_CODES[iso]
    if metadata is None or metadata.mobile is None:
        raise TasribError(f"this phonenumbers has no mobile numbers of {HOME_COUNTRIES[iso]}; reinstall it")
    length = max(metadata.mobile.possible_length)
    keys = [len(key) - len(code) for key in CARRIER_DATA if key.startswith(code)]
    return Plan(
        iso=iso,
        name=HOME_COUNTRIES[iso],
        code=code,
        trunk=trunk_prefix(iso),
        length=length,
        mobile_leads=_mobile_leads(int(code), length),
        block_width=max(4, *keys),
    )


def iso_of_code(country_code: int) -> str | None:
    """ISO code of the home country with this calling code."""
    return _ISO_BY_CODE.get(country_code)


@lru_cache(maxsize=300)
def trunk_prefix(iso: str) -> str:
    """``0`` where national numbers are written with it, else nothing."""
    metadata = PhoneMetadata.metadata_for_region(iso)
    return "0" if metadata is not None and metadata.national_prefix == "0" else ""


def _mobile_leads(code: int, length: int) -> frozenset[str]:
    """First national digits behind which every assigned range is mobile (06 and 07 in Morocco)."""
    leads = set()
    for lead in range(1, 10):
        starts = range(lead * 1000, lead * 1000 + 1000)
        numbers = (PhoneNumber(code, start * 10 ** (length - 4) + 123) for start in starts)
        kinds = {PhoneNumberType.UNKNOWN}
        for number in numbers:
            kinds.add(number_type(number))
            if kinds - {PhoneNumberType.UNKNOWN, PhoneNumberType.MOBILE}:
                break
        if kinds == {PhoneNumberType.UNKNOWN, PhoneNumberType.MOBILE}:
            leads.add(str(lead))
    return frozenset(leads)


def national_mobile(plan: Plan, digits: str, international: bool, *, abroad: bool = False) -> str:
    """
    The national digits of a mobile number in any of its dialled forms, or nothing.

    ``international`` says that a country's code begins the digits; ``abroad`` demands it, so that 0612345678 is not read as French in
    Morocco.
    """
    if international or (digits.startswith(plan.code) and len(digits) >= len(plan.code) + plan.length):
        if not digits.startswith(plan.code):
            return ""
        rest = digits[len(plan.code) :]
    elif abroad:
        return ""
    else:
        rest = digits
    if plan.trunk and len(rest) == plan.length + 1 and rest[0] == plan.trunk:
        rest = rest[1:]
    return rest if len(rest) == plan.length and rest[0] in plan.mobile_leads else ""


def may_be_mobile(digits: str, iso: str) -> bool:
    """Whether the digits of a mobile number of a home country stand somewhere among others."""
    return _mobile_digits(check_country(iso)).search(digits) is not None


@lru_cache(maxsize=len(HOME_COUNTRIES))
def _mobile_digits(iso: str) -> re.Pattern[str]:
    plan = plan_of(iso)
    described = [PhoneMetadata.metadata_for_region(region) for region in COUNTRY_CODE_TO_REGION_CODE[int(plan.code)]]
    patterns = [
        each.mobile.national_number_pattern for each in described if each is not None and each.mobile is not None
    ]
    if plan.mobile_leads:
        patterns.append(f"[{''.join(sorted(plan.mobile_leads))}]\\d{{{plan.length - 1}}}")
    return re.compile("|".join(filter(None, patterns)))


def masked_block(plan: Plan, block: str) -> str:
    """A block of ten thousand numbers, given by its national digits, as people write it: ``0661 23xxxx``."""
    return f"{plan.trunk}{block[:3]} {block[3:]}xxxx"


def mobile_block(plan: Plan, national: str) -> Block:
    """Prefix and operator of a mobile number; parsed by ``phonenumbers`` once a block, then remembered."""
    return _block_of_range(plan.iso, national[: plan.block_width])


@lru_cache(maxsize=200_000)
def _block_of_range(iso: str, start: str) -> Block:
    """Prefix and operator of all numbers that begin so."""
    plan = plan_of(iso)
    national = start.ljust(plan.length, "1")
    return describe(PhoneNumber(int(plan.code), int(national)), national, iso)


def describe(number: PhoneNumber, national: str, iso: str) -> Block:
    """
    Prefix and operator of any number.

    ``carrier.safe_display_name`` would say nothing for Morocco, because numbers there can be ported;
    ``name_for_number`` gives whom the number was allocated to, and that is what a prefix can tell.
    """
    operator = carrier.name_for_number(number, "en")
    width = _FIXED_PREFIX.get(iso, 0) or _deciding_digits(str(number.country_code), national, operator)
    return Block(trunk_prefix(iso) + national[:width], operator)


def _deciding_digits(code: str, national: str, operator: str) -> int:
    """How many national digits the carrier data needed; three where it has no answer."""
    if operator:
        for width in range(CARRIER_LONGEST_PREFIX, 0, -1):
            if code + national[:width] in CARRIER_DATA:
                return min(width, _LONGEST_SHOWN_PREFIX)
    return _SHOWN_WHERE_UNKNOWN
