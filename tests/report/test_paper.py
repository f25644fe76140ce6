"""A page taken apart for paper: nothing that it says is lost, and each word goes where it belongs."""

import re
from xml.etree import ElementTree

import pytest
from figure_case import a_result, a_scored
from pages import FOUND, LANGUAGES, case, rendered, texts

from tasrib.report.catalogue import say
from tasrib.report.figures import figures_of_campaign, figures_of_case
from tasrib.report.labels import taken_apart
from tasrib.report.paper import paper_blocks


@pytest.fixture(scope="module")
def the_case():
    return case()


@pytest.fixture(scope="module")
def page(the_case):
    return rendered(*the_case, "en")


@pytest.fixture(scope="module")
def taken(page):
    return paper_blocks(page)


def runs(part):
    if isinstance(part, dict) and "s" in part and "x" not in part:
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [run for each in inner for run in runs(each)]


def words(part):
    return re.sub(r"\s+", " ", "".join(run["s"] for run in runs(part))).replace("\u200b", "")


def blocks(body):
    return paper_blocks(f'<html lang="en"><body><main>{body}</main></body></html>')[0]


def test_all_that_a_page_says_is_on_paper(the_case):
    page = rendered(*the_case, "ar")
    taken = paper_blocks(page)
    # The first screen counts in figures of its own; captions are for those who have a table read aloud, and say what stands above it.
    body = re.sub(r"<caption.*?</caption>|<header>.*?</header>|<nav.*?</nav>", "", page, flags=re.S)
    body = re.sub(
        rf'<summary>{say("figures.table", "ar")}.*?</summary>|data-label="[^"]*"| title="[^"]*"', "", body, flags=re.S
    )
    on_paper = words(list(taken)) + " ".join(
        f"{item['value']} {item['name']}" for block in taken[0] if block["kind"] == "totals" for item in block["items"]
    )
    said = [re.sub(r"\s", "", text) for text in texts(body)]
    lacking = {text for text in said if text not in re.sub(r"\s", "", on_paper)}
    assert len(said) > 300
    # What only a screen needs.
    assert lacking == {re.sub(r"\s", "", say("page.skip", "ar"))}


def test_each_kind_of_part_is_recognised(taken):
    kinds = {block["kind"] for block in taken[0]}
    assert kinds == {"title", "heading", "label", "text", "quote", "totals", "table", "terms", "figure"}
    assert [block["kind"] for block in taken[1][:2]] == ["label", "table"]


def test_a_link_leads_to_a_heading_that_is_there(taken):
    ids = [block["id"] for block in taken[0] if "id" in block]
    links = {run["to"] for run in runs(taken[0]) if "to" in run}
    assert len(ids) == len(set(ids))
    assert FOUND in links
    assert links <= set(ids)


def test_a_link_that_leads_nowhere_is_words():
    assert blocks('<p><a href="#c-9">there</a></p>')[0]["runs"] == [{"s": "there"}]


def test_what_is_folded_on_the_first_screen_is_marked():
    found = blocks("<section><h2>A</h2><p>first</p><details><summary>more</summary><p>second</p></details></section>")
    assert [(words(block), block.get("folded", False)) for block in found] == [
        ("A", False), ("first", False), ("more", True), ("second", True),
    ]  # fmt: skip


def test_figures_of_a_campaign_float_and_others_do_not(taken):
    section = ""
    for block in taken[0]:
        if block["kind"] == "heading" and block["level"] == 1:
            section = block["id"]
        if block["kind"] == "figure":
            assert block["floats"] == (section == "campaigns")


@pytest.mark.parametrize(
    ("message", "direction"), [("Votez صوتوا", "ltr"), ("12 — صوتوا Votez", "rtl"), ("123", "ltr"), ("", "ltr")]
)
def test_a_message_runs_as_in_a_browser(message, direction):
    assert blocks(f'<blockquote dir="auto">{message}</blockquote>')[0]["direction"] == direction


def test_a_message_keeps_its_lines_and_blanks():
    found = blocks('<blockquote dir="rtl">a  b\nc <mark class="for s2">d</mark></blockquote>')[0]
    assert found["runs"] == [{"s": "a  b\nc "}, {"s": "d", "mark": "for", "strength": 2}]


def test_blanks_between_styles_are_one():
    found = blocks("<p>\n  a <strong> b </strong>\n c\n</p>")[0]["runs"]
    assert "".join(run["s"] for run in found) == "a b c"


