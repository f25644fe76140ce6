"""Text that was read in the wrong code page, put back where there is one reading and no other."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache, lru_cache

from tasrib.complaints.common_words import holds_common_word, known_words

# What UTF-8 is taken for: Windows, ISO, Macintosh and DOS pages of Arabic, Western, Cyrillic, Greek and Turkish machines.
_TAKEN_FOR = (
    "cp1252", "latin-1", "cp1256", "iso8859-6", "mac_roman", "cp437", "cp850", "cp720", "cp1251", "cp864", "iso8859-15", "cp1254",
    "cp1250", "cp1253", "cp1255", "koi8-r", "cp866", "iso8859-2",
)  # fmt: skip
# The first ones are looked for inside sound text as well.
_OFTEN = 9
_WIDE = ("gbk", "big5", "shift_jis", "euc_kr")
# Pages that Arabic was written in, and what those are taken for.
_ARABIC_PAGES = ("cp1256", "iso8859-6", "cp720")
_LEAST_RUN, _LEAST_SHARE, _LEAST_KNOWN = 3, 0.8, 0.3
# Bytes that UTF-8 begins letters with which people here write, or which they were taken for once already.
_LEADS = (0xC2, 0xC3, 0xC5, 0xC6, 0xCB, 0xD8, 0xD9, 0xDA, 0xDB)
# Western Windows has no sign for five bytes: programs put "?" or U+FFFD, or nothing behind the sign for pictures. Of the Arabic letters that
# begin with the byte before, one only has such a second byte.
_ARABIC_AS_WESTERN = re.compile("(?:[ØÙ][\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]\\s?){2}")
_LOST_BYTES = ((re.compile("Ù[\ufffd?]"), "Ù\x81"), (re.compile("ï¸[\ufffd?\x8f]?"), "ï¸\x8f"))
# Signs that follow a letter in genuine text too, so that one pair with them proves nothing.
_PLAIN_SIGNS = frozenset("،؛؟«»“”‘’…–—•·. \u00a0\u200c\u200d\u200e\u200fـ")
_ACCENTED = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆñáíóú«»’“”–…€")
_UTF16 = re.compile("[\x00\x06]")
# The first letter beyond ASCII and what follows it: in UTF-8 that was misread they are its first two bytes, or stand for more of them.
_BEGINNING = re.compile("[^\x00-\x7f].?", re.DOTALL)
# Alphabets and pictures that misread UTF-8 does not turn into: ftfy finds nothing bad in them.
_NEVER_BAD = re.compile("[\x00-\x7f\u0621-\u065f\u2d30-\u2d7f\U0001f300-\U0001faff]*")
_PLAIN_ARABIC, _ASCII, _ACCENTED_LETTER = re.compile("[ا-ي]"), re.compile("[\x00-\x7f]+"), re.compile("[À-ÿ]")
_NOT_ARABIC = re.compile(r"[^\W\d_a-zA-Zا-ي]")


def undo_utf8(text: str) -> str:
    """
    Undo the reading of UTF-8 as something else.

    Parameters
    ----------
    text : str
        A text, not all ASCII.

    Returns
    -------
    str
        The text that was meant; the same text where it is not certain.

    Notes
    -----
    Bytes that form UTF-8 by chance are rare: a text of n letters of an 8-bit page passes with a probability that falls with
    every letter. Single pairs are taken only where the second sign does not follow a letter in ordinary text.
    """
    text, received = _lost_bytes_restored(text), text
    beginning = _BEGINNING.search(text)
    for page in _pages_of(beginning.group()) if beginning else ():
        raw = _bytes_of(text, page)
        if raw is None:
            continue
        try:
            better = raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if better != text and _certain(better, text) and _sound(better, text):
            return better
    if not _NEVER_BAD.fullmatch(text):
        # Taken up late, for it takes long to import: most texts are undone before, and whoever only looks at a message undoes none.
        import ftfy
        from ftfy.badness import is_bad

        if is_bad(text):
            certain_only = ftfy.TextFixerConfig(fix_c1_controls=False, decode_inconsistent_utf8=True)
            better = ftfy.fix_encoding(text, certain_only)
            if better != text and not is_bad(better) and _sound(better, text):
                return better
    signs = frozenset(text)
    for page in _TAKEN_FOR[:_OFTEN]:
        better = _undo_runs(text, page, signs)
        if better != text:
            return better
    return received


@lru_cache(maxsize=1 << 14)
def _pages_of(beginning: str) -> tuple[str, ...]:
    """The pages in which a text whose letters beyond ASCII begin so may be UTF-8, as most sound texts are in none."""
    found = []
    for page in (*_TAKEN_FOR, *_WIDE):
        raw = _bytes_of(beginning, page)
        if raw is None:
            continue
        try:
            codecs.utf_8_decode(raw, "strict", False)
        except UnicodeDecodeError:
            continue
        found.append(page)
    return tuple(found)


def undo_arabic_page(text: str) -> str:
    """
    Undo the reading of an Arabic code page as another one, or of UTF-16 as bytes.

    Parameters
    ----------
    text : str
        A text, not all ASCII unless it holds control characters.

    Returns
    -------
    str
        The Arabic text that was meant, where its words are known and those of the text are not; otherwise the same text.
    """
    if _UTF16.search(text):
        return _undo_utf16(text)
    if not _NOT_ARABIC.search(text) and holds_common_word(text):
        return text
    letters = sum(map(str.isalpha, text))
    plain = len(_PLAIN_ARABIC.findall(text))
    foreign = sum(map(str.isalpha, _ASCII.sub("", text))) - plain
    # Arabic that was read in another Arabic page is Arabic letters, with or without accented ones among them.
    if letters < 4 or 2 * (foreign + plain) < letters:
        return text
    received = {wrong: raw for wrong in _TAKEN_FOR if (raw := _bytes_of(text, wrong)) is not None}
    if not received:
        return text
    known, words = known_words(text)
    if plain and not foreign and known:
        return text
    best, most = text, max(known, _LEAST_KNOWN * max(words, 4) - 1e-9, 1 if foreign else 2)
    for wrong, raw in received.items():
        for right in _ARABIC_PAGES:
            if right == wrong:
                continue
            better = codecs.charmap_decode(raw, "strict", _decoding(right))[0]
            if _mixed(better):
                continue
            found, parts = known_words(better)
            if found > most and found >= _LEAST_KNOWN * parts and _sound(better, text):
                best, most = better, found
    return best


def _mixed(text: str) -> bool:
    """Whether accented letters stand in an Arabic text, as they do only in one that is read wrongly."""
    return _ACCENTED_LETTER.search(text) is not None


def _undo_utf16(text: str) -> str:
    raw = _bytes_of(text, "latin-1")
    if raw is None or 4 * sum(b in (0, 6) for b in raw) < len(raw):
        return text
    for shift in (0, 1):
        for order in ("utf-16-le", "utf-16-be"):
            part = raw[shift:]
            better = part[: len(part) // 2 * 2].decode(order, "replace").removeprefix("\ufeff")
            if all(_ordinary(c) for c in better) and any(c.isalpha() for c in better):
                return better
    return text


def _undo_runs(text: str, page: str, signs: frozenset[str]) -> str:
    """Undo stretches of misread UTF-8 inside a text that is sound elsewhere, or that lost some of its bytes."""
    first, later = _halves(page)
    if first.isdisjoint(signs) or later.isdisjoint(signs):
        return text
    pattern, several, to_byte = _runs(page)
    # A letter has four bytes at most, and fewer than six prove nothing.
    if not several.search(text):
        return text
    found = [match for match in pattern.finditer(text)]
    if not found:
        return text
    covered = sum(match.end() - match.start() for match in found)
    strange = sum(c > "\x7f" for c in text)
    longest = max(match.end() - match.start() for match in found)
    throughout = covered >= _LEAST_SHARE * strange
    if longest < 2 * _LEAST_RUN:
        return text

    def decoded(match: re.Match[str]) -> str:
        # Beside genuine text one pair may be a letter and a comma.
        if not throughout and match.end() - match.start() < 4:
            return match.group()
        try:
            return bytes(to_byte[c] for c in match.group()).decode("utf-8")
        except UnicodeDecodeError:
            return match.group()

    better = pattern.sub(decoded, text)
    return better if _sound(better, text) else text


def _lost_bytes_restored(text: str) -> str:
    if _ARABIC_AS_WESTERN.search(text):
        for pattern, whole in _LOST_BYTES:
            text = pattern.sub(whole, text)
    return text


@cache
def _halves(page: str) -> tuple[frozenset[str], frozenset[str]]:
    """What UTF-8's first bytes of a letter, and its later ones, look like in a page."""
    to_char = _decoding(page)
    return frozenset(to_char[b] for b in (*_LEADS, *range(0xE0, 0xF5))), frozenset(to_char[0x80:0xC0])


