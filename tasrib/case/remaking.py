"""The findings of a report made anew from what it was made of, and compared value by value."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tasrib.case.comparing import (
    Compared,
    compare_json,
    compare_letters,
    compare_pages,
    compare_papers,
    compare_workbooks,
)
from tasrib.case.gathering import ALIAS, CANARIES, DECISIONS, FACTS, RULES, SCORED, gather_again
from tasrib.case.layer import SUFFIX as LAYER
from tasrib.case.making import make, named_by_hash
from tasrib.case.record import Input, Record, Settings
from tasrib.case.surroundings import versions
from tasrib.classify import Model, choose_model
from tasrib.complaints.companions import CLEANING, QUARANTINE
from tasrib.complaints.pseudonyms import key_fingerprint, key_place, load_key
from tasrib.errors import InputNote, TasribError
from tasrib.report.letters.drafts import is_letter
from tasrib.report.pages import PAGES, PAPERS
from tasrib.report.write import FINDINGS, TABLES

_COMPARE = {FINDINGS: compare_json, TABLES: compare_workbooks}
# Without any of these other findings would come out.
_NEEDED = (SCORED, CANARIES, DECISIONS, RULES, FACTS)
# What is computed of each, in findings.json and on sheets of its own: without the file all else can still be compared.
_FED = {QUARANTINE: ("data_quality", "quarantine"), CLEANING: ("cleaning",)}


@dataclass(frozen=True)
class Remade:
    """
    What a report is made anew with, beside what is found.

    Attributes
    ----------
    key, alias, model : pathlib.Path or None
        As for `tasrib.verify`.
    """

    key: Path | None
    alias: Path | None
    model: Path | None


@dataclass
class Came:
    """
    What came of it.

    Attributes
    ----------
    lacking : str
        Why nothing was made; empty where it was.
    compared : dict of str to Compared
        By the file's name.
    left_out : list of str
        What could not be compared.
    """

    lacking: str = ""
    compared: dict[str, Compared] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def remake(record: Record, found: Iterable[tuple[Input, Path]], there: Mapping[str, bytes], given: Remade) -> Came:
    """
    Make findings anew and compare them.

    Parameters
    ----------
    record : Record
        What the report was made of, and how.
    found : iterable of (Input, Path)
        The files that were found.
    there : mapping of str to bytes
        The files of the report as they are now.
    given : Remade
        Key and alias.

    Returns
    -------
    Came
        The comparison, or why there is none.
    """
    files = list(found)
    came = Came(_lacking(record, files, given))
    if came.lacking:
        return came
    try:
        settings = Settings.read(record.raw["settings"])
    except ValueError as error:
        came.lacking = f"{error}; use the tasrib that made it ({record.raw.get('made_by')})"
        return came
    without = _without(record, files, came)
    try:
        chosen = choose_model(given.model)
        anew = _made(record, files, settings, given, chosen.model)
    except TasribError as error:
        came.lacking = str(error)
        return came
    if record.raw["versions"].get("tasrib") != versions()["tasrib"]:
        without.add("made_by")
    came.compared = {
        name: compare(there[name], anew[name], without) for name, compare in _COMPARE.items() if name in there
    }
    came.compared |= {
        name: compare_letters(there[name], anew[name]) for name in there if is_letter(name) and name in anew
    }
    if without & {name for names in _FED.values() for name in names}:
        return came
    then = record.raw["model"].get("version")
    if chosen.model.version == then:
        for names, compare in ((PAGES, compare_pages), (PAPERS, compare_papers)):
            came.compared |= {
                name: compare(there[name], anew[name]) for name in names if name in there and name in anew
            }
    else:
        came.left_out.append(
            f"pages were not made anew: words are marked in them by the model {then}, and {chosen.model.version} is here; name it with --model"
        )
    return came


def _lacking(record: Record, found: list[tuple[Input, Path]], given: Remade) -> str:
    """What is missing to make anything at all."""
    here = {id(each) for each, _ in found}
    away = [each.name for each in record.inputs if each.role in _NEEDED and id(each) not in here]
    if away:
        return f"{', '.join(away)} {'is' if len(away) == 1 else 'are'} not here as {'it was' if len(away) == 1 else 'they were'}"
    if any(each.role == ALIAS for each in record.inputs) and given.alias is None:
        return "operators bear other names in it; name the list of these with --alias"
    fingerprint = record.raw.get("key_fingerprint")
    if fingerprint is None:
        return ""
    path = key_place(given.key)
    if not path.exists():
        return f"canaries are found with the key of the fingerprint {fingerprint}, and {path} does not exist; name it with --key"
    mine = key_fingerprint(load_key(path))
    if mine != fingerprint:
        return f"{path} is the key of the fingerprint {mine}, and canaries were found with that of {fingerprint}; name it with --key"
    return ""


def _without(record: Record, found: list[tuple[Input, Path]], came: Came) -> set[str]:
    """Parts that cannot be compared because what they are made of is not here."""
    here = {id(each) for each, _ in found}
    without: set[str] = set()
    for each in record.inputs:
        if each.role in _FED and id(each) not in here:
            without.update(_FED[each.role])
            came.left_out.append(
                f"without {each.name} ({each.role}) what is made of it was not compared: {', '.join(_FED[each.role])}, the pages"
            )
    return without


def _as_it_was(each: Input, path: Path, at: int, folder: Path) -> Path:
    """A log of decisions without what was decided since; any other file as it is."""
    if each.role != DECISIONS or each.digest is None:
        return path
    copy = folder / f"{at}{LAYER}"
    copy.write_bytes(path.read_bytes()[: each.digest.size])
    return copy


def _made(
    record: Record, found: list[tuple[Input, Path]], settings: Settings, given: Remade, model: Model
) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="tasrib-") as folder, warnings.catch_warnings():
        # They were told when the report was made.
        warnings.simplefilter("ignore", InputNote)
        files = [
            (each.role, each.name, _as_it_was(each, path, at, Path(folder))) for at, (each, path) in enumerate(found)
        ]
        gathered = gather_again(files, alias=given.alias, key=given.key, country=settings.country, rules=settings.rules)
        report = Path(folder) / "report"
        make(gathered, settings, report, model, named_by_hash((each.name, each.digest) for each in record.inputs))
        return {path.name: path.read_bytes() for path in report.iterdir()}
