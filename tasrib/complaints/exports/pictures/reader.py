"""Tesseract, given a picture of letters over a pipe: nothing of what citizens received is put into a file for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tasrib.complaints.exports.pictures.bubbles import Box
from tasrib.errors import UnreadableInput

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-ara tesseract-ocr-fra (Windows and macOS: docs/exports.md)"
ARABIC, FRENCH = "ara", "fra"
BOTH = f"{ARABIC}+{FRENCH}"
BLOCK, LINE = 6, 7  # Tesseract's page segmentation modes
_PATIENCE = 120  # seconds for one bubble
_WORD = "5"  # the level of a row of Tesseract's table
_FIELDS = 12


class NotInstalled(UnreadableInput):
    """Tesseract, or what it knows of a language, is not on this machine."""


@dataclass(frozen=True)
class Word:
    """
    A word as it was read.

    Attributes
    ----------
    text : str
        Its letters.
    confidence : float
        Of the reader, 0 to 100.
    line : tuple of int
        Words of one line have the same.
    box : Box
        Where it stands in the letters that were given.
    """

    text: str
    confidence: float
    line: tuple[int, int, int]
    box: Box


class Reader(Protocol):
    """Reads letters."""

    def __call__(self, letters: NDArray[np.uint8], languages: str, mode: int) -> list[Word]:
        """Read dark letters on white, in the order of reading."""


def tesseract(letters: NDArray[np.uint8], languages: str, mode: int) -> list[Word]:
    """
    Read letters with Tesseract.

    Parameters
    ----------
    letters : array of uint8, shape (height, width)
        Dark on white.
    languages : str
        Tesseract's codes, joined with ``+``.
    mode : int
        `BLOCK` or `LINE`.

    Returns
    -------
    list of Word
        In the order of reading.

    Raises
    ------
    NotInstalled
        When there is no Tesseract, or one without these languages.
    UnreadableInput
        When it fails.
    """
    program = _program()
    height, width = letters.shape
    # Leptonica takes this plain form, which costs nothing to write.
    data = b"P5 %d %d 255\n" % (width, height) + np.ascontiguousarray(letters).tobytes()
    words = [program, "stdin", "stdout", "-l", languages, "--psm", str(mode), "--dpi", "300", "tsv"]
    # Several threads for one small picture only wait for each other.
    surrounding = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(words, input=data, capture_output=True, timeout=_PATIENCE, env=surrounding, check=False)
    except subprocess.TimeoutExpired:
        return []
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UnreadableInput(f"Tesseract fails: {said[-1] if said else done.returncode}")
    return list(_words(done.stdout.decode("utf-8", "replace")))


def _words(table: str) -> Iterator[Word]:
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == _FIELDS and cells[0] == _WORD and cells[11].strip():
            block, paragraph, line = cells[2:5]
            box = Box(*map(int, cells[6:10]))
            yield Word(cells[11].strip(), float(cells[10]), (int(block), int(paragraph), int(line)), box)


@cache
def _program() -> str:
    program = shutil.which("tesseract")
    if program is None:
        raise NotInstalled(f"reading pictures takes Tesseract, which is not installed: {INSTALL}")
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    missing = sorted({ARABIC, FRENCH} - set((listed.stdout + listed.stderr).split()))
    if missing:
        raise NotInstalled(f"Tesseract lacks what it takes to read {' and '.join(missing)}: {INSTALL}")
    return program


def check_installed() -> None:
    """
    Make sure that pictures can be read.

    Raises
    ------
    NotInstalled
        When they cannot, with what to install.
    """
    _program()
