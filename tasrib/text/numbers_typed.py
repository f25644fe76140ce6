"""Spellings of numbers, addresses and papers that lead to a person, as people type them in messages: patterns on folded text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tasrib.text.typed import CURRENCY, DATE, EMAIL, PHONE

# What stands between the digits of one number: blanks, line ends, dots, dashes, slashes, commas, brackets, stars, pictures.
_GAP = r"(?:[^\w%€$£=+]|_){0,3}"
_MOBILE = rf"[5-8](?:{_GAP}\d){{8}}(?!\d)"
_AT_HOME = re.compile(rf"(?<!\d)0{_GAP}{_MOBILE}")
_FROM_ABROAD = re.compile(rf"(?<!\d)(?:\+{_GAP}|0{_GAP}0{_GAP})?2{_GAP}1{_GAP}2{_GAP}(?:0{_GAP})?{_MOBILE}")
_FOREIGN = re.compile(rf"(?:\+|(?<![\d.,])00){_GAP}[1-9](?:{_GAP}\d){{7,14}}(?!\d)")
# The letters O, I and l for 0 and 1, which filters do not see.
_WITH_LETTERS = re.compile(rf"(?<![a-z\d])[oil\d](?:{_GAP}[oil\d]){{8,12}}(?![a-z\d])")
_AS_DIGITS = str.maketrans("oil", "011")
# Accounts, cards, and what else has many digits; a year, a price, a code or a hotline is shorter.
_LONG = re.compile(r"(?<!\d)\d{9,30}(?!\d)")
_GROUPED = re.compile(r"(?<!\d)\d{1,20}(?:[ .\-_/]{1,2}\d{1,20}){2,11}(?!\d)")
_LEAST_GROUPED = 15
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){2,4}(?!\d)")
_IBAN = re.compile(r"(?<![a-z\d])[a-z]{2}\d{2}(?:[ .-]?(?=[a-z]{0,3}\d)[a-z\d]{4}){3,7}(?:[ .-]?\d{1,3})?(?![a-z\d])")
_LEAST_IN_IBAN = 12
# Identity card (one or two letters, five or six digits), passport (two letters, seven digits).
_PAPER = re.compile(r"(?<![a-z\d])[a-z]{1,2}[-./_]?\d{5,7}(?![a-z\d])")
_PAPER_APART = re.compile(r"(?<![A-Za-z\d])(?!(?:DH|DE|LE|LA|DU|AU|EN|ET|OU|N|A) )[A-Z]{1,2} \d{5,6}(?![A-Za-z\d])")
_CUE = (
    r"cine?|cnie|c\.i\.n|ice|rib|iban|cnss|amo|cin[ée]|passeport|passport|permis|matricule|carte nationale|numero de compte|"
    r"البطاقه الوطنيه|رقم البطاقه|لاكارط ناسيونال|بطاقه التعريف|رقم الحساب|جواز السفر"
)
_AFTER_CUE = re.compile(
    rf"(?<![a-z])(?:{_CUE})[^\w,]{{0,3}}(?:(?:n|no|num|numero|رقم|est|هو|هي)\b)?[^\w\n,]{{0,4}}(?P<number>[a-z]{{0,2}}[ -]?\d(?:[ .\-_/]?\d){{4,29}})"
)
_TOP_LEVEL = r"(?:com|net|org|ma|fr|info|eu|edu|gov|tn|dz|uk|example|test)"
_DOT = r"(?:\s?\.\s?|\s?[(\[{<](?:dot|point)[)\]}>]\s?|\s(?:dot|point|نقطه)\s)"
_ADDRESS_APART = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:\s?[(\[{<]\s?(?:at|arobase|@|a)\s?[)\]}>]\s?|\s(?:at|arobase|ات|اروباز)\s|\s?@\s?)"
    rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,3}}{_DOT}{_TOP_LEVEL}(?![\w@])"
)
_WORDS = (
    "zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|"
    "cinquante|soixante|septante|quatre-vingts?|cent|صفر|واحد|اثنان|اثنين|جوج|زوج|ثلاثه|تلاته|تلات|اربعه|ربعه|خمسه|سته|ستة|سبعه|"
    "ثمانيه|تمنيه|تمنيا|تسعه|تسعود|عشره|wahed|wahd|wa7d|jouj|tlata|rb3a|reb3a|khamsa|khmsa|setta|stta|seb3a|sb3a|tmenya|tmnya|tes3oud|ts3oud"
)
_SPELT = re.compile(
    rf"(?<!\w)(?:zero|صفر|0[5-8]?)(?:(?:[\s,.-]{{1,3}}(?:et[\s-])?|\s?و)(?:{_WORDS}|\d{{1,2}})(?!\w)){{4,24}}"
)
_SPELT_WORD = re.compile(rf"(?<!\w)و?(?:{_WORDS})(?!\w)")
_LEAST_SPELT = 4

# Money of other countries, which the model reads as a word.
_MONEY = r"dinars?|dt|tnd|dzd|livres?|lbp|egp|l\.?l\.?|f?cfa|xof|francs?|ouguiyas?|mru|دينار|دنانير|ليره|جنيه|فرنك|اوقيه|دج|دت|لل"
# What makes a figure of many digits: a unit behind it, or nothing but noughts at its end.
_UNIT = re.compile(
    rf"\s?(?:{CURRENCY}|{_MONEY}|%|٪|emplois?|postes?|logements?|habitants?|voix|citoyens?|electeurs?|foyers?|familles?|m2|km|kg|tonnes?|hectares?|"
    r"مسكن|سكن|منصب|مناصب|فرصه|نسمه|مواطن|ناخب|صوت|اسره|عايله|هكتار|طن|كيلومتر|متر)(?!\w)"
)
_NOUGHTS = "000000"
_YEAR = re.compile(r"(?:19|20)\d{2}")
_CLOCK = re.compile(r"\d ?[:h] ?\d")
_NOT_DIGIT = re.compile(r"\D+")


def typed_numbers(folded: str, received: str) -> Iterator[tuple[int, int]]:
    """
    Find what might lead to a person by itself.

    Parameters
    ----------
    folded : str
        A folded text.
    received : str
        The same with its capitals, character for character.

    Yields
    ------
    (int, int)
        Where telephone numbers, e-mail addresses, numbers of accounts and papers begin and end in `folded`; they may overlap.
    """
    dates = dated_places(folded)
    for pattern, text, believed in _PATTERNS:
        source = received if text else folded
        for match in pattern.finditer(source):
            start, end = match.span("number") if "number" in pattern.groupindex else match.span()
            if believed(source, start, end) and not _is_date(source[start:end], start, end, dates):
                yield start, end


def dated_places(folded: str) -> list[tuple[int, int]]:
    """
    Find dates with a year of four digits.

    Parameters
    ----------
    folded : str
        A folded text.

    Returns
    -------
    list of (int, int)
        Where they begin and end.
    """
    return [match.span() for match in DATE.finditer(folded) if _YEAR.search(match.group())]


def is_figure(folded: str, start: int, end: int) -> bool:
    """
    Tell a figure of many digits from a number that leads to a person.

    Parameters
    ----------
    folded : str
        A folded text.
    start, end : int
        Where the digits begin and end.

    Returns
    -------
    bool
        Whether a unit stands behind them, or they end in nothing but noughts; never where they begin with one.
    """
    return not _no_figure(folded, start, end)


def _always(text: str, start: int, end: int) -> bool:
    return True


def _at_home(text: str, start: int, end: int) -> bool:
    return not (_CLOCK.search(text[start:end]) and DATE.match(text[start:end]))


def _no_figure(text: str, start: int, end: int) -> bool:
    digits = _digits(text[start:end])
    return digits.startswith("0") or not (digits.endswith(_NOUGHTS) or _UNIT.match(text, end))


def _with_letters(text: str, start: int, end: int) -> bool:
    written = text[start:end]
    read = written.translate(_AS_DIGITS)
    enough = 2 * len(_digits(written)) >= len(_digits(read))
    return enough and read != written and any(p.fullmatch(read) for p in (_AT_HOME, _FROM_ABROAD))


def _grouped(text: str, start: int, end: int) -> bool:
    groups = re.findall(r"\d+", text[start:end])
    years = all(_YEAR.fullmatch(group) for group in groups)
    thousands = all(len(group) == 3 for group in groups[1:]) or all(len(group) < 3 for group in groups)
    return sum(map(len, groups)) >= _LEAST_GROUPED and not years and not thousands


def _card(text: str, start: int, end: int) -> bool:
    return not all(_YEAR.fullmatch(group) for group in re.findall(r"\d+", text[start:end]))


def _iban(text: str, start: int, end: int) -> bool:
    return len(_digits(text[start:end])) >= _LEAST_IN_IBAN


def _spelt(text: str, start: int, end: int) -> bool:
    return len(_SPELT_WORD.findall(text[start:end])) >= _LEAST_SPELT


_PATTERNS: tuple[tuple[re.Pattern[str], bool, Callable[[str, int, int], bool]], ...] = (
    (EMAIL, False, _always),
    (_ADDRESS_APART, False, _always),
    (PHONE, False, _no_figure),
    (_AT_HOME, False, _at_home),
    (_FROM_ABROAD, False, _at_home),
    (_FOREIGN, False, _no_figure),
    (_WITH_LETTERS, False, _with_letters),
    (_LONG, False, _no_figure),
    (_GROUPED, False, _grouped),
    (_CARD, False, _card),
    (_IBAN, False, _iban),
    (_PAPER, False, _always),
    (_PAPER_APART, True, _always),
    (_AFTER_CUE, False, _always),
    (_SPELT, False, _spelt),
)


def _is_date(written: str, start: int, end: int, dates: list[tuple[int, int]]) -> bool:
    """Whether what looks like a number is a date and what stands beside it."""
    if len(_digits(written)) > 12 or written.isdigit():
        return False
    return any(a < end and start < b for a, b in dates)


def _digits(written: str) -> str:
    return _NOT_DIGIT.sub("", written)
