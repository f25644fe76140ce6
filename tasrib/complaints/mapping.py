"""What the user states on the command line: which column is which field, and what a field holds throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from tasrib.complaints.schema import CHANNELS, FIELDS, YES_NO
from tasrib.complaints.words import fold, synonyms
from tasrib.errors import UnreadableInput

# Each complaint has its own; one for a whole file would make them one.
_OF_EACH = ("text", "complaint_id")


def check_field(name: str) -> None:
    """
    Refuse a name that is no field of a complaint.

    Raises
    ------
    UnreadableInput
        With the nearest field, or all of them.
    """
    if name not in FIELDS:
        near = get_close_matches(name, FIELDS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"fields: {', '.join(FIELDS)}"
        raise UnreadableInput(f"'{name}' is not a field of a complaint; {hint}")


def check_mapping(mapping: Mapping[str, str]) -> None:
    """
    Refuse a mapping that names an unknown field, or one field twice.

    Raises
    ------
    UnreadableInput
        With the columns that are concerned.
    """
    for column, name in mapping.items():
        check_field(name)
        others = [other for other, same in mapping.items() if same == name and other != column]
        if others:
            raise UnreadableInput(f"columns '{column}' and '{others[0]}' are both mapped to '{name}'; keep one")


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """
    Read ``COLUMN=FIELD`` pairs, as given to ``--map``.

    Parameters
    ----------
    pairs : sequence of str
        A column's name may itself hold ``=``; the last one counts.

    Returns
    -------
    dict
        Column → field.

    Raises
    ------
    UnreadableInput
        When a pair is malformed, a field unknown, or a column or field comes twice.

    Examples
    --------
    >>> parse_mapping(["Texte reçu=text"])
    {'Texte reçu': 'text'}
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        column, equals, name = (part.strip() for part in pair.rpartition("="))
        if not (column and equals and name):
            raise UnreadableInput(f'--map {pair}: write COLUMN=FIELD, as in --map "Texte reçu=text"')
        if column in mapping:
            raise UnreadableInput(f"--map names column '{column}' twice; keep one")
        mapping[column] = name
    check_mapping(mapping)
    return mapping


def parse_values(pairs: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """
    Read ``FIELD=VALUE`` pairs, as given to ``--set``.

    Parameters
    ----------
    pairs : sequence of str
        A value may itself hold ``=``; the first one counts.
    mapping : mapping of str to str, optional
        What ``--map`` states: no field may be in both.

    Returns
    -------
    dict
        Field → value; channels and yes/no in the words of a complaint, whatever language they were given in.

    Raises
    ------
    UnreadableInput
        When a pair is malformed, a field is unknown, comes twice, is mapped too or is one that each complaint has of its own, or a
        channel or yes/no is none. The value is not repeated: it may be somebody's number.

    Examples
    --------
    >>> parse_values(["channel=texto", "recipient=0661000101"])
    {'channel': 'sms', 'recipient': '0661000101'}
    """
    values: dict[str, str] = {}
    mapped = {name: column for column, name in (mapping or {}).items()}
    for number, pair in enumerate(pairs, start=1):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value):
            raise UnreadableInput(f"--set number {number}: write FIELD=VALUE, as in --set channel=sms")
        check_field(name)
        if name in _OF_EACH:
            raise UnreadableInput(f"--set {name}: each complaint has its own; name its column with --map COLUMN={name}")
        if name in values:
            raise UnreadableInput(f"--set names '{name}' twice; keep one")
        if name in mapped:
            raise UnreadableInput(f"'{name}' is set by --set and read from column '{mapped[name]}' by --map; keep one")
        values[name] = _known(name, value)
    return values


def _known(name: str, value: str) -> str:
    """A channel or an answer in the words of a complaint; any other value as it is."""
    for names, section, words in ((("channel",), "channel", CHANNELS), (YES_NO, "yes_no", ("yes", "no", "unknown"))):
        if name in names:
            meaning = synonyms(section).get(fold(value))
            if meaning is None:
                raise UnreadableInput(f"--set {name}: not a known value; write {', '.join(words)}")
            return meaning
    return value
