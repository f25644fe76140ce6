"""Each figure in each language: what it draws is in its table, and nothing is drawn that may not be."""

import itertools
import re
import string
import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from figure_case import NAN, a_result, a_scored, campaign, finding, node, pair, shares

from tasrib._resources import resource
from tasrib.classify import CATEGORIES
from tasrib.report.categories import NOT_SAID, category_words
from tasrib.report.figures import (
    OF_CAMPAIGN,
    OF_CASE,
    detectable,
    figures_of_campaign,
    figures_of_case,
    list_share,
    numbering,
    odds,
    overlap,
)
from tasrib.report.figures import shares as shares_figure
from tasrib.report.figures.wording import count, percent, ratio

LANGUAGES = ("ar", "fr", "en")
WORDS = tomllib.loads(resource("reference", "figure_words.toml").read_text("utf-8"))


def everything(language, result=None, scored=None):
    """All figures, by key; those of the campaign in which something was found."""
    result = a_result() if result is None else result
    scored = a_scored() if scored is None else scored
    return figures_of_case(scored, result, language) | figures_of_campaign(result, "c-1", language)


def values(figure):
    return figure.spec["data"]["values"]


def cells(figure):
    return " ".join(" ".join(map(str, row)) for row in figure.table.to_numpy())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_registry_draws(language):
    drawn = everything(language)
    assert list(drawn) == [*OF_CASE, *OF_CAMPAIGN]
    for key, figure in drawn.items():
        assert (figure.key, figure.language) == (key, language)
        assert figure.title
        assert figure.sentence.strip().endswith(".")
        assert figure.title in figure.alt
        assert figure.sentence in figure.alt
        assert len(figure.table)
        assert figure.table.columns.is_unique
        assert not re.search(r"\{|\bnan\b|None|inf\b", f"{figure.alt} {cells(figure)}")
        assert "<svg" in figure.svg


def test_every_wording_is_in_three_languages_with_the_same_values():
    for section, entries in WORDS.items():
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            assert set(entry) == set(LANGUAGES), f"{section}.{name}"
            fields = [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in entry.values()]
            assert fields[0] == fields[1] == fields[2], f"{section}.{name}"


def test_every_category_has_its_words():
    for language in LANGUAGES:
        assert set(category_words(language)) == {*CATEGORIES, "", NOT_SAID}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_the_shares_holds_what_is_drawn(language):
    figure = everything(language)["shares"]
    drawn = {(each["row"], each["group"]): each for each in values(figure)}
    assert len(drawn) == 9
    for (row, group), mark in drawn.items():
        column = {"reached": 2, "controls": 4, "market": 5}[group]
        cell = figure.table.iloc[row, column]
        for number in (mark["share"], *(mark[end] for end in ("low", "high") if end in mark)):
            assert percent(number, language) in cell
    assert percent(0.6, language) in figure.sentence
    assert percent(0.25, language) in figure.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_odds_holds_what_is_drawn(language):
    figure = everything(language)["odds"]
    rows = [each for each in values(figure) if "middle" in each]
    assert len(rows) == len(figure.table) == 9
    for row, cell in zip(rows, figure.table.iloc[:, 5], strict=True):
        numbers = re.findall(r"\d+[.,]\d|∞", row["said"])
        assert numbers == re.findall(r"\d+[.,]\d|∞", cell)
        if not (row["low_cut"] or row["high_cut"]):
            assert ratio(row["middle"], language) in cell
    strong = rows[0]
    assert (strong["side"], strong["middle"], strong["low"], strong["high"]) == ("sure", 4.5, 2.9, 7.1)
    assert ratio(2.9, language) in figure.sentence


def test_ratios_without_end_are_cut_at_the_axis_with_an_arrow():
    figure = everything("en")["odds"]
    domain = figure.spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    rows = {each["said"]: each for each in values(figure) if "middle" in each}
    without_end, from_nothing = rows["∞ (1.3–∞)"], rows["0.0 (0.0–0.4)"]
    assert (without_end["middle"], without_end["high"], without_end["high_cut"], without_end["low_cut"]) == (
        domain[1], domain[1], True, False,
    )  # fmt: skip
    assert (from_nothing["middle"], from_nothing["low"], from_nothing["low_cut"]) == (domain[0], domain[0], True)
    assert all(domain[0] <= row["low"] <= row["high"] <= domain[1] for row in rows.values())


