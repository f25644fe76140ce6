"""A message within a message: how people pass on by e-mail what they received, or answer it, and what of it is the message itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from functools import cache

from tasrib.complaints.dates import take_apart
from tasrib.complaints.exports.keeping import is_ordinary_number
from tasrib.complaints.exports.mail_text import address
from tasrib.complaints.exports.message import Message
from tasrib.complaints.words import ascii_digits, fold, reference

_IN_ONE = re.compile(r" {0,9}[-_]{2,40} ([^\n:<>_-]{5,40}) [-_]{2,40} (?=\S)")
_RULE = re.compile(r"[-_*=\u2013\u2014]{2,}")
_LABEL = re.compile(r"[*_]{0,2}([^\W\d_][\w'() \-]{0,25})[*_]{0,2} ?:[*_]{0,2} ?(.*)")
_ODD = re.compile("[\u00a0\u202f\t]|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ZONE = re.compile(r"\s(?:[A-Z]{2,5}|Uhr)$")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,6}")
_ANSWER = re.compile(
    r"^\s*(?:re|rép|rep|aw|sv|رد|fwd?|tr|wg|i|r|rv|enc|res|antw|doorst|إعادة توجيه|تحويل)\s?(?:\[\d{1,3}\])?\s?[:：]",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"^(?:le|on|am|el|il giorno|il|op|em|no dia|den|dnia|dne|dňa|в|في|بتاريخ) ", re.IGNORECASE)
_BEFORE_CLOCK = re.compile(r",? (?:um|à|à\(s\)|às|at|a las|a la|alle|alle ore|om|في|الساعة|على الساعة) (?=\d)")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")
_LINES = 8  # of a head that is passed on
_DEEPEST = 6
_LONGEST = 300  # characters of a line above an answered message


@dataclass(frozen=True)
class Passed:
    """
    A message that was passed on.

    Attributes
    ----------
    text : str
        Its words.
    sender : str
        Its sender's address or number; empty where nothing tells it.
    date : str
        As written; empty where nothing tells it.
    subject : str
        Empty where nothing tells it.
    """

    text: str
    sender: str = ""
    date: str = ""
    subject: str = ""


def reported(given: Message, subject: str) -> Message:
    """
    Find what an e-mail reports.

    Parameters
    ----------
    given : Message
        The e-mail, its text without its subject.
    subject : str
        Its subject.

    Returns
    -------
    Message
        With the subject above the text; of one that was handed in the message that it passes on or answers, if it does.
    """
    inner = passed_on(given.text, subject) if given.is_handed_in else None
    if inner is not None:
        # A telephone passes an SMS on in the same way, with the number in the place of the address.
        is_sms = inner.sender.isdigit() or (
            bool(inner.sender) and "@" not in inner.sender and is_ordinary_number(inner.sender)
        )
        given = replace(
            given, text=inner.text, sender=inner.sender, received_at=moment_of(inner.date) if inner.date else "",
            channel="sms" if is_sms else given.channel,
        )  # fmt: skip
        subject = inner.subject or without_prefix(subject)
    text = f"{subject}\n{given.text}" if given.text.strip() and subject and subject not in given.text else given.text
    return replace(given, text=text or subject)


def passed_on(text: str, subject: str) -> Passed | None:
    """
    Find the message that an e-mail passes on or answers.

    Parameters
    ----------
    text : str
        What the e-mail says.
    subject : str
        Its subject.

    Returns
    -------
    Passed or None
        The innermost one that is passed on, else the one that is answered; None where there is neither.
    """
    found, rest = None, text
    for _ in range(_DEEPEST):
        inner = _forwarded(rest)
        if inner is None:
            break
        found, rest = inner, inner.text
    if found is None and _ANSWER.match(subject):
        found = _answered(text)
    return found if found and found.text.strip() else None


def without_prefix(subject: str) -> str:
    """A subject without what says that it was passed on or answered."""
    while match := _ANSWER.match(subject):
        subject = subject[match.end() :].strip()
    return subject


def moment_of(written: str) -> str:
    """
    Read when a message was sent.

    Parameters
    ----------
    written : str
        As in the head of an e-mail, or as a program wrote it for people.

    Returns
    -------
    str
        ISO 8601; as it was where it cannot be read.
    """
    try:
        return parsedate_to_datetime(written).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    # The weekday may be shortened as a month is: "mar. 7 sept.".
    plain = _BEFORE_CLOCK.sub(" ", ascii_digits(_MARKS.sub("", written)))
    later = plain.partition(" ")[2]
    found = next(filter(None, map(take_apart, (written, written.partition(" ")[2], plain, later))), None)
    if found is None and (zone := _ZONE.search(written)):
        # In a zone of which nobody knows where it is only the day is sure enough.
        return moment_of(written[: zone.start()])[:10]
    moment = found.moment("day") if found else None
    return written if moment is None else moment.isoformat()


def _forwarded(text: str) -> Passed | None:
    lines = _parted(text.split("\n"))
    for place, line in enumerate(lines):
        if _is_mark(line):
            return _of_head([_unquoted(each) for each in lines[place + 1 :]])
        # Outlook has no mark but a rule, or nothing, above the head.
        if _label(line)[0] == "from" and {"date", "subject"} <= {
            _label(each)[0] for each in lines[place + 1 : place + _LINES]
        }:
            return _of_head([_unquoted(each) for each in lines[place:]])
    return None


def _parted(lines: list[str]) -> list[str]:
    """Lines in which a program wrote mark and head without a break, broken where they should be."""
    parted: list[str] = []
    for line in lines:
        match = _IN_ONE.match(_ODD.sub(" ", line[:_LONGEST]))
        if match is None or fold(match[1]) not in _folded("forwarded"):
            parted.append(line)
            continue
        rest = _ODD.sub(" ", line)[match.end() :]
        parted += [f"--- {match[1]} ---", *_labels().sub(r"\n\1: ", rest).strip().split("\n"), ""]
    return parted


@cache
def _labels() -> re.Pattern[str]:
    """The beginning of a line of a head, within a line: with a capital, if its letters have these."""
    words = {word for each in reference("mail.toml")["label"].values() for word in each}
    capital = sorted({word[:1].upper() + word[1:] for word in words}, key=len, reverse=True)
    # Behind the abbreviation of a zone too: "09:26:50 CETAsunto: ".
    begin = r"(?:(?<![^\W\d_ ])|(?<=\d [A-Z]{3})|(?<=\d [A-Z]{4})|(?<=[A-Z]{3}[+-]\d))"
    return re.compile(rf"{begin}({'|'.join(map(re.escape, capital))}) ?: ")


def _is_mark(line: str) -> bool:
    plain = _ODD.sub(" ", _unquoted(line)).strip()
    if not plain or len(plain) > 100:
        return False
    has_rule = bool(_RULE.match(plain)) or plain.endswith(":")
    return has_rule and fold(plain) in _folded("forwarded")


def _of_head(lines: list[str]) -> Passed:
    known: dict[str, str] = {}
    start = 0
    while start < len(lines) and not lines[start].strip():
        start += 1
    last = ""
    for at in range(start, min(len(lines), start + 2 * _LINES)):
        name, value = _label(lines[at])
        if name:
            known.setdefault(name, value)
            last = name
        elif not lines[at].strip():
            start = at + 1
            if known:
                break
        elif last and lines[at].startswith((" ", "\t", "<", "[")):
            known[last] += f" {lines[at].strip()}"
        else:
            start = at
            break
    else:
        start = min(len(lines), start + 2 * _LINES)
    sender = address(known.get("from", ""))
    return Passed("\n".join(lines[start:]).strip(), sender, known.get("date", ""), known.get("subject", ""))


def _answered(text: str) -> Passed | None:
    lines = text.split("\n")
    # The line may be broken once or twice by the program.
    for n in (1, 2, 3):
        for place in range(len(lines)):
            above = " ".join(lines[place : place + n])
            found = _ADDRESS.search(above)
            if len(above) > _LONGEST or not _says_wrote(above):
                continue
            quoted = [each for each in lines[place + n :] if each.startswith(">")]
            if found is None:
                if quoted and (date := _date_in(above)):
                    return Passed("\n".join(map(_unquoted, quoted)).strip(), "", date)
                continue
            words = "\n".join(map(_unquoted, quoted or lines[place + n :])).strip()
            # Where the line was broken, the moment stands in the one above.
            lines_above = (" ".join(lines[max(0, place - more) : place + n]) for more in (0, 1))
            dates = (_date_in(each[: each.find(found[0])].partition("<")[0]) for each in lines_above)
            return Passed(words, found[0], next(filter(None, dates), ""))
    return None


def _says_wrote(above: str) -> bool:
    folded, words = fold(above), _folded("wrote")
    return folded.endswith(tuple(words)) or (above.rstrip().endswith(":") and any(word in folded for word in words))


def _date_in(above: str) -> str:
    """The moment in "Le lun. 7 sept. 2021 à 10:05, X": the longest beginning that is one."""
    plain = _BEFORE_CLOCK.sub(" ", _BEFORE_DATE.sub("", _MARKS.sub("", above).strip()))
    words = plain.split(" ")
    for stop in range(len(words), 1, -1):
        part = " ".join(words[:stop]).rstrip(" ,،")
        if take_apart(part) or take_apart(part.partition(" ")[2]):
            return part
    return ""


def _unquoted(line: str) -> str:
    while line.startswith(">"):
        line = line[1:].removeprefix(" ")
    return line.removesuffix("\r")


def _label(line: str) -> tuple[str, str]:
    match = _LABEL.fullmatch(_ODD.sub(" ", _unquoted(line)).strip()[:500])
    if match is None:
        return "", ""
    name = fold(match[1])
    kinds = reference("mail.toml")["label"]
    return next((kind for kind in kinds if name in _folded("label", kind)), ""), match[2].strip()


@cache
def _folded(section: str, kind: str = "") -> frozenset[str]:
    lists = reference("mail.toml")[section]
    words = lists[kind] if kind else [word for each in lists.values() for word in each]
    return frozenset(map(fold, words))
