"""The page in three languages: each wholly in its own, safe in either writing direction, and without what could be misread."""

import html
import re

import pandas as pd
import pytest
from pages import FOUND, LANGUAGES, NONE, PREFIX, SMALL, WEAK, case, outside_isolates, rendered, texts

from tasrib.errors import TasribError
from tasrib.report import write_report
from tasrib.report.catalogue import say
from tasrib.report.environment import language_environment
from tasrib.report.first import first_rows

# Names of things that have no other in Arabic.
LATIN = {"p", "tasrib", "log10", "SMS", "UTC"}


@pytest.fixture(scope="module")
def the_case():
    return case()


@pytest.fixture(scope="module")
def pages(the_case):
    return {language: rendered(*the_case, language) for language in LANGUAGES}


def first_row(page, campaign):
    (row,) = re.findall(rf'<tr role="row"><th[^>]*><a href="#{campaign}">.*?</tr>', page, re.S)[:1]
    return html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row, flags=re.S))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language_and_direction_and_leads_to_the_others(pages, language):
    way = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{way}">' in pages[language]
    others = re.findall(r'<a href="(report-\w\w\.html)" hreflang="(\w\w)"', pages[language])
    assert others == [(f"report-{each}.html", each) for each in LANGUAGES if each != language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_asks_nothing_from_outside_and_runs_nothing(pages, language):
    page = pages[language]
    assert set(re.findall(r"""(?:src|href)=["'](?!#)([^"']+)""", page)) == {
        f"report-{each}.html" for each in LANGUAGES if each != language
    }
    assert "default-src 'none'" in page
    for outside in ("<script", "url(", "@import", "<link", "<iframe", 'http-equiv="refresh'):
        assert outside not in page


def test_a_page_is_in_one_language(pages):
    for language in ("fr", "en"):
        said = " ".join(map(outside_isolates, texts(pages[language])))
        assert not re.search("[\u0600-\u06ff]", said)
    arabic = " ".join(map(outside_isolates, texts(pages["ar"])))
    assert set(re.findall(r"[A-Za-z]\w*", arabic)) <= LATIN
    french = " ".join(map(outside_isolates, texts(pages["fr"])))
    assert not re.findall(r"\b(the|of|people|with|messages of|was|were|is|operator|campaigns)\b", french)


def test_in_arabic_no_id_figure_or_name_is_turned_round(pages):
    said = [outside_isolates(text) for text in texts(pages["ar"])]
    turned = re.compile(
        r"c-[0-9a-f]|Inwi|Orange|Maroc|Banque|x\.csv|tables\.xlsx|\d[.,]\d|\d\s?%|\d\s*[–—-]\s*\d|[\[\]]\d|\d{4}-\d\d|"
        + "|".join(rf"\b{prefix}\b" for prefix in PREFIX.values())
    )
    assert not [text for text in said if turned.search(text)]
    # They are there, and an interval reads from its lower to its upper end.
    page = pages["ar"]
    assert "\u2066Inwi\u2069" in page
    assert re.search(r"من \u2066\d+,\d\u2069 إلى \u2066\d+,\d\u2069", page)
    assert f'\u2068<span class="id">{FOUND}</span> (حزب الأمل)\u2069' in page


def test_dates_are_those_of_morocco(pages):
    assert "30 غشت 2021" in pages["ar"]
    assert "30 août 2021" in pages["fr"]
    assert "30 August 2021" in pages["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_weak_there_is_neither_share_nor_probability(pages, language):
    page = pages[language]
    (weak,) = re.findall(rf'<article id="{WEAK}">.*?</article>', page, re.S)
    (table,) = re.findall(r'<h2 id="findings">.*?</section>', page, re.S)
    row = next(row for row in re.findall("<tr.*?</tr>", table, re.S) if WEAK in row)
    for part in (first_row(page, WEAK), weak, row):
        assert not re.search(r"0[.,]77|\b(66|55|88)[ \u00a0]?%", re.sub("<svg.*?</svg>", "", part, flags=re.S))
    for heading in ("column.posterior", "column.list_share"):
        label = re.escape(say(heading, language))
        assert re.findall(rf'data-label="{label}">([^<]*)<', row) == ["–"]
    assert say("campaigns.chances", language, none="", two="").split(":")[0][:30] not in weak


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_says_what_was_found_how_sure_and_what_to_ask(pages, the_case, language):
    page = pages[language]
    found = first_row(page, FOUND)
    assert "Inwi" in found
    assert say("first.ask.operator", language, name="@").split("@")[0] in found
    weak, none, small = (first_row(page, name) for name in (WEAK, NONE, SMALL))
    assert say("first.weak", language) in weak
    assert say("first.none", language) in none
    assert say("first.ask.not_tested", language) in small
    assert say("first.too_few", language, n=4, least=10) in small
    # Of what is not above weak nobody is named.
    assert not re.search("Inwi|Orange|Maroc|Banque|متجر", weak + none + small)
    words = [say(f"evidence.{level}", language) for level in ("weak", "none", "not_tested")]
    assert [word in row for word, row in zip(words, (weak, none, small), strict=True)] == [True] * 3


def test_the_strongest_comes_first(the_case):
    _, result, *_ = the_case
    rows = first_rows(result, result.campaigns, "en")
    assert [row.campaign_id for row in rows] == [FOUND, WEAK, NONE, SMALL]
    assert [row.level for row in rows][1:] == ["weak", "none", "not_tested"]


@pytest.mark.parametrize(
    ("language", "rows", "said"),
    [
        ("ar", "2 إلى 3", "فارغ، تُرك"),
        ("fr", "2 à 3, 9", "vide, laissée de côté"),
        ("en", "2 to 3, 9", "empty, left out"),
    ],
)
def test_what_was_done_to_the_files_is_said_in_the_language(pages, language, rows, said):
    assert rows in pages[language]
    assert said in pages[language]
    # A sentence of another version is shown as it is, and marked.
    unknown = "a fault of tomorrow"
    assert (f'<span lang="en" dir="ltr">{unknown}</span>' in pages[language]) == (language != "en")
    assert unknown in pages[language]


def test_any_figure_is_shown_with_title_sentence_and_table():
    class Figure:
        svg, title, sentence, alt = "<svg>", "Titre", "Une phrase.", "Titre. Une phrase."
        table = pd.DataFrame({"opérateur": ["A", "\u2068فاس\u2069"], "personnes": ["1\u00a0234", "5"]})

    template = '{% import "macros.html.j2" as m with context %}{{ m.figure(f) }}{{ m.figure(none) }}'
    shown = language_environment("fr").from_string(template).render(f=Figure())
    assert "<h3>Titre</h3>" in shown
    assert "<p>Une phrase.</p>" in shown
    assert '<td role="cell" data-label="personnes">1\u00a0234</td>' in shown
    assert "\u2068فاس\u2069" in shown


def test_one_language_is_one_page_and_several_have_one_to_choose(the_case, tmp_path):
    scored, result, rejected, _ = the_case
    folder = tmp_path / "case"
    write_report(scored, result, folder, rejected=rejected, languages=("fr", "ar"))
    assert {file.name for file in folder.iterdir()} == {
        "report.html", "report-ar.html", "report-fr.html", "tables.xlsx", "findings.json",
    }  # fmt: skip
    chooser = (folder / "report.html").read_text("utf-8")
    assert re.findall(r'<a href="([^"]+)" hreflang="(\w\w)"', chooser) == [
        ("report-fr.html", "fr"),
        ("report-ar.html", "ar"),
    ]
    assert "Dossier case" in chooser
    # A page of the earlier report would be taken for one of this.
    write_report(scored, result, folder, languages="fr", title="Affaire")
    assert {file.name for file in folder.iterdir()} == {"report.html", "tables.xlsx", "findings.json"}
    assert '<html lang="fr"' in (folder / "report.html").read_text("utf-8")


def test_a_page_of_somebody_else_is_not_written_over(the_case, tmp_path):
    scored, result, *_ = the_case
    (tmp_path / "report-fr.html").write_text("mine")
    with pytest.raises(TasribError, match=r"report-fr.html that is not of a tasrib report"):
        write_report(scored, result, tmp_path, languages="all")
    assert [file.name for file in tmp_path.iterdir()] == ["report-fr.html"]
