"""Filled workbooks into the layer of decisions: checked, held against each other and against what was decided before, then added to the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from tasrib._arguments import as_kind, as_paths
from tasrib.case import chain
from tasrib.case.filled import Filled, Row, read_filled
from tasrib.case.known import Fault, Known
from tasrib.case.layer import MERGE, MESSAGE, SAID, Settled, decisions_file, read_decisions
from tasrib.case.messages import masked
from tasrib.case.proposals import Proposal, initials, initials_of, propose
from tasrib.case.words import DECISION, SHEETS, choice, clean, columns
from tasrib.complaints.companions import QUARANTINE, companion_names
from tasrib.errors import TasribError, UnreadableInput
from tasrib.numbering.plan import check_country
from tasrib.scored import read_scored
from tasrib.tables.files import Outputs
from tasrib.tables.places import check_file
from tasrib.tables.write import encode_table

REJECTED = ("file", "sheet", "row", "column", "value", "reason")
# Behind them the cells of the row: mended there, the quarantine can be applied itself.
_CELLS = tuple(dict.fromkeys(name for sheet in SHEETS for name in columns(sheet)))
_MOST_NAMED = 10


@dataclass(frozen=True)
class Applied:
    """
    What became of filled workbooks.

    Attributes
    ----------
    layer : pathlib.Path
        The log of decisions.
    n_read, n_decided, n_known, n_empty : int
        Rows read; those whose decision was added to the log; those that say what holds already; those without a decision. With those in
        `rejected` they are all.
    rejected : pandas.DataFrame
        Rows that could not be taken: the columns of ``REJECTED``, then the row's own cells.
    quarantine : pathlib.Path or None
        Where those rows were written.
    notes : tuple of str
        What the user should know: names that are new, who was overruled, whose text was edited.
    """

    layer: Path
    n_read: int
    n_decided: int
    n_known: int
    n_empty: int
    rejected: pd.DataFrame
    quarantine: Path | None
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        """The counts: the frame fills pages."""
        return (
            f"Applied({self.n_read} rows read: {self.n_decided} decided, {self.n_known} known already, {self.n_empty} without a decision, "
            f"{len(self.rejected)} rejected)"
        )


def label_apply(
    scored: str | Path, files: str | Path | Iterable[str | Path], *, by: str | None = None, country: str = "MA"
) -> Applied:
    """
    Take decisions from filled workbooks into the layer beside a scored file.

    The scored file is never changed. Each decision becomes a line of ``case.decisions.jsonl``, which holds the hash of the line before it.

    Parameters
    ----------
    scored : path
        The scored file.
    files : path or iterable of path
        Workbooks that `tasrib.case_export` wrote and people filled, or what was saved of them as CSV or ODS. In several, what two people
        decide differently is taken from neither.
    by : str, optional
        Initials for rows that bear none, in files that bear none or several.
    country : str
        ISO 3166 code of the country whose parties are known.

    Returns
    -------
    Applied
        The counts, and the rows that could not be taken, which are also written beside the layer.

    Raises
    ------
    UnreadableInput
        When a file cannot be read, is none of this scored file's, or the layer was changed by other means. Nothing is added then.
    TasribError
        When nobody says who decided, or a file cannot be written.
    """
    layer = decisions_file(scored)
    names = as_paths(files, "a filled workbook")
    if not names:
        raise UnreadableInput("no filled workbook was named; name at least one")
    by = None if by is None else initials(as_kind(by, str, "initials for by"))
    country = check_country(country)
    check_file(layer)
    decisions = read_decisions(scored)
    known = Known(read_scored(scored), decisions, country)
    found = [read_filled(path) for path in names]
    for filled in found:
        _refuse_another_cases(filled, known, scored)
    rows = [row for filled in found for row in filled.rows]
    decides = [row for row in rows if row.decides]
    whose = {row: who for filled in found for row, who in _signed(filled, by)}
    notes = [
        f"{filled.file}: columns not read: {', '.join(unread)}"
        for filled in found
        if (unread := [name for name in filled.unread if name not in REJECTED])
    ]
    proposals, faults = _understood(decides, whose, known, notes)
    proposals, differing = _agreed(proposals)
    faults |= differing
    log = decisions.to_dict("records")
    new, n_known = _new_lines(proposals, known, log, notes)
    rejected = _rejected(decides, faults)
    quarantine = _write(layer, new, rejected)
    return Applied(layer, len(rows), len(new), n_known, len(rows) - len(decides), rejected, quarantine, tuple(notes))


def _refuse_another_cases(filled: Filled, known: Known, scored: str | Path) -> None:
    if filled.rows and not any(known.has(row) for row in filled.rows):
        raise UnreadableInput(
            f"{filled.file} was made for another scored file: none of its {len(filled.rows)} rows is about a message of {scored}; name the file "
            "that it was exported from"
        )


def _signed(filled: Filled, by: str | None) -> list[tuple[Row, str]]:
    """Each row that decides and its initials; a workbook's only ones count for all its rows."""
    signs = initials_of(filled.rows)
    otherwise = signs.pop() if len(signs) == 1 else (by or "")
    signed = [(row, row.cells["who"] if clean(row.cells["who"]) else otherwise) for row in filled.rows if row.decides]
    if signed and not any(who for _, who in signed):
        raise TasribError(
            f"{filled.file}: nobody says who decided; write your initials in the column '{filled.rows[0].heading('who')}', once, or give --by"
        )
    return signed


