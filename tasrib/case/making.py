"""A report made of files, with the record of what it was made of: all of it appears together, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from joblib import cpu_count

from tasrib._arguments import as_number, as_path, as_path_or_none, as_paths, as_whole, as_words
from tasrib.case.contents import Pack, check_packable, packed
from tasrib.case.gathering import ALIAS, Gathered, gather
from tasrib.case.hashes import LAST_HASH, Digest, encode
from tasrib.case.packing import check_pack
from tasrib.case.record import Settings, last_hash_in, report_record
from tasrib.case.surroundings import now
from tasrib.classify import Model
from tasrib.classify.chosen import ChosenModel, choose_model
from tasrib.complaints.pseudonyms import pseudonym
from tasrib.numbering.plan import check_country
from tasrib.report.letters.drafts import is_letter, letter_languages, letters_in
from tasrib.report.pages import chosen_languages, title_words
from tasrib.report.write import RECORD_FILE, REPORT_FILES, check_report_folder, write_report
from tasrib.tables.files import Outputs
from tasrib.tables.places import Named, refuse_inputs
from tasrib.tracing import TraceResult, trace

# Complaints of a campaign that may be tested, and how many such a process takes as long for as it takes to start.
_LARGE, _WORTH_A_PROCESS = 10, 12


@dataclass(frozen=True)
class Written:
    """
    A report that was written.

    Attributes
    ----------
    folder : pathlib.Path
        Where it lies.
    scored : pandas.DataFrame
        The complaints.
    result : TraceResult
        What was found.
    rejected : pandas.DataFrame or None
        Rows in quarantine.
    last_hash : str
        The hash of its record: whoever keeps it elsewhere can tell later that nothing was changed.
    left_out : tuple of str
        Files that are not in the pack.
    notes : tuple of str
        What the user should know.
    letters : tuple of str
        Names of the draft complaints.
    """

    folder: Path
    scored: pd.DataFrame
    result: TraceResult
    rejected: pd.DataFrame | None
    last_hash: str
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    letters: tuple[str, ...]


def write_case(
    scored: str | Path | Sequence[str | Path],
    folder: str | Path,
    *,
    rejected: Sequence[str | Path] = (),
    canaries: str | Path | None = None,
    key: str | Path | None = None,
    alias: str | Path | None = None,
    model: str | Path | None = None,
    title: str | None = None,
    languages: str | Sequence[str] = "en",
    country: str | None = None,
    min_people: int = 10,
    prior_no_leak: float = Settings.prior_no_leak,
    without_decisions: bool = False,
    rules: str | Path | None = None,
    facts: str | Path | Sequence[str | Path] = (),
    without_law: bool = False,
    letters: bool = False,
    pdf: bool = False,
    pack: str | Path | None = None,
    with_numbers: bool = False,
    with_quarantine: bool = False,
) -> Written:
    """
    Trace the campaigns of scored files, and write the report with a record of what it was made of.

    What `tasrib.trace` and `tasrib.write_report` do with tables, of files, so that `tasrib.verify` can do it again.

    Parameters
    ----------
    scored : path or sequence of path
        Scored files, as ``tasrib score`` writes them.
    folder : path
        Where the report goes; made where missing. An earlier report in it is replaced.
    rejected : sequence of path
        Quarantines; those beside the scored files by default.
    canaries : path, optional
        A list for `tasrib.read_canaries`.
    key : path, optional
        File of the key that `scored` was scored with, to find canaries among pseudonyms; the user's own by default.
    alias : path, optional
        A table with columns ``operator`` and ``alias``.
    model : path, optional
        Model folder; see `tasrib.load_model`.
    title, languages
        As for `tasrib.write_report`.
    country : str, optional
        As for `tasrib.trace`; by default the one that the scored files say, Morocco where they say none.
    min_people, prior_no_leak
        As for `tasrib.trace`.
    without_decisions : bool
        Report what the model said, without what people decided.
    rules, without_law
        As for `tasrib.write_report`.
    facts : path or sequence of path
        Tables of answers for `tasrib.read_facts`.
    letters, pdf : bool
        As for `tasrib.write_report`.
    pack : path, optional
        A zip to write too, with the report and what it was made of: see `tasrib.pack`.
    with_numbers, with_quarantine : bool
        As for `tasrib.pack`.

    Returns
    -------
    Written
        What was found, and the hash to keep.

    Raises
    ------
    TasribError
        When a file cannot be read or written, a setting is out of range, a file would be lost or changes meanwhile, or the pack would tell
        what it should not.
    """
    made_at, folder = now(), as_path(folder, "the folder of a report")
    files = [str(path) for path in as_paths(scored, "a scored file")]
    quarantines = as_paths(rejected, "a quarantine")
    canaries, key = as_path_or_none(canaries, "a list of canaries"), as_path_or_none(key, "a key file")
    alias, model = as_path_or_none(alias, "a table of other names"), as_path_or_none(model, "the folder of a model")
    rules, answers = (
        as_path_or_none(rules, "a file of rules, or the code of a country"),
        as_paths(facts, "a table of answers"),
    )
    zipped = as_path_or_none(pack, "a zip to write")
    titles = titles_of(title, folder, languages)
    settings = Settings(
        titles, tuple(titles), made_at, Settings.country if country is None else check_country(country), as_whole(min_people, "min_people"),
        as_number(prior_no_leak, "prior_no_leak"), letters=bool(letters), pdf=bool(pdf),
    )  # fmt: skip
    wanted = None if zipped is None else Pack(zipped, bool(with_numbers), bool(with_quarantine))
    given = [
        *files,
        *quarantines,
        *answers,
        *(path for path in (canaries, key, alias, model, rules) if path is not None),
    ]
    check_places(folder, wanted, [("an input", path) for path in given], settings, country_known=country is not None)
    gathered = gather(
        files, rejected=quarantines, canaries=canaries, alias=alias, key=key, country=None if country is None else settings.country,
        without_decisions=bool(without_decisions), rules=rules, facts=answers, without_law=bool(without_law),
    )  # fmt: skip
    chosen = choose_model(model)
    return report_on(gathered, replace(settings, country=gathered.country), chosen, folder, wanted)


def titles_of(stated: Any, folder: Path, languages: Any) -> dict[str, str]:
    """
    Head a report.

    Parameters
    ----------
    stated : str or mapping of str to str, or None
        What the user wants.
    folder : pathlib.Path
        Its folder, whose name heads it where the user says nothing.
    languages : str or sequence of str
        As for `tasrib.write_report`.

    Returns
    -------
    dict of str to str
        The heading in each language, in their order.

    Raises
    ------
    WrongArgument
        When one is of another kind.
    """
    title = stated if stated is None or isinstance(stated, str) else as_words(stated, "titles by language")
    return {each: title_words(title, folder.resolve().name, each) for each in chosen_languages(languages)}


def check_places(
    folder: Path, pack: Pack | None, inputs: Sequence[Named], settings: Settings, *, country_known: bool
) -> None:
    """
    Refuse, before any work, places that a report could not be written to, or would be written over what is read.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the report.
    pack : Pack or None
        The pack.
    inputs : sequence of tuple
        What is read.
    settings : Settings
        How the report is to be made.
    country_known : bool
        Whether the country in `settings` is the one asked for; that of the complaints shows when they are read.

    Raises
    ------
    TasribError
        When that is so, or there is nobody to write the letters to that are wanted.
    """
    if settings.letters and country_known:
        letter_languages(settings.languages, settings.country)
    outputs = [folder / name for name in (*REPORT_FILES, RECORD_FILE, *letters_in(folder))]
    refuse_inputs(outputs, inputs, "name another folder with -o")
    check_report_folder(folder, letters=settings.letters)
    if pack is not None:
        refuse_inputs([pack.path], inputs, "name another file with --pack")
        check_pack(pack.path)


def report_on(gathered: Gathered, settings: Settings, chosen: ChosenModel, folder: Path, pack: Pack | None) -> Written:
    """
    Make a report of what was gathered.

    Parameters
    ----------
    gathered : Gathered
        What it is made of.
    settings : Settings
        How.
    chosen : ChosenModel
        The model that marks the words.
    folder : pathlib.Path
        Where it goes.
    pack : Pack or None
        A zip to write with it.

    Returns
    -------
    Written
        What was found, and the hash to keep.

    Raises
    ------
    TasribError
        As `write_case`.
    """
    settings = replace(settings, rules="" if gathered.rules is None else gathered.rules.code)
    if pack is not None:
        check_packable(gathered, pack)
    records: list[dict[str, Any]] = []
    left_out: list[str] = []

    def seal(files: Mapping[str, bytes], outputs: Outputs) -> None:
        for each in gathered.materials:
            each.check_unchanged()
        record = report_record(gathered, settings, chosen, files, replaces=last_hash_in(folder))
        outputs.put(folder / RECORD_FILE, encode(record))
        records.append(record)
        if pack is not None:
            data, missing = packed({**files, RECORD_FILE: encode(record)}, gathered.materials, pack)
            outputs.put(pack.path, data, private=True)
            left_out.extend(missing)

    digests = ((each.name, each.digest) for each in gathered.materials if each.role != ALIAS)
    result = make(gathered, settings, folder, chosen.model, named_by_hash(digests), seal)
    letters = tuple(name for name in records[0]["outputs"] if is_letter(name))
    return Written(
        folder, gathered.scored, result, gathered.rejected, records[0][LAST_HASH], tuple(left_out), gathered.notes, letters
    )  # fmt: skip


def make(
    gathered: Gathered, settings: Settings, folder: Path, model: Model | None, made_of: Mapping[str, str],
    seal: Callable[[Mapping[str, bytes], Outputs], None] | None = None,
) -> TraceResult:  # fmt: skip
    """
    Compute and write: the same for a report and for whoever makes it anew to compare.

    Parameters
    ----------
    gathered, settings, folder
        As for `report_on`.
    model : Model or None
        Marks the words.
    made_of : mapping of str to str
        Names of the files that it is made of, by their hashes: see `named_by_hash`.
    seal : callable, optional
        As for `tasrib.report.write_report`.

    Returns
    -------
    TraceResult
        What was found.
    """
    key = gathered.key
    result = trace(
        gathered.scored,
        canaries=gathered.canaries,
        pseudonym=None if key is None else lambda number: pseudonym([number], key)[0],
        n_jobs=_processes(gathered.scored),
        **settings.of_trace,
    )
    write_report(gathered.scored, result, folder, rejected=gathered.rejected, cleaning=gathered.cleaning, alias=gathered.alias,
                 model=model, rules=gathered.rules, facts=gathered.facts, without_law=gathered.rules is None, made_of=made_of,
                 seal=seal, **settings.of_pages)  # fmt: skip
    return result


def _processes(scored: pd.DataFrame) -> int:
    """How many processes are worth their start."""
    sizes = scored.loc[scored["decision"] == "campaign", "campaign_id"].value_counts()
    return max(1, min(cpu_count(), int((sizes >= _LARGE).sum()) // _WORTH_A_PROCESS))


def named_by_hash(files: Iterable[tuple[str, Digest | None]]) -> dict[str, str]:
    """
    Say what a report is made of, for the letters that name it.

    Parameters
    ----------
    files : iterable of (str, Digest or None)
        Name and digest of each.

    Returns
    -------
    dict of str to str
        SHA-256 to name, in this order; without what could be read only once.
    """
    return {digest.sha256: name for name, digest in files if digest is not None}
