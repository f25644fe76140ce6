"""What a filled row proposes: its cells held against the choices there are and the case they are about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

import pandas as pd

from tasrib.attribute import load_contest
from tasrib.attribute.campaigns import SIMILARITY
from tasrib.case.filled import Row
from tasrib.case.layer import Standing
from tasrib.case.messages import masked, message_key, message_keys, most_frequent, shown
from tasrib.case.words import CATEGORY, DECISION, PARTY, choice, choices, clean, is_name, read_choice
from tasrib.classify import CAMPAIGN
from tasrib.complaints.words import fold
from tasrib.errors import TasribError
from tasrib.text import near_duplicate_groups, normalise

_INITIALS = re.compile(r"[^\W\d_][\w'-]{0,19}")
# What `tasrib.attribute` calls a campaign, folded: nobody gives such a name by hand.
_MODELS_NAME = re.compile(r"c[0-9a-f]{8}")
_BEFORE_PARTY = ("حزب ", "parti ", "le ", "party ")
_LONGEST_PARTY, _LONGEST_NAME = 80, 60
_LOST = "?\ufffd"
_LOST_SHARE = 0.2
_SHOWN_IDS = 8


class Fault(Exception):
    """A cell that cannot be taken: its column, what stands there, and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


@dataclass(frozen=True)
class Proposal:
    """
    What a row says, once all its cells are understood.

    Attributes
    ----------
    row : Row
        Where it stands.
    about : str
        Key of the message, or id of the campaign.
    who : str
        Initials.
    decision, category, party, campaign : str or None
        As in the log: None where nothing is said.
    into : str or None
        The campaign that this one is part of.
    remark : str
        As written.
    as_of : int
        How many lines the log had when the workbook was written.
    """

    row: Row
    about: str
    who: str
    decision: str | None = None
    category: str | None = None
    party: str | None = None
    campaign: str | None = None
    into: str | None = None
    remark: str = ""
    as_of: int = 0

    @property
    def said(self) -> tuple[str | None, ...]:
        """What two rows must not say differently."""
        return (self.decision, self.category, self.party, self.campaign, self.into)


def initials(typed: str) -> str:
    """
    Read the initials of who decides.

    Parameters
    ----------
    typed : str
        Such as ``n. b.``.

    Returns
    -------
    str
        Such as ``NB``.

    Raises
    ------
    TasribError
        When they are none: no letter first, longer than 20, or ``model``.
    """
    plain = unicodedata.normalize("NFC", "".join(typed.replace(".", " ").split())).upper()
    if not _INITIALS.fullmatch(plain) or plain == "MODEL":
        raise TasribError(f"{typed[:40]!r} are no initials; write letters, such as NB")
    return plain


