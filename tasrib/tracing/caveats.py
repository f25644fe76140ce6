"""What to bear in mind beside a finding: codes chosen by what the data show, and their sentences in three languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tasrib._resources import resource

# Languages of what is told to people.
LANGUAGES = ("ar", "fr", "en")
# Unknown prefixes beyond this share of the people, one region beyond this share, fewer people than this, and a variance
# beyond this multiple of the binomial one are worth a reader's attention.
_UNKNOWN, _REGION, _PEOPLE, DISPERSED = 0.05, 0.5, 30, 1.2
_SPACES = re.compile("[^\\S\u00a0\u202f]+")
_FORMATTING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class Caveat(str):
    """
    Something to bear in mind beside a finding: a code, with what its sentence needs.

    Parameters
    ----------
    code : str
        A table of ``data/reference/caveats.toml``. As a string a caveat is its code, so that tables of findings can be searched and saved.
    values : mapping of str to int, str or tuple of str, optional
        What its sentence is filled with: people, shares in per cent, names.

    Examples
    --------
    >>> caveat = Caveat("few_people", {"n_reached": 12})
    >>> caveat == "few_people", caveat.values
    (True, {'n_reached': 12})
    """

    __slots__ = ("values",)
    values: Mapping[str, int | str | tuple[str, ...]]

    def __new__(cls, code: str, values: Mapping[str, int | str | tuple[str, ...]] | None = None) -> Caveat:
        """Keep the values beside the string."""
        self = super().__new__(cls, code)
        self.values = dict(values or {})
        return self

    @property
    def code(self) -> str:
        """The code alone."""
        return str(self)


ALTERNATIVES = Caveat("alternatives")
# Each alone keeps a finding from being more than weak: where one stands, it is what the finding's words give as the reason.
KEEP_WEAK = frozenset(
    {
        "no_controls", "looks_dialled", "one_prefix", "not_adjusted", "everyday_number", "rests_on_sender", "rests_on_unknown",
        "union_silent", "kept_silent", "one_hit",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """
    What the data show of a campaign, for the caveats of all its findings.

    Attributes
    ----------
    n_unknown : int
        People reached whose prefix belongs to no known operator; comparisons by operator leave them out.
    n_declared : int
        People reached who said which operator serves them now.
    top_region : (str, float)
        The most frequent region of the people reached and its share of those with a region.
    has_regions : bool
        Whether any of them has a region.
    is_skewed : bool
        Whether many more of them than of the controls live in one region, and regions are not compared apart.
    unknown_differs : bool
        Whether unknown prefixes are more frequent in one of the two groups.
    n_aside : int
        Reports left out of the controls, since their senders reached one operator's customers only.
    filers_said : bool
        Whether complaints say who filed them.
    filed : (int, int)
        People reached of filers who filed for two or more, and these filers; of each filer one person counts.
    relaxed : bool
        Whether controls had to be taken from other months or channels.
    n_strata : int
        Strata of region, month or channel that held both people reached and controls; 1 where there are no strata.
    doubts : tuple of Caveat
        Why comparisons between people say little of this campaign.
    """

    n_unknown: int = 0
    n_declared: int = 0
    top_region: tuple[str, float] = ("", 0.0)
    has_regions: bool = True
    is_skewed: bool = False
    unknown_differs: bool = False
    n_aside: int = 0
    filers_said: bool = True
    filed: tuple[int, int] = (0, 0)
    relaxed: bool = False
    n_strata: int = 0
    doubts: tuple[Caveat, ...] = ()


def caveats_beside_controls(finding: Mapping[str, Any], shown: Shown) -> list[Caveat]:
    """
    What to bear in mind beside a comparison with other people.

    Parameters
    ----------
    finding : mapping
        ``n_reached``, ``n_controls``, ``baseline``, ``overdispersion``, ``confounded_with``.
    shown : Shown
        What the data show of the campaign.

    Returns
    -------
    list of Caveat
        The one on other roads to the same picture always comes last.

    Raises
    ------
    ValueError
        When a count is negative.
    """
    n_reached, n_controls = _counts(finding, shown)
    beside_controls = finding["baseline"] != "market"
    said = []
    if not beside_controls:
        said.append(Caveat("no_controls"))
    elif n_controls < 2 * n_reached:
        said.append(Caveat("few_controls", {"n_controls": n_controls, "n_reached": n_reached}))
    if shown.relaxed:
        said.append(Caveat("relaxed_controls"))
    if beside_controls and shown.n_strata <= 1:
        said.append(Caveat("no_strata"))
    if not shown.has_regions:
        said.append(Caveat("region_unknown"))
    if shown.n_aside:
        said.append(Caveat("own_advertising", {"n_aside": shown.n_aside}))
    said += _unknown_prefixes(n_reached, shown)
    if shown.unknown_differs:
        said.append(Caveat("unknown_differ"))
    region, share = shown.top_region
    if share > _REGION:
        said.append(Caveat("one_region", {"share": round(100 * share), "region": region}))
    said += _filers(shown)
    said += _few_people(n_reached)
    if finding["overdispersion"] > DISPERSED:
        said.append(Caveat("overdispersed"))
    return said + _in_any_case(finding, shown)


def caveats_of_everyone(finding: Mapping[str, Any], shown: Shown) -> list[Caveat]:
    """
    What to bear in mind beside a comparison with other people that leaves nobody out for an unknown prefix.

    Parameters
    ----------
    finding, shown
        As in `caveats_beside_controls`.

    Returns
    -------
    list of Caveat
        The same, without that on unknown prefixes.

    Raises
    ------
    ValueError
        When a count is negative.
    """
    return caveats_beside_controls(finding, replace(shown, n_unknown=0))


def caveats_within_people(finding: Mapping[str, Any], shown: Shown) -> list[Caveat]:
    """
    What to bear in mind beside a comparison between numbers of one person.

    Parameters
    ----------
    finding, shown
        As in `caveats_beside_controls`.

    Returns
    -------
    list of Caveat
        Nothing of controls, strata and regions, which such a comparison does not need.

    Raises
    ------
    ValueError
        When a count is negative.
    """
    n_reached, _ = _counts(finding, shown)
    said = [Caveat("pairs_stated"), *_unknown_prefixes(n_reached, shown), *_few_people(n_reached)]
    return said + _in_any_case(finding, shown)


def _in_words(name: str, value: Any, language: str) -> Any:
    """What links campaigns, in the language; every other value is a name or a number and stays."""
    if name != "shared":
        return value
    words = _sentences()["words"]
    return tuple(words[each][language] if each in words else each for each in value)  # type: ignore[index]


def _said(value: Any, language: str) -> Any:
    text = ", ".join(value) if isinstance(value, tuple) else value
    return isolated(text, language) if isinstance(text, str) else text


def caveat_text(caveat: Caveat, language: str = "en") -> str:
    """
    Say a caveat.

    Parameters
    ----------
    caveat : Caveat
        A code with its values.
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
    values = {k: _said(_in_words(k, v, language), language) for k, v in caveat.values.items()}
    try:
        return sentences[language].format(**values)
    except KeyError as missing:
        raise ValueError(f"the caveat {caveat.code!r} needs the value {missing}") from None


