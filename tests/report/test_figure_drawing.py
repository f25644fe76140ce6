"""What a reader gets to see: every mark is painted, nothing is cut or turned round, colours can be told apart."""

import itertools
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from figure_case import NAN, OPERATORS, a_result, a_scored, campaign, finding, pair, shares

from tasrib.report.figures import PALETTE, bars, by_day, figures_of_campaign, figures_of_case, operator_shares, to_svg
from tasrib.report.figures import shares as shares_figure
from tasrib.report.figures.measure import FONT, breadth
from tasrib.report.figures.numbering import _SHADES, _WHITE_FROM
from tasrib.report.figures.power_curve import _SHADES as LINES
from tasrib.report.figures.style import ACCENT, INK, PAPER, QUIET, REACHED, WIDTH

LANGUAGES = ("ar", "fr", "en")
HOSTILE = "</svg><script>\x00 & \"'\u202e مشغل طويل الاسم جدا \U0001f33a ] }"
PAINTS = ("path", "rect", "line", "text", "circle")


def everything(language, result=None):
    result = a_result() if result is None else result
    return figures_of_case(a_scored(), result, language) | figures_of_campaign(result, "c-1", language)


def elements(svg):
    """Each element that draws, with what it inherits: where it stands, its fill, stroke and font size."""

    def walk(element, at, inherited):
        shift = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
        if shift:
            at = at[0] + float(shift[1]), at[1] + float(shift[2])
        now = inherited | {name: element.get(name) for name in ("fill", "stroke", "font-size") if element.get(name)}
        if element.tag.rpartition("}")[2] in PAINTS:
            yield element, at, now
        for child in element:
            yield from walk(child, at, now)

    yield from walk(ElementTree.fromstring(svg), (0.0, 0.0), {})


