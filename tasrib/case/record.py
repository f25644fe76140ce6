"""
``run.json`` in the folder of a report: the hash of all it was made of and of all that was written, the settings, the versions, the time.

It bears the hash of itself, so that a change by accident shows. Whoever changes it on purpose can compute that hash anew: what shows this
is only a copy of the hash that was kept elsewhere, or a time stamp.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tasrib.case.gathering import ALIAS, SCORED, Gathered, Material
from tasrib.case.hashes import LAST_HASH, Digest, decode, own_hash, sealed
from tasrib.case.intake import Intake
from tasrib.case.surroundings import model_record, now, reference_files, versions
from tasrib.classify.chosen import ChosenModel
from tasrib.complaints.companions import RUN, runs_in
from tasrib.complaints.pseudonyms import key_fingerprint
from tasrib.report.alias import OperatorWords, words_for
from tasrib.report.write import RECORD_FILE
from tasrib.tracing.stats.mixture import PRIOR_NO_LEAK, PRIOR_PAIRS

FORMAT = 1
KIND = "report"
# A record may come from anybody: what it asks for must not keep a machine busy for days.
_MOST_REPLICATES = 1_000_000
_NOT_OF_TRACE = ("titles", "languages", "made_at", "rules", "letters", "pdf")
_KINDS: dict[str, type] = {"titles": dict, "languages": list, "made_at": str}


@dataclass(frozen=True)
class Settings:
    """
    What a report is made with, beside its materials.

    Attributes
    ----------
    titles : dict of str to str
        Its heading in each language.
    languages : tuple of str
        Its languages, as for `tasrib.write_report`.
    made_at : str
        The moment in UTC that its pages are dated with.
    country, min_people, prior_no_leak, prior_pairs, replicates, seed
        As for `tasrib.trace`.
    rules : str
        Code of the rules that the messages are held against; empty where they are held against none.
    letters : bool
        Whether there are draft complaints.
    pdf : bool
        Whether its pages are also on paper.
    """

    titles: dict[str, str]
    languages: tuple[str, ...]
    made_at: str
    country: str = "MA"
    min_people: int = 10
    prior_no_leak: float = PRIOR_NO_LEAK
    prior_pairs: float = PRIOR_PAIRS
    replicates: int = 9_999
    seed: int = 0
    rules: str = ""
    letters: bool = False
    pdf: bool = False

    @property
    def of_trace(self) -> dict[str, Any]:
        """What `tasrib.trace` takes."""
        return {name: value for name, value in dataclasses.asdict(self).items() if name not in _NOT_OF_TRACE}

    @property
    def of_pages(self) -> dict[str, Any]:
        """What `tasrib.write_report` takes."""
        made_at = datetime.fromisoformat(self.made_at)
        return {
            "title": self.titles, "languages": self.languages, "made_at": made_at, "letters": self.letters, "pdf": self.pdf,
        }  # fmt: skip

    @classmethod
    def read(cls, record: Any) -> Settings:
        """
        Read settings back.

        Raises
        ------
        ValueError
            When they are not those of this version of tasrib.
        """
        kinds = {each.name: _KINDS.get(each.name, type(each.default)) for each in dataclasses.fields(cls)}
        if not isinstance(record, Mapping) or set(record) != set(kinds):
            raise ValueError("other settings than this tasrib has")
        wrong = [name for name, kind in kinds.items() if type(record[name]) is not kind]
        if wrong:
            raise ValueError(f"a setting {wrong[0]} of another kind")
        if record["replicates"] > _MOST_REPLICATES:
            raise ValueError("more replicates than any report is made with")
        datetime.fromisoformat(record["made_at"])
        return cls(**{**record, "languages": tuple(record["languages"])})


def report_record(
    gathered: Gathered, settings: Settings, chosen: ChosenModel, files: Mapping[str, bytes], *, replaces: str | None
) -> dict[str, Any]:
    """
    Say what a report was made of and what it is.

    Parameters
    ----------
    gathered : Gathered
        What it was made of.
    settings : Settings
        How.
    chosen : ChosenModel
        The model that marks the words.
    files : mapping of str to bytes
        What is written, by its names.
    replaces : str or None
        `last_hash` of the report that stood in the folder before.

    Returns
    -------
    dict
        With its own hash at the end.
    """
    renamed = None if gathered.alias is None else words_for(gathered.alias, settings.country)
    if renamed is not None:
        settings = dataclasses.replace(
            settings, titles={each: renamed.words(said) for each, said in settings.titles.items()}
        )
    record = {
        "made_by": f"tasrib {versions()['tasrib']}",
        "format": FORMAT,
        "kind": KIND,
        "written_at": now(),
        "replaces": replaces,
        "settings": {**dataclasses.asdict(settings), "languages": list(settings.languages)},
        "runs": sorted(runs_in(gathered.scored[RUN])),
        "inputs": [_input(each, gathered, renamed) for each in gathered.materials],
        "model": model_record(chosen),
        "key_fingerprint": None if gathered.key is None else key_fingerprint(gathered.key),
        "outputs": {name: Digest.of(content).record() for name, content in files.items()},
        "reference": reference_files(),
        "versions": versions(),
    }
    return sealed(record)


def _input(each: Material, gathered: Gathered, renamed: OperatorWords | None) -> dict[str, Any]:
    if each.role == ALIAS:
        # There are few ways to name a few operators: its name or hash would tell what it hides.
        return {"role": ALIAS}
    name = each.name if renamed is None else renamed.name(each.name)
    found = {"role": each.role, "name": name, **({} if each.digest is None else each.digest.record())}
    intake = gathered.intakes.get(each.path) if each.role == SCORED else None
    if intake is None:
        return found
    told = intake.record if renamed is None else sealed(renamed.record(intake.record))
    return {**found, "as_scored": intake.scored == each.digest, "intake": told}


@dataclass(frozen=True)
class Input:
    """
    A file that a report was made of.

    Attributes
    ----------
    role, name : str
        As in `Material`.
    digest : Digest or None
        None for what could be read only once.
    intake : Intake or None
        Of a scored file, what it was made from.
    """

    role: str
    name: str
    digest: Digest | None
    intake: Intake | None


@dataclass(frozen=True)
class Record:
    """
    ``run.json``, read back.

    Attributes
    ----------
    raw : dict
        All it says.
    outputs : dict of str to Digest
        The files of the report.
    inputs : tuple of Input
        What it was made of.
    last_hash : str
        The hash that it bears.
    own_hash : str
        The hash of what it says.
    """

    raw: dict[str, Any]
    outputs: dict[str, Digest]
    inputs: tuple[Input, ...]
    last_hash: str
    own_hash: str

    @classmethod
    def parse(cls, data: bytes) -> Record:
        """
        Read a record, changed or not.

        Raises
        ------
        ValueError
            When it cannot be read as one.
        """
        raw = decode(data)
        if raw.get("kind") != KIND:
            raise ValueError("no record of a report")
        if type(raw.get("format")) is not int or raw["format"] > FORMAT:
            raise ValueError("written by a later tasrib; update tasrib")
        try:
            outputs = {_plain(name): Digest.read(each) for name, each in raw["outputs"].items()}
            inputs = tuple(_read_input(each) for each in raw["inputs"])
            # Whatever else is asked of it has to be there.
            for name in ("settings", "reference", "versions", "model"):
                if not isinstance(raw[name], dict):
                    raise ValueError(f"{name} is no object")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"a part is missing or damaged ({error})") from None
        return cls(raw, outputs, inputs, str(raw.get(LAST_HASH)), own_hash(raw))


def _plain(name: str) -> str:
    """A name that leads nowhere else."""
    if not name or name != Path(name).name or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} is no name of a file")
    return name


def _read_input(each: Mapping[str, Any]) -> Input:
    if each["role"] == ALIAS:
        return Input(ALIAS, "the list of other names", None, None)
    digest = Digest.read(each) if "sha256" in each else None
    try:
        intake = Intake.parse(each.get("intake"))
    except ValueError:
        # Not scored by a tasrib that keeps records, or changed since: then the whole record's own hash tells.
        intake = None
    return Input(str(each["role"]), str(each["name"]), digest, intake)


def last_hash_in(folder: Path) -> str | None:
    """
    Read the hash of the report that a folder holds.

    Parameters
    ----------
    folder : pathlib.Path
        A folder; it may not exist.

    Returns
    -------
    str or None
        None where there is no report with a record that can be read.
    """
    try:
        return Record.parse((folder / RECORD_FILE).read_bytes()).last_hash
    except (OSError, ValueError):
        return None


def originals(inputs: Iterable[Input]) -> dict[Digest, str]:
    """
    List the files that complaints came in.

    Parameters
    ----------
    inputs : iterable of Input
        Of a record.

    Returns
    -------
    dict of Digest to str
        Their names.
    """
    return {digest: name for each in inputs if each.intake is not None for name, digest in each.intake.files}