def one_line(name: str) -> str:
    """
    Take out of a name what would act on the words after it.

    Parameters
    ----------
    name : str
        As in the data.

    Returns
    -------
    str
        On one line, without bidirectional and other controls.
    """
    kept = (c for c in name if unicodedata.bidirectional(c) not in _FORMATTING)
    flat = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") else " " for c in kept)
    # Spaces that hold a figure together stay.
    return " ".join(part for part in _SPACES.split(flat) if part)


def isolated(name: str, language: str) -> str:
    """
    Make a name or figure safe to stand in a sentence of either writing direction.

    Parameters
    ----------
    name : str
        As in the data: of an operator, a region, an organisation; or a figure, such as an interval.
    language : str
        Of the sentence.

    Returns
    -------
    str
        On one line, without bidirectional controls of its own. In Arabic between U+2066 (left to right) and U+2069: what holds no letter written
        from right to left would else be drawn backwards by some engines, `[6.1–2.9]` for `[2.9–6.1]`. What does hold one stands between U+2068 (first
        strong letter) and U+2069, in every language (Unicode Standard Annex #9, section 2.4).
    """
    plain = one_line(name)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in plain):
        return f"\u2068{plain}\u2069"
    return f"\u2066{plain}\u2069" if language == "ar" else plain


def _counts(finding: Mapping[str, Any], shown: Shown) -> tuple[int, int]:
    counts = {
        "n_reached": finding["n_reached"], "n_controls": finding["n_controls"],
        "n_unknown": shown.n_unknown, "n_declared": shown.n_declared,
    }  # fmt: skip
    negative = [f"{name} = {count}" for name, count in counts.items() if count < 0]
    if negative:
        raise ValueError(f"{', '.join(negative)}: give numbers of people, 0 or more")
    return counts["n_reached"], counts["n_controls"]


def _unknown_prefixes(n_reached: int, shown: Shown) -> list[Caveat]:
    total = n_reached + shown.n_unknown
    if shown.n_unknown <= _UNKNOWN * total:
        return []
    return [Caveat("unknown_prefixes", {"n_unknown": shown.n_unknown, "n_total": total})]


def _filers(shown: Shown) -> list[Caveat]:
    if shown.filed[0]:
        return [Caveat("one_filer", {"n_filed": shown.filed[0], "n_filers": shown.filed[1]})]
    return [] if shown.filers_said else [Caveat("filers_unknown")]


def _few_people(n_reached: int) -> list[Caveat]:
    return [Caveat("few_people", {"n_reached": n_reached})] if n_reached < _PEOPLE else []


def _in_any_case(finding: Mapping[str, Any], shown: Shown) -> list[Caveat]:
    said = [] if shown.n_declared else [Caveat("portability_assumed")]
    said += shown.doubts
    if finding["confounded_with"]:
        said.append(Caveat("shared_holder", {"confounded_with": tuple(finding["confounded_with"])}))
    return [*said, ALTERNATIVES]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    with resource("reference", "caveats.toml").open("rb") as file:
        return tomllib.load(file)
