"""Numbers, counts and names as readers expect them, and the wordings they stand in: Arabic, French, English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from tasrib._resources import resource
from tasrib.report.plurals import plural_of
from tasrib.tracing.caveats import LANGUAGES, isolated, one_line
from tasrib.tracing.comparison import label
from tasrib.tracing.comparisons import by_key


def probability_words(p: float, language: str = "en") -> str:
    """
    Print a p-value as readers expect it.

    Parameters
    ----------
    p : float
        A probability.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``0.03``, ``0.004`` or ``less than 0.0001``.
    """
    if pd.isna(p):
        return "–"
    if p < 0.0001:
        return phrase("number.less", language, x=_figure(0.0001, language, 4))
    return _figure(p, language, 4 if p < 0.001 else (3 if p < 0.1 else 2))


def ratio_words(ratio: float, language: str = "en") -> str:
    """
    Print an odds ratio or an end of its interval.

    Parameters
    ----------
    ratio : float
        0 or more; may be infinite, or NaN where there is none.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        With one decimal, ``∞`` or ``–``.
    """
    if pd.isna(ratio):
        return "–"
    return isolated("∞", language) if ratio == float("inf") else _figure(ratio, language, 1)


def posterior_words(probability: float, language: str = "en") -> str:
    """
    Print a posterior without claiming certainty.

    Parameters
    ----------
    probability : float
        A probability.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``0.87``, ``above 0.99`` or ``below 0.01``.
    """
    if pd.isna(probability):
        return "–"
    if probability > 0.99:
        return phrase("number.above", language, x=_figure(0.99, language, 2))
    if probability < 0.01:
        return phrase("number.below", language, x=_figure(0.01, language, 2))
    return _figure(probability, language, 2)


def percent_words(share: float, language: str = "en", *, about: bool = False, decimals: int = 0) -> str:
    """
    Print a share in per cent.

    Parameters
    ----------
    share : float
        0 to 1.
    language : str
        ``ar``, ``fr`` or ``en``.
    about : bool
        Whether to say that it is an estimate.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        Such as ``40%``, ``about 40%``, ``less than 1%`` or ``more than 99%``.
    """
    if pd.isna(share):
        return "–"
    bounded = "number.less" if 0 < share < 0.005 else ("number.more" if 0.995 < share < 1 else "")
    whole = min(max(share, 0.01), 0.99) if bounded else share
    printed = isolated(phrase("number.percent", language, x=number_words(100 * whole, language, decimals)), language)
    if bounded:
        return phrase(bounded, language, x=printed)
    return phrase("number.about", language, x=printed) if about else printed


def number_words(value: float, language: str = "en", decimals: int = 0) -> str:
    """
    Write a number with the language's signs.

    Parameters
    ----------
    value : float
        A finite number.
    language : str
        ``ar``, ``fr`` or ``en``.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        ``1,234.5`` in English; ``1 234,5`` with a no-break space in French and, as in Morocco, in Arabic.
    """
    written = f"{value:,.{decimals}f}"
    return written if language == "en" else written.translate({ord(","): "\u00a0", ord("."): ","})


def count_words(noun: str, value: float, language: str = "en") -> str:
    """
    Write a count with its noun.

    Parameters
    ----------
    noun : str
        A table of ``[count]`` in ``data/reference/narratives.toml``, such as ``people``.
    value : float
        How many; rounded to a whole number.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``one person`` or ``12 people``; words for an unknown number where `value` is no count.

    Notes
    -----
    In Arabic 3 to 10 (and 103 to 110, …) take the plural, 11 to 99 (111 to 199, …) the singular accusative, 100 to 102 (200 to 202, …) the
    singular genitive: see `plural_of`.
    """
    forms = phrases()["count"][noun][language]
    if pd.isna(value) or not 0 <= value < float("inf"):
        return forms["unknown"]
    n = round(value)
    return plural_of(forms, n, language).format(n=number_words(n, language))


def _figure(value: float, language: str, decimals: int) -> str:
    """A number that no sentence turns round."""
    return isolated(number_words(value, language, decimals), language)


def chance_words(p: float, language: str = "en") -> str:
    """
    Say a p-value as how often chance does the same.

    Parameters
    ----------
    p : float
        A probability.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``about once in 1,200 such comparisons`` (two significant digits) or ``in about 3 of 10 such comparisons``.
    """
    if p < 1e-6:
        return phrase("often.rarely", language)
    if p < 0.15:
        return phrase("often.once", language, comparisons=count_words("comparisons", float(f"{1 / p:.1e}"), language))
    tenths = round(10 * p)
    return phrase("often.nearly_always", language) if tenths > 9 else phrase("often.several", language, k=tenths)


def phrase(key: str, language: str, **values: object) -> str:
    """
    Look up a wording and fill it in.

    Parameters
    ----------
    key : str
        Section and name in ``data/reference/narratives.toml``, such as ``chance.plain``.
    language : str
        ``ar``, ``fr`` or ``en``.
    **values
        For its placeholders; more than it has are ignored.

    Returns
    -------
    str
        The wording.

    Raises
    ------
    ValueError
        When the language is unknown, or the wording lacks.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no wordings in the language {language!r}; choose one of {', '.join(LANGUAGES)}")
    section, _, name = first_phrase(key).partition(".")
    return phrases()[section][name][language].format(**values)


def first_phrase(*keys: str) -> str:
    """
    Choose the first of some wordings that there is.

    Parameters
    ----------
    *keys : str
        Section and name, the most special first.

    Returns
    -------
    str
        One of them.

    Raises
    ------
    ValueError
        When there is none: the phrase table of a comparison is incomplete.
    """
    for key in keys:
        if has_phrase(key):
            return key
    raise ValueError(f"data/reference/narratives.toml has no table [{'] or ['.join(keys)}]; write one in all languages")


def has_phrase(key: str) -> bool:
    """
    Tell whether there is a wording.

    Parameters
    ----------
    key : str
        Section and name.

    Returns
    -------
    bool
        Whether `phrase` knows it.
    """
    section, _, name = key.partition(".")
    return name in phrases().get(section, {})


@cache
def phrases() -> dict[str, Any]:
    """Content of ``data/reference/narratives.toml``."""
    with resource("reference", "narratives.toml").open("rb") as file:
        return tomllib.load(file)


def campaign_name(campaign_id: str, party: str) -> str:
    """
    Name a campaign for a reader.

    Parameters
    ----------
    campaign_id, party : str
        Of the campaign; the party may be empty.

    Returns
    -------
    str
        Such as ``c-3f0a91d2 (PPS)``.
    """
    return f"{campaign_id} ({one_line(party)})" if party else campaign_id


def points_to(finding: Mapping[str, Any] | pd.Series, language: str = "en") -> str:
    """
    Name what a finding points to.

    Parameters
    ----------
    finding : mapping or pandas.Series
        ``comparison`` and ``name`` as in ``TraceResult.findings``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``operator A``, ``prefix 0661``, ``block 0661 23xxxx``, ``Mutuelle X`` or ``Mutuelle X (canary numbers)``.
    """
    subject = by_key()[finding["comparison"]].subject(finding)
    return phrase(f"points_to.{subject}", language, name=isolated(label(finding), language))
