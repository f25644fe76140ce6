"""With whom the people of a finding were compared, and what keeps a weak one weak."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from tasrib.report.words import count_words, has_phrase, phrase
from tasrib.tracing.caveats import KEEP_WEAK, Caveat
from tasrib.tracing.evidence import ABOVE_WEAK

Row: TypeAlias = Mapping[str, Any] | pd.Series
# Told of findings above weak alone.
CHANCES = ("posterior", "leak_share", "leak_share_low", "leak_share_high")


def whom_words(finding: Row, language: str) -> str:
    """
    Say with whom people were compared.

    Parameters
    ----------
    finding : mapping
        ``n_controls``, and where known ``n_senders``, ``compared_within`` and ``caveats``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``240 people who complained of other messages in the same months and channels (from 12 senders), within each region``.
    """
    caveats, strata, senders = (
        finding.get("caveats"),
        finding.get("compared_within"),
        number_of(finding.get("n_senders")),
    )
    far = isinstance(caveats, tuple) and "relaxed_controls" in caveats
    within = f"within.{'_'.join(strata)}" if isinstance(strata, tuple) else ""
    by = count_words("senders", senders, language) if senders > 0 and is_count(senders) else ""
    return phrase(
        "compared.far" if far else "compared.near",
        language,
        controls=count_words("people", number_of(finding.get("n_controls")), language),
        senders=phrase("compared.senders", language, n=by) if by else "",
        within=phrase(within, language) if has_phrase(within) else "",
    )


def weak_because(finding: Row) -> tuple[Caveat, ...]:
    """
    Choose what keeps a finding weak.

    Parameters
    ----------
    finding : mapping
        ``evidence`` and ``caveats``.

    Returns
    -------
    tuple of Caveat
        The first that does so, or nothing: then chance does.
    """
    caveats = finding.get("caveats")
    if finding["evidence"] != "weak" or not isinstance(caveats, tuple):
        return ()
    return tuple(caveat for caveat in caveats if isinstance(caveat, Caveat) and caveat in KEEP_WEAK)[:1]


def without_chances(finding: Row) -> dict[str, Any]:
    """
    Take out of a finding what is read as a chance of guilt, unless it is above weak.

    Parameters
    ----------
    finding : mapping or pandas.Series
        With ``evidence``.

    Returns
    -------
    dict
        Posterior and share of the list are NaN where the finding is weak or none.
    """
    shown = dict(finding)
    hidden = () if finding["evidence"] in ABOVE_WEAK else (name for name in CHANCES if name in shown)
    return shown | dict.fromkeys(hidden, math.nan)


def number_of(value: Any) -> float:
    """
    Read a figure of a finding.

    Parameters
    ----------
    value : object
        A number, or nothing.

    Returns
    -------
    float
        NaN where it is missing.
    """
    return math.nan if value is None or pd.isna(value) else float(value)


def is_count(value: float) -> bool:
    """Whether a figure can be a number of people: 0 or more, and finite."""
    return 0 <= value < math.inf