def test_of_many_intervals_the_smallest_p_values_are_drawn():
    many = [finding(f"c-{i:03}", name, p_adjusted=0.001 * i + 0.01) for i in range(60) for name in ("Inwi", "Orange")]
    figure = odds.draw(a_scored(), a_result(findings=many), "en")
    assert len(figure.table) == 24
    assert set(figure.table["campaign"]) == {f"c-{i:03}" for i in range(12)}
    assert "96" in figure.sentence


@pytest.mark.parametrize("evidence", ["weak", "none"])
def test_no_share_of_the_list_is_drawn_below_moderate(evidence):
    for language in LANGUAGES:
        result = a_result(findings=[finding("c-1", "Inwi", evidence=evidence, leak_share=0.4667)])
        assert list_share.draw(result, "c-1", language) is None
        # Nor is it said by another figure.
        drawn = everything(language, result).values()
        assert not [each.key for each in drawn if re.search(r"\b4[67]\b", f"{each.alt} {cells(each)}")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_curve_of_the_list_is_the_likelihood_its_interval_is_cut_from(language):
    figure = everything(language)["list_share"]
    for number in (0.4667, 0.36, 0.57):
        assert percent(number, language) in figure.table.iloc[0, 1]
    curve = [each for each in values(figure) if "fit" in each]
    height = np.array([each["fit"] - each["base"] for each in curve])
    assert height / height.max() == pytest.approx(a_result().table("fits")["fit"].to_numpy())
    inside = [each["share"] for each in curve if each["inside"]]
    assert (inside[0], inside[-1]) == (0.36, 0.57)


def test_a_share_without_counts_is_drawn_as_an_interval_alone():
    more = dict(evidence="moderate", leak_share=0.77, leak_share_low=0.43, leak_share_high=0.99)
    result = a_result(findings=[finding("c-1", "Magasin Azur", "holders", **more)])
    figure = list_share.draw(result, "c-1", "en")
    assert not [each for each in values(figure) if "fit" in each]
    assert "77% (43% to 99%)" in figure.table.iloc[0, 1]
    # The same of a result of before, which kept no counts.
    result = a_result(findings=[finding("c-1", "Inwi", **more)], fits=pd.DataFrame())
    assert not [each for each in values(list_share.draw(result, "c-1", "en")) if "fit" in each]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tree_is_a_tree(language):
    figure = everything(language)["tree"]
    boxes = values(figure)
    assert [count(box["people"], language) for box in boxes] == list(figure.table.iloc[:, 1])
    assert [ratio(box["expected"], language) for box in boxes] == list(figure.table.iloc[:, 2])
    by_column = {}
    for box in boxes:
        by_column.setdefault(box["left"], []).append((box["start"], box["end"]))
    # What stands beside a box is within it, nothing covers anything else, and all people are there.
    for spans in by_column.values():
        spans.sort()
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    first = by_column[min(by_column)]
    assert (first[0][0], first[-1][1]) == (0, 100)
    assert sum(box["people"] for box in boxes if box["left"] == min(by_column)) == 100
    # The prefix that is not listed has the people of its operator, and they are not lost.
    orange = [box for box in boxes if box["start"] >= 80]
    assert sorted(box["people"] for box in orange) == [8, 12, 20, 20]


def test_of_the_tree_nothing_is_drawn_where_it_shows_nothing():
    result = a_result(findings=[finding("c-1", "Inwi")])
    assert numbering.draw(result, "c-1", "en") is None
    assert numbering.draw(a_result(nodes=pd.DataFrame()), "c-1", "en") is None
    alone = pd.DataFrame([node("c-1", ("MA",), 60, 160, 60.0)])
    assert numbering.draw(a_result(nodes=alone), "c-1", "en") is None
    flat = pd.DataFrame(
        [
            node("c-1", ("MA",), 60, 160, 60.0),
            node("c-1", ("MA", "Inwi"), 40, 90, 40.0),
            node("c-1", ("MA", "Orange"), 20, 70, 20.0),
        ]
    )
    assert "No prefix or block" in numbering.draw(a_result(nodes=flat), "c-1", "en").sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_the_overlap_holds_what_is_drawn(language):
    figure = everything(language)["overlap"]
    assert [each["kind"] for each in values(figure)] == ["shared", "not_shared"]
    for i, each in enumerate(values(figure)):
        assert figure.table.iloc[i, 3] == count(each["overlap"], language)
        assert figure.table.iloc[i, 4] == ratio(each["expected"], language)


def test_of_many_pairs_the_first_are_drawn():
    pairs = pd.DataFrame([pair("c-1", f"c-{i}", p=0.001 * i) for i in range(2, 42)])
    figure = overlap.draw(a_scored(), a_result(overlaps=pairs), "en")
    assert len(values(figure)) == len(figure.table) == 12
    assert "28" in figure.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_what_could_be_detected_holds_what_is_drawn(language):
    figure = everything(language)["detectable"]
    # Of a campaign with a finding, weak or more, it is not said.
    assert len(figure.table) == 3
    rows = {each["row"]: each for each in values(figure) if "low" in each}
    assert {row: (each["low"], each["high"]) for row, each in rows.items()} == {0: (0.7, 1.0), 1: (0.66, 0.81)}
    assert {each["row"] for each in values(figure) if "beyond" in each} == {0}
    assert [each["row"] for each in values(figure) if "nothing" in each] == [2]
    assert percent(0.66, language) in figure.table.iloc[1, 3]
    assert percent(0.66, language) in figure.sentence


def test_what_could_be_detected_is_not_said_beside_market_shares_alone():
    beside_market = [finding("c-1", name, baseline="market", detectable_share=0.4) for name in ("Inwi", "Orange")]
    assert detectable.draw(a_scored(), a_result(findings=beside_market), "en") is None
    blind = [finding("c-1", name, detectable_share=NAN) for name in ("Inwi", "Orange")]
    assert "None of the 1" in detectable.draw(a_scored(), a_result(findings=blind), "en").sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["days", "campaign_days"])
