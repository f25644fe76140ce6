"""From a message as it was typed to the plain text that is compared, counted and scored."""

from __future__ import annotations

from tasrib.text.aligned import Aligned
from tasrib.text.by_word import by_word, passes_for
from tasrib.text.disguise import apply_simple
from tasrib.text.fold import FOLD
from tasrib.text.passes import STEPS


def normalise(text: str) -> str:
    """
    Rewrite a message so that spellings of the same words become the same text.

    Parameters
    ----------
    text : str
        The message as received.

    Returns
    -------
    str
        Lower-case text: characters folded (`tasrib.text.fold.fold_character`), URLs, e-mails, phone numbers, dates,
        times, amounts, percentages, codes and other numbers as upper-case typed tokens (``URL``, ``PHONE``, …),
        letters that were spaced or dotted apart joined, letters repeated three times or more single, blanks single.
    """
    quick = by_word(text)
    return rewrite(text, FOLD) if quick is None else quick


def rewrite(text: str, fold: dict[int, str]) -> str:
    """
    Normalise with another table of characters.

    Parameters
    ----------
    text : str
        The message as received.
    fold : dict of int to str
        What each code point becomes, for `str.translate`.

    Returns
    -------
    str
        As `normalise`, with `fold` in place of its own table.
    """
    for step in STEPS:
        if isinstance(step, tuple):
            text = step[0].sub(step[1], text)
        elif step is FOLD:
            text = text.translate(fold)
        elif found := step(text):
            text = apply_simple(text, found)
    return text.strip()


def align(text: str) -> Aligned:
    """
    Normalise a message and keep, for each character, the original span it stands for.

    Parameters
    ----------
    text : str
        The message as received.

    Returns
    -------
    Aligned
        Its ``text`` equals ``normalise(text)``.
    """
    aligned = Aligned.of(text)
    for step in passes_for(text):
        for simple in step(aligned.text) if callable(step) else (step,):
            aligned = aligned.after(simple)
    whole = aligned.text
    left, right = len(whole) - len(whole.lstrip()), len(whole.rstrip())
    right = max(left, right)
    return Aligned(whole[left:right], aligned.starts[left:right], aligned.ends[left:right])
