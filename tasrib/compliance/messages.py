"""A complaint's text as the message that was received: without what the complainant wrote around it, and whether all of it is there."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasrib.text import normalise
from tasrib.text.fold import FOLD
from tasrib.text.typed import URL

# People put the message between quotation marks and their own words before or after it. A quotation that is less than this share of
# the text is a part of the message itself.
_QUOTED = re.compile('«[^«»]+»|“[^“”]+”|"[^"]+"')
_MOST_OF_IT = 0.5
# "STOP36111" and "STOP-36111" are one word, and so a code, to `normalise`; so are "2optout" and "2stoptxt".
_STOP_JOINED = re.compile(r"(stop(?:[ -]?sms)?)[-:]?(?=\d)", re.IGNORECASE)
_STOP_GLUED = re.compile(r"optout|stoptxt|(?<=2)stop", re.IGNORECASE)
_STOP_IN_ARABIC = re.compile(r"(?<!\w)(?:ستوب|سطوب|صطوب|ستوپ)(?!\w)")
# Dots in place of the rest, or one part of a message that came in several. Without brackets "8/9" is a day.
_BROKEN_OFF = re.compile(r"(?:…|\.\.\.)[\s\"'»”)\]]{0,9}$")
_BEGUN_LATE = re.compile(r"^[\s\"'«“(\[]{0,9}(?:…|\.\.\.)")
_PART = re.compile(r"[(\[] ?[1-4] ?/ ?[2-4] ?[)\]]")
# What one SMS holds, in Latin letters and in others: a text of just this length may be the first of two.
_ONE_SMS, _ONE_SMS_ARABIC = 160, 70
_ARABIC = re.compile(r"[\u0600-\u06ff]")


class Message(NamedTuple):
    """
    What a complaint's text gives of the message.

    Attributes
    ----------
    plain : str
        The message, normalised.
    links : tuple of str
        Web addresses in it, folded.
    quoted : bool
        Whether it stood between quotation marks.
    cut : bool
        Whether a part of it seems to be missing.
    """

    plain: str
    links: tuple[str, ...]
    quoted: bool
    cut: bool

    @property
    def has_link(self) -> bool:
        """Whether there is a web address in it."""
        return "URL" in self.plain

    @property
    def has_contact(self) -> bool:
        """Whether there is a telephone number or an e-mail address in it."""
        return "PHONE" in self.plain or "EMAIL" in self.plain


def read_message(text: str) -> Message:
    """
    Take the message out of a complaint's text.

    Parameters
    ----------
    text : str
        The text of a complaint, as received.

    Returns
    -------
    Message
        The message, and what is known of its completeness.
    """
    stripped = text.strip()
    quoted = _quoted(stripped)
    received = quoted or stripped
    apart = _STOP_GLUED.sub(r" \g<0> ", _STOP_JOINED.sub(r"\1 ", received))
    plain = normalise(_STOP_IN_ARABIC.sub("stop", apart))
    links = tuple(URL.findall(received.translate(FOLD))) if "URL" in plain else ()
    cut = bool(
        len(received) == (_ONE_SMS_ARABIC if _ARABIC.search(received) else _ONE_SMS)
        or _BROKEN_OFF.search(received)
        or _BEGUN_LATE.match(received)
        or _PART.search(received)
    )
    return Message(plain, links, bool(quoted), cut)


def _quoted(text: str) -> str:
    parts = [match.group()[1:-1].strip() for match in _QUOTED.finditer(text)]
    longest = max(parts, key=len, default="")
    return longest if len(longest) >= _MOST_OF_IT * len(text) else ""
