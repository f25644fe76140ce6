"""What a filled row proposes: its cells held against the choices there are and the case they are about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tasrib.case.filled import Row
from tasrib.case.known import LOST, Fault, Known
from tasrib.case.words import CATEGORY, DECISION, PARTY, choice, choices, clean, is_name, read_choice
from tasrib.classify import CAMPAIGN
from tasrib.complaints.words import fold
from tasrib.errors import TasribError

_INITIALS = re.compile(r"[^\W\d_][\w'-]{0,19}")
# What `tasrib.attribute` calls a campaign, folded: nobody gives such a name by hand.
_MODELS_NAME = re.compile(r"c[0-9a-f]{8}")
_LONGEST_PARTY, _LONGEST_NAME = 80, 60


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
    decision, category = decision_and_category(row)
    party, campaign = _party(row, known), _campaign(row, known)
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


def decision_and_category(row: Row) -> tuple[str | None, str | None]:
    """
    Read the decision and the category of a row of messages.

    Parameters
    ----------
    row : Row
        A filled row.

    Returns
    -------
    tuple of str or None
        Both; a category alone tells the decision too.

    Raises
    ------
    Fault
        When one is no choice, or they contradict each other.
    """
    decision, category = _choice(row, DECISION), _choice(row, CATEGORY)
    if category is None:
        return decision, None
    implied = "campaign" if category == CAMPAIGN else "not_campaign"
    if decision in ("campaign", "not_campaign") and decision != implied:
        words = choice(DECISION, decision, row.language)
        raise Fault(
            row.heading(CATEGORY),
            row.cells[CATEGORY],
            f"contradicts the decision '{words}'; change one of them, or leave the category empty",
        )
    return decision or implied, category


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
    only = len(typed) > 2 and not set(typed) - {*LOST, " "}
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
