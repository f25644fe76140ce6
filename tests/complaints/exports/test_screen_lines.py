"""Dates, times and names on a screen, from words as Tesseract read them once: what readings differ on is not taken."""

import datetime as dt

import numpy as np
import pytest

pytest.importorskip("PIL", reason="tasrib[ocr] is not installed")

from phone_screens import RECEIVED, recorded, saying, screen

from tasrib.complaints.exports.pictures.bubbles import Box, lines_of
from tasrib.complaints.exports.pictures.lines import certain_line
from tasrib.complaints.exports.pictures.marks import title
from tasrib.complaints.exports.pictures.moments import clock_of, day_of
from tasrib.complaints.exports.pictures.reader import BLOCK, FRENCH, Word
from tasrib.complaints.exports.pictures.screen import _sender_of_card, read_screen
from tasrib.complaints.exports.pictures.words import WHITE_ROUND, read_words

LINE = np.ones((20, 200), np.float32)
# Words with their confidence and where they begin and end, in parts of the line: by the French reader, the Arabic one, and both together.
TWENTIETH = (
    [("2021", 95, 0.0, 0.35), ("Ji", 15, 0.44, 0.76), ("20", 95, 0.82, 1.0)],
    [("0", 96, 0.82, 1.0), ("أبريل", 91, 0.44, 0.76), ("2021", 93, 0.0, 0.35)],
    [("0", 97, 0.82, 1.0), ("أبريل", 92, 0.44, 0.76), ("2021", 93, 0.0, 0.35)],
)
TWENTY_FIFTH = (
    [("2021", 93, 0.0, 0.36), ("poiSi", 39, 0.41, 0.77), ("25", 97, 0.83, 1.0)],
    [("5", 92, 0.83, 1.0), ("أكتوبر", 89, 0.41, 0.77), ("2021", 89, 0.0, 0.36)],
    [("5", 96, 0.83, 1.0), ("أكتوبر", 89, 0.41, 0.77), ("2021", 93, 0.0, 0.36)],
)
WITH_TIME = (
    [("Le", 44, -0.01, 0.11), ("11:42", 96, 0.16, 0.38), ("2021", 96, 0.43, 0.63), ("by", 0, 0.68, 1.0), ("14", 94, 0.9, 1.01)],
    [("4", 76, 0.94, 1.02), ("أبريل", 93, 0.68, 1.0), ("2021", 93, 0.44, 0.63), ("11:42", 96, 0.16, 0.4), ("ص", 90, 0.0, 0.1)],
    [("4", 93, 0.93, 1.01), ("أبريل", 92, 0.68, 1.0), ("2021", 93, 0.45, 0.63), ("11:42", 96, 0.16, 0.4), ("ص", 94, 0.0, 0.09)],
)  # fmt: skip
AFTERNOON = (
    [("e", 85, 0.0, 0.17), ("2:03", 97, 0.29, 1.0)],
    [("203", 85, 0.29, 1.0), ("مم", 82, -0.05, 0.16)],
    [("3", 94, 0.29, 1.0), ("م", 94, 0.0, 0.17)],
)
HALF_UNREAD = (
    [("e", 91, 0.0, 0.16), ("1:46", 95, 0.31, 1.0)],
    [("16م", 65, 0.0, 1.0)],
    [("ê", 90, 0.0, 0.16), ("1:46", 97, 0.31, 1.0)],
)
ENGLISH = (
    [("9:12", 96, 0.0, 0.55), ("AM", 93, 0.65, 1.0)],
    [("2", 40, 0.0, 0.55), ("م", 82, 0.65, 1.0)],
    [("9:12", 95, 0.0, 0.55), ("AM", 94, 0.65, 1.0)],
)
INDIC = (
    [("FF", 39, 0.0, 0.29), ("plu", 53, 0.46, 0.77), ("€", 94, 0.89, 1.0)],
    [("ء", 69, 0.9, 1.0), ("يناير", 68, 0.41, 0.81), ("111", 59, 0.0, 0.34)],
    [("ع", 90, 0.9, 1.0), ("يناير", 77, 0.41, 0.81), ("FM", 29, 0.0, 0.34)],
)
FRENCH_DATE = (
    [("5", 95, 0.0, 0.09), ("avril", 96, 0.16, 0.53), ("2021", 96, 0.6, 1.0)],
    [("1", 89, 0.86, 1.0), ("إ|ذاناج", 0, 0.16, 0.53), ("5", 90, 0.0, 0.09)],
    [("5", 95, 0.0, 0.09), ("avril", 95, 0.16, 0.53), ("2021", 97, 0.6, 1.0)],
)


