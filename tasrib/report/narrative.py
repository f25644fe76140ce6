"""A finding as a paragraph for readers without statistics, in Arabic, French and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from tasrib.report.words import (
    campaign_name,
    chance_words,
    count_words,
    first_phrase,
    number_words,
    percent_words,
    phrase,
    posterior_words,
    probability_words,
    ratio_words,
)
from tasrib.tracing.caveats import isolated
from tasrib.tracing.comparison import Comparison, label
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.evidence import LEVELS

Row: TypeAlias = Mapping[str, Any] | pd.Series
# A share above this is "mainly"; a posterior below this leaves no room for it.
_MAINLY, _NO_ROOM = 0.5, 0.01
# Adjusted and plain p-values nearer than this say the same to a reader.
_SAME = 1.05
_SIGNIFICANT = 0.05
_LEVELS_ABOVE_WEAK = ("moderate", "strong")


def narrate(finding: Row, language: str, *, alias: Mapping[str, str] | None = None, brief: bool = False) -> str:
    """
    Say a finding in plain words: what was seen, what chance does, what it is consistent with, what else, what to ask for.

    Parameters
    ----------
    finding : mapping or pandas.Series
        A row of ``TraceResult.findings``; ``comparison``, ``name`` and ``evidence`` at least. What else is missing, NaN or out of
        range is left out of the text or said to be unknown.
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
        When language, comparison, name or word for evidence is unknown.
    """
    told = _Told(finding, language, alias or {})
    if finding["evidence"] not in LEVELS:
        raise ValueError(f"evidence is {finding['evidence']!r}; it should be one of {', '.join(LEVELS)}")
    sentences = [told.pattern(), told.chance() + told.holds()]
    if not told.withheld:
        sentences += told.meaning(brief)
    if not brief:
        sentences += told.beyond()
    return _joined(sentences)


def narrate_verdict(comparison: Comparison, row: Row, language: str) -> str:
    """
    Say a verdict on one campaign or on two: that there is something, or that nothing shows it.

    Parameters
    ----------
    comparison : Comparison
        One whose side table holds verdicts.
    row : mapping or pandas.Series
        A row of that table.
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
    assert comparison.side is not None, f"{comparison.key} keeps no verdicts"
    assert comparison.side.tell is not None, f"{comparison.key} keeps no verdicts"
    told, group = comparison.side.tell(row), comparison.group
    p, adjusted = (_in_unit(_float(value)) for value in (told.p_value, told.p_adjusted))
    found = bool(comparison.side.is_found(row))
    values = {name: _value(kind, value, group, language) for name, (kind, value) in told.values.items()}
    values["sign"] = values.get("sign", "") if found else ""
    seen = phrase(
        first_phrase(f"{group}.pattern" if found else f"{group}.pattern_none", f"{group}.pattern"), language, **values
    )
    if _is_count(expected := _float(told.expected)):
        seen += phrase(f"{group}.expected", language, expected=count_words("expected", expected, language))
    chance = _frequency(first_phrase(f"{group}.chance", "chance.plain"), p, adjusted, language)
    parts = ("found", "alternatives", "settle") if found else ("none",)
    # What one sign means may differ from what the others do.
    sign = told.values["sign"][1] if found and "sign" in told.values else ""
    wordings = (first_phrase(*([f"{group}.{part}_{sign}"] if sign else []), f"{group}.{part}") for part in parts)
    return _joined([seen, chance, *(phrase(wording, language) for wording in wordings)])


def detectable_words(share: float, language: str) -> str:
    """
    Say how large a share of the list would have shown.

    Parameters
    ----------
    share : float
        The smallest share found with 80% power; NaN where it was not calculated, 1 or more where there is none.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        A sentence without its full stop.
    """
    if math.isnan(share) or share <= 0:
        return phrase("detectable.unknown", language)
    if share >= 1:
        return phrase("detectable.nothing", language)
    return phrase("detectable.known", language, share=percent_words(share, language))