Faults = dict[Row, Fault]


def _understood(
    rows: Sequence[Row], whose: dict[Row, str], known: Known, notes: list[str]
) -> tuple[list[Proposal], Faults]:
    proposals, faults, odd = [], {}, []
    # Messages first: a campaign that is named there can be chosen on the sheet of campaigns.
    for row in sorted(rows, key=lambda row: row.kind == "campaign"):
        try:
            if row.damage:
                raise Fault("", "", row.damage)
            proposals.append(propose(row, known, _initials(row, whose[row])))
            if row.kind == "message" and (said := known.message(row)[1]):
                odd.append(f"{row.place}: {said}")
        except Fault as fault:
            faults[row] = fault
    notes += _some(odd, "rows are not as they were written")
    return proposals, faults


def _initials(row: Row, written: str) -> str:
    if not written:
        raise Fault(
            row.heading("who"),
            "",
            "is empty, and the file has initials of several people; write whose decision this is",
        )
    try:
        return initials(written)
    except TasribError as error:
        raise Fault(row.heading("who"), written, str(error)) from None


def _agreed(proposals: list[Proposal]) -> tuple[list[Proposal], Faults]:
    """Without rows that say different things of one message or campaign: then neither is taken."""
    about: dict[tuple[str, str], list[Proposal]] = {}
    for proposal in proposals:
        about.setdefault((proposal.row.kind, proposal.about), []).append(proposal)
    faults: Faults = {}
    for same in about.values():
        if _differ(same):
            said = ", ".join(f"{_words(each)} by {each.who} ({each.row.place})" for each in same[:4])
            for each in same:
                column = DECISION if each.row.kind == MESSAGE else "same_as"
                faults[each.row] = Fault(
                    each.row.heading(column), each.row.cells[column], f"people differ: {said}; settle it, and keep one"
                )
    return [proposal for proposal in proposals if proposal.row not in faults], faults


def _differ(proposals: Sequence[Proposal]) -> bool:
    return any(len(set(values) - {None}) > 1 for values in zip(*(each.said for each in proposals), strict=True))


def _words(said: Proposal | Settled) -> str:
    language = said.row.language if isinstance(said, Proposal) else "en"
    parts = [
        choice(DECISION, said.decision, language) if said.decision else "",
        said.category,
        said.party,
        said.campaign,
    ]
    if isinstance(said, Proposal):
        parts.append(said.into)
    return f"'{', '.join(part for part in parts if part)}'"


