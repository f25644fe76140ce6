"""Pictures of telephones that show messages of the corpus, drawn by Chromium after ``phone_layouts.toml``: what is on each is known."""

from __future__ import annotations

import base64
import datetime as dt
import html
import io
import random
import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from training.browser import Browser, find_browser

HERE = Path(__file__).parent
# Device pixels of a CSS pixel, of cheap, usual and dear telephones.
DENSITIES = (1.5, 2.0, 3.0)
THEMES = ("light", "dark")
SCREENS = ("fr", "ar", "en")
_WIDTH, _HEIGHT = 384, 780
_QUALITY = (70, 85)  # of JPEG, as programs for chats save it
_MOST_LETTERS = 420  # a longer message fills more than a screen
_LINK = re.compile(r"(?:https?://)?[\w\-]+(?:\.[\w\-]+)+(?:/[\w\-./?=&]*)?", re.ASCII)
_ARABIC_DIGITS = {ord(figure): other for figure, other in zip("0123456789", "٠١٢٣٤٥٦٧٨٩", strict=True)}
_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "ar": ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_WORDS = {
    "fr": {"app": "Messages", "now": "maintenant", "field": "Message texte"},
    "ar": {"app": "الرسائل", "now": "الآن", "field": "رسالة نصية"},
    "en": {"app": "Messages", "now": "now", "field": "Text message"},
}
_SENT = {"fr": ["Stop", "C'est qui ?", "Ne m'écrivez plus"], "ar": ["شكون معايا؟", "لا أريد رسائلكم"], "en": ["STOP", "Who is this?"]}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """
    A message on a picture.

    Attributes
    ----------
    text, sender, received_at : str
        As drawn; `received_at` as ISO 8601, as far as the picture shows it.
    language : str
        As in the corpus.
    """

    text: str
    sender: str
    received_at: str
    language: str


@dataclass(frozen=True)
class Drawn:
    """
    A picture and what is on it.

    Attributes
    ----------
    name, layout, theme, screen : str
        Its file, the section of ``phone_layouts.toml``, and the language of the telephone.
    density : float
        Device pixels of a CSS pixel.
    is_aside : bool
        Whether nobody looked at this layout while the reader was made.
    messages : tuple of Truth
        Those that were received, from above.
    n_sent : int
        Those of the owner.
    """

    name: str
    layout: str
    theme: str
    screen: str
    density: float
    is_aside: bool
    messages: tuple[Truth, ...]
    n_sent: int


def layouts() -> dict[str, dict[str, Any]]:
    """
    Read how the programs look.

    Returns
    -------
    dict
        The sections of ``phone_layouts.toml``.
    """
    found = tomllib.loads((HERE / "phone_layouts.toml").read_text("utf-8"))
    return {name: section for name, section in found.items() if isinstance(section, dict)}