class _Told:
    """A finding on its way into words."""

    def __init__(self, finding: Row, language: str, alias: Mapping[str, str]) -> None:
        known = by_key()
        if finding["comparison"] not in known or not finding["name"]:
            raise ValueError(
                f"a finding of {finding['comparison']!r} named {finding['name']!r} is of no kind that can be told; the "
                f"comparisons are {', '.join(known)}"
            )
        self.finding, self.language, self.alias = finding, language, alias
        self.comparison = known[finding["comparison"]]
        self.subject = self.comparison.subject(finding)
        raw = label(finding)
        # A place in the numbering plan tells its operator.
        if self.comparison.names == "places" and alias and raw not in alias:
            self.subject = "hidden"
        self.name = isolated(alias.get(raw, raw), language)
        self.source = phrase(f"source_of.{self.subject}", language, name=self.name)
        p = self.share("p_value")
        self.market = finding.get("baseline") == "market"
        self.withheld = self.market and (bool(alias) or math.isnan(p))

    def number(self, name: str) -> float:
        return _float(self.finding.get(name))

    def share(self, name: str) -> float:
        return _in_unit(self.number(name))

    def pattern(self) -> str:
        """What was seen."""
        n, observed, language = self.number("n_reached"), self.number("observed"), self.language
        kind = self.comparison.group if self.comparison.within_people else self.subject
        said = phrase(
            f"pattern.{kind}",
            language,
            name=self.name,
            n=count_words("people", n, language),
            of_them=count_words("of_them", observed, language),
            test_numbers=count_words("test_numbers", n, language),
            bare=count_words("bare", observed, language),
        )
        expected, controls = self.number("expected"), self.number("n_controls")
        if self.withheld or not _is_count(expected):
            return said
        usual = "market" if self.market else "controls" if _is_count(controls) else "controls_unknown"
        special = [f"expected.{self.comparison.group}_controls"] if 0 < controls < math.inf else []
        return said + phrase(
            first_phrase(*special, f"expected.{self.comparison.group}", f"expected.{usual}"),
            language,
            expected=count_words("expected", expected, language),
            expected_numbers=count_words("expected_numbers", expected, language),
            controls=count_words("people", controls, language),
        )

    def chance(self) -> str:
        """What chance alone does."""
        language, way = self.language, self.comparison.chance
        if self.withheld:
            return phrase("chance.withheld", language)
        if way == "likelihood" and (ratio := self._likelihood_ratio()) >= 0:
            return phrase("chance.likelihood", language, ratio=_times(ratio, language), source=self.source)
        key = first_phrase(f"chance.{self.comparison.group}", "chance.plain")
        said = _frequency(key, self.share("p_value"), self.share("p_adjusted"), language)
        return said + self._odds() if way == "odds" else said

    def holds(self) -> str:
        """How often one may have looked, and how wrong the comparison would have to be: of findings above weak."""
        language, factor, low = self.language, self.number("bias_factor"), self.number("bias_factor_low")
        if self.finding["evidence"] not in _LEVELS_ABOVE_WEAK or not factor > 1:
            return ""
        p = self.share("anytime_p")
        said = phrase("chance.looked", language, n=_at_most_one_in(p, language)) if p < _SIGNIFICANT else ""
        said = said or phrase("chance.one_look", language)
        # Below this the words would say "1.0 times".
        least = ratio_words(low, language) if 1.05 <= low < math.inf else ""
        if _is_count(factor):
            said += phrase("chance.bias", language, name=self.name, ratio=ratio_words(factor, language))
            return said + (phrase("chance.bias_low", language, low=least) if least else "")
        return said + (phrase("chance.bias_unbounded", language, name=self.name, low=least) if least else "")

    def meaning(self, brief: bool) -> list[str]:
        """What it is consistent with."""
        share, low, high = (self.share(name) for name in ("leak_share", "leak_share_low", "leak_share_high"))
        posterior, language = self.share("posterior"), self.language
        if self.finding["evidence"] == "none":
            # Little evidence for a source is not yet evidence against it.
            unlikely = high < _MAINLY or posterior < _NO_ROOM
            said = [phrase("none.unlikely" if unlikely else "none.open", language, source=self.source)]
            detectable = self.number("detectable_share")
            if not math.isnan(detectable) or (self.comparison.sizes_share and not brief):
                said.append(detectable_words(detectable, language))
            return said
        rating = phrase(f"rating.{self.finding['evidence']}", language)
        if math.isnan(share + low + high):
            text = phrase("share.unknown", language, rating=rating, source=self.source)
        else:
            low_, high_ = percent_words(low, language), percent_words(high, language)
            about = percent_words(share, language, about=True)
            text = phrase("share.known", language, rating=rating, share=about, source=self.source, low=low_, high=high_)
        # Against market shares alone the posterior does not know who complains.
        if not math.isnan(posterior) and not self.market:
            text += phrase("share.posterior", language, p=posterior_words(posterior, language))
        return [text]

    def beyond(self) -> list[str]:
        """What else makes the same picture, and what would settle it."""
        language, group = self.language, self.comparison.group
        if self.finding["evidence"] == "none":
            return [phrase("settle.none", language)]
        others = self.finding.get("confounded_with") or ()
        road = f"alternatives.{group}"
        if self.market and not self.comparison.within_people:
            road = first_phrase("alternatives.market", road)
        elif others:
            road = first_phrase(f"alternatives.{group}_shared", road)
        other = isolated(", ".join(self.alias.get(name, name) for name in others), language)
        # Numbers of one person are compared, but it is an operator that is asked.
        settle = first_phrase(f"settle.{group}", f"settle.{self.comparison.subject(self.finding)}", "settle.none")
        return [
            phrase(road, language, name=self.name, other=other),
            phrase(settle, language, name=self.name),
        ]

    def _odds(self) -> str:
        """The odds ratio after adjustment for the other holders and the operator."""
        language = self.language
        ratio, low, high = (self.number(f"adjusted_{name}") for name in ("odds_ratio", "low", "high"))
        if all(map(_is_count, (ratio, low, high))):
            ratio_, low_, high_ = (ratio_words(x, language) for x in (ratio, low, high))
            return phrase("chance.odds", language, ratio=ratio_, low=low_, high=high_)
        if _is_count(low) and low > 0:
            return phrase("chance.odds_unbounded", language, low=ratio_words(low, language))
        return ""

    def _likelihood_ratio(self) -> float:
        logarithm = self.number("log10_lr")
        if math.isnan(logarithm):
            return self.number("odds_ratio")
        return math.inf if logarithm > 300 else 10**logarithm


