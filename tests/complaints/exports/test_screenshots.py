"""Screenshots: bubbles told by place and colour, nothing guessed, what the owner wrote not read, and clear lines where something is missing."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("PIL", reason="tasrib[ocr] is not installed")
pytest.importorskip("pypdfium2", reason="tasrib[ocr] is not installed")

from hypothesis import given
from hypothesis import strategies as st
from phone_screens import DARK, LIGHT, RECEIVED, SENT, as_file, saying, screen
from PIL import Image, ImageDraw, ImageFont

from tasrib._resources import resource
from tasrib.complaints import read_files
from tasrib.complaints.exports import screenshots
from tasrib.complaints.exports.pictures import reader as tesseracts
from tasrib.complaints.exports.pictures.bubbles import Block, Box, look
from tasrib.complaints.exports.pictures.file import kind_of, pages_of
from tasrib.complaints.exports.pictures.marks import is_field, starts_right
from tasrib.complaints.exports.pictures.moments import clock_of, day_of
from tasrib.complaints.exports.pictures.screen import holds_messages, read_screen
from tasrib.complaints.exports.pictures.words import alike, is_arabic
from tasrib.complaints.words import reference
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

OWNER = "0612345678"
CAMPAIGN = "Votez pour la liste du Parti de l'Espoir le 8 septembre"
TALK = [(RECEIVED, 200, 3), (SENT, 300, 1), (RECEIVED, 360, 2)]


def places(pixels):
    return [(block.place, block.box.y) for block in look(pixels).blocks]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("density", [1, 2, 3])
def test_bubbles_are_found_in_any_theme_and_density(theme, density):
    found = places(screen(TALK, theme, density=density))
    assert [place for place, _ in found] == ["left", "right", "left"]
    assert all(abs(y - top * density) <= 2 * density for (_, y), (_, top, _) in zip(found, TALK, strict=True))


@pytest.mark.parametrize("quality", [60, 75, 90])
def test_bubbles_are_found_after_compression(quality):
    data = as_file(screen(TALK, density=2), "JPEG", quality=quality)
    (pixels,) = pages_of(Source("a.jpg", "a.jpg", data), "picture")
    assert [place for place, _ in places(pixels)] == ["left", "right", "left"]


def test_bubbles_close_to_each_other_stay_apart():
    assert len(places(screen([(RECEIVED, 200, 1), (RECEIVED, 241, 1), (RECEIVED, 282, 1)]))) == 3


@pytest.mark.parametrize("pixels", [
    np.full((800, 400, 3), 255, np.uint8), np.random.default_rng(1).integers(0, 256, (600, 400, 3), np.uint8),
    np.linspace(0, 255, 400 * 600 * 3).reshape(600, 400, 3).astype(np.uint8), np.zeros((160, 160, 3), np.uint8),
])  # fmt: skip
def test_what_shows_no_bubble_holds_no_message(pixels):
    assert not holds_messages(pixels)


def test_only_what_was_received_is_read():
    calls = []
    shown = list(read_screen(screen(TALK), saying(CAMPAIGN, calls=calls)))
    assert [each.kind for each in shown] == ["received", "sent", "received"]
    assert [each.reading.text for each in shown] == [CAMPAIGN, "", CAMPAIGN]


def test_a_screen_read_from_the_right_is_mirrored():
    left, right = (Block(Box(0, 0, 9, 9), (240, 240, 240), place) for place in ("left", "right"))
    sent = Block(Box(0, 0, 9, 9), (0, 200, 90), "left")
    assert starts_right(None, ["7 شتنبر 2021", "رسالة نصية"], [right], 400) is True
    assert starts_right(None, ["7 septembre 2021"], [left], 400) is False
    assert starts_right(Box(210, 40, 90, 20), [], [right], 400) is True
    assert starts_right(Box(96, 40, 90, 20), [], [left], 400) is False
    assert starts_right(None, [], [sent, right], 400) is True
    assert starts_right(None, [], [left], 400) is None


def test_on_a_screen_that_shows_no_side_a_grey_bubble_is_received_and_a_vivid_one_is_asked():
    assert [each.kind for each in read_screen(screen([(RECEIVED, 200, 2)]), saying(CAMPAIGN))] == ["received"]
    vivid = {**LIGHT, "received": (20, 90, 220), "ink": (255, 255, 255)}
    assert [each.kind for each in read_screen(screen([(RECEIVED, 200, 2)], vivid), saying("…"))] == ["unknown"]


@pytest.mark.parametrize(("text", "time"), [
    ("16:15", dt.time(16, 15)), ("4:05 PM", dt.time(16, 5)), ("12:05 am", dt.time(0, 5)), ("٤:١٥ م", dt.time(16, 15)), ("١٢:٠٠ ص", dt.time(0)), ("SIM 1 · 16.15", dt.time(16, 15)),
    ("16:15 16:20", None), ("25:10", None), ("13:00 PM", None), ("", None), ("2021", None),
])  # fmt: skip
def test_times_of_a_screen(text, time):
    assert clock_of(text) == time


@pytest.mark.parametrize(("text", "day"), [
    ("7 septembre 2021", (dt.date(2021, 9, 7), None)), ("mardi 7 septembre 2021 16:15", (dt.date(2021, 9, 7), dt.time(16, 15))), ("٧ شتنبر ٢٠٢١", (dt.date(2021, 9, 7), None)),
    ("07/09/2021", (dt.date(2021, 9, 7), None)), ("Aujourd'hui 16:15", None), ("7 septembre", None), ("7 septembre 2921", None), ("اليوم", None), ("", None),
])  # fmt: skip
def test_days_of_a_screen(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize(("text", "expected"), [("Message texte", True), ("Text message…", True), ("رسالة نصية", True), (CAMPAIGN, False), ("", False)])  # fmt: skip
def test_the_field_to_write_in_is_no_message(text, expected):
    assert is_field(text) is expected


def test_scripts_and_likeness():
    assert is_arabic("صوتوا RNI")
    assert not is_arabic("3lach")
    assert alike("abcd", "abcd") == 1
    assert alike("abcd", "") == 0


@pytest.fixture
def read(tmp_path, monkeypatch):
    def reading(content, text=CAMPAIGN, confidence=95.0, name="capture.png"):
        monkeypatch.setattr(tesseracts, "check_installed", lambda: None)
        monkeypatch.setattr(tesseracts, "tesseract", saying(text, confidence))
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return reading


def test_a_screenshot_becomes_complaints(read):
    found = read_files(read(as_file(screen(TALK))), recipient=OWNER)
    assert found.complaints[["text", "recipient", "channel", "source_row"]].values.tolist() == [
        [CAMPAIGN, OWNER, "sms", 1], [CAMPAIGN, OWNER, "sms", 3],
    ]  # fmt: skip
    said = (
        found.cleaning.set_index("code")["said"]
        if "said" in found.cleaning
        else found.cleaning.astype(str).agg(" ".join, axis=1)
    )
    assert said.astype(str).str.contains("confidence of 95 of 100; page 1, at x").sum() == 2
    assert said.astype(str).str.contains("written on this phone").sum() == 1


def test_what_is_not_sure_is_to_be_typed_and_quoted_nowhere(run, read, tmp_path, small_model_shipped):
    path = read(as_file(screen(TALK)), "Vot3z p0ur la l1ste", 60.0)
    ended = run("score", path, "-o", "out.csv", "--recipient", OWNER)
    assert ended.exit_code != 0
    assert "Vot3z" not in ended.output
    sure = read(as_file(screen(TALK)), name="b.png")
    (tmp_path / "t.csv").write_text("message,tel\nVotez,0661000101\n", "utf-8")
    read(as_file(screen(TALK)), "Vot3z p0ur la l1ste", 60.0, sure.name)
    run("score", sure, "t.csv", "-o", "out.csv", "--recipient", OWNER)
    held = pd.read_csv(tmp_path / "out.quarantine.csv")
    assert held["reason"].str.startswith("to be typed: read with a confidence of 60 of 100 only; page 1, at x").all()
    assert json.loads(held["raw"][0]).keys() == {"page", "x", "y", "w", "h"}
    assert not any("Vot3z" in file.read_text("utf-8") for file in tmp_path.glob("out.*"))


def test_what_the_edge_cuts_off_is_to_be_typed(read):
    cut = screen([(RECEIVED, 200, 3), (RECEIVED, 300, 2)])[:322]
    rejected = read_files(read(as_file(cut)), recipient=OWNER).rejected
    assert rejected["reason"].str.contains("the edge of the picture cuts it off").tolist() == [True]


def test_the_pages_of_a_pdf_are_read_in_turn(read):
    pages = [Image.fromarray(screen([(RECEIVED, 200, 2)])) for _ in range(3)]
    path = read(b"", name="captures.pdf")
    pages[0].save(path, save_all=True, append_images=pages[1:])
    found = read_files(path, recipient=OWNER, keep_all=True)
    assert len(found.complaints) + found.cleaning["code"].eq("repeated_complaint").sum() >= 1
    assert found.cleaning.astype(str).agg(" ".join, axis=1).str.contains("page 3, at x").any()


def test_whose_phone_it_is_may_stand_in_the_name(read):
    assert read_files(read(as_file(screen(TALK)), name="0698765432.png")).complaints["recipient"].eq("0698765432").all()
    with pytest.raises(UnreadableInput, match="give --recipient NUMBER"):
        read_files(read(as_file(screen(TALK))))


def exif(pixels, **tags):
    image = Image.fromarray(pixels)
    made = image.getexif()
    for tag, value in tags.items():
        made[int(tag[1:])] = value
    return as_file(pixels, "JPEG", exif=made.tobytes())


@pytest.mark.parametrize(("content", "kind"), [
    (as_file(screen(TALK)), "picture"), (as_file(screen(TALK), "JPEG"), "picture"),
    (exif(screen(TALK), t271="Camera"), ""), (exif(screen(TALK), t305="Editor"), "picture"), (as_file(screen(TALK)[:20, :80]), ""), (b"\xff\xd8\xff\xe0" * 9, ""), (b"\x89PNG\r\n\x1a\n", ""),
    (b"\x00\x00\x00\x18ftypheic\x00", "heic"), (b"%PDF-1.7", "pdf"), (b"message,tel\n", ""),
])  # fmt: skip
def test_what_is_a_picture_its_first_bytes_tell(content, kind):
    assert kind_of(Source("x", "x", content)) == kind


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM", b"\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II", b"\xff\xd8", b""]), st.binary(max_size=60))  # fmt: skip
def test_any_bytes_are_told(head, rest):
    assert kind_of(Source("x", "x", head + rest)) in ("", "picture", "heic", "pdf")


@pytest.mark.parametrize(("content", "name", "said"), [
    (as_file(screen(TALK))[:900], "a.png", "is damaged and cannot be shown"), (b"%PDF-1.7 nothing", "a.pdf", "is damaged and cannot be read"),
    (b"\x00\x00\x00\x18ftypheic\x00", "a.heic", "save it as PNG or JPEG"), (as_file(np.zeros((900, 400, 3), np.uint8)), "a.png", "no reader for '.png'"),
])  # fmt: skip
def test_what_cannot_be_read_is_told(read, content, name, said):
    with pytest.raises(UnreadableInput, match=said):
        read_files(read(content, name=name), recipient=OWNER)


def test_a_picture_of_a_billion_pixels_is_refused(read, monkeypatch):
    monkeypatch.setattr("tasrib.complaints.exports.pictures.file._MOST_PIXELS", 1000)
    with pytest.raises(UnreadableInput, match="cut it into screens"):
        read_files(read(as_file(screen(TALK))), recipient=OWNER)


def test_without_tesseract_one_line_says_what_to_install(run, tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(as_file(screen(TALK)))
    tesseracts._program.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    ended = run("score", "a.png", "-o", "out.csv", "--recipient", OWNER)
    assert ended.exit_code == 2
    assert ended.output.count("\n") == 1
    assert "apt-get install tesseract-ocr tesseract-ocr-ara tesseract-ocr-fra" in ended.output


@pytest.mark.skipif(os.name == "nt", reason="a program that is a script")
def test_without_arabic_one_line_says_so(tmp_path, monkeypatch):
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'List of available languages (2):'\necho eng\necho fra\n")
    program.chmod(0o755)
    tesseracts._program.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    with pytest.raises(tesseracts.NotInstalled, match="lacks what it takes to read ara: apt-get install"):
        tesseracts.check_installed()
    tesseracts._program.cache_clear()


def test_without_the_extra_one_line_says_so(read, monkeypatch):
    path = read(as_file(screen(TALK)))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(UnreadableInput, match=r"capture.png: .* pip install 'tasrib\[ocr\]'"):
        read_files(path, recipient=OWNER)


def test_nothing_is_imported_for_it_before_a_picture_is_given():
    code = "import sys; from tasrib.complaints.exports import formats; formats(); print(' '.join(sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "tasrib.complaints.exports.screenshots" in loaded
    assert not {"PIL", "pypdfium2", "scipy.ndimage", "tasrib.complaints.exports.pictures.screen"} & loaded


def test_what_is_said_of_screenshots_is_said_in_three_languages():
    said = [each["en"] for each in reference("said.toml")["said"]]
    wordings = (screenshots._UNSURE, screenshots._CUT, screenshots._EITHER, screenshots._READ, screenshots._EMOJIS.said)
    shown = [wording.replace("{place}", screenshots._PLACE) for wording in wordings]
    assert set(shown) <= set(said)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_letters_are_read(theme):
    try:
        tesseracts._program.cache_clear()
        tesseracts.check_installed()
    except UnreadableInput:
        pytest.skip("Tesseract without Arabic and French")
    pixels = screen([(RECEIVED, 200, 3)], theme, density=3, n_words=0)
    image = Image.fromarray(pixels)
    with resource("fonts", "NotoSans-Regular.ttf").open("rb") as font:
        drawn = ImageFont.truetype(font, 48)
        ImageDraw.Draw(image).text((75, 630), "Votez pour\nla Colombe", theme["ink"], drawn)
    (shown,) = read_screen(np.asarray(image), tesseracts.tesseract)
    assert shown.reading.text == "Votez pour la Colombe"
    assert shown.reading.confidence > 80