@pytest.mark.parametrize(("words", "day", "time"), [
    (TWENTIETH, dt.date(2021, 4, 20), None), (TWENTY_FIFTH, dt.date(2021, 10, 25), None), (WITH_TIME, dt.date(2021, 4, 14), dt.time(11, 42)),
    (FRENCH_DATE, dt.date(2021, 4, 5), None),
])  # fmt: skip
def test_figures_of_a_date_that_the_arabic_reader_drops_are_taken_from_the_french_one(words, day, time):
    assert day_of(certain_line(LINE, recorded(*words))) == (day, time)


@pytest.mark.parametrize(
    ("words", "time"), [(AFTERNOON, dt.time(14, 3)), (HALF_UNREAD, None), (ENGLISH, dt.time(9, 12))]
)
def test_a_time_is_none_where_nobody_read_which_half_of_the_day(words, time):
    assert clock_of(certain_line(LINE, recorded(*words), is_whole=False)) == time


@pytest.mark.parametrize("is_whole", [True, False])
def test_arabic_indic_figures_make_no_date(is_whole):
    assert day_of(certain_line(LINE, recorded(*INDIC), is_whole=is_whole)) is None


def test_words_stay_where_their_figures_are_not_certain():
    doubted = [(text, 50, first, last) for text, _, first, last in TWENTIETH[0]]
    assert certain_line(LINE, recorded(doubted, *TWENTIETH[1:]), is_whole=False) == "أبريل"
    assert certain_line(LINE, recorded(doubted, *TWENTIETH[1:])) == ""


def test_a_time_of_which_one_end_was_not_read_is_none():
    short = [("1:46", 97, 0.31, 1.0)]
    assert certain_line(LINE, recorded(short, [], short)) == ""
    assert certain_line(LINE, recorded([("16:15", 97, 0.0, 1.0)], [], [("16:15", 96, 0.0, 1.0)])) == "16:15"


def test_two_numbers_that_differ_in_one_figure_do_not_agree():
    one, other = [("+212730823036", 91, 0.0, 1.0)], [("+212730823086", 86, 0.0, 1.0)]
    assert certain_line(LINE, recorded(one, [], one)) == "+212730823036"
    assert certain_line(LINE, recorded(other, [], one)) == ""


def test_a_number_that_one_reader_alone_sees_is_read_again_at_another_size():
    one, other = [("+212660102150", 92, 0.0, 1.0)], [("+212660102156", 92, 0.0, 1.0)]
    garbled = [("+0", 39, 0.0, 1.0)]
    assert certain_line(LINE, recorded(one, garbled, garbled)) == "+212660102150"
    assert certain_line(LINE, recorded(one, garbled, garbled, again=other)) == ""


@pytest.mark.parametrize(("text", "time"), [
    ("e 1:46", None), ("Le 12:24", None), ("1:46", dt.time(1, 46)), ("e 13:46", dt.time(13, 46)), ("ê 01:46", dt.time(1, 46)),
    ("SIM 1 · 9:12", dt.time(9, 12)), ("9:12 pm", dt.time(21, 12)),
])  # fmt: skip
def test_a_letter_or_two_beside_a_time_may_be_the_half_of_the_day(text, time):
    assert clock_of(text) == time


def test_the_date_above_a_bubble_is_its_day():
    pixels = screen([(RECEIVED, 300, 2)], mirrored=True)
    pixels[200:214, 150:234:4] = 20
    pixels[200:202, 150:234] = 20
    (shown,) = read_screen(pixels, recorded(*TWENTIETH))
    assert (shown.kind, shown.received_at) == ("received", "2021-04-20")


def block(n_lines):
    """Letters of so many lines, 24 rows each of which 16 have ink."""
    ink = np.zeros((24 * n_lines - 8, 300), np.float32)
    for line in range(n_lines):
        ink[24 * line : 24 * line + 16] = 1
    return ink