def draw(messages: pd.DataFrame, folder: Path, n: int, seed: int, names: list[str] | None = None) -> Iterator[Drawn]:
    """
    Draw pictures.

    Parameters
    ----------
    messages : pandas.DataFrame
        ``text``, ``sender`` and ``language`` of what may stand on them.
    folder : pathlib.Path
        Where they are written, as PNG or JPEG.
    n : int
        How many; layouts, themes, languages and densities take turns.
    seed : int
        Of all that is drawn by chance.
    names : list of str, optional
        Layouts; all by default.

    Yields
    ------
    Drawn
        Each picture.
    """
    chance = random.Random(seed)
    known = {name: section for name, section in layouts().items() if names is None or name in names}
    short = messages[messages["text"].str.len() <= _MOST_LETTERS]
    by_language = {language: mine for language, mine in short.groupby("language")}
    template = jinja2.Template((HERE / "phone_pictures.html").read_text("utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    with Browser(find_browser()) as browser, tempfile.TemporaryDirectory() as pages:
        tab = browser.tab()
        for at in range(n):
            layout = list(known)[at % len(known)]
            turn = at // len(known)
            theme, density = THEMES[turn % len(THEMES)], DENSITIES[turn % len(DENSITIES)]
            screen = SCREENS[(turn + at) % len(SCREENS)]
            section = known[layout]
            # Telephones in Morocco write 16:15 on Arabic screens too, those further east ٤:١٥ م.
            figures = _ARABIC_DIGITS if screen == "ar" and turn % 2 else {}
            items, truths, sender, n_sent = _conversation(section, screen, by_language, chance, figures)
            page = Path(pages) / "page.html"
            page.write_text(template.render(_values(section, theme, screen, items, sender)), "utf-8")
            quality = chance.choice(_QUALITY) if at % 2 else 0
            name = f"{at:03}-{layout}-{theme}-{screen}.{'jpg' if quality else 'png'}"
            (folder / name).write_bytes(_picture(tab, page, density, section, quality))
            yield Drawn(name, layout, theme, screen, density, bool(section.get("aside")), tuple(truths), n_sent)


def _conversation(
    section: dict[str, Any],
    screen: str,
    by_language: dict[str, pd.DataFrame],
    chance: random.Random,
    figures: dict[int, str],
) -> tuple[list[dict[str, str]], list[Truth], str, int]:
    language = chance.choice(["fr", "fr", "ar", "ary", "ary-Latn", "mixed"])
    pool = by_language[language]
    alone = section.get("kind", "chat") != "chat"
    rows = pool.iloc[[chance.randrange(len(pool)) for _ in range(1 if alone else chance.choice([1, 1, 2, 3]))]]
    sender = next((one for one in rows["sender"] if one), "") or chance.choice(["3636", "+212 661-000101", "INFO"])
    moment = dt.datetime(
        2021, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), chance.randint(0, 59)
    )
    stamp = section.get("stamp")
    items: list[dict[str, str]] = []
    truths: list[Truth] = []
    n_sent = 0
    if not alone:
        items.append({"kind": "date", "text": _date(moment, screen, figures, with_time=stamp == "separator")})
    for number, text in enumerate(rows["text"]):
        if number and not alone and chance.random() < 0.3:
            items.append(
                {"kind": "sent", **_said(chance.choice(_SENT[screen])), "time": _clock(moment, screen, figures)}
            )
            n_sent += 1
        if number and stamp != "separator":
            moment += dt.timedelta(minutes=1) if moment.hour == 23 else dt.timedelta(minutes=chance.randint(1, 50))
        items.append({"kind": "received", **_said(text), "time": _clock(moment, screen, figures)})
        shown = "" if alone else moment.isoformat(timespec="minutes")
        truths.append(Truth(text, "" if section.get("kind") == "cropped" else sender, shown, language))
    return items, truths, sender, n_sent


def _said(text: str) -> dict[str, str]:
    return {"html": _LINK.sub(lambda found: f"<a>{found[0]}</a>", html.escape(text, quote=False))}


def _clock(moment: dt.datetime, screen: str, figures: dict[int, str]) -> str:
    if screen == "ar":
        half = "ص" if moment.hour < 12 else "م"
        return f"{(moment.hour + 11) % 12 + 1}:{moment.minute:02} {half}".translate(figures)
    return f"{moment:%H:%M}"


def _date(moment: dt.datetime, screen: str, figures: dict[int, str], *, with_time: bool) -> str:
    date = f"{moment.day} {_MONTHS[screen][moment.month - 1]} {moment.year}"
    if screen == "ar":
        date = date.translate(figures)
    return f"{date} {_clock(moment, screen, figures)}" if with_time else date


def _values(
    section: dict[str, Any], theme: str, screen: str, items: list[dict[str, str]], sender: str
) -> dict[str, Any]:
    colours = {name: colour.split() for name, colour in section[theme].items()}
    faint = {"light": "#e8dfd5", "dark": "#111c22"}[theme]
    return {
        "kind": "chat", "separator": "", "doodle": False, "head": "", "stamp": "", "gap": 4, **section, **colours, "width": _WIDTH, "height": _HEIGHT,
        "screen": screen, "items": items, "title": sender, "words": _WORDS[screen], "faint": faint, "link": "#027eb5" if theme == "light" else "#53bdeb",
    }  # fmt: skip


def _picture(tab: Any, page: Path, density: float, section: dict[str, Any], quality: int) -> bytes:
    alone = section.get("kind", "chat") != "chat"
    tab.call("Emulation.setDeviceMetricsOverride", width=_WIDTH, height=100 if alone else _HEIGHT, deviceScaleFactor=density, mobile=False)  # fmt: skip
    tab.open(page.as_uri())
    high = tab.evaluate("document.body.scrollHeight")
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": high, "scale": 1}
    shot = tab.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
    data = base64.b64decode(shot["data"])
    if not quality:
        return data
    from PIL import Image

    written = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").save(written, "JPEG", quality=quality)
    return written.getvalue()
