"""From a written number to its status, prefix and the operator it was allocated to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from tasrib.errors import TasribError
from tasrib.numbering import plan as plans
from tasrib.numbering.plan import Block, Plan
from tasrib.numbering.spelling import read_common, read_spelling
from tasrib.numbering.status import NumberStatus

COLUMNS = ["number_status", "country", "prefix", "operator_allocated", "e164", "note"]
UNKNOWN_PREFIX = "prefix unallocated or unknown"
_MOST_DIGITS = 15  # ITU-T E.164, section 6.1
_SHORTEST_BESIDE = 5  # A shorter piece beside a number is no number: "(2 SIM)".
_ENDS_IN_ZEROS = "ends in zeros: check that no spreadsheet rounded it"
_ZERO_RESTORED = "leading 0 restored"
# Of a number whose + is missing; with their codes those of the home countries have as many.
_FEWEST_WITHOUT_PLUS = 11

_STATUS_BY_TYPE: dict[int, NumberStatus] = {
    PhoneNumberType.MOBILE: "valid",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "valid",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.VOIP: "voip",
}
_NOTE_BY_STATUS = {
    "landline": "a fixed line",
    "shared_cost": "a shared-cost number",
    "premium_rate": "a premium-rate number",
    "toll_free": "a toll-free number",
    "voip": "an Internet telephone number",
    "other": "neither a mobile number nor a fixed line",
}


@dataclass(frozen=True, slots=True)
class NumberInfo:
    """
    What a telephone number tells by itself.

    Attributes
    ----------
    raw : str
        The number as it was given.
    number_status : str
        One of `NUMBER_STATUSES`; `STATUS_MEANING` explains each.
    e164 : str
        The international form, ``+212661234567``; empty where no number could be read.
    country : str
        ISO 3166 code of the country; empty where no number could be read.
    prefix : str
        The national digits that stand for a range, with the leading 0 where the country has one: four digits
        in Morocco (``0661``); elsewhere the digits by which the carrier data decides, at most four of them
        besides the 0, and three where it has no answer.
    operator_allocated : str
        The operator the range was allocated to. The number may have been ported since. Empty where unknown.
    note : str
        In plain English, one line: what was repaired, or why there is no answer.
    """

    raw: str
    number_status: NumberStatus
    e164: str
    country: str
    prefix: str
    operator_allocated: str
    note: str

    def to_dict(self) -> dict[str, str]:
        """
        The fields as a plain dictionary, for JSON.

        Returns
        -------
        dict
            Field name to value, all of them strings.
        """
        return asdict(self)


class _Row(NamedTuple):
    """One result in the order of `COLUMNS`."""

    number_status: NumberStatus
    country: str = ""
    prefix: str = ""
    operator_allocated: str = ""
    e164: str = ""
    note: str = ""


def lookup(number: object, *, country: str = "MA") -> NumberInfo:
    """
    Read one telephone number in whatever way it is written.

    Parameters
    ----------
    number : str, int, float, decimal.Decimal or None
        The number as written: local or international, with any separators, digits of any script, in a link or WhatsApp id. Missing
        values of pandas and NumPy are no number.
    country : str, optional
        The home country, whose numbers need no country code: one of `HOME_COUNTRIES`.

    Returns
    -------
    NumberInfo
        Always; what cannot be read has a status and a note that says why.

    Raises
    ------
    TasribError
        When ``country`` is not a home country, or ``number`` holds several values.
    """
    home = plans.plan_of(plans.check_country(country))
    if pd.api.types.is_list_like(number) or isinstance(number, memoryview):
        raise TasribError(
            f"lookup takes one number, as text or as a whole number, not {type(number).__name__}; for several use "
            "tasrib.numbering.lookup_many"
        )
    raw = _as_text(number)
    row = _read(raw, home)
    return NumberInfo(raw=raw, **row._asdict())


def lookup_many(numbers: Iterable[object], *, country: str = "MA") -> pd.DataFrame:
    """
    Read a column of telephone numbers; each distinct spelling is read once.

    Parameters
    ----------
    numbers : pandas.Series or iterable
        Numbers as written, as in `lookup`.
    country : str, optional
        The home country, as in `lookup`.

    Returns
    -------
    pandas.DataFrame
        The columns ``number_status``, ``country``, ``prefix``, ``operator_allocated``, ``e164`` and ``note``,
        all text; one row a number in the same order, with the index of ``numbers`` when it has one.

    Raises
    ------
    TasribError
        When ``country`` is not a home country, or ``numbers`` is no column of numbers.
    """
    home = plans.plan_of(plans.check_country(country))
    if isinstance(numbers, str | bytes | pd.DataFrame) or not isinstance(numbers, Iterable):
        raise TasribError(
            f"lookup_many takes a list or column of numbers, not {type(numbers).__name__}; for one number use tasrib.lookup"
        )
    series = numbers if isinstance(numbers, pd.Series) else pd.Series(list(numbers), dtype=object)
    if isinstance(series.dtype, pd.StringDtype):
        codes, distinct = pd.factorize(series.fillna(""))
    else:
        texts = np.empty(len(series), dtype=object)
        texts[:] = [_as_text(value) for value in series]
        codes, distinct = pd.factorize(texts)
    rows = [_read(text, home) for text in distinct]
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype="str")
    return frame.take(codes).set_axis(series.index, axis=0)


def _as_text(value: object) -> str:
    """Text of a cell; the many faces of an empty one become nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    return str(value)