def test_the_table_of_days_holds_what_is_drawn(key, language):
    figure = everything(language)[key]
    drawn = {}
    for each in values(figure):
        if "n" in each:
            drawn.setdefault(each["row"], []).append(count(each["n"], language))
    for row, counts in drawn.items():
        assert [cell for cell in figure.table.iloc[:, 1 + row] if cell != count(0, language)] == counts


def test_of_many_days_several_make_a_bar():
    n = 400
    scored = a_scored(n).assign(received_at=pd.date_range("2021-01-01", periods=n, freq="D", tz="UTC"))
    figure = figures_of_case(scored, a_result(), "en")["days"]
    assert len({each["at"] for each in values(figure) if "n" in each}) <= 62
    assert sum(each["n"] for each in values(figure) if "n" in each) == n
    assert "in the 7 days from" in figure.sentence
    assert figure.table.columns[0] == "from"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["categories", "parties"])
def test_the_table_of_counts_holds_what_is_drawn(key, language):
    figure = everything(language)[key]
    assert [count(each["count"], language) for each in values(figure)] == list(figure.table.iloc[:, 1])
    assert [each["count"] for each in values(figure)] == sorted(
        (each["count"] for each in values(figure)), reverse=True
    )


def test_without_controls_or_market_the_rest_is_drawn():
    alone = a_result(with_shares=shares("c-1", controls=(0, 0, 0), market=(NAN, NAN, NAN)))
    figure = shares_figure.draw(alone, "c-1", "en")
    assert {each["group"] for each in values(figure)} == {"reached"}
    assert "nothing here to compare it with" in figure.sentence
    assert set(figure.table["share of the controls (95%)"]) == {"–"}
    market = a_result(with_shares=shares("c-1", controls=(0, 0, 0)))
    figure = shares_figure.draw(market, "c-1", "en")
    assert {each["group"] for each in values(figure)} == {"reached", "market"}
    assert "market share is 25%" in figure.sentence
    controls = a_result(with_shares=shares("c-1", market=(NAN, NAN, NAN)))
    assert {each["group"] for each in values(shares_figure.draw(controls, "c-1", "en"))} == {"reached", "controls"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_campaign_alone_is_drawn(language):
    result = a_result(
        findings=[finding("c-1", "Inwi")],
        campaigns=[campaign("c-1")],
        with_shares=shares("c-1"),
        overlaps=pd.DataFrame(),
    )
    drawn = everything(language, result)
    assert set(drawn) == {"odds", "detectable", "categories", "parties", "days", "campaign_days", "shares"}
    assert all("<svg" in figure.svg for figure in drawn.values())


def test_where_there_is_nothing_nothing_is_drawn():
    empty = replace(a_result(), findings=a_result().findings.iloc[:0], shares=a_result().shares.iloc[:0], tables={})
    assert figures_of_case(a_scored().iloc[:0], empty, "fr") == {}
    assert figures_of_campaign(empty, "c-1", "fr") == {}
    assert figures_of_campaign(a_result(), "c-nobody", "fr") == {}
    undated = a_scored().assign(received_at=pd.NaT, party="")
    assert set(figures_of_case(undated, empty, "fr")) == {"categories"}


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no figures in the language 'es'"):
        figures_of_case(a_scored(), a_result(), "es")
