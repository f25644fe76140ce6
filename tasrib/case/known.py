"""The case that a filled workbook is about: its messages, campaigns and parties, found by what people write of them."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from functools import cached_property
from typing import NoReturn

import pandas as pd

from tasrib.attribute import load_contest
from tasrib.attribute.campaigns import SIMILARITY
from tasrib.case.filled import Row
from tasrib.case.layer import standing
from tasrib.case.messages import CampaignNames, is_cut, message_key, message_keys, most_frequent, shown
from tasrib.case.words import clean
from tasrib.complaints.words import fold
from tasrib.numbering import may_hold_number, received_in
from tasrib.text import near_duplicate_groups, normalise

_BEFORE_PARTY = ("حزب ", "parti ", "le ", "party ")
# What a program writes for a letter that it cannot save.
LOST = "?\ufffd"
_LOST_SHARE = 0.2
_SHOWN_IDS = 8


class Fault(Exception):
    """A cell that cannot be taken: its column, what stands there, and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


class Known:
    """
    The case that filled rows are about.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints as the model left them.
    decisions : pandas.DataFrame
        What was decided so far, as from `read_decisions`.
    country : str
        ISO 3166 code of the country whose parties are known.

    Attributes
    ----------
    now : Standing
        What holds of it.
    texts : dict of str to str
        By key, each message as it was received.
    countries : tuple of str
        Where they were received.
    anchors : dict of str to str
        By id, the key of the most frequent message of each of the model's campaigns.
    """

    def __init__(self, scored: pd.DataFrame, decisions: pd.DataFrame, country: str) -> None:
        table = scored.assign(key=message_keys(scored["text"]))
        usual = most_frequent(table, "key", ["text", "decision"])
        named = table[table["campaign_id"] != ""]
        self.now = standing(decisions, CampaignNames(table["campaign_id"], table["key"]))
        self.texts: dict[str, str] = usual["text"].to_dict()
        self.anchors: dict[str, str] = most_frequent(named, "campaign_id", ["key"])["key"].to_dict()
        self._decisions: dict[str, str] = usual["decision"].to_dict()
        self.countries = received_in(scored)
        self._ids = {fold(key): key for key in self.texts}
        self._campaigns = {fold(name): name for name in (*self.anchors, *sorted(self.now.names()))}
        self._contest = load_contest(country)
        self._parties = {
            fold(word): party.id for party in self._contest.parties for word in (party.id, party.name_fr, party.name_ar)
        }

    def message(self, row: Row) -> tuple[str, str]:
        """
        Find the message that a row is about, by its id and by its text.

        Parameters
        ----------
        row : Row
            Of the sheet of messages.

        Returns
        -------
        tuple of str
            The key, and what the user should know of how it was found; mostly empty.

        Raises
        ------
        Fault
            When neither leads to a message, or they lead to two.
        """
        written, text = clean(row.cells["id"]), row.cells["text"]
        by_id, by_text = self._ids.get(fold(written)), self._key_of(text)
        if by_id is not None:
            if by_text in (by_id, None) and (by_text or not text.strip() or self._is_edited(by_id, text)):
                edited = text.strip() and by_text is None
                return (
                    by_id,
                    "the text in the file is not as it was written there; the id was followed" if edited else "",
                )
            if by_text is None:
                raise Fault(
                    row.heading("text"),
                    text[:80],
                    "is quite another text than that of the id; decide in a row of the message itself",
                )
            raise Fault(
                row.heading("id"), written, "is the id of another message than the text beside it; one column may have been sorted without the others"
            )  # fmt: skip
        if by_text is not None:
            return by_text, "the row has no id that is known; its text was followed"
        if fold(written) in map(fold, self.now.messages):
            raise Fault(
                row.heading("id"), written, "was decided before, and its message is no longer in the scored file"
            )
        raise Fault(
            row.heading("id" if written else "text"), written or text[:80], "is no message of the scored file; the row may be of another one's workbook"
        )  # fmt: skip

    def has(self, row: Row) -> bool:
        """Whether a row is about something of this case, whatever else is wrong with it."""
        if row.kind == "campaign":
            return self.campaign(row.cells["campaign_id"]) is not None
        known = self._ids.keys() | set(map(fold, self.now.messages))
        return fold(clean(row.cells["id"])) in known or self._key_of(row.cells["text"]) is not None

    def _key_of(self, text: str) -> str | None:
        if not text.strip():
            return None
        key = message_key(text)
        return key if key in self.texts else self._as_shown.get(key)

    @cached_property
    def _as_shown(self) -> dict[str, str]:
        """By the keys that they have as the workbook shows them, messages that have another: cut ones, and numbers written like dates."""
        may_differ = (key for key, text in self.texts.items() if is_cut(text) or may_hold_number(text))
        found = {message_key(shown(self.texts[key], self.countries)): key for key in may_differ}
        return {as_shown: key for as_shown, key in found.items() if as_shown not in self.texts}

    def _is_edited(self, key: str, text: str) -> bool:
        """Whether a text is that of a message but for a slip of the hand, or for letters that a program could not save."""
        lost = sum(text.count(sign) for sign in LOST)
        if lost >= _LOST_SHARE * len(text):
            return True
        first, second = near_duplicate_groups([text, shown(self.texts[key], self.countries)], SIMILARITY)
        return bool(first == second)

    def decision(self, key: str) -> str:
        """What is decided of a message so far: a person's word, else the model's."""
        settled = self.now.messages.get(key)
        return settled.decision if settled is not None and settled.decision else self._decisions[key]

    def campaign(self, typed: str) -> str | None:
        """The campaign of that name; None where there is none."""
        return self._campaigns.get(fold(typed))

    def new_campaign(self, typed: str) -> str:
        """Take a name for a campaign: on one line, of letters, digits and hyphens, so that it can stand in a link."""
        kept = "".join(
            sign if sign.isalnum() or unicodedata.category(sign) == "Mn" or sign in "._" else " " for sign in typed
        )
        name = "-".join(unicodedata.normalize("NFC", kept).split())
        return self._campaigns.setdefault(fold(name), name)

    def party(self, typed: str) -> str:
        """The initials of a party that is known; another name as it was written."""
        bare = next((typed[len(word) :] for word in _BEFORE_PARTY if typed.casefold().startswith(word)), typed)
        for name in (typed, bare):
            if fold(name) in self._parties:
                return self._parties[fold(name)]
        sure = {party.id for party in self._contest.parties if party.sure.fullmatch(normalise(bare))}
        return sure.pop() if len(sure) == 1 else typed

    def is_known_party(self, party: str) -> bool:
        """Whether a name is that of a party of the reference data."""
        return party in self._parties.values()

    def unknown_campaign(self, column: str, typed: str) -> NoReturn:
        """Say that there is no such campaign, and which there are."""
        names = [*self._campaigns.values()]
        near = get_close_matches(typed, names, n=2, cutoff=0.6)
        known = ", ".join(near or names[:_SHOWN_IDS]) + (", …" if not near and len(names) > _SHOWN_IDS else "")
        raise Fault(
            column, typed, f"is no campaign of the scored file; {'did you mean' if near else 'there are'} {known}"
        )
