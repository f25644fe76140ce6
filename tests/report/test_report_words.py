"""The catalogue of the page is complete, and the page says nothing that is not in it."""

import re
import string
import tomllib

import pytest
from babel import Locale

import tasrib.report.environment
from tasrib._resources import resource
from tasrib.report.catalogue import entries, knows, say
from tasrib.report.html import GLOSSARY
from tasrib.report.pages import chosen_languages
from tasrib.report.translated import translated

LANGUAGES = ("ar", "fr", "en")
TEMPLATES = sorted((tasrib.report.environment.Path(tasrib.report.environment.__file__).parent / "templates").glob("*"))
PAGES = [file for file in TEMPLATES if file.suffix == ".j2"]
STYLES = [file for file in TEMPLATES if file.suffix == ".css"]
WORDS = dict(entries())
SAID = tomllib.loads(resource("reference", "said.toml").read_text("utf-8"))["said"]


def forms(words):
    return [words] if isinstance(words, str) else list(words.values())


def fields(words):
    return {field for form in forms(words) for _, field, _, _ in string.Formatter().parse(form) if field}


@pytest.mark.parametrize("key", WORDS)
def test_each_wording_is_in_three_languages_with_the_same_values(key):
    entry = WORDS[key]
    assert set(entry) == set(LANGUAGES)
    for language, words in entry.items():
        assert fields(words) - {"n"} == fields(entry["en"]) - {"n"}
        if not isinstance(words, str):
            categories = set(Locale.parse(language).plural_form.tags) | {"other"}
            # French counts millions with "many", which nothing here does.
            assert categories - {"many" if language == "fr" else "", "zero"} <= set(words), (key, language)
        assert all(form.strip() or key == "cleaning.whole" for form in forms(words))


def test_french_keeps_its_spaces():
    texts = [form for entry in WORDS.values() for form in forms(entry["fr"])] + [entry["fr"] for entry in SAID]
    assert not [text for text in texts if re.search(r" [;:?!%»]|« ", text)]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_template_holds_no_words_of_its_own(file):
    text = file.read_text("utf-8")
    parts = re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, re.S)
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text, flags=re.S)
    outside = re.sub(r"<style>.*?</style>|<[^>]*>", "", bare, flags=re.S)
    assert not re.findall(r"[^\W\d_]{2,}", outside)
    # Nor in what a browser shows or reads aloud of an attribute.
    assert not re.findall(r"\b(?:title|alt|aria-label|placeholder|data-label)=\"[^\"]*[^\W\d_]{2,}", bare)
    # Nor as a literal that is printed: keys, names of files and of styles have no spaces.
    literals = [literal for part in parts for literal in re.findall(r'"([^"]*)"', part)]
    assert not [literal for literal in literals if re.search(r"[^\W\d_] [^\W\d_]", literal)]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_words_a_template_asks_for_are_there(file):
    asked = re.findall(r"""(?:\bt|in_language)\("([\w.]+)"(\s*~)?""", file.read_text("utf-8"))
    assert not [key for key, built in asked if not built and not knows(key)]
    for prefix in {key for key, built in asked if built}:
        assert any(key.startswith(prefix) for key in WORDS), prefix


def test_terms_are_explained():
    assert all(knows(f"glossary.{term}.{part}") for term in GLOSSARY for part in ("name", "text"))
    assert {key.split(".")[1] for key in WORDS if key.startswith("glossary.")} == {*GLOSSARY, "title"}


@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_styles_know_no_left_and_right(file):
    text = re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.S)
    sided = r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)|text-align:\s*(?:left|right)|float:(?! inline-start| none)|[;{\s](?:left|right|top|bottom)\s*:"
    assert not re.findall(sided, text)
    assert "url(" not in text


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "لا رسالة"),
        (1, "رسالة واحدة"),
        (2, "رسالتان"),
        (3, "3 رسائل"),
        (11, "11 رسالة"),
        (100, "100 رسالة"),
        (103, "103 رسائل"),
    ],
)
def test_arabic_counts_agree(n, words):
    assert say("campaigns.messages", "ar", n=n) == words


def test_french_counts_agree():
    assert [say("campaigns.messages", "fr", n=n) for n in (0, 1, 2, 1234)] == [
        "0 message", "1 message", "2 messages", "1\u00a0234 messages",
    ]  # fmt: skip
    assert [say("campaigns.sent", "fr", n=n, messages="@", people="@", span="") for n in (1, 2)] == [
        "@ signalé par @.", "@ signalés par @.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "note",
    [
        "taken from an address", "an e-mail address beside it left out", "decimal .0 of a spreadsheet removed",
        "letters that look like 0 or 1 read as these", "words around the number left out", "leading 0 restored",
        "scientific notation undone, no digit lost", "code of the country twice", "wrong count of leading zeros mended",
    ],
)  # fmt: skip
def test_what_was_mended_in_a_number_is_said_in_the_language(note):
    for language, letters in (("fr", r"numéro"), ("ar", r"^رقم")):
        said = translated(f"telephone number: {note}", language)
        assert re.search(letters, said)
        assert not re.search(r"[a-z]{3}", said) or language == "fr"
        assert note not in said


def test_the_first_page_names_the_section_that_it_leads_to():
    for language in LANGUAGES:
        assert say("law.title", language) in say("law.see", language)


@pytest.mark.parametrize(
    ("key", "language"), [("page.nothing", "en"), ("page.skip", "es"), ("page", "en"), ("page.case", "en")]
)
def test_a_wording_that_lacks_is_named(key, language):
    with pytest.raises(ValueError, match=re.escape(f"[{key}]")):
        say(key, language)


@pytest.mark.parametrize("entry", SAID, ids=range(len(SAID)))
def test_a_sentence_that_travels_is_found_by_its_english_words(entry):
    assert set(entry) == set(LANGUAGES)
    values = {name: f"X{at}" for at, name in enumerate(sorted(fields(entry["en"])))}
    for language in LANGUAGES:
        assert fields(entry[language]) == set(values)
        found = re.sub("[\u2066-\u2069]", "", translated(entry["en"].format(**values), language))
        assert found == re.sub("[\u2066-\u2069]", "", entry[language].format(**values))


def test_several_sentences_are_taken_apart():
    said = "Message is empty; Texte holds signs in place of its letters, which are lost; export it again as UTF-8; something new"
    assert translated(said, "fr") == (
        "Message est vide\u00a0; Texte contient des signes à la place de ses lettres, qui sont perdues\u00a0; exporter à nouveau en UTF-8\u00a0; something new"
    )
    assert translated(said, "en") == said


@pytest.mark.parametrize(
    ("given", "languages"),
    [("all", LANGUAGES), ("fr", ("fr",)), (["en", "ar", "en"], ("en", "ar")), (("fr", "all"), LANGUAGES)],
)
def test_languages_are_chosen(given, languages):
    assert chosen_languages(given) == languages
