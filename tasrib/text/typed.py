"""Parts of a message that matter by their kind, not their letters: links, numbers, dates, amounts, codes."""

from __future__ import annotations

import re
from functools import lru_cache

# All run on folded text: lower case, ASCII digits, no accents, alef without hamza, ه for ة, ي for ى.
# Each is linear in the text, whatever stands in it: what may begin inside a run of its own characters reads on for a bounded number of
# them only (a label of a host name has at most 63 letters, a code hardly a hundred before its third digit), the rest begins at most
# once in a run.
_MONTHS = (
    "janvier|janv|fevrier|fevr|mars|avril|avr|mai|juin|juillet|juil|aout|septembre|sept|octobre|oct|novembre|nov|"
    "decembre|dec|يناير|فبراير|مارس|ابريل|ماي|مايو|يونيو|يوليوز|يوليو|غشت|اغسطس|شتنبر|سبتمبر|اكتوبر|نونبر|نوفمبر|"
    "دجنبر|ديسمبر"
)
CURRENCY = "dhs?|mad|dirhams?|derham|drhm|درهم|دراهم|ريال|rial|ryal|euros?|eur|دولار|مليون|سنتيم|centimes?|[€$£]"

URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'،]+"
    r"|(?<![@\w.])(?:[a-z0-9-]{1,63}\.){1,8}(?:example|ma|com|net|org|info|fr|me|ly|gl|app|link|site|online|shop|xyz|io|co|tv)"
    r"(?:/[^\s<>\"'،]*)?(?![\w@])"
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(
    r"(?<![\w])(?:\+|00)\s?\d{1,3}(?:[\s.()-]{0,2}\d){7,12}(?!\d)"
    r"|(?<![\w])(?:212\s?)?0?[5-8](?:[\s.-]?\d){8}(?!\d)|(?<![\w])08\d{2}(?:[\s.-]?\d){5,6}(?!\d)"
)
DATE = re.compile(
    r"(?<![\w/])\d{4}-\d{2}-\d{2}(?!\d)"
    r"|(?<![\w/])(?:0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:19|20)?\d{2}(?![\d/])"
    r"|(?<![\w/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])"
    rf"|(?<!\w)(?:[0-2]?\d|3[01])(?:er)?\s?(?:{_MONTHS})\.?(?:\s?(?:19|20)\d{{2}})?(?!\w)"
    rf"|(?<!\w)(?:{_MONTHS})\s(?:19|20)\d{{2}}(?!\w)"
)
TIME = re.compile(r"(?<![\w:])(?:[01]?\d|2[0-3])\s?(?:h|:)\s?[0-5]\d(?!\w)|(?<![\w:])(?:[01]?\d|2[0-3])\s?h(?!\w)")
PERCENT = re.compile(r"(?<!\w)[-+]?\d+(?:[.,]\d+)?\s?[%٪]|[%٪]\s?\d+(?:[.,]\d+)?")
AMOUNT = re.compile(
    rf"(?<!\w)\d+(?:[ .,]\d{{3}}){{0,9}}(?:[.,]\d{{1,2}})?\s?(?:{CURRENCY})(?!\w)"
    r"|[€$£]\s?\d+(?:[.,]\d+)?"
)
CODE = re.compile(
    r"(?<!\w)\d{4,}(?!\w)|(?<!\w)(?=(?:[a-z-]{0,99}\d){3})(?=[\d-]{0,99}[a-z])[a-z0-9-]{6,}(?!\w)"
    r"|(?<!\w)(?:\d{0,19}[x*]){2,40}(?<=[x*]{2})\d{2,}(?!\w)"
)
NUMBER = re.compile(r"(?<!\w)\d+(?:[.,]\d+)?(?!\w)")

# Order matters: what is longer and surer first. Upper case marks a token as ours, since folded text has none.
Token = tuple[re.Pattern[str], str]
_URL: tuple[Token, ...] = ((URL, " URL "),)
_EMAIL: tuple[Token, ...] = ((EMAIL, " EMAIL "),)
_NUMBERS: tuple[Token, ...] = (
    (DATE, " DATE "),
    (AMOUNT, " AMOUNT "),
    (PERCENT, " PERCENT "),
    (PHONE, " PHONE "),
    (TIME, " TIME "),
    (CODE, " CODE "),
    (NUMBER, " NUM "),
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_MONTH, _MONEY = re.compile(f"(?:er)?(?:{_MONTHS})"), re.compile(CURRENCY)


def addresses(text: str) -> tuple[Token, ...]:
    """
    Name the patterns of addresses that a text may hold.

    Parameters
    ----------
    text : str
        A folded text.

    Returns
    -------
    tuple of (re.Pattern, str)
        Each with the token that replaces what it finds.
    """
    return _URL + _EMAIL if "@" in text else _URL


def numbers(text: str) -> tuple[Token, ...]:
    """
    Name the patterns of numbers, dates, amounts and codes that a text may hold: none where it has no digit.

    Parameters
    ----------
    text : str
        A folded text without addresses.

    Returns
    -------
    tuple of (re.Pattern, str)
        Each with the token that replaces what it finds.
    """
    return _NUMBERS if _DIGIT.search(text) else ()


@lru_cache(maxsize=1 << 15)
def type_numbers(text: str) -> str:
    """
    Replace numbers, dates, amounts and codes by their tokens.

    Parameters
    ----------
    text : str
        A folded text without addresses, or a part of one: some words with digits and those beside them.

    Returns
    -------
    str
        What the patterns of `numbers` make of it, without those that cannot find anything in it.
    """
    runs = _LETTERS.findall(text)
    digits = len(_DIGIT.findall(text))
    if any(sign in text for sign in "/.-") or any(map(_MONTH.fullmatch, runs)):
        text = DATE.sub(" DATE ", text)
    if any(sign in text for sign in "€$£") or any(map(_MONEY.fullmatch, runs)):
        text = AMOUNT.sub(" AMOUNT ", text)
    if "%" in text or "٪" in text:
        text = PERCENT.sub(" PERCENT ", text)
    if digits >= 8:
        text = PHONE.sub(" PHONE ", text)
    if "h" in text or ":" in text:
        text = TIME.sub(" TIME ", text)
    if digits >= 3 or "x" in text or "*" in text:
        text = CODE.sub(" CODE ", text)
    return NUMBER.sub(" NUM ", text)
