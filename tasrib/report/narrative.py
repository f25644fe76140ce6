"""A finding as a paragraph for readers without statistics, in Arabic, French and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from tasrib.report.words import (
    campaign_name,
    chance_words,
    count_words,
    number_words,
    percent_words,
    phrase,
    posterior_words,
    probability_words,
    ratio_words,
)
from tasrib.tracing.evidence import LEVELS, isolated

KINDS = ("operator", "prefix", "block", "organisation", "canary")
_TREE = ("prefix", "block", "hidden")
# A share above this is "mainly"; a posterior below this leaves no room for it (as `tasrib.trace` reads them).
_MAINLY, _NO_ROOM = 0.5, 0.01
# Adjusted and plain p-values nearer than this say the same to a reader.
_SAME = 1.05
_SIGNIFICANT = 0.05


def narrate(
    finding: Mapping[str, Any] | pd.Series,
    language: str,
    *,
    alias: Mapping[str, str] | None = None,
    brief: bool = False,
) -> str:
    """
    Say a finding in plain words: what was seen, what chance does, what it is consistent with, what else, what to ask for.

    Parameters
    ----------
    finding : mapping or pandas.Series
        A row of ``TraceResult.findings``. Used: ``hypothesis`` (``operator:…``, ``prefix:…``, ``block:…``,
        ``organisation:…``, ``canary:…``), ``method`` (an operator's comparison is within people where it holds "paired"),
        ``n_reached`` and ``observed`` (of a canary: numbers given to the holder, and those of them reached), ``expected``,
        ``n_controls``, ``p_value``, ``p_adjusted``, ``posterior``, ``leak_share`` with ``leak_share_low`` and
        ``leak_share_high``, ``baseline``, ``evidence``; of an organisation ``odds_ratio`` (adjusted for the others),
        ``ci_low``, ``ci_high`` and, if present, ``confounded_with``; of a canary ``log10_lr``, or the likelihood ratio
        as ``odds_ratio``; if present ``detectable_share``, the smallest share found with 80% power. What is missing,
        NaN or out of range is left out of the text or said to be unknown.
    language : str
        ``ar``, ``fr`` or ``en``.
    alias : mapping of str to str, optional
        Names to print instead. With it prefixes, blocks and what rests on market shares are withheld.
    brief : bool
        Only the first three: what was seen, what chance does, what it is consistent with.

    Returns
    -------
    str
        3 to 5 sentences. It accuses nobody: ``consistent with`` is the most that is said.

    Raises
    ------
    ValueError
        When language, kind of hypothesis or word for evidence is unknown.
    """
    kind, raw = _kind(finding, alias)
    if finding["evidence"] not in LEVELS:
        raise ValueError(f"evidence is {finding['evidence']!r}; it should be one of {', '.join(LEVELS)}")
    name = _name(raw, language, alias)
    source = phrase(f"source_of.{_as_operator(kind)}", language, name=name)
    p = _share(finding, "p_value")
    withheld = finding.get("baseline") == "market" and (bool(alias) or math.isnan(p))
    seen = _pattern(finding, kind, name, language, withheld)
    chance = phrase("chance.withheld", language) if withheld else _chance(finding, kind, source, language)
    sentences = [seen, chance]
    if not withheld:
        sentences += _meaning(finding, kind, source, language, brief)
    if not brief:
        sentences += _beyond(finding, kind, name, language, alias)
    return _joined(sentences)


def narrate_overlap(row: Mapping[str, Any] | pd.Series, language: str) -> str:
    """
    Say that two campaigns share people, or that nothing shows that they do.

    Parameters
    ----------
    row : mapping or pandas.Series
        ``campaign_a``, ``campaign_b``, ``n_a``, ``n_b``, ``overlap``, ``expected``, ``p_value``, ``p_adjusted``, as from
        `tasrib.tracing.comparisons.overlap.campaign_overlap`; if present ``party_a``, ``party_b``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        3 to 5 sentences.

    Raises
    ------
    ValueError
        When the language is unknown.
    """
    a, b = (isolated(campaign_name(row[f"campaign_{x}"], row.get(f"party_{x}") or ""), language) for x in "ab")
    n_a, n_b = (count_words("people", _number(row, f"n_{x}"), language) for x in "ab")
    bare = count_words("bare", _number(row, "overlap"), language)
    seen = phrase("overlap.pattern", language, a=a, b=b, n_a=n_a, n_b=n_b, bare=bare)
    if _is_count(expected := _number(row, "expected")):
        seen += phrase("overlap.expected", language, expected=count_words("expected", expected, language))
    p, adjusted = _share(row, "p_value"), _share(row, "p_adjusted")
    sentences = [seen, _frequency("chance.plain", p, adjusted, language)]
    if (p if math.isnan(adjusted) else adjusted) < _SIGNIFICANT:
        sentences += [phrase(f"overlap.{part}", language) for part in ("found", "alternatives", "settle")]
    else:
        sentences.append(phrase("overlap.none", language))
    return _joined(sentences)


def narrate_generated(row: Mapping[str, Any] | pd.Series, language: str) -> str:
    """
    Say that a campaign's numbers look dialled, which speaks against a list, or that nothing shows it.

    Parameters
    ----------
    row : mapping or pandas.Series
        ``campaign_id``, and ``n`` (numbers), ``p_value`` and ``pattern`` as in
        `tasrib.tracing.comparisons.dialling.GeneratedNumbers`; if present ``party``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        3 to 5 sentences.

    Raises
    ------
    ValueError
        When the language is unknown.
    """
    p = _share(row, "p_value")
    pattern = str(row.get("pattern") or "none").replace(" ", "_")
    found = p < _SIGNIFICANT and pattern != "none"
    n = _number(row, "n")
    said: dict[str, object] = {
        "name": isolated(campaign_name(row["campaign_id"], row.get("party") or ""), language),
        "numbers": count_words("numbers", n, language),
        "bare": count_words("bare", n, language),
        "sign": phrase(f"generated.{pattern}", language) if found else "",
    }
    sentences = [
        phrase("generated.pattern" if found else "generated.pattern_none", language, **said),
        _frequency("generated.chance", p, math.nan, language),
    ]
    parts = ("found", "alternatives", "settle") if found else ("none",)
    return _joined(sentences + [phrase(f"generated.{part}", language) for part in parts])


def narrate_power(row: Mapping[str, Any] | pd.Series, language: str, *, alias: Mapping[str, str] | None = None) -> str:
    """
    Say what a comparison of a given size can show.

    Parameters
    ----------
    row : mapping or pandas.Series
        ``hypothesis``, ``n_reached``, ``n_controls``, ``leak_share`` and ``power`` (0 to 1), ``detectable_share`` (NaN if
        unknown).
    language : str
        ``ar``, ``fr`` or ``en``.
    alias : mapping of str to str, optional
        Names to print instead.

    Returns
    -------
    str
        3 or 4 sentences.

    Raises
    ------
    ValueError
        When language or kind of hypothesis is unknown.
    """
    kind, raw = _kind(row, alias)
    source = phrase(f"source_of.{_as_operator(kind)}", language, name=_name(raw, language, alias))
    n, controls = (count_words("people", _number(row, name), language) for name in ("n_reached", "n_controls"))
    sentences = [phrase("power.design", language, n=n, controls=controls)]
    share, power = _share(row, "leak_share"), _share(row, "power")
    if not math.isnan(share + power):
        tenths = round(10 * power)
        often = "rarely" if tenths < 1 else ("nearly_always" if tenths > 9 else "several")
        how_often = phrase(f"power.{often}", language, k=tenths)
        sentences.append(
            phrase("power.often", language, share=percent_words(share, language), source=source, often=how_often)
        )
    return _joined([*sentences, _detectable(row, language), phrase("power.more", language)])


def _pattern(finding: Mapping[str, Any] | pd.Series, kind: str, name: str, language: str, withheld: bool) -> str:
    n, observed = _number(finding, "n_reached"), _number(finding, "observed")
    said = phrase(
        f"pattern.{kind}",
        language,
        name=name,
        n=count_words("people", n, language),
        of_them=count_words("of_them", observed, language),
        test_numbers=count_words("test_numbers", n, language),
        bare=count_words("bare", observed, language),
    )
    expected, controls = _number(finding, "expected"), _number(finding, "n_controls")
    if withheld or not _is_count(expected):
        return said
    if kind in ("paired", "canary"):
        against = kind
    elif finding.get("baseline") == "market":
        against = "market"
    elif kind in _TREE:
        against = "tree"
    else:
        against = "controls" if _is_count(controls) else "controls_unknown"
    return said + phrase(
        f"expected.{against}",
        language,
        expected=count_words("expected", expected, language),
        expected_numbers=count_words("expected_numbers", expected, language),
        controls=count_words("people", controls, language),
    )


def _chance(finding: Mapping[str, Any] | pd.Series, kind: str, source: str, language: str) -> str:
    if kind == "canary" and (ratio := _likelihood_ratio(finding)) >= 0:
        return phrase("chance.likelihood", language, ratio=_times(ratio, language), source=source)
    key = "chance.tree" if kind in _TREE else "chance.plain"
    said = _frequency(key, _share(finding, "p_value"), _share(finding, "p_adjusted"), language)
    if kind != "organisation":
        return said
    ratio, low, high = (_number(finding, name) for name in ("odds_ratio", "ci_low", "ci_high"))
    if all(map(_is_count, (ratio, low, high))):
        ratio_, low_, high_ = (ratio_words(x, language) for x in (ratio, low, high))
        return said + phrase("chance.odds", language, ratio=ratio_, low=low_, high=high_)
    if _is_count(low) and low > 0:
        return said + phrase("chance.odds_unbounded", language, low=ratio_words(low, language))
    return said


def _frequency(key: str, p: float, adjusted: float, language: str) -> str:
    if math.isnan(p):
        return phrase("chance.missing", language)
    said = phrase(key, language, often=chance_words(p, language))
    if p < _SIGNIFICANT and adjusted > _SAME * p:
        said += phrase("chance.adjusted", language, p=probability_words(adjusted, language))
    return said


def _meaning(finding: Mapping[str, Any] | pd.Series, kind: str, source: str, language: str, brief: bool) -> list[str]:
    share, low, high = (_share(finding, name) for name in ("leak_share", "leak_share_low", "leak_share_high"))
    posterior = _share(finding, "posterior")
    if finding["evidence"] == "none":
        # Little evidence for a source is not yet evidence against it.
        unlikely = high < _MAINLY or posterior < _NO_ROOM
        said = [phrase("none.unlikely" if unlikely else "none.open", language, source=source)]
        known = not math.isnan(_number(finding, "detectable_share"))
        if known or not (brief or kind == "canary" or kind in _TREE):
            said.append(_detectable(finding, language))
        return said
    rating = phrase(f"rating.{finding['evidence']}", language)
    if math.isnan(share + low + high):
        text = phrase("share.unknown", language, rating=rating, source=source)
    else:
        low_, high_ = percent_words(low, language), percent_words(high, language)
        about = percent_words(share, language, about=True)
        text = phrase("share.known", language, rating=rating, share=about, source=source, low=low_, high=high_)
    # Against market shares alone the posterior does not know who complains.
    if not math.isnan(posterior) and finding.get("baseline") != "market":
        text += phrase("share.posterior", language, p=posterior_words(posterior, language))
    return [text]


def _beyond(
    finding: Mapping[str, Any] | pd.Series, kind: str, name: str, language: str, alias: Mapping[str, str] | None
) -> list[str]:
    if finding["evidence"] == "none":
        return [phrase("settle.none", language)]
    group = "tree" if kind in _TREE else kind
    other = str(finding.get("confounded_with") or "")
    road = group
    if kind == "operator" and finding.get("baseline") == "market":
        road = "market"
    elif kind == "organisation" and other:
        road = "organisation_shared"
    bare = other.partition(":")[2] if other.partition(":")[0] in KINDS else other
    alternatives = phrase(f"alternatives.{road}", language, name=name, other=_name(bare, language, alias))
    return [alternatives, phrase(f"settle.{_as_operator(group)}", language, name=name)]


def _detectable(row: Mapping[str, Any] | pd.Series, language: str) -> str:
    share = _number(row, "detectable_share")
    if math.isnan(share) or share <= 0:
        return phrase("detectable.unknown", language)
    if share >= 1:
        return phrase("detectable.nothing", language)
    return phrase("detectable.known", language, share=percent_words(share, language))


def _kind(finding: Mapping[str, Any] | pd.Series, alias: Mapping[str, str] | None) -> tuple[str, str]:
    kind, _, name = str(finding["hypothesis"]).partition(":")
    if kind not in KINDS or not name:
        raise ValueError(
            f"hypothesis {finding['hypothesis']!r} is of no kind that can be told; write {', '.join(KINDS)}, a colon, a name"
        )
    if kind == "operator" and "paired" in str(finding.get("method") or "").lower():
        return "paired", name
    if kind in _TREE and alias and name not in alias:
        return "hidden", name
    return kind, name


def _name(name: str, language: str, alias: Mapping[str, str] | None) -> str:
    return isolated((alias or {}).get(name, name), language)


def _as_operator(kind: str) -> str:
    return "operator" if kind == "paired" else kind


def _number(row: Mapping[str, Any] | pd.Series, name: str) -> float:
    value = row.get(name)
    return math.nan if value is None or pd.isna(value) else float(value)


def _share(row: Mapping[str, Any] | pd.Series, name: str) -> float:
    value = _number(row, name)
    return value if 0 <= value <= 1 else math.nan


def _is_count(value: float) -> bool:
    return 0 <= value < math.inf


def _likelihood_ratio(finding: Mapping[str, Any] | pd.Series) -> float:
    logarithm = _number(finding, "log10_lr")
    if math.isnan(logarithm):
        return _number(finding, "odds_ratio")
    return math.inf if logarithm > 300 else 10**logarithm


def _times(ratio: float, language: str) -> str:
    if ratio > 1e6:
        return phrase("number.more", language, x=number_words(1e6, language))
    if ratio < 0.01:
        return phrase("number.less", language, x=number_words(0.01, language, 2))
    decimals = 0 if ratio >= 10 else (1 if ratio >= 1 else 2)
    rounded = float(f"{ratio:.1e}") if ratio >= 10 else ratio
    return phrase("number.about", language, x=number_words(rounded, language, decimals))


def _joined(sentences: list[str]) -> str:
    return " ".join(f"{sentence}." for sentence in sentences)
