"""Words as people write them: folded so that spellings meet, and the lists of ``data/reference/headers.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from typing import Any

from tasrib._resources import resource

_SAME_LETTER = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ٱ": "ا", "ی": "ي", "ک": "ك"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Behind nothing that folding could make a letter of, and no letter that folding drops.
_FIRST_LETTER = re.compile(r"\A[\s!-/:-@\[-`{-~]*([^\W_ـ])")
# Arabic writes these onto the word that follows; longest first.
_PREFIXES = ("وبال", "وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ف", "ل")
_SHORTEST = 3  # letters left of an Arabic word without one letter that is written onto it; two, without the article


class _Digits(dict[int, "int | str"]):
    """A table for `str.translate` that works out each character the first time it is met."""

    def __missing__(self, code_point: int) -> int | str:
        digit = unicodedata.decimal(chr(code_point), None)
        found = self[code_point] = code_point if digit is None else str(digit)
        return found


_DIGITS = _Digits()


def ascii_digits(text: str) -> str:
    """Arabic-Indic, Persian and full-width digits as 0-9."""
    return text if text.isascii() else text.translate(_DIGITS)


def _letters(text: str) -> str:
    return unicodedata.normalize("NFKD", text).casefold().translate(_SAME_LETTER)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A name without case, accents, diacritics, spaces and punctuation; a mere symbol stays itself."""
    folded = "".join(char for char in ascii_digits(_letters(text)) if char.isalnum())
    return folded or text.strip()


def tokens(text: str) -> list[str]:
    """
    Cut a heading into folded words.

    Parameters
    ----------
    text : str
        Such as ``Quel numéro l'a reçu ?`` or ``dateReception``.

    Returns
    -------
    list of str
        Words of letters and digits, without accents.

    Examples
    --------
    >>> tokens("N° de_téléphone")
    ['n', 'de', 'telephone']
    """
    folded = ascii_digits(_letters(_CAMEL.sub(" ", text)))
    return "".join(
        char if char.isalnum() else "" if unicodedata.category(char) in {"Mn", "Cf"} else " " for char in folded
    ).split()


def forms(token: str) -> list[str]:
    """A folded word, and what is left of it without a trailing number or the particles Arabic writes onto it."""
    found = [token]
    bare = token.rstrip("0123456789")
    if bare and bare != token:
        found.append(bare)
    for prefix in _PREFIXES:
        if token.startswith(prefix) and len(token) - len(prefix) >= _SHORTEST - (len(prefix) > 1):
            found.append(token[len(prefix) :])
    return found


@cache
def reference(name: str) -> dict[str, Any]:
    """One file of ``data/reference`` as it stands."""
    with resource("reference", name).open("rb") as file:
        return tomllib.load(file)


def vocabulary(section: str) -> dict[str, dict[str, Any]]:
    """One section of ``headers.toml``, such as ``field``, ``yes_no`` or ``channel``."""
    return reference("headers.toml")[section]


@cache
def synonyms(section: str) -> dict[str, str]:
    """Folded word → what it stands for, in one section of ``headers.toml``."""
    entries = vocabulary(section).items()
    return {fold(name): meaning for meaning, entry in entries for name in [meaning, *entry["names"]]}


def is_no_answer(text: str) -> bool:
    """Whether a cell is empty or says that nothing is known ("-", "n/a", "لا أعرف")."""
    return not text.strip() or synonyms("yes_no").get(fold(text.strip())) == "unknown"


def is_example(text: str) -> bool:
    """
    Tell the example row of the template from a complaint.

    Parameters
    ----------
    text : str
        The message of a row.

    Returns
    -------
    bool
        True where it begins with the words that mark the example, whatever program saved the workbook again and wherever the row went.
    """
    mark = _example_mark()
    # Most begin with another letter.
    first = _FIRST_LETTER.match(text)
    if first and not fold(first.group(1)).startswith(mark[0]):
        return False
    return fold(text[:200]).startswith(mark)


@cache
def _example_mark() -> str:
    return fold(reference("template.toml")["example"])


def help_sheet() -> str:
    """Name of the sheet that explains the template; it holds no complaints."""
    return reference("template.toml")["help_sheet"]
