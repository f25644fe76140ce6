"""What hangs on an e-mail: other e-mails, and files of any kind, also those that Outlook packed into one; no picture that only adorns the text."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from tasrib.complaints.exports.mail_text import as_sent, body_parts, content_of, file_name, is_attached, parts_of
from tasrib.complaints.exports.pictures.file import is_tall
from tasrib.complaints.exports.winmail import MAGIC, read_packed

_HEAD = 16_384  # bytes in which an e-mail is recognised
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")
_KNOWN = frozenset(
    b"from to cc subject date received return-path message-id mime-version delivered-to content-type reply-to sender dkim-signature x-gm-thrid "
    b"x-gmail-labels list-unsubscribe content-transfer-encoding arc-seal authentication-results x-mozilla-status x-universally-unique-identifier".split()
)  # fmt: skip
_FEWEST = 2
# Of the program that signed or delivered it.
OF_PROGRAM = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "message/delivery-status", "message/disposition-notification", "text/rfc822-headers", "message/global-headers", "text/calendar")  # fmt: skip
_PARSER = BytesParser(EmailMessage, policy=default)


def is_head(head: bytes) -> bool:
    """
    Tell the head of an e-mail: lines of names and values from the first on, of which some are known.

    Parameters
    ----------
    head : bytes
        The beginning of a file.

    Returns
    -------
    bool
        Whether it is one.
    """
    names: set[bytes] = set()
    for line in head.splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t" and names:
            continue
        field = _FIELD.match(line)
        if field is None:
            # Mailboxes put this, and some programs one line of their own, before the head.
            if names or not line.startswith(b">From "):
                return False
            continue
        names.add(field[0][:-1].lower())
    return len(names & _KNOWN) >= _FEWEST


def messages_on(message: EmailMessage) -> Iterator[EmailMessage]:
    """
    Give the e-mails that hang on an e-mail, also those that a program packed as any other file.

    Parameters
    ----------
    message : EmailMessage
        The e-mail.

    Yields
    ------
    EmailMessage
        Each of them; not those that hang on these.
    """
    for part in parts_of(message):
        if (content := _message_in(part)) is not None:
            yield content if isinstance(content, EmailMessage) else _PARSER.parsebytes(content)


def files_on(message: EmailMessage, *, mails: bool = True) -> Iterator[tuple[str, bytes]]:
    """
    Give the files that hang on an e-mail.

    Parameters
    ----------
    message : EmailMessage
        The e-mail.
    mails : bool
        Whether e-mails are among them.

    Yields
    ------
    tuple of str and bytes
        What it is called, and what is in it; of ``winmail.dat`` the files within. Of the pictures that the text shows only those as tall as
        a telephone's screen: people put these there, programs logos.
    """
    taken = body_parts(message)
    for number, part in enumerate(parts_of(message), start=1):
        kind = part.get_content_type()
        inner = _message_in(part)
        if inner is not None:
            if mails:
                content = inner.as_bytes() if isinstance(inner, EmailMessage) else inner
                yield file_name(part) or f"{number}.eml", content
            continue
        if kind in OF_PROGRAM or part in taken or not (is_attached(part) or kind == "message/rfc822"):
            continue
        content = content_of(part)
        if _is_shown(part) and not is_tall(content):
            continue
        if content.startswith(MAGIC):
            yield from read_packed(content).files
        elif content.strip():
            yield file_name(part) or f"{number}", content


def text_packed(message: EmailMessage) -> str:
    """
    Read the words of an e-mail that Outlook packed beside it.

    Parameters
    ----------
    message : EmailMessage
        One that has none itself.

    Returns
    -------
    str
        Empty where there are none.
    """
    contents = (content_of(part) for part in parts_of(message) if is_attached(part))
    return next(
        (found for each in contents if each.startswith(MAGIC) and (found := read_packed(each).text.strip())), ""
    )


def _is_shown(part: EmailMessage) -> bool:
    disposition = str(part.get("Content-Disposition", "")).casefold()
    return bool(part.get("Content-ID")) and "attachment" not in disposition


def _message_in(part: EmailMessage) -> EmailMessage | bytes | None:
    """The e-mail that a part is."""
    inner = part.get_payload()
    whole = inner[0] if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and inner else None
    if isinstance(whole, EmailMessage) and whole.keys():
        return whole
    content = content_of(whole if isinstance(whole, EmailMessage) else part)
    if isinstance(whole, EmailMessage) and "base64" in str(part.get("Content-Transfer-Encoding", "")).casefold():
        content = _unpacked(content)
    content = as_sent(content)
    return content if (whole is not None or is_attached(part)) and is_head(content[:_HEAD]) else None


def _unpacked(content: bytes) -> bytes:
    try:
        return base64.b64decode(content)
    except ValueError:
        return b""
