"""Findings in plain words: right numbers, no accusation, whatever the finding."""

import re
import string
import tomllib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib._resources import resource
from tasrib.report.narrative import narrate, narrate_verdict
from tasrib.tracing.caveats import Caveat, caveat_text
from tasrib.tracing.comparisons import by_key

NAN, INF = float("nan"), float("inf")
LANGUAGES = ("ar", "fr", "en")
FORBIDDEN = re.compile(
    r"\b(proof|proofs|prov(e|es|ed|en|ing)|guilt\w*|culprit\w*|blame\w*|leak\w*|stole\w*|theft|thief|"
    r"preuve\w*|prouv\w*|coupab\w*|fuite\w*|vol|vols|volé\w*|voleur\w*|fautif\w*)\b"
    r"|دليل|أدلة|برهان|مذنب|مدان|متهم|جان[ٍي]|إثبات|ثبت|يثبت|تسريب|مسر[ّ]?ب|سرق|المسؤول عن",
    re.IGNORECASE,
)
CONSISTENT = {"en": "consistent with", "fr": "compatible avec", "ar": "تتوافق"}
FINDING = dict(
    campaign_id="c-1", party="", comparison="operators", name="A", method="Fisher exact, one-sided", n_reached=120, observed=61,
    expected=30.4, odds_ratio=3.44, ci_low=1.8, ci_high=6.6, leak_share=0.41, leak_share_low=0.25, leak_share_high=0.55,
    p_value=1 / 1234, p_adjusted=0.0163, posterior=0.972, baseline="both", evidence="moderate", n_controls=2240,
    detectable_share=0.22,
)  # fmt: skip
ADJUSTED = {"adjusted_odds_ratio": 3.44, "adjusted_low": 1.8, "adjusted_high": 6.6}
KINDS = {
    "operator": {},
    "looked": {"bias_factor": 3.44, "bias_factor_low": 1.8, "anytime_p": 0.0042},
    "unbounded": {"bias_factor": INF, "bias_factor_low": 1.8, "anytime_p": 0.3},
    "market": {"baseline": "market", "evidence": "weak"},
    "paired": {"comparison": "pairs"},
    "union": {
        "comparison": "unions",
        "note": "c-2, c-3",
        "n_senders": 12.0,
        "compared_within": ("region", "month"),
        "bias_factor": 2.0,
    },
    "union_unnamed": {"comparison": "unions", "caveats": (Caveat("relaxed_controls"),)},
    "prefix": {"comparison": "tree", "name": ("MA", "A", "066", "0661"), "leak_share": NAN},
    "block": {"comparison": "tree", "name": ("MA", "A", "066", "0661", "0661 23xxxx"), "leak_share": NAN},
    "organisation": {"comparison": "holders", "name": "Mutuelle Nour", "leak_share": NAN, **ADJUSTED},
    "shared": {"comparison": "holders", "name": "Mutuelle Nour", "confounded_with": ("B",), **ADJUSTED},
    "canary": {
        "comparison": "canaries",
        "name": "Mutuelle Nour",
        "n_reached": 5,
        "observed": 2,
        "expected": 0.02,
        "log10_lr": 4.2,
    },
}
OVERLAP = dict(
    campaign_a="c-1", campaign_b="c-2", n_a=105, n_b=11, overlap=9, expected=1.2, p_value=2e-4, p_adjusted=0.01
)
GENERATED = dict(campaign_id="c-1", n=60, p_adjusted=0.002, pattern="exhaustive block")
OPENERS = re.compile("[\u2066\u2068]")
WORDINGS = tomllib.loads(resource("reference", "narratives.toml").read_text("utf-8"))


def narrate_overlap(row, language):
    return narrate_verdict(by_key()["overlap"], row, language)


def narrate_generated(row, language):
    return narrate_verdict(by_key()["dialling"], row, language)


def everything(language):
    """All the paragraphs there are."""
    for change in KINDS.values():
        for level in ("none", "weak", "moderate", "strong"):
            yield narrate(FINDING | change | {"evidence": level}, language)
        yield narrate(
            FINDING | change | {"evidence": "none", "detectable_share": NAN, "leak_share_high": 0.9}, language
        )
        yield narrate(FINDING | change | {"observed": 0, "odds_ratio": INF, "p_value": NAN}, language, alias={"A": "Z"})
    for p in (0.001, 0.4, NAN):
        yield narrate_overlap(OVERLAP | {"p_value": p, "p_adjusted": p}, language)
        for pattern in ("none", "consecutive", "even", "exhaustive block"):
            yield narrate_generated(GENERATED | {"p_adjusted": p, "pattern": pattern}, language)


