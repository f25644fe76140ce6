"""A pack of a case that lies in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tasrib._arguments import as_path, as_paths
from tasrib.case.contents import Pack, holds_numbers, packed
from tasrib.case.gathering import ALIAS, SCORED, Material
from tasrib.case.hashes import Digest, encode
from tasrib.case.packing import INPUTS, check_pack
from tasrib.case.record import Record
from tasrib.case.searching import Shelf
from tasrib.case.stamps import SUFFIX
from tasrib.errors import TasribError, UnreadableInput
from tasrib.report.letters.drafts import is_letter, untouched
from tasrib.report.write import RECORD_FILE
from tasrib.scored import check, read_scored
from tasrib.tables.files import replace_file
from tasrib.tables.places import refuse_inputs
from tasrib.tables.raw import NoRows


def pack(
    folder: str | Path,
    path: str | Path,
    *,
    inputs: str | Path | Sequence[str | Path] = (),
    with_numbers: bool = False,
    with_quarantine: bool = False,
) -> tuple[str, ...]:
    """
    Put a case into one file, to hand on: the report, its record, time stamps, and what the report was made of.

    Parameters
    ----------
    folder : path
        A report that ``tasrib report`` or `tasrib.write_case` wrote.
    path : path
        The zip, readable by its owner only. The same case gives the same bytes.
    inputs : path or sequence of path
        Where scored files may lie: see `tasrib.verify`.
    with_numbers : bool
        Also pack scored files that hold telephone numbers, and lists of canaries, which are refused or left out otherwise.
    with_quarantine : bool
        Also pack quarantines. They hold rows as they came, with the numbers in them.

    Returns
    -------
    tuple of str
        Names of files that the report was made of and that are not in the pack, then of letters that are no longer as they were written.

    Raises
    ------
    TasribError
        When the folder is not as it was written, a scored file is not found, holds numbers or has operators under other names in
        the report, or the zip cannot be written.
    """
    folder, path = as_path(folder, "the folder of a report"), as_path(path, "a zip to write")
    check_pack(path)
    places = [Path(each) for each in as_paths(inputs, "a place to look for inputs")]
    record, files = _whole(folder)
    if any(each.role == ALIAS for each in record.inputs):
        raise TasribError(
            f"operators bear other names in {folder}, and a pack holds the scored files, which name them; pack a report made without --alias"
        )
    wanted = Pack(path, bool(with_numbers), bool(with_quarantine))
    shelf = Shelf([folder / INPUTS, folder, folder.absolute().parent, Path()], places)
    materials = []
    for each in record.inputs:
        at = None if each.digest is None else shelf.find(each.digest, each.name)
        if at is None and each.role == SCORED:
            raise TasribError(
                f"{each.name} was not found as it was when the report was made; name its folder with inputs"
            )
        materials.append(Material(each.role, str(at or ""), each.name, None if at is None else each.digest))
    if not wanted.numbers:
        _refuse_numbers(each.path for each in materials if each.role == SCORED)
    refuse_inputs([path], [("an input", each.path) for each in materials if each.path], "name another file")
    data, left_out = packed(files, materials, wanted)
    replace_file(path, data, private=True)
    return (*left_out, *(name for name in record.outputs if name not in files))


def _whole(folder: Path) -> tuple[Record, dict[str, bytes]]:
    """The record of a folder, and its files but for letters that a person completed or took away; refused where they are not what it says."""
    try:
        files = {RECORD_FILE: (folder / RECORD_FILE).read_bytes()}
        record = Record.parse(files[RECORD_FILE])
        drafts = {name for name in record.outputs if is_letter(name)}
        mine = drafts & set(untouched(folder, folder / RECORD_FILE))
        files |= {name: (folder / name).read_bytes() for name in record.outputs if name not in drafts - mine}
    except (OSError, ValueError) as error:
        raise UnreadableInput(
            f"{folder} holds no whole report with its {RECORD_FILE} ({error}); run tasrib verify on it"
        ) from None
    altered = [
        name for name, data in files.items() if name in record.outputs and Digest.of(data) != record.outputs[name]
    ]
    if altered or record.own_hash != record.last_hash or encode(record.raw) != files[RECORD_FILE]:
        raise TasribError(
            f"{folder} is not as it was written ({', '.join(altered) or RECORD_FILE} was changed); run tasrib verify on it"
        )
    stamps = {each.name: each.read_bytes() for each in folder.iterdir() if each.name.lower().endswith(SUFFIX)}
    return record, files | stamps


def _refuse_numbers(paths: Iterable[str]) -> None:
    for path in paths:
        try:
            told = holds_numbers(check(read_scored(path)))
        except NoRows:
            continue
        if told:
            raise TasribError(
                f"{path} holds telephone numbers as they are; score without --keep-numbers, or pack it all the same with with_numbers"
            )
