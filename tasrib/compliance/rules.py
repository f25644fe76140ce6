"""The rules of a country: what each asks, what it rests on, and when it looks broken, as its file says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tasrib.compliance.phrases import Lexicon

Verdict = Literal["breach_indicated", "no_breach_indicated", "needs_information", "not_applicable"]
VERDICTS: tuple[Verdict, ...] = ("breach_indicated", "no_breach_indicated", "needs_information", "not_applicable")
CONFIDENCES = ("H", "M", "L")
# What a rule is about: how a message was sent, or what a file lacks to be handed in.
ABOUT = ("sender", "evidence")
# From the widest to the narrowest: whom the answer to a field holds for.
SCOPES = ("case", "party", "campaign", "complaint")
WHOM = ("complainant", "party", "authority", "case_worker")

# Text in three languages.
Words = Mapping[str, str]
# What a rule set is called that does not come with tasrib.
OWN = "own"
# A field and what it must be.
Condition = tuple[str, str]
# All must hold.
Alternative = tuple[Condition, ...]
# What a condition may say beside a value: known at all, a day, or anything (unknown too) but a value.
ANYTHING, A_DAY, BUT = "*", "day", "not "


@dataclass(frozen=True)
class Field:
    """
    Something that rules ask for.

    Parameters
    ----------
    name : str
        Its name.
    source : str
        ``column`` of a scored complaint, ``answer`` that only a person can give, or a reading (`tasrib.compliance.readings`).
    options : mapping
        What the reading is given.
    values : tuple of str
        What it may be; empty for any text.
    is_day : bool
        Whether its values are days, or ``none`` where the thing never happened.
    scope : str
        Whom an answer holds for.
    whom : str
        Whom to ask.
    label, ask : mapping of str to str
        What it is, and the question, in three languages.
    """

    name: str
    source: str
    options: Mapping[str, Any]
    values: tuple[str, ...]
    is_day: bool
    scope: str
    whom: str
    label: Words
    ask: Words


@dataclass(frozen=True)
class Rule:
    """
    A rule and when it looks broken.

    Parameters
    ----------
    id : str
        Such as ``S01``.
    about : {"sender", "evidence"}
        What it is about.
    title, text, law : mapping of str to str
        Its name, what it asks and what it rests on, in three languages.
    sources : tuple of str
        Where that was read.
    date : str
        When it was put down, ISO 8601.
    confidence : {"H", "M", "L"}
        How well the source was read: itself, through the press, or not, so that the rule is "to be confirmed".
    fields : tuple of str
        The fields it rests on, in the order in which they are asked for.
    test : mapping of str to tuple
        By verdict, the alternatives of which one must hold.
    """

    id: str
    about: str
    title: Words
    text: Words
    law: Words
    sources: tuple[str, ...]
    date: str
    confidence: str
    fields: tuple[str, ...]
    test: Mapping[Verdict, tuple[Alternative, ...]]


@dataclass(frozen=True)
class Election:
    """
    An election and its dates.

    Parameters
    ----------
    id : str
        Such as ``MA-2021``.
    label : mapping of str to str
        What it is called, in three languages.
    periods : mapping of str to tuple
        By name, such as ``poll_day`` or ``campaign``: first and last day of each such period.
    """

    id: str
    label: Words
    periods: Mapping[str, tuple[tuple[dt.date, dt.date], ...]]


@dataclass(frozen=True)
class RuleSet:
    """
    All rules of a country.

    Parameters
    ----------
    country : str
        ISO 3166 code.
    zone : ZoneInfo
        Where its days begin and end.
    title : mapping of str to str
        What it is called, in three languages.
    rules : tuple of Rule
        In the order of the file.
    fields : mapping of str to Field
        By name; only those that a rule or a reading rests on.
    elections : tuple of Election
        The country's calendar.
    lexicon : Lexicon
        The phrases that readings look for.
    senders : mapping of str to frozenset of str
        Words that stand in a sender's place, by what they mean; folded.
    file : pathlib.Path
        Where it was read from.
    sha256 : str
        Hash of that file as it was read.
    code : str
        By which tasrib knows it, such as ``ma``; `OWN` for a file of the user's own.
    """

    country: str
    zone: ZoneInfo
    title: Words
    rules: tuple[Rule, ...]
    fields: Mapping[str, Field]
    elections: tuple[Election, ...]
    lexicon: Lexicon
    senders: Mapping[str, frozenset[str]]
    file: Path
    sha256: str
    code: str
