"""Whether a case is still what it was: its files by their hashes, its findings by making them anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tasrib._arguments import as_kind, as_path, as_path_or_none, as_paths
from tasrib.case import chain
from tasrib.case.comparing import Compared
from tasrib.case.gathering import ALIAS, DECISIONS
from tasrib.case.hashes import Digest, encode
from tasrib.case.packing import INPUTS, open_pack
from tasrib.case.record import Input, Record, originals
from tasrib.case.remaking import Remade, remake
from tasrib.case.searching import Shelf
from tasrib.case.stamps import SUFFIX, read_stamp
from tasrib.case.surroundings import changed, reference_files, versions
from tasrib.errors import UnreadableInput
from tasrib.report.letters.drafts import is_letter
from tasrib.report.write import RECORD_FILE

Verdict = Literal["confirmed", "incomplete", "differs"]
_MOST_NAMED = 12
_MISSING = " is missing"
_SAVED_ANEW = " was saved anew by another program: its bytes differ, what it says does not"
# A hash read aloud or copied from paper in part: 64 bits are no accident.
_LEAST_NOTED = 16


@dataclass(frozen=True)
class Verification:
    """
    What came of looking at a case.

    Attributes
    ----------
    verdict : {"confirmed", "incomplete", "differs"}
        ``differs`` where anything is not what the record says; ``incomplete`` where nothing differs and something could not be checked.
    differences, unchecked, confirmed, notes : tuple of str
        A sentence each. Files that are there too, and files under other names, are notes.
    last_hash : str
        The hash that the record bears; empty where it cannot be read.
    """

    verdict: Verdict
    differences: tuple[str, ...]
    unchecked: tuple[str, ...]
    confirmed: tuple[str, ...]
    notes: tuple[str, ...]
    last_hash: str


def verify(
    case: str | Path,
    *,
    inputs: str | Path | Sequence[str | Path] = (),
    key: str | Path | None = None,
    alias: str | Path | None = None,
    model: str | Path | None = None,
    noted: str | None = None,
    hashes_only: bool = False,
) -> Verification:
    """
    Look whether a case is what it was when it was written, and make its findings anew.

    Parameters
    ----------
    case : path
        The folder of a report, or a pack.
    inputs : path or sequence of path
        Files, or folders with all that is in them, where what the report was made of may lie. It is looked for in the folder, beside it and
        in the current folder too; names do not matter, the hash does.
    key : path, optional
        The key file, for canaries among pseudonyms; the user's own by default.
    alias : path, optional
        The list of other names that the report was made with; of that no hash is kept, since the hash would tell.
    model : path, optional
        The model folder that marked the words in its pages; see `tasrib.load_model`.
    noted : str, optional
        The hash of the record, as somebody noted it: the first 16 of its 64 signs, or more. Only this shows a record that was made anew
        to fit changed files.
    hashes_only : bool
        Make nothing anew.

    Returns
    -------
    Verification
        What holds and what does not.

    Raises
    ------
    TasribError
        When there is no record, or a pack cannot be opened.
    """
    case = as_path(case, "the folder or pack of a case")
    given = Remade(
        as_path_or_none(key, "a key file"), as_path_or_none(alias, "a table of other names"),
        as_path_or_none(model, "the folder of a model"),
    )  # fmt: skip
    if noted is not None:
        as_kind(noted, str, "the hash of a record for noted")
    places = [Path(path) for path in as_paths(inputs, "a place to look for inputs")]
    with _opened(case) as root:
        looked = _Look(root, Shelf([root / INPUTS, root, case.absolute().parent, Path()], places))
        return looked.verdict(given, noted, hashes_only)


@contextmanager
def _opened(case: Path) -> Iterator[Path]:
    if case.is_dir():
        if not (case / RECORD_FILE).is_file():
            raise UnreadableInput(
                f"{case} holds no {RECORD_FILE}, so nothing tells what it was; ask for the whole folder as tasrib report wrote it (tasrib demo and "
                "tasrib.write_report keep no record)"
            )
        yield case
        return
    if case.is_file() and case.suffix.lower() in (".html", ".xlsx", ".json", ".pdf", ".docx"):
        raise UnreadableInput(
            f"{case} is one file of a report; name its folder, with the {RECORD_FILE} that came with it"
        )
    with open_pack(case) as root:
        yield root


@dataclass
class _Look:
    """What is seen, sentence by sentence."""

    root: Path
    shelf: Shelf
    differences: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Files that have their place: all others are named.
    seen: set[Path] = field(default_factory=set)

    def verdict(self, remade: Remade, noted: str | None, hashes_only: bool) -> Verification:
        data = (self.root / RECORD_FILE).read_bytes()
        self.seen.add(self.root / RECORD_FILE)
        try:
            record = Record.parse(data)
        except ValueError as error:
            self.differences.append(
                f"{RECORD_FILE} cannot be read ({error}), so nothing tells what the other files were; put an untouched copy in its place"
            )
            return self._said("")
        self._record(record, data, noted)
        self._stamps(data)
        there, altered = self._outputs(record)
        found = self._inputs(record.inputs, hashes_only)
        self._originals(record.inputs)
        if hashes_only:
            self.notes.append("nothing was made anew, as you asked")
        else:
            self._remade(record, there, altered, found, remade)
        self._altered(altered)
        self._others()
        return self._said(record.last_hash)

    def _said(self, last_hash: str) -> Verification:
        verdict: Verdict = "differs" if self.differences else "incomplete" if self.unchecked else "confirmed"
        differences, unchecked, confirmed, notes = (
            tuple(dict.fromkeys(each)) for each in (self.differences, self.unchecked, self.confirmed, self.notes)
        )
        return Verification(verdict, differences, unchecked, confirmed, notes, last_hash)

    def _record(self, record: Record, data: bytes, noted: str | None) -> None:
        if record.own_hash != record.last_hash:
            self.differences.append(
                f"{RECORD_FILE} was changed: it bears the hash {record.last_hash[:16]}…, and what it says has {record.own_hash[:16]}…"
            )
        elif encode(record.raw) != data:
            self.differences.append(
                f"{RECORD_FILE} was saved anew by another program: what it says is unchanged, its bytes are not"
            )
        else:
            self.confirmed.append(f"{RECORD_FILE} is whole: {record.last_hash}")
        if noted is None:
            return
        told = "".join(noted.split()).lower()
        if len(told) < _LEAST_NOTED:
            self.unchecked.append(
                f"the hash that you noted is too short to tell anything; give {_LEAST_NOTED} signs of it or more"
            )
        elif record.own_hash.startswith(told):
            self.confirmed.append("its hash is the one that you noted")
        else:
            self.differences.append(f"{RECORD_FILE} is not the one whose hash you noted: its hash is {record.own_hash}")

    def _stamps(self, data: bytes) -> None:
        for path in sorted(self.root.iterdir()):
            if path.name.lower().endswith(SUFFIX) and path.is_file():
                self.seen.add(path)
                stamp = read_stamp(path, data)
                {"differs": self.differences, "holds": self.confirmed, "unknown": self.notes}[stamp.state].append(
                    stamp.said
                )

    def _outputs(self, record: Record) -> tuple[dict[str, bytes], dict[str, str]]:
        """What the files of the report hold, and what is to be said of those that changed."""
        shelf, there, altered, whole = Shelf([self.root]), {}, {}, []
        for name, digest in record.outputs.items():
            path = self.root / name if (self.root / name).is_file() else shelf.called(name)
            other = None if path is not None else shelf.find(digest, name)
            if other is not None:
                self.notes.append(f"{name} is called {other.name} here")
                path = other
            if path is None:
                altered[name] = f"{name}{_MISSING}"
                continue
            self.seen.add(path)
            there[name] = path.read_bytes()
            if Digest.of(there[name]) == digest:
                whole.append(name)
            else:
                altered[name] = f"{name} was changed: {_how(there[name], digest)}"
        if whole:
            self.confirmed.append(f"as written: {', '.join(whole)}")
        return there, altered

    def _inputs(self, inputs: Sequence[Input], hashes_only: bool) -> list[tuple[Input, Path]]:
        found = []
        self._packed(inputs)
        for each in inputs:
            if each.role == ALIAS:
                continue
            path = None if each.digest is None else self.shelf.find(each.digest, each.name) or self._begun(each)
            if path is not None:
                found.append((each, path))
                self.seen.add(path)
                self._chain(each, path)
            elif each.digest is None:
                self._not_there(f"{each.name}, which a report can be made of only once", hashes_only)
            elif (other := self.shelf.called(each.name)) is not None:
                self.seen.add(other)
                self.differences.append(_other(each, each.digest, other))
            else:
                self._not_there(f"{each.name} ({each.role}); name its folder with --inputs", hashes_only)
        if found:
            self.confirmed.append(f"what it was made of: {', '.join(each.name for each, _ in found)}")
        return found

    def _packed(self, inputs: Sequence[Input]) -> None:
        """What bears the name of an input within the case has to be it, though a true copy lies beside."""
        mine, known = Shelf([self.root / INPUTS, self.root]), {each.digest for each in inputs}
        for each in inputs:
            path = None if each.digest is None else mine.called(each.name)
            if path is None or each.digest is None or Digest.of(path.read_bytes()) in known or _grown(each, path):
                continue
            self.seen.add(path)
            self.differences.append(_other(each, each.digest, path))

    def _begun(self, each: Input) -> Path | None:
        """A log of decisions that begins as it was when the report was made, though people decided more since."""
        path = self.shelf.called(each.name)
        if path is None or not _grown(each, path):
            return None
        self.notes.append(f"people decided more since the report was made: {each.name} begins as it was then")
        return path

    def _chain(self, each: Input, path: Path) -> None:
        broken = chain.verify(path) if each.role == DECISIONS else None
        if broken is not None:
            self.differences.append(f"{each.name}, line {broken.line}: {broken.why}")

    def _not_there(self, what: str, hashes_only: bool) -> None:
        (self.notes if hashes_only else self.unchecked).append(f"not found: {what}")

    def _originals(self, inputs: Sequence[Input]) -> None:
        known = originals(inputs)
        here = [name for digest, name in known.items() if self.shelf.find(digest, name)]
        if here:
            self.confirmed.append(f"files that complaints came in, unchanged: {', '.join(here)}")
        away = [name for name in known.values() if name not in here]
        if away:
            self.notes.append(
                f"files that complaints came in and that are not here, or changed since: {', '.join(away)}; {RECORD_FILE} has their hashes"
            )
        for each in inputs:
            if each.intake is not None and each.intake.scored != each.digest:
                self.notes.append(
                    f"{each.name} had been changed by hand after it was scored, before the report was made"
                )

    def _remade(
        self, record: Record, there: dict[str, bytes], altered: dict[str, str], found: list[tuple[Input, Path]], remade: Remade
    ) -> None:  # fmt: skip
        apart = ", ".join(_apart(record))
        if apart:
            self.notes.append(f"not the same here as when it was made: {apart}")
        came = remake(record, found, there, remade)
        if came.lacking:
            self.unchecked.append(f"nothing was made anew: {came.lacking}")
            return
        for name, compared in came.compared.items():
            if compared.first:
                self._made_otherwise(name, compared, altered, bool(apart))
            elif name in altered and ": only " not in altered[name]:
                altered[name] = f"{name}{_SAVED_ANEW}"
        same = [name for name, compared in came.compared.items() if not compared.first]
        if same:
            rounded = sum(came.compared[name].n_rounded for name in same)
            said = f" ({rounded} numbers differ in their last digits)" if rounded else ""
            self.confirmed.append(f"made anew from what it was made of, and the same: {', '.join(same)}{said}")
        self.unchecked += came.left_out

    def _made_otherwise(self, name: str, compared: Compared, altered: dict[str, str], apart: bool) -> None:
        said = compared.first + (f", and {compared.n_different - 1} more" if compared.n_different > 1 else "")
        if name in altered:
            altered[name] = f"{name} was changed: {said}"
            return
        otherwise = f"{name} is as it was written, and what it was made of says otherwise: {said}"
        if apart:
            self.unchecked.append(f"{otherwise}; that may come from what is not the same here")
        else:
            self.differences.append(otherwise)

    def _altered(self, altered: dict[str, str]) -> None:
        """A letter is a draft that people complete where it lies: that says nothing against the case, and nothing vouches for it either."""
        for name, said in altered.items():
            if not is_letter(name):
                self.differences.append(said)
            elif said.endswith(_MISSING):
                self.unchecked.append(f"{name} is not here: a draft that was moved, or renamed when it was completed")
            elif said.endswith(_SAVED_ANEW):
                self.notes.append(said)
            else:
                self.unchecked.append(f"{said} (a draft, for a person to complete; what it says now is that person's)")

    def _others(self) -> None:
        entries = [
            path for folder in (self.root, self.root / INPUTS) if folder.is_dir() for path in sorted(folder.iterdir())
        ]
        resolved = {path.resolve() for path in self.seen}
        others = [path for path in entries if path.resolve() not in resolved and path != self.root / INPUTS]
        if others:
            named = ", ".join(path.name for path in others[:_MOST_NAMED])
            more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
            self.notes.append(f"also there, and no part of the case: {named}{more}")


def _grown(each: Input, path: Path) -> bool:
    """Whether a log holds what it held, and more."""
    if each.role != DECISIONS or each.digest is None:
        return False
    return Digest.of(path.read_bytes()[: each.digest.size]) == each.digest


def _other(each: Input, digest: Digest, path: Path) -> str:
    return f"{each.name} ({each.role}) is not the file that the report was made of: {_how(path.read_bytes(), digest)}"


def _how(data: bytes, digest: Digest) -> str:
    """What was done to a file, as far as its bytes tell."""
    unix = data.replace(b"\r\n", b"\n")
    for variant, said in (
        (unix, "only its line ends were"),
        (unix.replace(b"\n", b"\r\n"), "only its line ends were"),
        (data.removeprefix(b"\xef\xbb\xbf"), "only a byte order mark was put before it"),
    ):
        if Digest.of(variant) == digest:
            return f"{said}, as mail programs and editors do" if "line" in said else said
    if len(data) == digest.size:
        return f"it still has {len(data):,} bytes, and not the same"
    return f"it had {digest.size:,} bytes and has {len(data):,}"


def _apart(record: Record) -> list[str]:
    """What computes here otherwise than there."""
    now, then = versions(), record.raw["versions"]
    said = [f"{name} {then.get(name, 'none')} then, {now.get(name, 'none')} here" for name in changed(then, now)]
    return said + changed(record.raw["reference"], reference_files())
