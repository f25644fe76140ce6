"""What people decided about a case, as labels for a model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tasrib.case import chain
from tasrib.case.filled import is_filled, read_filled
from tasrib.case.known import Fault
from tasrib.case.layer import read_decisions, standing
from tasrib.case.proposals import decision_and_category
from tasrib.case.words import clean
from tasrib.classify import CAMPAIGN
from tasrib.tables.places import is_stream


@dataclass(frozen=True)
class Taught:
    """
    A message and its category, as a person decided.

    Attributes
    ----------
    row : int
        Row of the workbook, line of the log.
    id, text : str
        The message.
    category : str
        Empty where nobody told one: not decided, undecided, or no campaign without saying what it is.
    party, who : str
        Empty where nobody told.
    fault : tuple of str or None
        Column, value and reason where the row cannot be read.
    """

    row: int
    id: str
    text: str
    category: str
    party: str
    who: str
    fault: tuple[str, str, str] | None = None


def taught_in(path: str | Path) -> list[Taught] | None:
    """
    Read what people decided about messages, to teach it to a model.

    Parameters
    ----------
    path : path
        Any file.

    Returns
    -------
    list of Taught or None
        Of a log of decisions what holds of each message, of a filled workbook its rows of messages; None for what is neither,
        and for a stream, which can be read only once.

    Raises
    ------
    UnreadableInput
        When it is one of the two and cannot be read.
    """
    if is_stream(path):
        return None
    if chain.is_chain(path):
        return _of_log(path)
    return _of_workbook(path) if is_filled(path) else None


def _of_log(path: str | Path) -> list[Taught]:
    found = []
    for key, settled in standing(read_decisions(path)).messages.items():
        implied = CAMPAIGN if settled.decision == "campaign" else ""
        category = "" if settled.decision in ("", "undecided") else settled.category or implied
        found.append(Taught(settled.number, key, settled.text, category, settled.party or "", settled.who))
    return found


def _of_workbook(path: str | Path) -> list[Taught]:
    found = []
    for row in read_filled(path).rows:
        if row.kind != "message":
            continue
        fault, category = None, ""
        try:
            if row.damage:
                raise Fault("", "", row.damage)
            decision, told = decision_and_category(row)
            category = "" if decision in (None, "undecided") else told or (CAMPAIGN if decision == "campaign" else "")
        except Fault as error:
            fault = (error.column, error.value, error.reason)
        party = clean(row.cells["party"]) if category == CAMPAIGN else ""
        found.append(Taught(row.number, row.cells["id"], row.cells["text"], category, party, row.cells["who"], fault))
    return found
