"""The words for how much the figures say, and what to bear in mind beside them."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tasrib._resources import resource

LEVELS = ("none", "weak", "moderate", "strong")
LANGUAGES = ("ar", "fr", "en")
# Unknown prefixes beyond this share of the people, one region beyond this share, fewer people than this, and a variance
# beyond this multiple of the binomial one are worth a reader's attention.
_UNKNOWN, _REGION, _PEOPLE, _DISPERSION = 0.05, 0.5, 30, 1.2
_DIALLED = 0.05
_FORMATTING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@dataclass(frozen=True)
class Caveat:
    """
    Something to bear in mind beside a finding.

    Attributes
    ----------
    code : str
        A table of ``data/reference/caveats.toml``.
    values : mapping of str to int or str
        What its sentence is filled with: people, shares in per cent, names.
    """

    code: str
    values: Mapping[str, int | str] = field(default_factory=dict)


def evidence_level(p_value: float, p_adjusted: float, posterior: float, *, controlled: bool) -> str:
    """
    Word for a finding, by the scale of `tracing.md`.

    Parameters
    ----------
    p_value, p_adjusted : float
        Before and after adjustment for the other hypotheses.
    posterior : float
        Probability of the hypothesis.
    controlled : bool
        Whether the comparison is with controls or within pairs. Market shares alone support ``weak`` at most.

    Returns
    -------
    str
        ``strong``, ``moderate``, ``weak`` or ``none``.
    """
    if controlled and p_adjusted < 0.01 and posterior > 0.95:
        return "strong"
    if controlled and p_adjusted < 0.05 and posterior > 0.8:
        return "moderate"
    return "weak" if p_value < 0.05 else "none"


def caveat_codes(
    *,
    n_reached: int,
    n_controls: int,
    n_unknown: int,
    controlled: bool,
    relaxed: bool,
    stratified: bool,
    n_strata: int,
    top_region: tuple[str, float],
    overdispersion: float = 1.0,
    declared: int = 0,
    generated_p: float = float("nan"),
    confounded_with: str = "",
    paired: bool = False,
) -> list[Caveat]:
    """
    What a reader must bear in mind beside a finding, chosen by what the data show.

    Parameters
    ----------
    n_reached, n_controls : int
        People in the comparison.
    n_unknown : int
        People reached whose prefix belongs to no known operator; they are left out of it.
    controlled : bool
        Whether there were enough controls to compare with.
    relaxed : bool
        Whether controls had to be taken from other months or channels.
    stratified : bool
        Whether people were compared within strata of region, month or channel.
    n_strata : int
        Strata that held both people reached and controls.
    top_region : (str, float)
        The most frequent region of the people reached and its share of those with a region.
    overdispersion : float
        Variance between strata over the binomial one; NaN where it could not be estimated.
    declared : int
        People reached who said which operator serves them now.
    generated_p : float
        p-value of the test for numbers made up by machine; NaN where it was not made.
    confounded_with : str
        Another holder whose people are largely the same; empty where there is none.
    paired : bool
        Whether the comparison is between numbers of one person, which needs neither controls nor strata.

    Returns
    -------
    list of Caveat
        The one on other roads to the same picture always comes last.

    Raises
    ------
    ValueError
        When a count is negative.
    """
    counts = {"n_reached": n_reached, "n_controls": n_controls, "n_unknown": n_unknown, "declared": declared}
    negative = [f"{name} = {count}" for name, count in counts.items() if count < 0]
    if negative:
        raise ValueError(f"{', '.join(negative)}: give numbers of people, 0 or more")
    said = []
    if paired:
        said.append(Caveat("pairs_stated"))
    else:
        if not controlled:
            said.append(Caveat("no_controls"))
        elif n_controls < 2 * n_reached:
            said.append(Caveat("few_controls", {"n_controls": n_controls, "n_reached": n_reached}))
        if relaxed:
            said.append(Caveat("relaxed_controls"))
        if controlled and not (stratified and n_strata > 1):
            said.append(Caveat("no_strata"))
    total = n_reached + n_unknown
    if n_unknown > _UNKNOWN * total:
        said.append(Caveat("unknown_prefixes", {"n_unknown": n_unknown, "n_total": total}))
    region, share = top_region
    if share > _REGION and not paired:
        said.append(Caveat("one_region", {"share": round(100 * share), "region": region}))
    if n_reached < _PEOPLE:
        said.append(Caveat("few_people", {"n_reached": n_reached}))
    if overdispersion > _DISPERSION and not paired:
        said.append(Caveat("overdispersed"))
    if declared == 0:
        said.append(Caveat("portability_assumed"))
    if generated_p < _DIALLED:
        said.append(Caveat("looks_dialled"))
    if confounded_with:
        said.append(Caveat("shared_holder", {"confounded_with": confounded_with}))
    said.append(Caveat("alternatives"))
    return said


def caveat_text(caveat: Caveat, language: str = "en") -> str:
    """
    Say a caveat.

    Parameters
    ----------
    caveat : Caveat
        From `caveat_codes`.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        One sentence.

    Raises
    ------
    ValueError
        When code or language is unknown, or a value is missing.
    """
    sentences = _sentences().get(caveat.code)
    if not isinstance(sentences, dict) or language not in sentences:
        raise ValueError(f"no sentence for the caveat {caveat.code!r} in {language!r}; see data/reference/caveats.toml")
    values = {k: isolated(v, language) if isinstance(v, str) else v for k, v in caveat.values.items()}
    try:
        return sentences[language].format(**values)
    except KeyError as missing:
        raise ValueError(f"the caveat {caveat.code!r} needs the value {missing}") from None


def caveats(**shown: Any) -> list[str]:
    """
    Say in English what a reader must bear in mind beside a finding.

    Parameters
    ----------
    **shown
        As `caveat_codes`; without ``stratified`` and ``n_strata``, people were not compared within strata.

    Returns
    -------
    list of str
        Sentences.
    """
    return [caveat_text(caveat) for caveat in caveat_codes(**({"stratified": False, "n_strata": 1} | shown))]


def isolated(name: str, language: str) -> str:
    """
    Make a name safe to stand in a sentence of either writing direction.

    Parameters
    ----------
    name : str
        As in the data: of an operator, a region, an organisation.
    language : str
        Of the sentence.

    Returns
    -------
    str
        On one line, without bidirectional controls of its own; between U+2068 and U+2069 in Arabic, and elsewhere where the
        name is written from right to left (Unicode Standard Annex #9, section 2.4).
    """
    plain = " ".join("".join(c for c in name if unicodedata.bidirectional(c) not in _FORMATTING).split())
    turned = any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain)
    return f"\u2068{plain}\u2069" if language == "ar" or turned else plain


@cache
def _sentences() -> dict[str, dict[str, str]]:
    with resource("reference", "caveats.toml").open("rb") as file:
        return tomllib.load(file)