def _read(text: str, home: Plan) -> _Row:
    """Status, country, prefix, operator, E.164 and note of one spelling."""
    if row := _read_common(text, home):
        return row
    kind, digits, plus, note, parts = read_spelling(text)
    if kind != "digits":
        return _Row(kind, note=note)
    if not plus and 2 <= len(digits) <= 5:
        return _Row("short_code", note=_joined(note, "a short code: a service, not a subscriber"))
    row = _read_digits(digits, plus, home) or _read_parts(parts, home)
    if row is None:
        return _Row("invalid", note=_joined(note, _why_invalid(digits, plus, home)))
    if row.number_status == "valid" and _looks_rounded(text, digits):
        note = _joined(note, _ENDS_IN_ZEROS)
    return row._replace(note=_joined(note, row.note)) if note else row


def _read_common(text: str, home: Plan) -> _Row | None:
    """A mobile number of the home country that is written in a common way, by a table of prefixes."""
    if (common := read_common(text)) is None:
        return None
    written, plus = common
    digits, international, mended = _without_exit_code(written, plus)
    national = plans.national_mobile(home, digits, international)
    if not national:
        return None
    zero_lost = plans.lost_its_zero(home, digits, national, international)
    row = _home_row(home.iso, national[: home.block_width], zero_lost, mended)
    note = row.note
    if _looks_rounded(text, written):
        note = _joined(_ENDS_IN_ZEROS, note)
    return _Row(row.number_status, row.country, row.prefix, row.operator_allocated, f"+{home.code}{national}", note)


@lru_cache(maxsize=100_000)
def _home_row(iso: str, start: str, zero_lost: bool, mended: str) -> _Row:
    """What all mobile numbers of the home country that begin so have in common; whether their 0 was lost, and what else was mended."""
    home = plans.plan_of(iso)
    note = _ZERO_RESTORED if zero_lost else ""
    row = _row("valid", iso, home.code, start, plans.mobile_block(home, start), note)
    return row._replace(note=_joined(mended, row.note))


def _looks_rounded(text: str, digits: str) -> bool:
    """Whether a number without 0 or + before it, as a spreadsheet's are, ends as if it had been rounded."""
    least = "000" if text.rstrip("0").endswith((".", ",")) else "00000"
    return digits[0] != "0" and "+" not in text and digits.endswith(least)


def _read_digits(digits: str, plus: bool, home: Plan) -> _Row | None:
    """A number of any country, if the digits are one."""
    digits, international, note = _without_exit_code(digits, plus)
    row = (
        _read_mobile(digits, international, home)
        or _read_any(digits, international, home)
        or _mend_front(digits, international, home)
    )
    return row if row is None or not note else row._replace(note=_joined(note, row.note))


def _without_exit_code(digits: str, plus: bool) -> tuple[str, bool, str]:
    """
    The digits behind + and 00, and whether a country's code begins them.

    No country's code begins with 0 (ITU-T E.164, section 6.2.1): what does behind a + or 00 is a home number with a sign too many.
    """
    international, note = plus, ""
    while digits.startswith("00"):
        digits, international = digits[2:], True
    if international and digits.startswith("0"):
        international, note = False, "a + or 00 too many before a number of the home country"
    return digits, international, note


def _read_parts(parts: tuple[tuple[str, bool], ...], home: Plan) -> _Row | None:
    """The one number that stands in pieces, though it be twice; none where there are two, or digits that nothing explains."""
    read = [(part, _read_digits(*part, home) if len(part[0]) > _SHORTEST_BESIDE else None) for part in parts]
    rows = {row.e164: row for _, row in read if row is not None}
    beside = sum(len(digits) for (digits, _), row in read if row is None)
    if len(rows) > 1:
        return _Row("invalid", note="more than one number in the cell")
    if len(rows) != 1 or beside > 1:
        return None
    (row,) = rows.values()
    return row._replace(note=_joined("what stands beside the number left out", row.note))


