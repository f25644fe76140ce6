"""What a report hides of the messages that it shows: numbers, the names by which they call their recipients, links of each one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from tasrib.numbering import number_spans, received_in
from tasrib.report.catalogue import say
from tasrib.report.differing import LINKED, NAME, NUMBERED, Alike
from tasrib.text.salutations import called_spans

# Of each kind its words in the catalogue.
_WORDS = {NUMBERED: "page.hidden", NAME: "page.hidden_name", LINKED: "page.hidden_link"}


@dataclass(frozen=True, order=True)
class Part:
    """
    A part of a message that is not shown.

    Attributes
    ----------
    start, end : int
        Where it begins and ends.
    kind : str
        ``number`` (of telephones, accounts, papers, customers; addresses of e-mail too), ``name`` or ``link``.
    """

    start: int
    end: int
    kind: str

    def mark(self, language: str) -> str:
        """What stands in its place, in a language."""
        return say(_WORDS[self.kind], language)


class Hidden:
    """
    What of each message is hidden, as far as the other messages of its campaigns tell.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints: ``text``, ``recipient`` and ``campaign_id``; ``number_status`` and ``country``, for in a message people write numbers as
        they are dialled where it was received.

    Attributes
    ----------
    countries : tuple of str
        Where they were received (`tasrib.numbering.received_in`).
    """

    def __init__(self, scored: pd.DataFrame) -> None:
        mine = scored.loc[scored["campaign_id"] != "", ["campaign_id", "recipient", "text"]].drop_duplicates()
        self._texts = {name: texts.tolist() for name, texts in mine.groupby("campaign_id", sort=False)["text"]}
        pairs = mine[["text", "campaign_id"]].drop_duplicates()
        self._campaigns = pairs.groupby("text", sort=False)["campaign_id"].agg(list).to_dict()
        self._alike: dict[str, Alike] = {}
        self._known: dict[str, tuple[Part, ...]] = {}
        self.countries = received_in(scored)

    def parts(self, text: str) -> tuple[Part, ...]:
        """
        Find what is hidden of a message.

        Parameters
        ----------
        text : str
            A message as received, of these complaints or another.

        Returns
        -------
        tuple of Part
            In order and apart from each other.
        """
        if text not in self._known:
            own = [part for name in self._campaigns.get(text, ()) for part in self._of(name).differing(text)]
            self._known[text] = hidden_parts(text, (Part(*part) for part in own), self.countries)
        return self._known[text]

    def plain(self, text: str, language: str = "en") -> str:
        """
        Write a message without what is hidden.

        Parameters
        ----------
        text : str
            A message as received.
        language : str
            ``ar``, ``fr`` or ``en``: of the words in the place of what is hidden. Files for machines have the English ones.

        Returns
        -------
        str
            The message with ``[number]``, ``[name]`` and ``[link]`` in it.
        """
        return without_parts(text, self.parts(text), language)

    def _of(self, campaign_id: str) -> Alike:
        if campaign_id not in self._alike:
            self._alike[campaign_id] = Alike(self._texts[campaign_id])
        return self._alike[campaign_id]


def hidden_parts(text: str, own: Iterable[Part] = (), countries: Iterable[str] = ()) -> tuple[Part, ...]:
    """
    Find what is hidden of a message.

    Parameters
    ----------
    text : str
        A message as received.
    own : iterable of Part
        What other messages tell to be its recipient's own.
    countries : iterable of str
        Home countries in which it was received, by ISO 3166 codes.

    Returns
    -------
    tuple of Part
        In order and apart from each other: numbers and addresses (`tasrib.numbering.number_spans`), names by which it calls its recipient (`called_spans`), and `own`. Parts that share characters are one, of the first one's kind.
    """
    found = [Part(*span, NUMBERED) for span in number_spans(text, countries)] + [
        Part(*span, NAME) for span in called_spans(text)
    ]
    apart: list[Part] = []
    for part in sorted([*found, *own]):
        if apart and part.start < apart[-1].end:
            apart[-1] = Part(apart[-1].start, max(apart[-1].end, part.end), apart[-1].kind)
        else:
            apart.append(part)
    return tuple(apart)


def without_parts(text: str, parts: Iterable[Part], language: str = "en") -> str:
    """
    Write a message with words in the place of some of its parts.

    Parameters
    ----------
    text : str
        A message as received.
    parts : iterable of Part
        In order and apart from each other.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        The message.
    """
    out, done = [], 0
    for part in parts:
        out += [text[done : part.start], part.mark(language)]
        done = part.end
    return "".join(out) + text[done:]


def in_language(shown: str, language: str) -> str:
    """
    Say the marks of a text that was written with English ones in another language.

    Parameters
    ----------
    shown : str
        Text in which something was hidden.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        The text.
    """
    for key in _WORDS.values():
        shown = shown.replace(say(key, "en"), say(key, language))
    return shown
