"""
How well screenshots are read: ``python -m training.screenshots_study`` draws telephones with messages of the corpus and compares.

It needs Chromium, the fonts of the layouts, Tesseract with Arabic and French, and ``tasrib[ocr]``; a picture takes some seconds. Layouts
marked *aside* in ``phone_layouts.toml`` were not looked at while the reader was made, but since. Emojis are not read by any OCR here and are taken out of what was drawn
before it is compared; so are blanks and line breaks beyond one. *Wrong* is a text with more than a tenth of its characters read otherwise.
What is drawn is tidier than what citizens send: no cracked glass, no photograph of a screen, fonts that this machine has.
"""

from __future__ import annotations

import argparse
import math
import re
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

import tasrib
from tasrib.attribute import campaign_ids
from tasrib.complaints.exports.pictures.file import pages_of
from tasrib.complaints.exports.pictures.reader import check_installed, tesseract
from tasrib.complaints.exports.pictures.screen import Shown, read_screen
from tasrib.complaints.exports.screenshots import SURE
from tasrib.tables.raw import Source
from training.corpus import load_corpus
from training.phone_pictures import Drawn, draw

_WRONG = 0.10
_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff\u20e3]")
_NAMES = {"fr": "French", "ary-Latn": "Darija in Latin letters", "ar": "Arabic", "ary": "Darija in Arabic letters", "mixed": "both in one message"}  # fmt: skip


def distance(one: str, other: str) -> int:
    """
    Count by how many characters two texts differ.

    Parameters
    ----------
    one, other : str
        Both texts.

    Returns
    -------
    int
        Characters put in, taken out or exchanged, as few as possible (Levenshtein).
    """
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        last, row[0] = row[0], at
        for place, twin in enumerate(other, 1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (char != twin))
    return row[-1]


def compared(text: str) -> str:
    """A text as it is compared."""
    return " ".join(_EMOJI.sub("", text).split())