def wordings():
    for section, entries in WORDINGS.items():
        if isinstance(entries, dict):
            yield from ((f"{section}.{name}", entry) for name, entry in entries.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_accused(language):
    for text in everything(language):
        assert not FORBIDDEN.search(text), text


def test_no_wording_accuses_either():
    for file in ("narratives.toml", "caveats.toml", "figure_words.toml", "report_words.toml", "said.toml"):
        text = re.sub("^#.*$", "", resource("reference", file).read_text("utf-8"), flags=re.MULTILINE)
        assert not FORBIDDEN.search(text)


@pytest.mark.parametrize("word", ["It is proof", "la preuve", "دليل قاطع", "guilty", "coupable", "مذنب", "was leaked"])
def test_the_forbidden_words_would_be_seen(word):
    assert FORBIDDEN.search(word)


def test_each_wording_has_three_languages_with_the_same_values():
    for key, entry in wordings():
        assert set(entry) == set(LANGUAGES), key
        if key.startswith("count."):
            continue
        fields = [{f[1] for f in string.Formatter().parse(entry[language]) if f[1]} for language in LANGUAGES]
        if key not in ("generated.pattern", "generated.pattern_none"):  # numbers with a noun in English only
            assert fields[0] == fields[1] == fields[2], key


def test_french_wordings_keep_their_spaces():
    for _, entry in wordings():
        text = entry["fr"] if isinstance(entry["fr"], str) else " ".join(entry["fr"].values())
        assert not re.search(r" [;:?!%»]|« ", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_to_seven_sentences_without_gaps(language):
    for text in everything(language):
        assert not re.search(r"[{}]|\bnan\b|\binf\b|–|∞|\.\.|  ", text), text
        assert len(OPENERS.findall(text)) == text.count("\u2069")
        withheld = any(word in text for word in ("alias", "emprunt", "مستعار"))
        assert 3 - withheld <= len(re.findall(r"\.(?= |$)", text)) <= 7, text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", KINDS.values(), ids=KINDS)
def test_a_finding_says_consistent_and_no_more(change, language):
    assert CONSISTENT[language] in narrate(FINDING | change, language)


def test_the_numbers_are_those_of_the_finding():
    text = narrate(FINDING, "en")
    for part in (
        "120 people, 61 of them",
        "about 30",
        "2,240 people",
        "once in 1,200",
        "0.016",
        "41%",
        "25% and 55%",
        "0.97",
    ):
        assert part in text
    text = narrate(FINDING, "fr")
    for part in (
        "120 personnes, dont 61",
        "environ 30",
        "2\u00a0240 personnes",
        "sur 1\u00a0200",
        "0,016",
        "41\u00a0%",
        "0,97",
    ):
        assert part in text
    text = narrate(FINDING, "ar")
    for part in (
        "120 شخصا، 61 منهم",
        "نحو 30",
        "2\u00a0240 شخصا",
        "كل 1\u00a0200 مقارنة",
        "0,016",
        "41%",
        "0,97",
        "\u2066A\u2069",
    ):
        assert part in text


def test_the_numbers_of_other_kinds():
    assert "about 16,000 times as likely" in narrate(FINDING | KINDS["canary"], "en")
    assert "5 test numbers had been given to Mutuelle Nour" in narrate(FINDING | KINDS["canary"], "en")
    by_ratio = FINDING | KINDS["canary"] | {"log10_lr": NAN, "odds_ratio": 37.0}
    assert "about 37 times as likely" in narrate(by_ratio, "en")
    assert "3.4 times as high" in narrate(FINDING | KINDS["organisation"], "en")
    assert "at least 1.8 times" in narrate(
        FINDING | KINDS["organisation"] | {"adjusted_odds_ratio": INF, "adjusted_high": INF}, "en"
    )
    assert "those of B" in narrate(FINDING | KINDS["shared"], "en")
    assert "those of Z" in narrate(FINDING | KINDS["shared"], "en", alias={"B": "Z"})
    assert "begins with 0661" in narrate(FINDING | KINDS["prefix"], "en")
    assert "reached by both: 9" in narrate_overlap(OVERLAP, "en")
    assert "once in 500" in narrate_generated(GENERATED, "en")


def test_none_says_what_could_have_been_seen():
    none = FINDING | {"evidence": "none", "posterior": 0.2, "leak_share_high": 0.7}
    assert "22% or more would have shown" in narrate(none, "en")
    assert "neither show nor rule out" in narrate(none, "en")
    assert "not consistent with" in narrate(none | {"leak_share_high": 0.3}, "en")
    assert "not calculated" in narrate(none | {"detectable_share": NAN}, "en")
    assert "drawn wholly" in narrate(none | {"detectable_share": INF}, "en")


def test_a_finding_above_weak_says_how_often_one_may_look_and_how_wrong_one_would_have_to_be():
    text = narrate(FINDING | KINDS["looked"], "en")
    assert "at most 1 case in 230." in text  # 1 / 0.0042 = 238, rounded down
    assert "this campaign 3.4 times as often" in text
    assert "(1.8 times to leave no more than chance)" in text
    assert "3,4 fois aussi souvent" in narrate(FINDING | KINDS["looked"], "fr")
    unbounded = narrate(FINDING | KINDS["unbounded"], "en")
    assert "holds for one look" in unbounded
    assert "at least 1.8 times as often" in unbounded
    assert "times to leave" not in narrate(FINDING | KINDS["looked"] | {"bias_factor_low": 1.0}, "en")
    assert "more than 1,000,000" in narrate(FINDING | KINDS["looked"] | {"anytime_p": 0}, "en")
    for quiet in ({"evidence": "weak"}, {"bias_factor": 1.0}, {"bias_factor": NAN}):
        assert narrate(FINDING | KINDS["looked"] | quiet, "en") == narrate(FINDING | quiet, "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", KINDS.values(), ids=KINDS)
def test_of_a_weak_finding_neither_share_nor_posterior_is_told(change, language):
    text = narrate(FINDING | change | {"evidence": "weak", "leak_share": 0.43, "posterior": 0.97}, language)
    assert not re.search(r"43|25 ?\u00a0?%|55 ?\u00a0?%|0[.,]97", text)


def test_what_keeps_a_finding_weak_is_said_once():
    weak = FINDING | {"evidence": "weak"}
    assert "such as chance or complaint habits alone can make" in narrate(weak, "en")
    assert "lists without any such link differ from each other as much about once in 10 " in narrate(
        weak | {"p_between": 0.1}, "en"
    )
    kept = Caveat("rests_on_sender", {"n_people": 40})
    caveats = (Caveat("one_sender"), kept, Caveat("everyday_number", {"n_controls": 3}), Caveat("alternatives"))
    for language in LANGUAGES:
        text = narrate(weak | {"caveats": caveats, "p_between": 0.1}, language)
        assert text.count(caveat_text(kept, language)) == 1
        assert not any(caveat_text(each, language) in text for each in caveats if each is not kept)
    assert "such as chance" not in narrate(weak | {"caveats": caveats}, "en")
    assert "40 reports" not in narrate(FINDING | {"caveats": caveats}, "en")


def test_with_whom_people_were_compared_is_said_of_each_finding_above_none():
    known = FINDING | {"n_senders": 12.0, "compared_within": ("region", "month", "channel")}
    whom = "2,240 people who complained of other messages in the same months and channels (from 12 senders), within each region, month and channel"
    assert f". Compared with {whom}, about 30 would be expected" in narrate(known, "en")
    assert "(12 expéditeurs), au sein de chaque région, mois et canal, on en attendrait environ 30" in narrate(
        known, "fr"
    )
    assert "(12 مرسلا)، داخل كل جهة وشهر وقناة" in narrate(known, "ar")
    assert "in any month and channel" in narrate(known | {"caveats": (Caveat("relaxed_controls"),)}, "en")
    assert "going by the 2,240 people" in narrate(known | {"evidence": "none"}, "en")
    assert "and said who else holds their number" in narrate(FINDING | KINDS["organisation"], "en")
    assert "spread like those of 2,240 people" in narrate(FINDING | KINDS["prefix"], "en")
    others = {"expected": NAN, "n_controls": 8, "controls_observed": 1}
    assert "given to others it reached 1 out of 8" in narrate(FINDING | KINDS["canary"] | others, "en")


def test_campaigns_together_are_told_as_several():
    assert "This campaign and those sent with it (c-2, c-3) reached 120 people together" in narrate(
        FINDING | KINDS["union"], "en"
    )
    assert "complain of these campaigns 2.0 times as often" in narrate(FINDING | KINDS["union"], "en")
    assert "those sent with it reached" in narrate(FINDING | KINDS["union_unnamed"], "en")


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("paired", {"ci_low": 1.8}, "use their number with A, beside their other ones, at least 1.8 times as much"),
        ("organisation", {"adjusted_low": 2.2}, "name Mutuelle Nour at least 2.2 times as readily"),
        ("paired", {"ci_low": 1.01}, ""),
        ("canary", {}, ""),
        ("prefix", {}, ""),
    ],
)
def test_what_would_undo_other_findings(kind, change, words):
    text = narrate(FINDING | KINDS[kind] | change, "en")
    assert words in text
    assert ("would have had to" in text) == bool(words)
    assert "would have had to" not in narrate(FINDING | KINDS[kind] | change | {"evidence": "weak"}, "en")