def _new_lines(
    proposals: Sequence[Proposal], known: Known, log: list[dict[Any, Any]], notes: list[str]
) -> tuple[list[dict[str, Any]], int]:
    """Lines to add to the log, and how many rows say what holds already."""
    now, lines, overruled = known.now, [], []
    names = {*known.anchors, *now.names()}
    earlier: dict[str, list[dict[Any, Any]]] = {}
    for old in log:
        earlier.setdefault(old[MESSAGE] or old["campaign"], []).append(old)
    numbers = count(len(log) + 1)
    for proposal in proposals:
        line = _line(proposal, known)
        before = now.messages.get(proposal.about)
        merged = proposal.into is not None and now.root(proposal.about) == now.root(proposal.into)
        if merged and proposal.into == proposal.about:
            merged = proposal.about not in now.merges
        # A workbook of another log knows nothing of this one.
        as_of = proposal.as_of if proposal.as_of <= len(log) else 0
        known_already = before is not None and before.says(line)
        if merged or known_already or _applied_before(line, earlier.get(proposal.about, ()), as_of):
            continue
        if before is not None and any(line[name] not in (None, getattr(before, name) or line[name]) for name in SAID):
            since = " after this file was written" if before.number > proposal.as_of else ""
            overruled.append(
                f"{proposal.row.place}: {before.who} said {_words(before)} on {before.at[:10]}{since}, {proposal.who} now says {_words(proposal)}"
            )
        now.add({**line, "number": next(numbers), "at": "", "file": ""})
        lines.append(line)
        if proposal.row.kind == MESSAGE:
            line["text"] = masked(known.texts[proposal.about], known.countries)
    notes += _some(overruled, "decisions change what was decided before; the later holds, the log keeps both")
    given = Counter(
        line["campaign"] for line in lines if line["kind"] == MESSAGE and line["campaign"] not in {None, *names}
    )
    if given:
        listed = ", ".join(
            f"{name} ({n} message{'' if n == 1 else 's'})" for name, n in list(given.items())[:_MOST_NAMED]
        )
        notes.append(f"new campaigns: {listed}" + (", …" if len(given) > _MOST_NAMED else ""))
    strange = dict.fromkeys(
        line["party"] for line in lines if line["party"] and not known.is_known_party(line["party"])
    )
    if strange:
        notes.append(f"parties that tasrib does not know, kept as written: {', '.join(strange)}")
    return lines, len(proposals) - len(lines)


def _some(said: list[str], about: str) -> list[str]:
    if not said:
        return []
    more = [f"… and {len(said) - _MOST_NAMED} more"] if len(said) > _MOST_NAMED else []
    return [f"{len(said)} {about}", *said[:_MOST_NAMED], *more]


def _applied_before(line: dict[str, Any], earlier: Sequence[dict[Any, Any]], as_of: int) -> bool:
    """
    Whether the very row was applied already, and somebody has decided otherwise since.

    People fill a workbook in several sittings and apply it after each: a row of the first must not undo what a colleague decided in
    between. In a workbook that was exported since, the same words are a new decision.
    """
    compared = ("kind", "who", *SAID, "into", "remark")
    return any(all(old[name] == line[name] for name in compared) for old in earlier if old["number"] > as_of)


def _line(proposal: Proposal, known: Known) -> dict[str, Any]:
    row = proposal.row
    is_message = row.kind == MESSAGE
    campaign = proposal.campaign if is_message else proposal.about
    return {
        "kind": MESSAGE if is_message else MERGE,
        "who": proposal.who,
        MESSAGE: proposal.about if is_message else None,
        # Filled in where the line is kept: masking takes time.
        "text": None,
        "decision": proposal.decision,
        "category": proposal.category,
        "party": proposal.party,
        "campaign": campaign,
        "anchor": known.anchors.get(campaign) if campaign else None,
        "into": proposal.into,
        "into_anchor": known.anchors.get(proposal.into) if proposal.into else None,
        "remark": proposal.remark,
        "source": {"file": Path(row.file).name, "sheet": row.sheet, "row": row.number, "sha256": row.sha256},
    }


def _rejected(rows: Sequence[Row], faults: Faults) -> pd.DataFrame:
    table = []
    for row in (row for row in rows if row in faults):
        fault = faults[row]
        place = (row.file, row.sheet, row.number, fault.column, fault.value, fault.reason)
        table.append((*place, *(row.cells.get(name, "") for name in _CELLS)))
    return pd.DataFrame(table, columns=[*REJECTED, *_CELLS])


def _write(layer: Path, lines: list[dict[str, Any]], rejected: pd.DataFrame) -> Path | None:
    with Outputs() as outputs:
        written = None
        if len(rejected):
            # Under a new name each time: somebody may be mending the earlier one.
            names = (name for name in companion_names(layer, QUARANTINE) if not name.exists())
            written = outputs.put_new(names, encode_table(rejected, layer.with_suffix(".csv")))
        if lines:
            chain.append(layer, lines)
    return written.path if written is not None else None
