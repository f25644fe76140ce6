"""
How real exports of public test suites are read: ``python -m training.exports_study FOLDER``.

FOLDER holds the snapshots of repositories, fetched for the measuring and part of no commit, each in a folder called ``owner+name``. What is
measured is what their own tests expect: the message that an e-mail passes on (crisp-oss/email-forward-parser), the text of an e-mail
(stalwartlabs/mail-parser), the lines of chats (starkdmi/whats_json), and how many files of all repositories are read, empty or refused.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tasrib.complaints.exports import find_export, mail, whatsapp
from tasrib.complaints.exports.mail_quoted import moment_of, passed_on
from tasrib.complaints.exports.mail_text import words_of
from tasrib.complaints.exports.message import Left, Message
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import BadRow, Source

_SUFFIXES = frozenset({".eml", ".msg", ".mbox", ".xml", ".tnef", ".db"})
# Languages in which docs/exports.md promises that what is passed on is found, moments too.
_PROMISED = frozenset({"ar", "fr", "en", "de", "es", "it", "nl", "pt"})
# Of that repository's samples those that pass on a message within the one that they name, or none: the innermost one is taken here.
_OTHERWISE = re.compile(r"_variant_(?:4|13|14)(?:_1)?\.txt$|apple_mail_en_body_variant_13")
_SENDER, _BEGINNING = "john.doe@acme.com", "Aenean quis diam urna."
_HEAD = re.compile(r"^\[?\d{1,4} ?[./\-] ?\d{1,2} ?[./\-] ?\d{2,4}[,،]? (?:\S{1,3} )?\d{1,2}[:.]\d{2}(?![\d.])")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST = 150_000  # bytes of a chat


def passed_on_right(folder: Path) -> Iterator[tuple[str, bool, bool]]:
    """Language of each sample, whether sender and text are those expected, and whether the moment is read too."""
    for file in sorted(folder.glob("test/fixtures/*_body*.txt")):
        if _OTHERWISE.search(file.name):
            continue
        name = file.name.partition("_body")[0].removesuffix("_br")
        found = passed_on(file.read_text("utf-8"), "Fwd: Integer consequat non purus")
        is_right = found is not None and found.sender == _SENDER and " ".join(found.text.split()).startswith(_BEGINNING)
        is_dated = is_right and found is not None and moment_of(found.date)[:4].isdigit()
        yield name.rpartition("_")[2], is_right, is_dated


def texts_right(folder: Path) -> Iterator[bool]:
    """Whether each e-mail's text is what the repository's own reading of it says."""
    for file in sorted(folder.glob("resources/eml/*/*.eml")):
        export = mail.open_export(Source.load(file, whole=False))
        if export is None or not (stated := file.with_suffix(".json")).is_file():
            continue
        meant = json.loads(stated.read_text("utf-8"))
        bodies = (meant["parts"][number].get("body", {}) for number in meant.get("text_body", []))
        parts = [body.get("Text") or words_of(body.get("Html", "")) for body in bodies if isinstance(body, dict)]
        found = next(iter(export.items()))
        text = found.text if isinstance(found, Message) else ""
        yield re.sub(r"\W+", "", "\n".join(parts)) in re.sub(r"\W+", "", text)


def chats_right(folder: Path) -> Iterator[bool]:
    """Whether in each chat as many messages are found as lines begin with a moment; nothing of them is printed."""
    for file in sorted(folder.glob("test/data/*/*.txt")):
        data = file.read_bytes()[:_LONGEST]
        data = data[: data.rfind(b"\n") + 1] if len(data) == _LONGEST else data
        lines = (_MARKS.sub("", line).strip() for line in data.decode("utf-8", "replace").split("\n"))
        expected = sum(_HEAD.match(line) is not None for line in lines)
        export = whatsapp.open_export(Source(file.name, file.name, data)) if expected else None
        if expected:
            yield export is not None and sum(isinstance(item, Message | Left) for item in export.items()) == expected


def outcomes(folder: Path) -> Counter[str]:
    """Count what becomes of the files of a repository."""
    found: Counter[str] = Counter()
    for file in sorted(each for each in folder.rglob("*") if each.suffix.lower() in _SUFFIXES and each.is_file()):
        try:
            opened = find_export(Source.load(file, whole=False))
            items = list(opened[1].items()) if opened else []
        except UnreadableInput:
            found["refused"] += 1
            continue
        kinds = {type(item) for item in items}
        found["no export" if opened is None else "read" if Message in kinds else "to quarantine" if BadRow in kinds else "none kept"] += 1  # fmt: skip
    return found


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    rows = list(passed_on_right(folder / "crisp-oss+email-forward-parser"))
    for among, title in ((True, "promised languages"), (False, "others")):
        chosen = [row for row in rows if (row[0] in _PROMISED) == among]
        print(f"passed on, {title}: {sum(row[1] for row in chosen)} of {len(chosen)} right, {sum(row[2] for row in chosen)} with their moment")  # fmt: skip
    for title, results in (
        ("texts of e-mails", list(texts_right(folder / "stalwartlabs+mail-parser"))),
        ("chats with as many messages as heads", list(chats_right(folder / "starkdmi+whats_json"))),
    ):
        print(f"{title}: {sum(results)} of {len(results)}")
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        if counts := outcomes(each):
            print(f"{each.name}: {', '.join(f'{count} {kind}' for kind, count in sorted(counts.items()))}")


if __name__ == "__main__":
    main()