def test_market_shares_alone_never_give_a_probability():
    text = narrate(FINDING | KINDS["market"], "en")
    assert "no random sample" in text
    assert "0.97" not in text


def test_dialled_numbers_speak_against_a_list():
    assert "speaks against a list" in narrate_generated(GENERATED, "en")
    assert "against" not in narrate_generated(GENERATED | {"p_adjusted": 0.3}, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_aliases_hide_names_prefixes_and_market(language):
    alias = {"Atlas Mobile": "Z"}
    operator = FINDING | {"name": "Atlas Mobile"}
    assert "Atlas" not in narrate(operator, language, alias=alias)
    market = narrate(operator | KINDS["market"], language, alias=alias)
    assert not re.search("Atlas|30|41|0[.,]016", market)
    for kind in ("prefix", "block"):
        assert "0661" not in narrate(FINDING | KINDS[kind], language, alias=alias)
    assert "Z-01" in narrate(FINDING | {"comparison": "tree", "name": ("MA", "Z", "Z-01")}, language)


def test_a_figure_withheld_before_is_withheld_here():
    blank = dict.fromkeys(["expected", "p_value", "p_adjusted", "posterior", "leak_share"], NAN)
    assert "withheld" in narrate(FINDING | KINDS["market"] | blank, "en")


def test_a_row_of_a_table_will_do_and_brief_is_the_beginning():
    row = pd.DataFrame([FINDING]).iloc[0]
    assert narrate(row, "en") == narrate(FINDING, "en")
    for finding in (FINDING, FINDING | KINDS["looked"]):
        assert narrate(finding, "en").startswith(narrate(finding, "en", brief=True))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"comparison": "planets", "name": "Mars"}, "no kind"),
        ({"name": ""}, "no kind"),
        ({"evidence": "sure"}, "one of none"),
    ],
)
def test_wrong_use_is_told(change, word):
    with pytest.raises(ValueError, match=word):
        narrate(FINDING | change, "en")
    with pytest.raises(ValueError, match="language"):
        narrate(FINDING, "es")