def _value(kind: str, value: Any, group: str, language: str) -> str:
    """A value of a verdict's wording: the name of a campaign, one of the comparison's own words, or a count."""
    if kind == "campaign":
        return isolated(campaign_name(*value), language)
    if kind == "word":
        return phrase(f"{group}.{value}", language) if value else ""
    return count_words(kind, _float(value), language)


def _frequency(key: str, p: float, adjusted: float, language: str) -> str:
    if math.isnan(p):
        return phrase("chance.missing", language)
    said = phrase(key, language, often=chance_words(p, language))
    if p < _SIGNIFICANT and adjusted > _SAME * p:
        said += phrase("chance.adjusted", language, p=probability_words(adjusted, language))
    return said


def _float(value: Any) -> float:
    return math.nan if value is None or pd.isna(value) else float(value)


def _in_unit(value: float) -> float:
    return value if 0 <= value <= 1 else math.nan


def _is_count(value: float) -> bool:
    return 0 <= value < math.inf


def _times(ratio: float, language: str) -> str:
    if ratio > 1e6:
        return phrase("number.more", language, x=number_words(1e6, language))
    if ratio < 0.01:
        return phrase("number.less", language, x=number_words(0.01, language, 2))
    decimals = 0 if ratio >= 10 else (1 if ratio >= 1 else 2)
    rounded = float(f"{ratio:.1e}") if ratio >= 10 else ratio
    return phrase("number.about", language, x=number_words(rounded, language, decimals))


def _at_most_one_in(p: float, language: str) -> str:
    # Rounded down, so that "at most" stays true.
    one_in = min(1 / max(p, 1e-300), 1e7)
    if one_in > 1e6:
        return phrase("number.more", language, x=number_words(1e6, language))
    step = 10 ** max(0, math.floor(math.log10(one_in)) - 1)
    return number_words(math.floor(one_in / step) * step, language)


def _joined(sentences: list[str]) -> str:
    return " ".join(f"{sentence}." for sentence in sentences)
