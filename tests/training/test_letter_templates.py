"""The templates of letters are what the script makes of its sentences, and say all of what direction they are written in."""

import io
import re
import tomllib
import zipfile

import pytest
from lxml import etree

from tasrib._resources import resource
from training.make_letters import LANGUAGES, TEXTS, make_template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(language, name="word/document.xml"):
    with zipfile.ZipFile(resource("letters", f"letter-{language}.docx")) as file:
        return etree.fromstring(file.read(name))


def directed(paragraph):
    """Whether a paragraph says that it runs from right to left."""
    mark = paragraph.find(f"{W}pPr/{W}bidi")
    return mark is not None and mark.get(f"{W}val") != "0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_what_the_script_makes(language):
    made, shipped = make_template(language), resource("letters", f"letter-{language}.docx").read_bytes()
    one, other = (zipfile.ZipFile(io.BytesIO(data)) for data in (made, shipped))
    assert one.namelist() == other.namelist()
    assert [name for name in one.namelist() if one.read(name) != other.read(name)] == []


def test_arabic_runs_from_right_to_left_in_paragraphs_runs_tables_and_page():
    tree = part("ar")
    worded = [p for p in tree.iter(f"{W}p") if re.search("[\u0600-\u06ff]", "".join(p.itertext()))]
    assert len(worded) > 40
    assert all(directed(paragraph) for paragraph in worded)
    runs = [run for paragraph in worded for run in paragraph.iter(f"{W}r") if run.findtext(f"{W}t")]
    assert all(run.find(f"{W}rPr/{W}rtl") is not None for run in runs)
    assert all(table.find(f"{W}tblPr/{W}bidiVisual") is not None for table in tree.iter(f"{W}tbl"))
    assert tree.find(f".//{W}sectPr/{W}bidi") is not None
    assert all(directed(paragraph) for paragraph in part("ar", "word/footer1.xml").iter(f"{W}p"))


def test_french_runs_from_left_to_right_but_for_messages_in_arabic():
    turned = [paragraph for paragraph in part("fr").iter(f"{W}p") if directed(paragraph)]
    assert ["".join(paragraph.itertext()) for paragraph in turned] == ["{{ each.text }}"]
    assert not list(part("fr").iter(f"{W}bidiVisual"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_styles_have_a_font_and_a_size_for_arabic(language):
    styles = {style.get(f"{W}styleId"): style for style in part(language, "word/styles.xml").iter(f"{W}style")}
    for name in ("Normal", "Heading1", "Heading2"):
        properties = styles[name].find(f"{W}rPr")
        assert properties.find(f"{W}rFonts").get(f"{W}cs")
        assert int(properties.find(f"{W}szCs").get(f"{W}val")) > 0


def test_each_sentence_is_in_both_languages_with_the_same_values():
    blocks = tomllib.loads(TEXTS.read_text("utf-8"))["block"]
    cells = [column for block in blocks for column in block.get("columns", ())]
    for each in [*blocks, *cells]:
        if "fr" in each or "ar" in each:
            tags = [set(re.findall(r"\{[{%].*?[}%]\}", each[language])) for language in LANGUAGES]
            assert tags[0] == tags[1], each
            assert len(re.findall(r"\[", each["fr"])) == len(re.findall(r"\[", each["ar"])), each