def texts(svg):
    return [
        (element.text or "", at, now, element.get("text-anchor", "start"))
        for element, at, now in elements(svg)
        if element.tag.endswith("text")
    ]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def marks_of(svg, stroke, fill):
    """Symbols painted in a colour."""
    return [
        element
        for element, _, now in elements(svg)
        if element.tag.endswith("path") and now.get("stroke") == stroke and now.get("fill") == fill
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_group_of_the_shares_is_seen(language):
    svg = everything(language)["shares"].svg
    # One an operator, and one in the legend. The market's is a line, which has no inside: its stroke alone is seen.
    for stroke, fill in ((REACHED, REACHED), (ACCENT, PAPER), (INK, PAPER)):
        found = marks_of(svg, stroke, fill)
        assert len(found) == len(OPERATORS) + 1
        assert all(float(element.get("stroke-width", 1)) >= 1 for element in found)
    shapes = {
        element.get("d")
        for stroke, fill in ((REACHED, REACHED), (ACCENT, PAPER), (INK, PAPER))
        for element in marks_of(svg, stroke, fill)
    }
    assert len(shapes) == 3


def test_the_mark_of_the_market_stands_at_its_share():
    spec = operator_shares(a_result().shares.head(3))
    svg = to_svg(spec, "shares")
    left, width = spec["padding"]["left"], spec["width"]
    domain = spec["encoding"]["x"]["scale"]["domain"][1]
    at = sorted(
        at[0]
        for element, at, now in elements(svg)
        if element.tag.endswith("path") and (now.get("stroke"), now.get("fill")) == (INK, PAPER)
    )
    # The first is the legend's.
    assert at[1:] == pytest.approx([left + width * share / domain for share in (0.25, 0.35, 0.4)], abs=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_drawn_is_painted(language):
    for key, figure in everything(language).items():
        for element, _, now in elements(figure.svg):
            painted = {now.get("fill"), now.get("stroke")} - {None, "none", "transparent"}
            assert painted, (key, ElementTree.tostring(element))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_drawing_says_what_it_is(language):
    for figure in everything(language).values():
        root = ElementTree.fromstring(figure.svg)
        assert (root.get("role"), root.get("lang"), root.get("aria-label")) == ("img", language, figure.alt)
        assert "direction:ltr" in root.get("style")
        # One description for all of it: no words of the drawing program, in English, inside.
        assert not re.search(r"aria-(?!label=)|aria-label(?=.*aria-label)|role=(?!\"img)|\bid=|url\(", figure.svg)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("names", [OPERATORS, ("W" * 60, "م" * 60, "Opérateur à très long nom, S. A.")])
def test_nothing_is_cut(language, names):
    renamed = dict(zip(OPERATORS, names, strict=True))
    result = a_result(
        campaigns=[campaign("c-" + "f" * 8, "حزب التقدم والاشتراكية")],
        findings=[
            finding("c-" + "f" * 8, renamed[name], odds_ratio=33.3, ci_low=11.1, ci_high=88.8) for name in OPERATORS
        ],
        with_shares=shares("c-" + "f" * 8),
    )
    result.shares["operator"] = result.shares["operator"].map(renamed)
    drawn = everything(language, result) | everything(language) | figures_of_campaign(result, "c-" + "f" * 8, language)
    for key, figure in drawn.items():
        _, _, width, height = map(float, ElementTree.fromstring(figure.svg).get("viewBox").split())
        assert width == WIDTH
        for text, (x, y), now, anchor in texts(figure.svg):
            size = float(now["font-size"].removesuffix("px"))
            # Less than is set aside: what most fonts take.
            broad = 0.9 * breadth(text, size)
            start = x - {"start": 0, "middle": broad / 2, "end": broad}[anchor]
            assert start >= -1, (key, text)
            assert start + broad <= width + 1, (key, text)
            assert size - 3 <= y <= height, (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_type_is_read_on_a_telephone(language):
    # 350 pixels are left on a screen of 390.
    for figure in everything(language).values():
        sizes = [float(now["font-size"].removesuffix("px")) for _, _, now, _ in texts(figure.svg)]
        assert min(sizes) * 350 / WIDTH >= 10
        assert FONT in sizes


def test_arabic_labels_run_from_right_to_left_and_their_numbers_do_not():
    figures = everything("ar")
    for key, figure in figures.items():
        for text, *_ in texts(figure.svg):
            assert_contained(text)
            if any(unicodedata.bidirectional(c) == "AL" for c in text):
                assert (text[0], text[-1]) == ("\u2067", "\u2069"), (key, text)
                assert_apart(text)
        for text in [figure.title, figure.sentence, *figure.table.columns, *figure.table.to_numpy().ravel()]:
            assert_contained(text)
            assert_apart(text)
    assert "\u2068حزب الوردة\u2069" not in figures["odds"].svg  # the campaign's name holds it, isolated as a whole
    assert "\u2068c-3 (حزب الوردة)\u2069" in figures["odds"].svg


def assert_contained(text):
    depth = 0
    for character in text:
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 0
    assert depth == 0
    assert not re.search("[\u202a-\u202e]", text)


def assert_apart(text):
    """Each number is in an isolate from left to right, unless it is part of a name."""
    names = re.sub("\u2068[^\u2069]*\u2069", "", text)
    loose = re.sub("\u2066[^\u2069]*\u2069", "", names)
    assert not re.search(r"\d|%|×|∞", loose), text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_arabic_names_are_isolated_elsewhere(language):
    assert "\u2068c-3 (حزب الوردة)\u2069" in everything(language)["odds"].svg


@pytest.mark.parametrize(
    ("language", "said"), [("en", "4.5 (2.9–7.1)"), ("fr", "4,5 (2,9–7,1)"), ("ar", "4,5 (2,9–7,1)")]
)
def test_intervals_have_the_signs_of_the_language(language, said):
    written = [text for text, *_ in texts(everything(language)["odds"].svg)]
    found = next(text for text in written if re.sub("[\u2066-\u2069]", "", text) == said)
    # In Arabic all of it is one piece that runs from left to right.
    assert (found[0], found[-1]) == (("\u2066", "\u2069") if language == "ar" else (said[0], said[-1]))


@pytest.mark.parametrize(("language", "tick"), [("en", "50%"), ("fr", "50\u00a0%"), ("ar", "50%")])
def test_axes_have_the_signs_of_the_language(language, tick):
    assert tick in [text for text, *_ in texts(everything(language)["detectable"].svg)]


def test_days_are_named_in_the_language():
    said = {language: " ".join(text for text, *_ in texts(everything(language)["days"].svg)) for language in LANGUAGES}
    assert "1 Sep" in said["en"]
    assert "1 sept." in said["fr"]
    assert "شتنبر" in said["ar"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_all_kinds_are_text(language):
    result = a_result(
        campaigns=[campaign("c-1", HOSTILE)],
        findings=[finding("c-1", HOSTILE, detectable_share=0.4)],
        with_shares=shares("c-1"),
    )
    result.shares["operator"] = HOSTILE
    result.overlaps["party_a"] = HOSTILE
    scored = a_scored().assign(party=HOSTILE)
    drawn = figures_of_case(scored, result, language) | figures_of_campaign(result, "c-1", language)
    assert {"odds", "detectable", "overlap", "parties", "shares"} <= set(drawn)
    for figure in drawn.values():
        assert "<script" not in figure.svg
        ElementTree.fromstring(figure.svg)


def test_colours_are_told_from_the_page_and_text_is_read():
    for colour in (*PALETTE.values(), INK, QUIET, ACCENT, REACHED, *LINES):
        assert contrast(colour, PAPER) >= 3
    for colour in (INK, QUIET):
        assert contrast(colour, PAPER) >= 4.5
    # Text in the boxes of the tree.
    for least, shade in _SHADES:
        assert contrast(PAPER if least >= _WHITE_FROM else QUIET, shade) >= 4.5


def test_many_campaigns_are_drawn_small():
    names = [f"c-{i:08x}" for i in range(40)]
    result = a_result(
        campaigns=[campaign(name) for name in names], findings=[finding(name, operator) for name in names for operator in OPERATORS],
        with_shares=[row for name in names for row in shares(name)],
    )  # fmt: skip
    result.tables["overlaps"] = type(result.overlaps)([pair(a, b) for a, b in itertools.pairwise(names)])
    case = figures_of_case(a_scored(), result, "ar")
    assert max(len(figure.svg.encode()) for figure in case.values()) < 20_000
    of_each = [figures_of_campaign(result, name, "ar")["shares"] for name in names[:3]]
    assert max(len(figure.svg.encode()) for figure in of_each) < 8_000


def test_the_same_figure_is_the_same_to_the_byte():
    assert everything("ar")["tree"].svg == everything("ar")["tree"].svg


def test_what_the_page_of_today_draws_is_drawn():
    assert "political campaign" in to_svg(by_day(a_scored()), "days")
    svg = to_svg(bars(a_scored()["category"].value_counts(), "messages", PALETTE), 'a "label" & <more>')
    assert PALETTE["commercial"] in svg
    assert ElementTree.fromstring(svg).get("aria-label") == 'a "label" & <more>'
    # Without a date there is nothing to count, and without controls nothing beside.
    assert "<svg" in to_svg(by_day(a_scored().iloc[:0]), "none")
    only = a_result(with_shares=shares("c-1", controls=(0, 0, 0), market=(NAN, NAN, NAN)))
    assert "<svg" in shares_figure.draw(only, "c-1", "en").svg