@cache
def _runs(page: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, int]]:
    to_char = _decoding(page)
    ranges = (("two", _LEADS), ("three", range(0xE0, 0xF0)), ("four", range(0xF0, 0xF5)), ("next", range(0x80, 0xC0)))
    group = {name: "[" + re.escape("".join(to_char[b] for b in places)) + "]" for name, places in ranges}
    one = f"{group['two']}{group['next']}|{group['three']}{group['next']}{{2}}|{group['four']}{group['next']}{{3}}"
    to_byte = {char: byte for byte, char in enumerate(to_char)}
    return re.compile(f"(?:{one})+"), re.compile(f"(?:{one}){{2}}"), to_byte


def _bytes_of(text: str, page: str) -> bytes | None:
    try:
        if page in _WIDE:
            return text.encode(page)
        return codecs.charmap_encode(text, "strict", _encoding(page))[0]
    except UnicodeEncodeError:
        return None


@cache
def _decoding(page: str) -> str:
    """The 256 characters of a page; a byte that it lacks is the control character of that number, as browsers read it."""
    return "".join(bytes([b]).decode(page, "ignore") or chr(b) for b in range(256))


@cache
def _encoding(page: str):
    return codecs.charmap_build(_decoding(page))


def _certain(better: str, text: str) -> bool:
    strange = [c for c in better if c > "\x7f"]
    if len(strange) >= _LEAST_RUN:
        return True
    signs = [c for c in text if c > "\x7f"]
    return bool(strange) and all(c in _ACCENTED for c in strange) and not _PLAIN_SIGNS.issuperset(signs[1::2])


def _sound(better: str, text: str) -> bool:
    """Whether a reading has nothing in it that people do not write, unless the text had it already."""
    return all(_ordinary(c) or c in text for c in better)


def _ordinary(char: str) -> bool:
    if char in "\n\r\t":
        return True
    if char < "\x7f":
        return char >= " "
    if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs"):
        return False
    # Alphabets as far as Arabic, Tifinagh, styled letters, signs and pictures.
    return (
        char < "\u0780"
        or "\u1d00" <= char <= "\u1fff"
        or "\u2000" <= char <= "\u2dff"
        or "\u3000" <= char <= "\u303f"
        or "\ufb50" <= char <= "\ufeff"
        or char > "\uffff"
    )