def measure(
    folder: Path,
    pictures: Iterable[Drawn],
    misread: Path | None = None,
    rows: Path | None = None,
    minutes: float = math.inf,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read pictures and lay what was read beside what was drawn.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are.
    pictures : iterable of Drawn
        What is on them.
    misread : pathlib.Path, optional
        Where the bubbles whose text is wrong and was taken for sure are put.
    rows : pathlib.Path, optional
        CSV of the messages, written anew after each picture, so that a run that is stopped leaves what it read.
    minutes : float
        After which no further picture is begun. Layouts take turns, so that those that were read lie evenly over them.

    Returns
    -------
    tuple of pandas.DataFrame
        A row a message, ``text`` as drawn and ``read``; and a row a picture, with ``drawn``, ``found`` and ``sent_taken``.
    """
    messages: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    began = time.monotonic()
    for drawn in pictures:
        mine, count = _compare(folder, drawn, misread)
        messages += mine
        counts.append(count)
        if rows:
            pd.DataFrame(messages).to_csv(rows, index=False)
        if time.monotonic() - began > 60 * minutes:
            break
    return pd.DataFrame(messages), pd.DataFrame(counts)


def _compare(folder: Path, drawn: Drawn, misread: Path | None) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    pixels = next(pages_of(Source.load(folder / drawn.name, whole=False), "picture"))
    taken = [each for each in read_screen(pixels, tesseract) if each.kind != "sent"]
    free = list(taken)
    for truth in drawn.messages:
        wanted = compared(truth.text)
        near = min(free, key=lambda each: distance(wanted, each.reading.text), default=None)
        far = 1.0 if near is None else distance(wanted, near.reading.text) / max(len(wanted), 1)
        row = {"name": drawn.name, "layout": drawn.layout, "aside": drawn.is_aside, "density": drawn.density, "theme": drawn.theme,
               "screen": drawn.screen, "language": truth.language, "text": wanted, "length": len(wanted), "errors": far * len(wanted), "rate": far,
               "found": near is not None and far < 0.6, "moment_drawn": truth.received_at}  # fmt: skip
        if near is not None:
            free.remove(near)
            sure = 0.0 if near.reading.is_cut or near.kind == "unknown" else near.reading.confidence
            at = near.received_at
            row |= {"read": near.reading.text, "sure": sure, "sender": near.sender == truth.sender, "moment_read": at,
                    "sender_wrong": bool(near.sender) and near.sender != truth.sender, "sender_drawn": truth.sender, "sender_read": near.sender,
                    "moment": bool(at) and at == truth.received_at, "moment_wrong": bool(at) and not truth.received_at.startswith(at)}  # fmt: skip
            if misread and far > _WRONG and sure >= SURE:
                _put(misread, drawn.name, pixels, near)
        messages.append(row)
    count = {"name": drawn.name, "layout": drawn.layout, "aside": drawn.is_aside, "drawn": len(drawn.messages), "taken": len(taken),
             "sent_taken": max(len(taken) - len(drawn.messages), 0)}  # fmt: skip
    return messages, count


def _put(folder: Path, name: str, pixels: Any, shown: Shown) -> None:
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(shown.box.of(pixels)).save(folder / f"{Path(name).stem}-{shown.box.y}.png")


def add_decisions(messages: pd.DataFrame) -> pd.DataFrame:
    """
    Decide on both texts of each message.

    Parameters
    ----------
    messages : pandas.DataFrame
        From `measure`.

    Returns
    -------
    pandas.DataFrame
        With ``same_decision`` and ``same_campaign``, in one batch, for messages that were read.
    """
    read = messages[messages["read"].fillna("").str.strip() != ""]
    both = pd.concat([read["text"], read["read"]], keys=["typed", "read"])
    complaints = pd.DataFrame({"text": both, "recipient": "0612345678"}).reset_index(drop=True)
    decided = tasrib.score(complaints, key=b"screenshots".ljust(32), fast=True)["decision"].to_numpy()
    groups = campaign_ids(complaints["text"]).to_numpy()
    half = len(read)
    same = pd.DataFrame(
        {"same_decision": decided[:half] == decided[half:], "same_campaign": groups[:half] == groups[half:]},
        index=read.index,
    )
    return messages.join(same)


def summary(messages: pd.DataFrame, counts: pd.DataFrame) -> dict[str, str]:
    """
    Give the figures of some messages and of the pictures that they are on.

    Parameters
    ----------
    messages, counts : pandas.DataFrame
        From `measure` and `add_decisions`.

    Returns
    -------
    dict
        A word and a share each.
    """
    sure = messages[messages["sure"].fillna(0) >= SURE]

    def rate(of: pd.DataFrame, languages: tuple[str, ...]) -> str:
        some = of[of["language"].isin(languages)]
        return f"{some['errors'].sum() / max(some['length'].sum(), 1):.1%}" if len(some) else "-"

    return {
        "messages": f"{len(messages)}",
        "found": f"{messages['found'].mean():.1%}",
        "too many": f"{counts['sent_taken'].sum()}",
        "CER fr": rate(messages, ("fr",)),
        "CER ar": rate(messages, ("ar", "ary")),
        "sure": f"{len(sure) / len(messages):.0%}",
        "CER fr, sure": rate(sure, ("fr",)),
        "CER ar, sure": rate(sure, ("ar", "ary")),
        "wrong of sure": f"{(sure['rate'] > _WRONG).mean():.1%}",
        "decision of sure": f"{sure['same_decision'].mean():.1%}",
        "decision": f"{messages['same_decision'].mean():.1%}",
        "campaign of sure": f"{sure['same_campaign'].mean():.1%}",
        "sender": f"{messages['sender'].mean():.0%}",
        "sender wrong": f"{messages['sender_wrong'].sum()}",
        "moment": f"{messages['moment'].mean():.0%}",
        "moment wrong": f"{messages['moment_wrong'].sum()}",
    }


def main() -> None:
    """Draw, read and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=300, help="pictures")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--layouts", help="only these, parted by commas")
    parser.add_argument("--keep", type=Path, help="folder for the pictures")
    parser.add_argument("--misread", type=Path, help="folder for bubbles that were read wrongly and taken for sure")
    parser.add_argument("--rows", type=Path, help="CSV of all messages, as drawn and as read; written as they come")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no further picture after so many")
    given = parser.parse_args()
    check_installed()
    with tempfile.TemporaryDirectory() as folder:
        where = given.keep or Path(folder)
        names = given.layouts.split(",") if given.layouts else None
        pictures = draw(load_corpus(), where, given.n, given.seed, names)
        messages, counts = measure(where, pictures, given.misread, given.rows, given.minutes)
    print(f"{len(counts)} pictures")
    messages = add_decisions(messages)
    if given.rows:
        messages.to_csv(given.rows, index=False)
    tables = {"all": summary(messages, counts)}
    for is_aside, word in ((False, "tuned on"), (True, "aside")):
        if (messages["aside"] == is_aside).any():
            tables[word] = summary(messages[messages["aside"] == is_aside], counts[counts["aside"] == is_aside])
    for column in ("layout", "language", "screen", "theme", "density"):
        for value, mine in messages.groupby(column):
            word = _NAMES.get(str(value), value) if column == "language" else value
            tables[f"{column}: {word}"] = summary(mine, counts[counts["name"].isin(mine["name"])])
    print(pd.DataFrame(tables).T.to_string())
    print("\nby language, threshold and messages at or above it: share wrong")
    for language, mine in messages.groupby("language"):
        cells = []
        for least in (80, 84, 86, 88, 90, 92):
            sure = mine[mine["sure"].fillna(0) >= least]
            cells.append(f"{least}: {len(sure)}/{len(mine)} {(sure['rate'] > _WRONG).mean():.1%}")
        print(f"{_NAMES.get(str(language), language):26} " + "   ".join(cells))


if __name__ == "__main__":
    main()
