"""A finding as a paragraph for readers without statistics, in Arabic, French and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tasrib.report.beside import Row, is_count, number_of, weak_because, whom_words
from tasrib.report.words import (
    campaign_name,
    chance_words,
    count_words,
    first_phrase,
    has_phrase,
    number_words,
    percent_words,
    phrase,
    posterior_words,
    probability_words,
    ratio_words,
)
from tasrib.tracing.caveats import caveat_text, isolated
from tasrib.tracing.comparison import Comparison, label
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.evidence import ABOVE_WEAK, LEVELS, WEAK

# A share above this is "mainly"; a posterior below this leaves no room for it.
_MAINLY, _NO_ROOM = 0.5, 0.01
# Adjusted and plain p-values nearer than this say the same to a reader.
_SAME = 1.05
_SIGNIFICANT = 0.05
# Below this the words would say "1.0 times".
_MORE_THAN_ONCE = 1.05


def narrate(finding: Row, language: str, *, alias: Mapping[str, str] | None = None, brief: bool = False) -> str:
    """
    Say a finding in plain words: what was seen beside whom, what chance does, what would have to be wrong, what it is consistent with, what
    else, what to ask for.

    Parameters
    ----------
    finding : mapping or pandas.Series
        A row of ``TraceResult.findings``; ``comparison``, ``name`` and ``evidence`` at least. What else is missing, NaN or out of
        range is left out of the text or said to be unknown. Of a weak one neither share nor posterior is told, but what keeps it weak.
    language : str
        ``ar``, ``fr`` or ``en``.
    alias : mapping of str to str, optional
        Names to print instead. With it prefixes, blocks and what rests on market shares are withheld.
    brief : bool
        Without the last two.

    Returns
    -------
    str
        3 to 7 sentences. It accuses nobody: ``consistent with`` is the most that is said.

    Raises
    ------
    ValueError
        When language, comparison, name or word for evidence is unknown.
    """
    told = _Told(finding, language, alias or {})
    if finding["evidence"] not in LEVELS:
        raise ValueError(f"evidence is {finding['evidence']!r}; it should be one of {', '.join(LEVELS)}")
    sentences = [told.pattern(), told.compared(), told.chance() + told.holds(), told.vanish()]
    if not told.withheld:
        sentences += told.meaning(brief)
    if not brief:
        sentences += told.beyond()
    return _joined([sentence for sentence in sentences if sentence])


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
    p, adjusted = (_in_unit(number_of(value)) for value in (told.p_value, told.p_adjusted))
    found = bool(comparison.side.is_found(row))
    values = {name: _value(kind, value, group, language) for name, (kind, value) in told.values.items()}
    values["sign"] = values.get("sign", "") if found else ""
    seen = phrase(
        first_phrase(f"{group}.pattern" if found else f"{group}.pattern_none", f"{group}.pattern"), language, **values
    )
    if is_count(expected := number_of(told.expected)):
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
        return number_of(self.finding.get(name))

    def share(self, name: str) -> float:
        return _in_unit(self.number(name))

    def pattern(self) -> str:
        """What was seen, and unless `compared` says it, what was expected."""
        n, observed, language = self.number("n_reached"), self.number("observed"), self.language
        group, others = self.comparison.group, self.finding.get("note")
        said = phrase(
            first_phrase(f"pattern.{group}", f"pattern.{self.subject}"),
            language,
            name=self.name,
            others=f" ({isolated(others, language)})" if isinstance(others, str) and others else "",
            n=count_words("people", n, language),
            of_them=count_words("of_them", observed, language),
            test_numbers=count_words("test_numbers", n, language),
            bare=count_words("bare", observed, language),
        )
        expected, controls = self.number("expected"), self.number("n_controls")
        if self.withheld or self._says_whom():
            return said
        if not is_count(expected):
            return said + self._others()
        usual = "market" if self.market else "controls" if is_count(controls) else "controls_unknown"
        special = [f"expected.{group}_controls"] if 0 < controls < math.inf else []
        return said + phrase(
            first_phrase(*special, f"expected.{group}", f"expected.{usual}"),
            language,
            expected=count_words("expected", expected, language),
            expected_numbers=count_words("expected_numbers", expected, language),
            controls=count_words("people", controls, language),
        )

    def compared(self) -> str:
        """Of a finding above none beside controls: with whom people were compared, and what was expected."""
        if self.withheld or not self._says_whom():
            return ""
        expected = count_words("expected", self.number("expected"), self.language)
        return phrase(
            "compared.expected", self.language, whom=whom_words(self.finding, self.language), expected=expected
        )

    def _says_whom(self) -> bool:
        group = self.comparison.group
        special = any(has_phrase(f"expected.{name}") for name in (group, f"{group}_controls"))
        known = is_count(self.number("expected")) and is_count(self.number("n_controls"))
        return known and not (special or self.market or self.finding["evidence"] == "none")

    def _others(self) -> str:
        """How often the same happened to what others hold, where nothing is expected."""
        key, n, reached = f"others.{self.comparison.group}", self.number("n_controls"), self.number("controls_observed")
        if not has_phrase(key) or not (n > 0 and is_count(n) and is_count(reached)):
            return ""
        counts = {
            "others": count_words("bare", n, self.language),
            "others_reached": count_words("bare", reached, self.language),
        }
        return phrase(key, self.language, **counts)

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
        """How often one may have looked: of findings above weak."""
        if self.finding["evidence"] not in ABOVE_WEAK or not self.number("bias_factor") > 1:
            return ""
        p = self.share("anytime_p")
        if p < _SIGNIFICANT:
            return phrase("chance.looked", self.language, n=_at_most_one_in(p, self.language))
        return phrase("chance.one_look", self.language)

    def vanish(self) -> str:
        """How wrong the comparison would have to be to leave nothing: of findings above weak."""
        if self.finding["evidence"] not in ABOVE_WEAK:
            return ""
        language, group, factor = self.language, self.comparison.group, self.number("bias_factor")
        low = next(
            (low for low in map(self.number, ("bias_factor_low", "adjusted_low", "ci_low")) if not math.isnan(low)),
            math.nan,
        )
        least = ratio_words(low, language) if _MORE_THAN_ONCE <= low < math.inf else ""
        these = phrase(f"these.{group}", language) if has_phrase(f"these.{group}") else ""
        if these and factor > 1 and is_count(factor):
            said = phrase("vanish.all", language, name=self.name, these=these, ratio=ratio_words(factor, language))
            return said + (phrase("vanish.all_low", language, low=least) if least else "")
        key = f"vanish.{self.subject if these else group}"
        if not least or not has_phrase(key) or (these and not factor > 1):
            return ""
        return phrase(key, language, name=self.name, these=these, low=least)

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
        if self.finding["evidence"] not in ABOVE_WEAK:
            return self._weak()
        rating = phrase(f"rating.{self.finding['evidence']}", language)
        if math.isnan(share + low + high):
            text = phrase("share.unknown", language, rating=rating, source=self.source)
        else:
            low_, high_ = percent_words(low, language), percent_words(high, language)
            about = percent_words(share, language, about=True)
            text = phrase("share.known", language, rating=rating, share=about, source=self.source, low=low_, high=high_)
        if not math.isnan(posterior):
            text += phrase("share.posterior", language, p=posterior_words(posterior, language))
        return [text]

    def _weak(self) -> list[str]:
        """What a weak finding is consistent with and what keeps it weak: a probability or a share would be read as a chance of guilt."""
        language, between = self.language, self.share("p_between")
        kept = weak_because(self.finding)
        reason = ""
        if not kept and between >= WEAK:
            reason = phrase("weak.lists", language, often=chance_words(between, language))
        elif not kept:
            reason = phrase("weak.chance", language)
        rating = phrase("rating.weak", language, why=reason)
        said = phrase("share.weak", language, rating=rating, source=self.source)
        # It is a sentence with its full stop.
        return [said, *(caveat_text(caveat, language).removesuffix(".") for caveat in kept)]

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
        if all(map(is_count, (ratio, low, high))):
            ratio_, low_, high_ = (ratio_words(x, language) for x in (ratio, low, high))
            return phrase("chance.odds", language, ratio=ratio_, low=low_, high=high_)
        if is_count(low) and low > 0:
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
    return count_words(kind, number_of(value), language)


def _frequency(key: str, p: float, adjusted: float, language: str) -> str:
    if math.isnan(p):
        return phrase("chance.missing", language)
    said = phrase(key, language, often=chance_words(p, language))
    if p < _SIGNIFICANT and adjusted > _SAME * p:
        said += phrase("chance.adjusted", language, p=probability_words(adjusted, language))
    return said


def _in_unit(value: float) -> float:
    return value if 0 <= value <= 1 else math.nan


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
