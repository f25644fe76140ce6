"""Numbers inside addresses: WhatsApp's ids, links that open a chat, tel: and sip: addresses."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

# WhatsApp's own ids: whose part before the @ is a number in international form, and whose is not.
_NUMBER_ID = re.compile(
    r"\+?(\d{6,15})(?:[:.]\d{1,5})*@(?:s\.whatsapp\.net|c\.us|(?:s\.)?whatsapp(?:\.\w{2,3})?)/?", re.I
)
_OTHER_ID = re.compile(r"[\w.:+-]{1,80}@(lid|g\.us|broadcast|newsletter|bot)", re.I)
_MEANING = {
    "lid": "an internal id of WhatsApp, not a number",
    "g.us": "the id of a WhatsApp group, not a number",
}
_SIP = re.compile(r"sips?:(\+?[\d.()-]{4,24})@[^\s@]+", re.I)
_CHAT_LINK = re.compile(
    r"(?:(?:wa\.me|t\.me)/|(?:whatsapp\.com/send|whatsapp://send|viber://\w{2,9})/?\?(?:[^\s?#]{0,60}&)?(?:phone|number)=)"
    r"[+ ]?(\d{4,15})(?!\d)",
    re.I,
)
_SCHEME = re.compile(
    r"(?:whatsapp|tel|telephone|sms|smsto|mms|mmsto|callto|signal|viber)\s*:(?://)?\s*(?=[+\d(])", re.I
)
# vCard: TEL;TYPE=CELL;waid=212…:+212 …
_VCARD = re.compile(r"tel;[^:\s]{1,80}:\s*", re.I)
_PARAMETERS = re.compile(r";\s*(?:ext|isub|phone-context|postd|user|tgrp|npdi)\b.*", re.I | re.S)
_EMAIL = re.compile(r"[^\s@,;<>()]{1,64}@[^\s@,;<>()]{1,255}")


class Inside(NamedTuple):
    """
    What an address leaves to be read.

    Attributes
    ----------
    text : str
        The number, or what is left of the cell without its e-mail addresses.
    international : bool
        Whether the number begins with its country's code, plus or not.
    note : str
        What it was; where nothing is left, why there is no number.
    """

    text: str
    international: bool = False
    note: str = ""


def inside_address(text: str) -> Inside:
    """
    Take a number out of the address that it stands in.

    Parameters
    ----------
    text : str
        A cell of at most some hundred characters, its digits 0-9.

    Returns
    -------
    Inside
        The cell as it is where there is no address in it.
    """
    if "@" in text:
        if found := _NUMBER_ID.fullmatch(text):
            # A form may have put the domain behind a number of the home country.
            return Inside(found[1], not found[1].startswith("0"), "taken from a WhatsApp id")
        if found := _OTHER_ID.fullmatch(text):
            return Inside("", note=_MEANING.get(found[1].lower(), "an id of WhatsApp, not a number"))
        if found := _SIP.match(text):
            return Inside(found[1], note="taken from an address")
        if text.count("@") == 1 and text.startswith("@"):
            return inside_address(text[1:])
        left = _EMAIL.sub(" ", text)
        if sum(map(str.isdigit, left)) < 6:
            return Inside("", note="an e-mail address, not a number")
        return Inside(left, note="an e-mail address beside it left out")
    if "%" in text:
        text = unquote(text)
    if found := _CHAT_LINK.search(text):
        return Inside(found[1], not found[1].startswith("0"), "taken from a link")
    if found := _SCHEME.match(text) or _VCARD.match(text):
        text = text[found.end() :]
    return Inside(_PARAMETERS.sub("", text, count=1).rstrip())


def numbers_in_links(text: str) -> list[tuple[int, int]]:
    """
    Find the numbers with their country's code in links that open a chat.

    Parameters
    ----------
    text : str
        Any text, its digits 0-9.

    Returns
    -------
    list of (int, int)
        Where their digits begin and end.
    """
    return [found.span(1) for found in _CHAT_LINK.finditer(text) if not found[1].startswith("0")]


def address_of(text: str) -> str:
    """
    Whom a cell without a number names all the same.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        An e-mail address or an id of WhatsApp in lower case; empty where the whole cell is neither.
    """
    bare = text.strip().lower()
    return bare if _EMAIL.fullmatch(bare) else ""