WILD = st.one_of(st.floats(), st.integers(-3, 10**7), st.sampled_from([NAN, INF, -INF, 0, None, pd.NA, 1e-300]))
NUMBERS = [name for name, value in FINDING.items() if not isinstance(value, str)]


@settings(max_examples=150)
@given(
    numbers=st.fixed_dictionaries({name: WILD for name in [*NUMBERS, *ADJUSTED, *KINDS["looked"], "log10_lr"]}),
    change=st.sampled_from(list(KINDS.values())),
    evidence=st.sampled_from(["none", "weak", "moderate", "strong"]),
    language=st.sampled_from(LANGUAGES),
    alias=st.sampled_from([None, {"A": "Z"}]),
)
def test_wild_findings_are_told_without_gaps(numbers, change, evidence, language, alias):
    finding = FINDING | change | numbers | {"evidence": evidence}
    rows = OVERLAP | {"n_a": numbers["n_reached"], "overlap": numbers["observed"], "expected": numbers["expected"]}
    ps = {"p_value": numbers["p_value"], "p_adjusted": numbers["p_adjusted"], "n": numbers["n_reached"]}
    for text in (
        narrate(finding, language, alias=alias),
        narrate_overlap(rows | ps, language),
        narrate_generated(GENERATED | ps, language),
    ):
        assert not re.search(r"[{}]|\bnan\b|\binf\b|<NA>|None|–|∞", text), text
        assert 2 <= len(re.findall(r"\.(?= |$)", text)) <= 7


@given(
    name=st.text(st.characters(exclude_characters=":"), min_size=1, max_size=20), language=st.sampled_from(LANGUAGES)
)
def test_any_name_stays_on_its_line_and_in_its_direction(name, language):
    text = narrate(FINDING | {"comparison": "holders", "name": name}, language)
    assert len(text.splitlines()) == 1
    assert len(OPENERS.findall(text)) == text.count("\u2069")
    assert not re.search("[\u202a-\u202e\u2067]", text)