def placed(rows, factor=1.0):
    """Words as (text, confidence, line, x, y, w, h), in rows and columns of the ink."""
    found = []
    for text, sure, line, x, y, w, h in rows:
        x, y, w, h = (round(side * factor) for side in (x, y, w, h))
        found.append(Word(text, sure, (1, 1, line), Box(WHITE_ROUND + x, WHITE_ROUND + y, w, h)))
    return found


def factor_of(letters, ink):
    return (letters.shape[0] - 2 * WHITE_ROUND) / ink.shape[0]


def test_a_line_that_the_reader_tore_is_read_by_itself():
    ink = block(2)
    torn = [("تقدوه", 93, 1, 0, 0, 100, 16), ("لم", 93, 1, 0, 0, 90, 16), ("فيلم", 93, 2, 200, 0, 100, 16), ("رائع", 93, 2, 110, 0, 90, 16), ("الملصق", 93, 3, 0, 24, 300, 16)]  # fmt: skip
    lines = iter([["فيلم", "رائع", "لم"], ["الملصق"]] * 9)

    def reader(letters, languages, mode):
        if mode == BLOCK:
            return placed(torn, factor_of(letters, ink))
        box = Box(WHITE_ROUND, WHITE_ROUND, letters.shape[1] - 2 * WHITE_ROUND, letters.shape[0] - 2 * WHITE_ROUND)
        return [Word(text, 93.0, (1, 1, 1), box) for text in next(lines)]

    text, sure = read_words(ink, 16, reader)
    assert text == "فيلم رائع لم الملصق"
    assert sure == pytest.approx(93)


def test_a_line_that_was_dropped_is_read_by_itself():
    ink = block(2)

    def reader(letters, languages, mode):
        if mode == BLOCK:
            return placed([("Votez", 95, 1, 0, 0, 300, 16)], factor_of(letters, ink))
        box = Box(0, 0, letters.shape[1], letters.shape[0])
        return [Word("Votez", 95.0, (1, 1, 1), box)]

    assert read_words(ink, 16, reader) == ("Votez Votez", 95.0)


@pytest.mark.parametrize(("number", "expected"), [("1.207,30", True), ("", False)])
def test_a_number_wider_than_its_figures_is_read_by_the_other_reader_or_by_a_person(number, expected):
    ink = block(1)

    def reader(letters, languages, mode):
        if languages == FRENCH:
            return [Word(number, 95.0, (1, 1, 1), Box(WHITE_ROUND, WHITE_ROUND, 90, 16))] if number else []
        rows = [("الرصيد", 93, 1, 175, 0, 125, 16), ("0", 95, 1, 60, 0, 115, 16), ("درهم", 93, 1, 0, 0, 60, 16)]
        return placed(rows, (letters.shape[1] - 2 * WHITE_ROUND) / ink.shape[1])

    text, sure = read_words(ink, 16, reader)
    assert (text == "الرصيد 1.207,30 درهم", sure > 86) == (expected, expected)


@pytest.mark.parametrize(
    ("address", "taken"), [("info@palmier.example", "info@palmier.example"), ("info@palmierexample", "")]
)
def test_an_address_without_a_dot_is_not_taken_for_the_sender(address, taken):
    pixels = screen([])
    pixels[60:78, 96:260:4] = 20
    pixels[60:62, 96:260] = 20
    assert title(pixels, 200, saying(address))[0] == taken


def test_torn_lines_that_cannot_be_parted_are_to_be_typed():
    ink = np.ones((40, 300), np.float32)
    torn = [("تقدوه", 93, 1, 0, 0, 150, 40), ("فيلم", 93, 2, 150, 0, 150, 40)]
    text, sure = read_words(ink, 16, lambda letters, languages, mode: placed(torn, factor_of(letters, ink)))
    assert (text, sure) == ("تقدوه فيلم", 70.0)


def test_the_sender_of_a_notification_is_one_that_two_readings_agree_on():
    ink = block(3)
    answers = {"ara+fra": "+212 661-31", "fra": "+212 661-000101", "ara": "+6571"}
    n_lines = iter(range(99))

    def reader(letters, languages, mode):
        text = "Messages maintenant" if next(n_lines) == 0 else answers[languages]
        return saying(text)(letters, languages, mode)

    assert _sender_of_card(ink, lines_of(ink), reader) == ("+212 661-000101", 2)