@pytest.mark.parametrize(
    "word", ["a" * 10_000, "$" * 300, "e\u0301" * 200, "👨\u200d👩" * 90, "http://x.example/" + "q" * 99]
)
def test_a_word_longer_than_a_line_can_be_parted_and_is_not_changed(word):
    text = blocks(f"<blockquote>{word}</blockquote>")[0]["runs"][0]["s"]
    parts = text.split("\u200b")
    assert "".join(parts) == word
    assert max(map(len, parts)) <= 20
    assert not any(part[0] in "\u0301\u200d" or part[-1] == "\u200d" for part in parts)


def test_shorter_words_are_whole():
    assert blocks("<p>anticonstitutionnellement</p>")[0]["runs"] == [{"s": "anticonstitutionnellement"}]


def table(head, rows):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    names = "".join(f"<th>{name}</th>" for name in head)
    return blocks(f"<table><thead><tr>{names}</tr></thead><tbody>{cells}</tbody></table>")[0]


def test_a_small_table_is_as_wide_as_what_stands_in_it():
    assert table(["a", "b"], [["1", "2"]])["columns"] == []


def test_in_a_wide_table_no_word_is_cut_and_long_texts_get_what_is_left():
    found = table(
        ["id", "what was found", "n"], [["c-00000001", "a long text " * 30, "12 of 48"], ["c-00000002", "short", "–"]]
    )
    first, second, third = found["columns"]
    assert first >= len("c-00000001")
    assert third >= len("12 of 48")
    assert second > 3 * first


def test_what_the_page_sets_below_has_its_own_line_in_a_cell():
    (row,) = table(
        ["a"], [['<ul><li>one.</li><li>two.</li></ul><span class="quiet">aside</span><span class="line">three</span>']]
    )["rows"]
    assert "".join(run["s"] for run in runs([row])) == "one.\ntwo.\naside\nthree"


def test_all_that_is_said_of_a_term_is_on_paper_line_by_line():
    (found,) = blocks('<dl><div><dt>S05</dt><dd>What it asks.</dd><dd class="quiet">Law 09-08, art. 4</dd></div></dl>')
    ((term, said),) = found["items"]
    assert words([term]) == "S05"
    assert "".join(run["s"] for run in runs([said])) == "What it asks.\nLaw 09-08, art. 4"
    assert [run.get("quiet", False) for run in said] == [False, True]


def test_a_column_of_dates_is_as_wide_as_a_date():
    head = ["day", *(f"c-0000000{at}" for at in range(8))]
    found = table(head, [["26 août 2021", *"12345678"]])
    assert found["columns"][0] >= len("26 août 2021")
    assert min(found["columns"]) >= len("c-00000000")


def test_of_two_long_texts_the_longer_gets_more_but_not_all():
    first, second = table(["a", "b"], [["some words " * 10, "more words " * 40]])["columns"]
    assert 1.5 * first < second < 3 * first


def test_a_table_without_rows_is_no_error():
    assert table(["a", "b"], [])["rows"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_every_drawing_are_set_as_text_in_their_places(language):
    scored, result = a_scored(), a_result()
    drawn = {**figures_of_case(scored, result, language), **figures_of_campaign(result, "c-1", language)}
    assert len(drawn) == 10
    for figure in drawn.values():
        apart = taken_apart(figure.svg)
        whole = ElementTree.fromstring(figure.svg)
        there = [each.text for each in whole.iter() if each.tag.endswith(("}text", "}tspan")) and each.text]
        assert [label["s"] for label in apart["labels"]] == there
        assert "<text" not in apart["svg"]
        assert apart["svg"].startswith('<svg xmlns="http://www.w3.org/2000/svg"')
        # A drawing that turned its labels, or made them bold, would have to be read with more care.
        assert set(re.findall(r'transform="([a-z]+)', figure.svg)) == {"translate"}
        assert "font-weight" not in figure.svg
        assert all(-1 <= label["y"] <= apart["height"] + 1 for label in apart["labels"])
        assert apart["alt"] == figure.alt


def test_a_label_stands_where_its_groups_move_it():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 -2 100 50" font-size="14px" aria-label="x"><g transform="translate(10,20)">'
        '<text transform="translate(1.5,-3)" text-anchor="end" font-size="12px" fill="#123456">a<tspan x="0" dy="9">b</tspan></text></g></svg>'
    )
    first, second = taken_apart(svg)["labels"]
    assert first == {"s": "a", "x": 16.5, "y": 19.0, "share": 1.0, "size": 12.0, "fill": "#123456"}
    assert (second["s"], second["y"]) == ("b", 28.0)
