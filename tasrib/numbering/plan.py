"""Numbering plans of the home countries, over the metadata and carrier data of ``phonenumbers``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    carrier,
    country_code_for_region,
    format_number,
    number_type,
)
from phonenumbers.carrierdata import CARRIER_DATA, CARRIER_LONGEST_PREFIX

from tasrib.complaints.countries import HOME_COUNTRIES as HOME_COUNTRIES
from tasrib.errors import TasribError

COUNTRY_CODES = {iso: str(country_code_for_region(iso)) for iso in HOME_COUNTRIES}
_ISO_BY_CODE = {int(code): iso for iso, code in COUNTRY_CODES.items()}

_LONGEST_SHOWN_PREFIX = 4
_SHOWN_WHERE_UNKNOWN = 3
# As many digits has a date, and what stands between groups of them in a number.
_ALSO_DATES, _GAP = 8, r"[ \u00a0\u202f./()\[\]*_\u2010-\u2015\u2212-]{0,3}"
# A date of eight digits in a row.
_YEAR_FIRST, _YEAR_LAST = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d", r"[0-3]\d(?:0[1-9]|1[0-2])(?:19|20)\d\d"
Eight: TypeAlias = Literal["none", "grouped", "all"]
# The carrier data decides by 2, 3 or 4 digits in Morocco; people there name a prefix by four (0661).
_FIXED_PREFIX = {"MA": 3}


@dataclass(frozen=True, slots=True)
class Lead:
    """First digits behind which all assigned numbers of one length are mobile, and what is dialled before them at home."""

    start: str
    length: int
    trunk: str


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What reading a mobile number of one country takes.

    ``length`` is that of the longest, by which numbers are set in blocks; ``shortest`` counts one less where a 0 that is part of the number,
    and not dialled before it at home (``zero_led``, as in Côte d'Ivoire), may be lost.
    """

    iso: str
    name: str
    code: str
    trunk: str
    length: int
    shortest: int
    zero_led: bool
    mobile_leads: dict[str, Lead]
    block_width: int

    def lead_of(self, national: str) -> Lead | None:
        """How these national digits, or a range of them, begin."""
        return self.mobile_leads.get(national[:1]) or self.mobile_leads.get(national[:2])


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
    lengths = sorted(metadata.mobile.possible_length)
    keys = [len(key) - len(code) for key in CARRIER_DATA if key.startswith(code)]
    leads = {lead.start: lead for length in lengths for lead in _mobile_leads(iso, length)}
    zero_led = any(start[0] == "0" for start in leads)
    return Plan(
        iso=iso,
        name=HOME_COUNTRIES[iso],
        code=code,
        trunk=trunk_prefix(iso),
        length=lengths[-1],
        shortest=lengths[0] - zero_led,
        zero_led=zero_led,
        mobile_leads=leads,
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


def _mobile_leads(iso: str, length: int) -> list[Lead]:
    """By one digit (06 and 07 in Morocco), or by two where the first stands before other kinds of numbers too."""
    found: list[Lead] = []
    for first in ("0123456789", "123456789")[trunk_prefix(iso) == "0"]:
        # A 0 that belongs to the number can be lost: it is put back only before what alone it can have stood before.
        one = [_lead(iso, first, length)] if first != "0" else []
        leads = one if any(one) else [_lead(iso, f"{first}{second}", length) for second in range(10)]
        found += [lead for lead in leads if lead is not None]
    return found


def _lead(iso: str, start: str, length: int) -> Lead | None:
    """Nothing where no number that begins so is mobile, or one is of another kind."""
    code, mobile = int(COUNTRY_CODES[iso]), ""
    for rest in range(10 ** (4 - len(start))):
        national = f"{start}{rest:0{4 - len(start)}d}".ljust(length - 3, "0") + "123"
        kind = number_type(_number(code, national))
        if kind not in (PhoneNumberType.UNKNOWN, PhoneNumberType.MOBILE):
            return None
        if kind == PhoneNumberType.MOBILE:
            mobile = mobile or national
    return Lead(start, length, _dialled_before(_number(code, mobile), mobile, iso)) if mobile else None


def _number(code: int, national: str) -> PhoneNumber:
    return PhoneNumber(code, int(national), italian_leading_zero=national.startswith("0") or None)


def _dialled_before(number: PhoneNumber, national: str, iso: str) -> str:
    """``0`` where this number is written with it at home: in Lebanon 03 123456, but 71 123456."""
    written = "".join(filter(str.isdecimal, format_number(number, PhoneNumberFormat.NATIONAL)))
    return "" if written == national else trunk_prefix(iso)


def national_mobile(plan: Plan, digits: str, international: bool, *, abroad: bool = False) -> str:
    """
    The national digits of a mobile number in any of its dialled forms, or nothing.

    ``international`` says that a country's code begins the digits; ``abroad`` demands it, so that 0612345678 is not read as French in
    Morocco.
    """
    if international or (digits.startswith(plan.code) and len(digits) >= len(plan.code) + plan.shortest):
        if not digits.startswith(plan.code):
            return ""
        rest = digits[len(plan.code) :]
    elif abroad:
        return ""
    else:
        rest = digits
    if plan.trunk and rest[:1] == plan.trunk:
        rest = rest[1:]
    elif plan.zero_led and len(rest) == plan.length - 1:
        rest = "0" + rest
    lead = plan.lead_of(rest)
    return rest if lead and len(rest) == lead.length else ""


def lost_its_zero(plan: Plan, digits: str, national: str, international: bool) -> bool:
    """Whether the 0 that a mobile number is written with stands nowhere in the digits that it was read from."""
    if plan.zero_led:
        return not digits.endswith(national)
    if international or digits != national:
        return False
    lead = plan.lead_of(national)
    return lead is not None and lead.trunk != ""


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
    # A 0 that is part of the number is lost as often as one that is dialled before it.
    patterns += [
        f"{lead.start.replace('0', '0?', 1) if plan.zero_led else lead.start}\\d{{{lead.length - len(lead.start)}}}"
        for lead in plan.mobile_leads.values()
    ]
    return re.compile("|".join(filter(None, patterns)))


def mobile_abroad(digits: str) -> str:
    """E.164 of a mobile number of any home country that stands with its country's code and nothing before it; else nothing."""
    if _coded().fullmatch(digits):
        for iso, code in COUNTRY_CODES.items():
            if digits.startswith(code) and (national := national_mobile(plan_of(iso), digits, False, abroad=True)):
                return f"+{code}{national}"
    return ""


def may_be_mobile_abroad(digits: str) -> bool:
    """Whether what `mobile_abroad` reads may stand somewhere among other digits."""
    return _coded().search(digits) is not None


@lru_cache(maxsize=1)
def _coded() -> re.Pattern[str]:
    """As many digits behind a home country's code as its mobile numbers have: the plans themselves take long to measure."""
    found = []
    for iso, code in COUNTRY_CODES.items():
        metadata = PhoneMetadata.metadata_for_region(iso)
        lengths = metadata.mobile.possible_length if metadata is not None and metadata.mobile is not None else ()
        # Dialled with a 0 that does not belong there, or without one that does.
        found += [f"{code}\\d{{{length - 1},{length + 1}}}" for length in lengths]
    return re.compile("|".join(found))


def mobile_spans(text: str, iso: str, *, eight: Eight = "none") -> list[tuple[int, int]]:
    """
    Find mobile numbers of a home country as they are dialled there, in groups of digits or not.

    Parameters
    ----------
    text : str
        Any text, its digits 0-9.
    iso : str
        The country.
    eight : {"none", "grouped", "all"}
        Which of those of eight digits that begin with no 0: a date, a price and an order number may look like them, in groups or, more often,
        in one. With them go those with the country's code and no plus, in groups.

    Returns
    -------
    list of (int, int)
        Where they begin and end.
    """
    return [found.span() for found in _dialled(check_country(iso), eight).finditer(text)]


@lru_cache(maxsize=3 * len(HOME_COUNTRIES))
def _dialled(iso: str, eight: Eight) -> re.Pattern[str]:
    found, plan = [], plan_of(iso)
    for lead in plan.mobile_leads.values():
        digits = lead.trunk + lead.start
        rest = lead.length - len(lead.start)
        if digits[0] == "0" or lead.length > _ALSO_DATES:
            found.append(_GAP.join(digits) + rf"(?:{_GAP}\d){{{rest}}}")
        elif eight != "none":
            # In pairs, or a pair and threes: dates of eight digits begin with a year or end with one, round sums in noughts.
            pair = lead.start.ljust(2, "x").replace("x", r"\d")
            pairs = r"(?P<gap{0}>[ .-])(?:\d\d(?P=gap{0})\d\d(?P=gap{0})(?!20)\d\d|\d{{3}}(?P=gap{0})?(?!000)\d{{3}})"
            found.append(pair + pairs.format(len(found)))
            if eight == "all":
                found.append(rf"{pair}[ ./)-]{{1,2}}\d{{3}}[ ./-]?(?!000)\d{{3}}")
        if eight != "none":
            found.append(
                _GAP.join(plan.code) + rf"{_GAP}(?:0{_GAP})?" + _GAP.join(lead.start) + rf"(?:{_GAP}\d){{{rest}}}"
            )
        if eight == "all" and digits[0] != "0" and lead.length <= _ALSO_DATES:
            found.append(rf"(?!{_YEAR_FIRST}|{_YEAR_LAST}){digits}\d{{{rest}}}(?<!000)")
    return re.compile(rf"(?<!\d)(?:{'|'.join(found) or '(?!)'})(?!\d)")


def masked_block(plan: Plan, block: str) -> str:
    """A block of ten thousand numbers, given by its national digits, as people write it: ``0661 23xxxx``."""
    return f"{masked_prefix(plan, block)} {block[_prefix_width(plan, block) :]}xxxx"


def masked_prefix(plan: Plan, block: str) -> str:
    """What such a block begins with, as people write it: ``0661``."""
    lead = plan.lead_of(block)
    return (lead.trunk if lead else plan.trunk) + block[: _prefix_width(plan, block)]


def _prefix_width(plan: Plan, block: str) -> int:
    """Three digits, or fewer where the number is shorter than the country's longest."""
    lead = plan.lead_of(block)
    return 3 - (plan.length - lead.length if lead else 0)


def block_digits(plan: Plan, block: int) -> str:
    """The national digits of a block that was counted as a number."""
    return f"0{block}" if plan.zero_led else str(block)


def mobile_block(plan: Plan, national: str) -> Block:
    """Prefix and operator of a mobile number; parsed by ``phonenumbers`` once a block, then remembered."""
    return _block_of_range(plan.iso, national[: plan.block_width])


@lru_cache(maxsize=200_000)
def _block_of_range(iso: str, start: str) -> Block:
    """Prefix and operator of all numbers that begin so."""
    plan = plan_of(iso)
    lead = plan.lead_of(start)
    national = start.ljust(lead.length if lead else plan.length, "1")
    return describe(_number(int(plan.code), national), national, iso)


def describe(number: PhoneNumber, national: str, iso: str) -> Block:
    """
    Prefix and operator of any number.

    ``carrier.safe_display_name`` would say nothing for Morocco, because numbers there can be ported;
    ``name_for_number`` gives whom the number was allocated to, and that is what a prefix can tell.
    """
    operator = carrier.name_for_number(number, "en")
    width = _FIXED_PREFIX.get(iso, 0) or _deciding_digits(str(number.country_code), national, operator)
    return Block(_dialled_before(number, national, iso) + national[:width], operator)


def _deciding_digits(code: str, national: str, operator: str) -> int:
    """How many national digits the carrier data needed; three where it has no answer."""
    if operator:
        for width in range(CARRIER_LONGEST_PREFIX, 0, -1):
            if code + national[:width] in CARRIER_DATA:
                return min(width, _LONGEST_SHOWN_PREFIX)
    return _SHOWN_WHERE_UNKNOWN
