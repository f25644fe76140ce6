"""
The two-row form of reporting services (33700 and its like): whoever reports sends the message on, is asked who sent it, and answers in a next message.

In the service's table these are two rows of one number: the text, then a number alone. Only what the order of a person's rows shows for certain is
put together: one text and one number behind it. A wrong sender would accuse somebody, so where two follow each other none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tasrib.complaints.exports.keeping import bare, is_number_alone, same_sender
from tasrib.tables.notes import of_rows
from tasrib.tables.raw import RawTable, Stream

SENDER = "sender"
# Of the first rows so many must be numbers alone before a table is looked at more closely.
_SHARE = 0.1
# Of the numbers alone so many must belong to a text: else they are something else.
_PAIRED = 0.5
_ANSWER = (
    "a number alone, taken as the sender of the message that the same person reported before; no complaint of its own"
)
_UNTOLD = "a number alone, and of which message it is the sender cannot be told; left out"


@dataclass(frozen=True)
class _Row:
    number: int
    is_answer: bool
    sender: str


def may_be_two_rows(texts: Sequence[str]) -> bool:
    """
    Tell by its first rows whether a table may be of this form.

    Parameters
    ----------
    texts : sequence of str
        What the first rows hold in the column of messages.

    Returns
    -------
    bool
        Whether many are numbers alone.
    """
    return sum(map(is_number_alone, texts)) > _SHARE * max(len(texts), 1)


def put_together(stream: Stream, text: str, recipient: str, size: int) -> Stream | None:
    """
    Put the rows of each report together.

    Parameters
    ----------
    stream : Stream
        A table that says of no message who sent it.
    text, recipient : str
        The columns of messages and of who reports them.
    size : int
        Rows that are read at a time.

    Returns
    -------
    Stream or None
        With a column of senders, and the rows of numbers alone left out; None where the table is not of this form.
    """
    people = _people(stream, text, recipient, size)
    if people is None:
        return None
    senders: dict[int, str] = {}
    answers: set[int] = set()
    untold: set[int] = set()
    for rows in people:
        runs = [list(run) for _, run in groupby(rows, key=lambda row: row.is_answer)]
        for before, run in zip([[], *runs], runs, strict=False):
            if not run[0].is_answer:
                continue
            if len(before) == len(run) == 1:
                senders[before[0].number] = run[0].sender
                answers.add(run[0].number)
            else:
                untold.update(row.number for row in run)
    if not senders or len(senders) < _PAIRED * (len(senders) + len(untold)):
        return None
    columns = [*stream.columns, SENDER]

    def slices(size: int) -> Iterator[RawTable]:
        for table in stream.slices(size):
            pairs = list(zip(table.row_numbers, table.rows, strict=True))
            kept = [(number, row) for number, row in pairs if number not in answers and number not in untold]
            notes = list(table.notes)
            for code, said, among in (("sender_in_next_row", _ANSWER, answers), ("sender_untold", _UNTOLD, untold)):
                found = [number for number, _ in pairs if number in among]
                notes += [replace(note, sheet=table.sheet) for note in of_rows("left_out", code, said, found)]
            rows = [[*row, senders.get(number, "")] for number, row in kept]
            yield replace(table, columns=columns, rows=rows, row_numbers=[number for number, _ in kept], notes=notes)

    return Stream(columns, slices, stream.sheet)


def _people(stream: Stream, text: str, recipient: str, size: int) -> list[list[_Row]] | None:
    """The rows of each person, the text before its answer; None where nothing shows which way the table goes."""
    by_person: dict[str, list[_Row]] = {}
    at_text, at_person = stream.columns.index(text), stream.columns.index(recipient)
    for table in stream.slices(size):
        for number, row in zip(table.row_numbers, table.rows, strict=True):
            if row[at_text].strip() and (person := same_sender(row[at_person])):
                is_answer = is_number_alone(row[at_text])
                kept = _Row(number, is_answer, bare(row[at_text]) if is_answer else "")
                by_person.setdefault(person, []).append(kept)
    people = list(by_person.values())
    ways = [[row.is_answer for row in rows] for rows in people]
    down, up = ways.count([False, True]), ways.count([True, False])
    # Who reported once shows it. The newest on top is a habit of programs; some of each says that the order is another.
    if (down and up) or not (down or up):
        return None
    return people if down else [rows[::-1] for rows in people]
