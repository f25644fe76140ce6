"""What is known of each complaint: columns, what people answered, and what the message, its sender and its date show."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd

from tasrib.complaints.schema import from_iso
from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, Coded, same
from tasrib.compliance.facts import overlay
from tasrib.compliance.messages import read_message
from tasrib.compliance.readings import READINGS
from tasrib.compliance.rules import RuleSet
from tasrib.numbering.persons import UNKNOWN_PERSON
from tasrib.tracing.persons import persons

# What stands in a column for "not known".
_NOT_KNOWN = "unknown"
_NEVER = "none"
# What is asked of a message, yes or no; with it go the lists of phrases that it holds, and how clearly.
_ASKED = ("quoted", "cut", "has_link", "has_contact")
_Kind: TypeAlias = tuple[tuple[bool, ...], tuple[tuple[str, str], ...]]


class Known:
    """
    The complaints of campaigns, and what is known of each.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, m)
        Scored complaints of campaigns, checked.
    rules : RuleSet
        Whose fields are asked for.
    facts : pandas.DataFrame
        What people answered, from `tasrib.compliance.facts.checked`.
    """

    def __init__(self, frame: pd.DataFrame, rules: RuleSet, facts: pd.DataFrame) -> None:
        self.frame, self.rules, self.facts = frame.reset_index(drop=True), rules, facts
        # Whose message it is comes first: other answers are given for a party.
        for name in ("party", *sorted(set(facts["field"]) & set(frame.columns) - {"party"})):
            self.frame[name] = self._answered(name)
        # Rules ask for the same fields again and again, and of hundreds of thousands of complaints all answers written out would fill the memory.
        self._answers: dict[str, tuple[Coded, ...]] = {}

    def __len__(self) -> int:
        """Number of complaints."""
        return len(self.frame)

    def answer(self, name: str) -> Answer:
        """
        Say what is known of a field.

        Parameters
        ----------
        name : str
            A field of the rule set.

        Returns
        -------
        Answer
            What a person answered; where nobody did, what the column holds or the reading shows.
        """
        if name not in self._answers:
            self._answers[name] = tuple(map(Coded.of, self._found(name)))
        return Answer(*(part.written() for part in self._answers[name]))

    def verdicts(self, rule_id: str) -> np.ndarray:
        """
        Verdicts that people gave themselves.

        Parameters
        ----------
        rule_id : str
            Of the rule.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            A verdict, or empty where nobody gave one.
        """
        return overlay(same(UNKNOWN, len(self)), self.facts, rule_id, self.frame)

    def _found(self, name: str) -> Answer:
        field = self.rules.fields[name]
        if field.source in READINGS:
            read = READINGS[field.source].read(self, **field.options)
        else:
            given = self.column(name) if field.source == "column" else same(UNKNOWN, len(self))
            read = Answer(given, same(UNKNOWN, len(self)), same(UNANSWERED, len(self)))
        values = overlay(read.values, self.facts, name, self.frame)
        # A frame made by other means may hold any word in place of a day or an answer.
        if field.is_day:
            values = np.where(np.isnat(self._days(values)) & (values != _NEVER), UNKNOWN, values).astype(object)
        elif field.values:
            values = np.where(np.isin(values.astype(str), field.values), values, UNKNOWN).astype(object)
        unknown = values == UNKNOWN
        missing = np.where(unknown, np.where(read.missing == UNKNOWN, name, read.missing), UNKNOWN)
        if field.scope == "party" and name != "party":
            # Whom to ask is not known before it is known whose message it is.
            missing = np.where(unknown & (self.column("party") == UNKNOWN) & (missing == name), "party", missing)
        return Answer(values, missing.astype(object), np.where(unknown, read.reason, UNKNOWN).astype(object))

    def column(self, name: str) -> np.ndarray:
        """
        Values of a column as text, empty where not known.

        Parameters
        ----------
        name : str
            A column of scored complaints.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            Moments in ISO 8601.
        """
        given = self.frame[name]
        if name == "received_at":
            given = given.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        # Few texts differ, and a dozen columns are asked for, each of which would go through five tables.
        codes, texts = pd.factorize(given)
        said = [str(text).strip() for text in texts]
        # What is missing has the code -1, which is the last place.
        known = np.array([UNKNOWN if text == _NOT_KNOWN else text for text in said] + [UNKNOWN], dtype=object)
        return known[codes]

    def _answered(self, name: str) -> pd.Series:
        """A column with what people answered in place of what stood there."""
        values = overlay(self.column(name), self.facts, name, self.frame)
        if name != "received_at":
            return pd.Series(values, dtype="str")
        moments = [_moment(text, self.rules) for text in values]
        return pd.Series(pd.to_datetime(moments, utc=True)).astype(self.frame[name].dtype)

    @cached_property
    def local(self) -> np.ndarray:
        """When each message was received, by the clocks of the country; NaT where not known."""
        return self.frame["received_at"].dt.tz_convert(self.rules.zone).dt.tz_localize(None).to_numpy("datetime64[s]")

    def days(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """
        Days that a field names, by the calendar of the country.

        Parameters
        ----------
        name : str
            A field of days.

        Returns
        -------
        days : numpy.ndarray of datetime64[D], shape (n,)
            NaT where not known.
        never : numpy.ndarray of bool, shape (n,)
            Where the thing is known never to have happened.
        """
        values = self.answer(name).values
        return self._days(values), values == _NEVER

    def _days(self, values: np.ndarray) -> np.ndarray:
        codes, texts = pd.factorize(values)
        return np.array([_day(text, self.rules) for text in texts], dtype="datetime64[D]")[codes]

    @cached_property
    def _read(self) -> tuple[np.ndarray, list[_Kind]]:
        """What each complaint's message is like, by number, and what these are: messages are many, and what is asked of them is little."""
        codes, texts = pd.factorize(self.frame["text"])
        kinds: dict[_Kind, int] = {}
        of_texts = np.array([kinds.setdefault(self._kind(text), len(kinds)) for text in texts], dtype=np.int32)
        return of_texts[codes], list(kinds)

    def _kind(self, text: str) -> _Kind:
        message = read_message(text)
        said = self.rules.lexicon.find(message.plain, message.links)
        return tuple(getattr(message, name) for name in _ASKED), tuple(sorted(said.items()))

    def said(self, name: str) -> np.ndarray:
        """
        Whether messages hold phrases of a list.

        Parameters
        ----------
        name : str
            A list of the rule set's phrases.

        Returns
        -------
        numpy.ndarray of {"sure", "maybe", ""}, shape (n,)
            How clearly.
        """
        codes, kinds = self._read
        return np.array([dict(said).get(name, "") for _, said in kinds], dtype=object)[codes]

    def message(self, attribute: str) -> np.ndarray:
        """
        A property of each message.

        Parameters
        ----------
        attribute : {"quoted", "cut", "has_link", "has_contact"}
            A yes-or-no attribute of `Message`.

        Returns
        -------
        numpy.ndarray of bool, shape (n,)
            Its values.
        """
        codes, kinds = self._read
        place = _ASKED.index(attribute)
        return np.array([found[place] for found, _ in kinds], dtype=bool)[codes]

    @cached_property
    def persons(self) -> np.ndarray:
        """Whom each message reached: one name a person."""
        return persons(self.frame, self.rules.country).to_numpy(dtype=object)

    @cached_property
    def knows_person(self) -> np.ndarray:
        """Where the recipient can be told from others."""
        return ~self.frame["number_status"].isin(UNKNOWN_PERSON).to_numpy(bool)

    @cached_property
    def writers(self) -> np.ndarray:
        """Whose message each is: the party, else the campaign, else nobody's that is known."""
        party, campaign = self.column("party"), self.column("campaign_id")
        by_campaign = np.where(campaign == UNKNOWN, UNKNOWN, "campaign " + campaign)
        return np.where(party == UNKNOWN, by_campaign, "party " + party).astype(object)


def _moment(text: str, rules: RuleSet) -> dt.datetime | None:
    """What ISO 8601 names, by the clocks of the country where it names no zone."""
    moment = from_iso(text)
    try:
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=rules.zone)
        return moment.astimezone(rules.zone)
    except OverflowError:
        return None


def _day(text: str, rules: RuleSet) -> np.datetime64:
    moment = _moment(text, rules)
    return np.datetime64("NaT", "D") if moment is None else np.datetime64(moment.date(), "D")