@dataclass
class Known:
    """
    The case that filled rows are about.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints as the model left them.
    now : Standing
        What was decided so far.
    country : str
        Whose parties are known.
    """

    scored: pd.DataFrame
    now: Standing
    country: str
    texts: dict[str, str] = field(init=False)
    anchors: dict[str, str] = field(init=False)
    _decisions: dict[str, str] = field(init=False)
    _ids: dict[str, str] = field(init=False)
    _campaigns: dict[str, str] = field(init=False)
    _cut: dict[str, str] = field(init=False)
    _parties: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        table = self.scored.assign(key=message_keys(self.scored["text"]))
        usual = most_frequent(table, "key", ["text", "decision"])
        self.texts, self._decisions = usual["text"].to_dict(), usual["decision"].to_dict()
        named = table[table["campaign_id"] != ""]
        self.anchors = most_frequent(named, "campaign_id", ["key"])["key"].to_dict() if len(named) else {}
        self._ids = {fold(key): key for key in self.texts}
        self._campaigns = {fold(name): name for name in (*self.anchors, *sorted(self.now.names()))}
        self._cut = {message_key(cut): key for key, text in self.texts.items() if (cut := shown(text)) != masked(text)}
        self._parties = {
            fold(word): party.id
            for party in load_contest(self.country).parties
            for word in (party.id, party.name_fr, party.name_ar)
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
        return key if key in self.texts else self._cut.get(key)

    def _is_edited(self, key: str, text: str) -> bool:
        """Whether a text is that of a message but for a slip of the hand, or for letters that a program could not save."""
        lost = sum(text.count(sign) for sign in _LOST)
        if lost >= _LOST_SHARE * len(text):
            return True
        first, second = near_duplicate_groups([text, shown(self.texts[key])], SIMILARITY)
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
        sure = {party.id for party in load_contest(self.country).parties if party.sure.fullmatch(normalise(bare))}
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


def propose(row: Row, known: Known, who: str) -> Proposal:
    """
    Understand a filled row.

    Parameters
    ----------
    row : Row
        Of either sheet.
    known : Known
        The case.
    who : str
        Initials of who decided.

    Returns
    -------
    Proposal
        What it says.

    Raises
    ------
    Fault
        When a cell is no choice, or two of them contradict each other.
    """
    return _of_message(row, known, who) if row.kind == "message" else _of_campaign(row, known, who)


def _of_message(row: Row, known: Known, who: str) -> Proposal:
    key, _ = known.message(row)
    decision, category = _choice(row, DECISION), _choice(row, CATEGORY)
    party, campaign = _party(row, known), _campaign(row, known)
    if decision is None and category is not None:
        decision = "campaign" if category == CAMPAIGN else "not_campaign"
    if (
        decision in ("campaign", "not_campaign")
        and category is not None
        and (decision == "campaign") != (category == CAMPAIGN)
    ):
        words = f"contradicts the decision '{choice(DECISION, decision, row.language)}'; change one of them, or leave the category empty"
        raise Fault(row.heading(CATEGORY), row.cells[CATEGORY], words)
    told = [(name, row.cells[name]) for name, value in ((PARTY, party), ("campaign", campaign)) if value]
    if decision is None and told:
        if known.decision(key) != "campaign":
            raise Fault(
                row.heading(told[0][0]),
                told[0][1],
                f"is told of a message that nobody has called campaign yet; fill '{row.heading(DECISION)}' too",
            )
        decision = "campaign"
    if decision == "not_campaign" and told:
        raise Fault(
            row.heading(told[0][0]),
            told[0][1],
            "is told of a message that is no campaign, which has neither party nor campaign; leave it empty",
        )
    if decision == "not_campaign" or decision is None:
        party = None
    return Proposal(
        row, key, who, decision, category, party, campaign, remark=clean(row.cells["remark"]), as_of=_as_of(row)
    )


def _of_campaign(row: Row, known: Known, who: str) -> Proposal:
    written, same = clean(row.cells["campaign_id"]), clean(row.cells["same_as"])
    campaign = known.campaign(written)
    if campaign is None:
        known.unknown_campaign(row.heading("campaign_id"), written)
    if not same:
        raise Fault(
            row.heading("remark"),
            row.cells["remark"],
            f"stands alone; fill '{row.heading('same_as')}' too, or delete it",
        )
    into = known.campaign(same)
    if into is None:
        known.unknown_campaign(row.heading("same_as"), same)
    return Proposal(row, campaign, who, into=into, remark=clean(row.cells["remark"]), as_of=_as_of(row))


def _choice(row: Row, column: str) -> str | None:
    typed = clean(row.cells[column])
    if not typed:
        return None
    code = read_choice(column, typed)
    if code is None:
        allowed = f"is none of the choices; write one of: {', '.join(choices(column, row.language))}"
        raise Fault(row.heading(column), typed, allowed + _lost(typed))
    return code


def _lost(typed: str) -> str:
    only = len(typed) > 2 and not set(typed) - {*_LOST, " "}
    return "; its letters were lost when the file was saved, save it as .xlsx" if only else ""


def _party(row: Row, known: Known) -> str | None:
    typed = clean(row.cells[PARTY])
    if not typed:
        return None
    if read_choice(PARTY, typed) is not None:
        return ""
    party = known.party(typed)
    if not is_name(party) or len(party) > _LONGEST_PARTY:
        raise Fault(
            row.heading(PARTY),
            typed[:_LONGEST_PARTY],
            "names no party; choose one, or write its name in a few words" + _lost(typed),
        )
    return party


def _campaign(row: Row, known: Known) -> str | None:
    typed = clean(row.cells["campaign"])
    if not typed:
        return None
    there = known.campaign(typed)
    if there is not None:
        return there
    if _MODELS_NAME.fullmatch(fold(typed)):
        known.unknown_campaign(row.heading("campaign"), typed)
    if not is_name(typed) or len(typed) > _LONGEST_NAME:
        raise Fault(
            row.heading("campaign"),
            typed[:_LONGEST_NAME],
            "names no campaign; choose one, or write a new name in a few words" + _lost(typed),
        )
    return known.new_campaign(typed)


def _as_of(row: Row) -> int:
    digits = fold(row.cells["file_state"].partition(".")[0])
    return int(digits) if digits.isdecimal() and len(digits) < 9 else 0


def initials_of(rows: Iterable[Row]) -> set[str]:
    """All initials that stand in some rows and can be read."""
    found = set()
    for row in rows:
        if clean(row.cells["who"]):
            try:
                found.add(initials(row.cells["who"]))
            except TasribError:
                continue
    return found
