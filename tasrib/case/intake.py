"""
The record of a scoring run, beside the scored file: which files it was made from, byte by byte, and by what.

A scored complaint names file, sheet and row it came from; with this record whoever holds a file can tell whether it is that file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasrib.case.hashes import LAST_HASH, Digest, decode, encode, own_hash, sealed
from tasrib.case.surroundings import model_record, now, reference_files, versions
from tasrib.classify.chosen import ChosenModel
from tasrib.complaints.account import FileRead
from tasrib.complaints.companions import RUN
from tasrib.complaints.pseudonyms import key_fingerprint

FORMAT = 1
KIND = "score"
SCORED = "scored"


@dataclass(frozen=True)
class Scoring:
    """
    How complaints were scored.

    Attributes
    ----------
    files : tuple of FileRead
        What was read.
    zone : str
        Zone of the times that stated none.
    chosen : ChosenModel
        The model.
    key : bytes or None
        The key of the pseudonyms; None where numbers were kept.
    settings : dict
        Options of the command.
    started_at : str
        Moment in UTC before the first file was opened.
    """

    files: tuple[FileRead, ...]
    zone: str
    chosen: ChosenModel
    key: bytes | None
    settings: dict[str, Any]
    started_at: str

    def record(self, name: str, run: str, made: Mapping[str, Digest]) -> bytes:
        """
        Make the record.

        Parameters
        ----------
        name : str
            Name of the scored file.
        run : str
            The name of the run, as in the column ``run`` of the scored file.
        made : mapping of str to Digest
            What tells the content of the files that were written, by what they are.

        Returns
        -------
        bytes
            Content of ``SCORED.run.json``.
        """
        record = {
            "made_by": f"tasrib {versions()['tasrib']}",
            "format": FORMAT,
            "kind": KIND,
            RUN: run,
            "started_at": self.started_at,
            "written_at": now(),
            "scored": name,
            "inputs": [_input(file) for file in self.files],
            "time_zone": self.zone,
            "settings": self.settings,
            "model": model_record(self.chosen),
            "key_fingerprint": None if self.key is None else key_fingerprint(self.key),
            "outputs": {kind: digest.record() for kind, digest in made.items()},
            "reference": reference_files(),
            "versions": versions(),
        }
        return encode(sealed(record))


def _input(file: FileRead) -> dict[str, Any]:
    rows = {"scored": file.n_scored, "quarantined": file.n_quarantined, "left_out": file.n_left_out}
    return {
        "name": file.name,
        **Digest(file.sha256, file.size).record(),
        "encoding": file.encoding,
        "sheets": list(file.sheets),
        "rows": rows,
    }


@dataclass(frozen=True)
class Intake:
    """
    A record of a scoring run, read back.

    Attributes
    ----------
    record : dict
        As written.
    scored : Digest
        The scored file as the run wrote it.
    files : tuple of (str, Digest)
        The files that were scored.
    key_fingerprint : str or None
        Of the pseudonyms' key.
    """

    record: dict[str, Any]
    scored: Digest
    files: tuple[tuple[str, Digest], ...]
    key_fingerprint: str | None

    @classmethod
    def parse(cls, record: Any) -> Intake:
        """
        Take a record apart.

        Raises
        ------
        ValueError
            When it is no record of a scoring run, or does not bear its own hash.
        """
        if not isinstance(record, dict) or record.get("kind") != KIND or record.get(LAST_HASH) != own_hash(record):
            raise ValueError("no whole record of a scoring run")
        try:
            files = tuple((str(each["name"]), Digest.read(each)) for each in record["inputs"])
            scored, fingerprint = Digest.read(record["outputs"][SCORED]), record["key_fingerprint"]
        except (KeyError, TypeError) as error:
            raise ValueError(f"a record of a scoring run without {error}") from None
        return cls(record, scored, files, fingerprint if isinstance(fingerprint, str) else None)

    @classmethod
    def of_file(cls, path: Path) -> Intake | None:
        """Read the record beside a scored file; None where somebody changed it, so that nothing rests on it."""
        try:
            return cls.parse(decode(path.read_bytes()))
        except (OSError, ValueError):
            return None