def _read_mobile(digits: str, international: bool, home: Plan) -> _Row | None:
    """A mobile number of the home country, or of a neighbour with its country code, by table."""
    if national := plans.national_mobile(home, digits, international):
        zero_lost = plans.lost_its_zero(home, digits, national, international)
        row = _home_row(home.iso, national[: home.block_width], zero_lost, "")
        return row._replace(e164=f"+{home.code}{national}")
    for iso in plans.HOME_COUNTRIES:
        if iso != home.iso and digits.startswith(plans.COUNTRY_CODES[iso]):
            plan = plans.plan_of(iso)
            if national := plans.national_mobile(plan, digits, international, abroad=True):
                note = "" if international else f"read as a number of {plan.name} without its +"
                if plan.zero_led and plans.lost_its_zero(plan, digits, national, international):
                    note = _joined(note, _ZERO_RESTORED)
                return _row("foreign", iso, plan.code, national, plans.mobile_block(plan, national), note)
    return None


def _read_any(digits: str, international: bool, home: Plan) -> _Row | None:
    """Any valid number that ``phonenumbers`` finds in the digits."""
    note = ""
    if international:
        number = _valid("+" + digits, None)
    else:
        number = _valid(digits, home.iso)
        # With fewer digits it is as likely one of a country whose code nobody wrote: an American number begins as an Egyptian one.
        if (
            number is None
            and len(digits) >= _FEWEST_WITHOUT_PLUS
            and digits.startswith(tuple(plans.COUNTRY_CODES.values()))
        ):
            number = _valid("+" + digits, None)
            note = "read as international without its +"
    if number is None:
        return None
    iso = plans.iso_of_code(number.country_code or 0) or phonenumbers.region_code_for_number(number) or ""
    iso = "" if iso == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY else iso
    national = phonenumbers.national_significant_number(number)
    kind = phonenumbers.number_type(number)
    status = _STATUS_BY_TYPE.get(kind, "other") if iso == home.iso else "foreign"
    block = plans.describe(number, national, iso)
    row = _row(status, iso, str(number.country_code), national, block, note)
    if kind not in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
        what = _NOTE_BY_STATUS[_STATUS_BY_TYPE.get(kind, "other")]
        row = row._replace(note=_joined(note, what))
    return row


def _mend_front(digits: str, international: bool, home: Plan) -> _Row | None:
    """A mobile number of the home country with something too many before it: zeros (00661…, 0212661…), a + or its code twice."""
    bare = digits.lstrip("0")
    twice = bare.startswith(home.code) and bare[len(home.code) :].lstrip("0").startswith(home.code)
    rest = bare[len(home.code) :].lstrip("0") if twice else bare
    if not (twice or bare != digits or (international and home.trunk)):
        return None
    national = plans.national_mobile(home, rest, False)
    if not national:
        return None
    if twice:
        note = "code of the country twice"
    else:
        note = "wrong count of leading zeros mended" if bare != digits else "a + or 00 too many before it"
    return _row("valid", home.iso, home.code, national, plans.mobile_block(home, national), note)


def _row(status: NumberStatus, iso: str, code: str, national: str, block: Block, note: str) -> _Row:
    """A result; says so where the operator is unknown."""
    if not block.operator:
        note = _joined(note, UNKNOWN_PREFIX)
    return _Row(status, iso, block.prefix, block.operator, f"+{code}{national}", note)


def _valid(text: str, region: str | None) -> PhoneNumber | None:
    """The parsed number when its numbering plan knows it."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _why_invalid(digits: str, plus: bool, home: Plan) -> str:
    """The plainest reason for a number that no plan knows."""
    if len(digits) > _MOST_DIGITS + 2:
        return "more digits than any number has: two numbers in one cell?"
    international = plus or digits.startswith("00")
    try:
        number = phonenumbers.parse("+" + digits.lstrip("0") if international else digits, home.iso)
    except NumberParseException as error:
        wrong_code = error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        return "no country has this code" if wrong_code else "too few or too many digits"
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return "too few digits"
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return "too many digits"
    where = plans.HOME_COUNTRIES.get(plans.iso_of_code(number.country_code or 0) or "", "its country")
    return f"no such number in the numbering plan of {where}"


def _joined(*notes: str) -> str:
    """Notes in one line."""
    return "; ".join(note for note in notes if note)
