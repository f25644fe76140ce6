"""Which column is which field: by its name, by the question it asks, and by what its cells look like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from tasrib.complaints.looks import is_address, is_answer, is_moment, is_number, is_text, is_value, sample, share
from tasrib.complaints.mapping import check_field, check_mapping, parse_mapping, parse_values
from tasrib.complaints.naming import Claim, name_claim, options
from tasrib.complaints.questions import Rank, plain
from tasrib.complaints.schema import FIELDS, REQUIRED
from tasrib.complaints.survey_tools import Added, added_columns, is_import_row, is_response_row
from tasrib.complaints.words import ascii_digits, fold, is_no_answer, synonyms, vocabulary
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note

__all__ = [
    "Headers", "Recognition", "ascii_digits", "check_field", "fold", "is_no_answer", "may_be_data", "parse_mapping", "parse_values", "shown", "synonyms", "vocabulary",
]  # fmt: skip

_SHOWN = 15
_NAME = 60  # characters of a name in a message
_MOST_NAMES = 2_000  # columns of which the nearest name is sought
_HALF = 0.5
_LONG_CELL = 20  # characters; a name or a town is shorter, a message is not
_UNQUOTED = str.maketrans(dict.fromkeys('"`$\\!', " "))
_LOOKS: dict[str, Callable[[str], bool]] = {"recipient": is_address, "text": is_text, "received_at": is_moment}
_ADDED = {"time": "received_at", "id": "complaint_id"}


@dataclass(frozen=True)
class Recognition:
    """Field → column, the columns nobody needs, the columns of ``mapping`` that the file lacks, and what to say of the choice."""

    columns: dict[str, str]
    ignored: list[str]
    absent: list[str]
    notes: list[Note] = field(default_factory=list)


class Headers:
    """
    Recognises the columns of complaint files.

    Parameters
    ----------
    mapping : mapping of str to str, optional
        Column → field, as the user stated them; they go before what is recognised.
    stated : collection of str, optional
        Fields whose value the user stated for whole files: they need no column.

    Raises
    ------
    UnreadableInput
        When the mapping names an unknown field, or one field twice.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None, stated: Collection[str] = ()) -> None:
        self.mapping = dict(mapping or {})
        self.stated = frozenset(stated)
        self._mapped = {fold(column): name for column, name in self.mapping.items()}
        check_mapping(self.mapping)

    def claim(self, column: str) -> Claim | None:
        """The field a column claims by itself, and how strongly."""
        for spelling in (column, plain(column)) if self._mapped else ():
            if fold(spelling) in self._mapped:
                return self._mapped[fold(spelling)], Rank.MAPPED
        return name_claim(column)

    def score(self, cells: Sequence[str]) -> int:
        """How many fields are claimed by these cells, one that the user names before all others; none where as many are values."""
        claims = self._claims(cells).values()
        claimed = {name for name, _ in claims}
        if len(claimed) <= sum(map(is_value, cells)):
            return 0
        return len(claimed) + (len(FIELDS) if any(rank == Rank.MAPPED for _, rank in claims) else 0)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether the cells name columns of complaints: two fields of which one is surely named, or the text or a tool's stamp beside another."""
        claims = self._claims(cells).values()
        sure = {name for name, rank in claims if rank > Rank.WEAK_NAME}
        named = {name for name, _ in claims}
        stamped = ("received_at", Rank.OF_THE_FORM) in claims
        # One cell alone is a title or an instruction, unless the user says that it names a column.
        beside = sum(bool(cell.strip()) for cell in cells) > 1 or any(rank == Rank.MAPPED for _, rank in claims)
        known = (beside and ("text" in named or stamped)) or (bool(sure) and len(named) > 1)
        return known and self.score(cells) > 0

    def is_subheading(self, cells: Sequence[str], columns: Sequence[str]) -> bool:
        """
        Tell a row that stands below the headings and is no complaint.

        Parameters
        ----------
        cells : sequence of str
            The row.
        columns : sequence of str
            The headings above it.

        Returns
        -------
        bool
            True for the headings once more, in other words or in another language, for the identities that Qualtrics writes below
            them and for the kinds of answer that SurveyMonkey does. A row with a number, a date or an address is data.
        """
        if is_import_row(cells):
            return True
        if any(map(is_value, cells)):
            return False
        pairs = [(column, cell) for column, cell in zip(columns, cells, strict=False) if cell.strip()]
        if pairs and all(fold(column) == fold(cell) for column, cell in pairs):
            return True
        if is_response_row(cells, columns):
            return True
        return self._renamed(pairs)

    def _renamed(self, pairs: Sequence[tuple[str, str]]) -> bool:
        """Whether cells claim what the columns above them claim; where one is a name there, two at least."""
        above = self._claims([column for column, _ in pairs])
        below = self._claims([cell for _, cell in pairs])
        same = sum(
            cell in below and (column not in above or above[column][0] == below[cell][0]) for column, cell in pairs
        )
        other = sum(cell in below and column in above and above[column][0] != below[cell][0] for column, cell in pairs)
        return same > 1 and not other

    def _claims(self, columns: Sequence[str]) -> dict[str, Claim]:
        """What each of the columns of one table claims; options of a question with several answers claim nothing."""
        added, answers = added_columns(columns), options(columns)
        claims = {}
        for column in columns:
            claim = self.claim(column) if column.strip() else None
            if column in answers and claim and claim[1] < Rank.MAPPED:
                claim = None
            if column in added and (claim is None or claim[1] < Rank.MAPPED):
                kind = added[column].kind
                claim = (_ADDED[kind], Rank.OF_THE_FORM) if kind in _ADDED else None
            if claim:
                claims[column] = claim
        return claims

    def recognise(self, file: str, columns: Sequence[str], rows: Sequence[Sequence[str]] | None = None) -> Recognition:
        """
        Give each field its column.

        Parameters
        ----------
        file : str
            Name for messages.
        columns : sequence of str
            The headings, each once.
        rows : sequence of sequence of str, optional
            The cells below them: a column must also look like what it claims, and of two that claim a field the one is taken that does.

        Returns
        -------
        Recognition
            The columns.

        Raises
        ------
        UnreadableInput
            When a required field has no column, or two that are as good. No cell is repeated, nor headings that may be data.
        """
        seen = _Cells(columns, sample(rows or ()))
        added = added_columns(columns)
        claims = {
            column: claim for column, claim in self._claims(columns).items() if not seen.contradict(column, claim)
        }
        present = {fold(spelling) for column in columns if self.mapping for spelling in (column, plain(column))}
        absent = [column for column in self.mapping if fold(column) not in present]
        chosen: dict[str, str] = {}
        notes: list[Note] = []
        for name in FIELDS:
            best = _best(name, claims, added, seen)
            if len(best) > 1 and name in REQUIRED and name not in self.stated:
                likely = max(best, key=lambda column: (seen.looks_like(column, name), seen.length(column)))
                raise UnreadableInput(
                    f"{file}: columns '{best[0][:_NAME]}' and '{best[1][:_NAME]}' both look like '{name}'; "
                    f"say which with {_as_option(likely, name)}"
                )
            if len(best) > 1:
                notes.append(_undecided(name, best))
            elif best:
                chosen[name] = best[0]
        for name in REQUIRED:
            if name not in chosen and name not in self.stated:
                # A column of the complainant's number is who filed only beside one of numbers.
                taken = {column for field, column in chosen.items() if field != "complainant"} | set(added)
                raise UnreadableInput(_missing(file, name, columns, taken, absent, seen, added))
        notes += _of_the_form(chosen, added)
        used = set(chosen.values())
        return Recognition(chosen, [column for column in columns if column not in used], absent, notes)


class _Cells:
    """The cells of each column, as far as they were given."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._place = {column: place for place, column in enumerate(columns)}
        self._rows = rows

    def of(self, column: str) -> list[str]:
        """The cells of a column that hold an answer."""
        place = self._place[column]
        return [row[place] for row in self._rows if place < len(row) and not is_no_answer(row[place])]

    def contradict(self, column: str, claim: Claim) -> bool:
        """Whether no cell looks like what the column claims to be; a field's own name is believed."""
        name, rank = claim
        cells = self.of(column)
        if not cells or rank >= Rank.FIELD_NAME:
            return False
        digits = any(char.isdigit() for cell in cells for char in cell)
        if name == "recipient":
            shaped = share(cells, is_address)
            return shaped < _HALF if rank <= Rank.WEAK_NAME else not shaped and not digits
        if name == "text":
            # Not "has no letters": they may be lost, which is a fault of the row and not of the column.
            return len(cells) > 1 and all(is_answer(cell) or is_moment(cell) or is_number(cell) for cell in cells)
        if name == "received_at":
            return not digits and (rank == Rank.OF_THE_FORM or share(cells, is_answer) == 1)
        if name == "complainant":
            # Whether the complainant is a member, or the day of the complaint, is in columns of the same name.
            return all(fold(cell) in synonyms("yes_no") or is_moment(cell) for cell in cells)
        return name == "other_numbers" and not digits

    def hold(self, columns: Sequence[str]) -> bool:
        """Whether a name is found again among the cells of its own column, as a town or an operator is."""
        return any(fold(column) in set(map(fold, self.of(column))) for column in columns)

    def looks_like(self, column: str, name: str) -> float:
        """The share of a column's cells that look like a field's."""
        return share(self.of(column), _LOOKS[name])

    def length(self, column: str) -> float:
        """How many characters a column's different cells have on average."""
        cells = set(self.of(column))
        return sum(map(len, cells)) / len(cells) if cells else 0.0


def _best(name: str, claims: Mapping[str, Claim], added: Mapping[str, Added], seen: _Cells) -> list[str]:
    """The columns that claim a field most strongly; one, where its cells alone look like the field's."""
    ranks = {column: rank for column, (claimed, rank) in claims.items() if claimed == name}
    best = [column for column, rank in ranks.items() if rank == max(ranks.values())]
    if len(best) > 1 and ranks[best[0]] == Rank.OF_THE_FORM:
        return [min(best, key=lambda column: added[column].place if column in added else -1)]
    if len(best) > 1 and ranks[best[0]] < Rank.MAPPED:
        filled = [column for column in best if seen.of(column)]
        best = filled or best
    if len(best) > 1 and name in _LOOKS and ranks[best[0]] < Rank.MAPPED:
        shaped = [column for column in best if seen.looks_like(column, name) >= _HALF]
        if len(shaped) == 1 and all(not seen.looks_like(column, name) for column in best if column not in shaped):
            return shaped
    return best


def _as_option(column: str, name: str) -> str:
    """How to name a column on the command line: in full, for a part of its name would not be found, but without what ends a quotation."""
    return f'--map "{" ".join(column.translate(_UNQUOTED).split())}={name}"'


def _undecided(name: str, best: Sequence[str]) -> Note:
    both = f"columns '{best[0][:_NAME]}' and '{best[1][:_NAME]}'"
    said = f"{both} both look like '{name}', so neither is used; say which with {_as_option(best[0], name)}"
    return Note("read", "two_columns", said)


def _of_the_form(chosen: Mapping[str, str], added: Mapping[str, Added]) -> list[Note]:
    column = chosen.get("received_at")
    if column is None or column not in added:
        return []
    said = "no column says when the message came; when the form was filled in stands for it, and may be later"
    return [Note("read", "time_of_the_form", said, column=column)]


def may_be_data(columns: Sequence[str]) -> bool:
    """
    Say whether what stands in the place of headings may be a citizen's row.

    Parameters
    ----------
    columns : sequence of str
        What was taken for headings.

    Returns
    -------
    bool
        True where as many cells are values as are known names, or where none is known and one is a long sentence that asks nothing.
    """
    known = sum(name_claim(column) is not None for column in columns)
    values = sum(map(is_value, columns))
    added = len(added_columns(columns))
    sentences = any(len(column) > _NAME and not column.strip().endswith(("?", "؟", ":", "*")) for column in columns)
    return (values > 0 and values >= known) or (sentences and not known and not added)


def shown(columns: Sequence[str]) -> str:
    """
    List column names for a message.

    Parameters
    ----------
    columns : sequence of str
        What was taken for headings.

    Returns
    -------
    str
        The first of them in quotes; nothing of a row that may be data, and no name that looks like a value.
    """
    if may_be_data(columns):
        return "(not shown, for they may be data)"
    names = [f"'{column[:_NAME]}'" for column in columns if not is_value(column)]
    return ", ".join(names[:_SHOWN]) + (", …" if len(columns) > min(len(names), _SHOWN) else "")


def _missing(
    file: str, name: str, columns: Sequence[str], taken: Collection[str], absent: Sequence[str], seen: _Cells,
    added: Mapping[str, Added],
) -> str:  # fmt: skip
    """The one line for a file without a required column."""
    if may_be_data(columns) or (seen.hold(columns) and not any(map(name_claim, columns))):
        return (
            f"{file} has no column for '{name}': the row in the place of its headings may be data, so it is not shown; "
            "write the names of the columns in a row above it"
        )
    if absent:
        return f"{file} has no column '{absent[0][:_NAME]}' that --map names; its columns: {shown(columns)}"
    device = next((column for column in columns if column in added and added[column].kind == "device_number"), None)
    told = (
        f"'{device[:_NAME]}' is the telephone that the form was filled in on; "
        if device and name == "recipient"
        else ""
    )
    nearest = _nearest(name, columns, taken, seen)
    hint = f"name it, as in {_as_option(nearest, name)}" if nearest else f"name it with --map COLUMN={name}"
    return f"{file} has no column for '{name}'; its columns: {shown(columns)}; {told}{hint}"


def _nearest(name: str, columns: Sequence[str], taken: Collection[str], seen: _Cells) -> str:
    """The column to suggest: the one whose cells look like the field's, else one whose name nearly is; "" for none."""
    free = [column for column in columns if column not in taken and not is_value(column)][:_MOST_NAMES]
    shaped = [column for column in free if seen.looks_like(column, name) >= _HALF]
    if name == "text":
        longest = max(shaped, key=seen.length, default="")
        shaped = [longest] if longest and seen.length(longest) > _LONG_CELL else []
    if shaped:
        return shaped[0]
    words = [fold(word) for word in vocabulary("field")[name]["names"]]
    near = {column: max(_likeness(fold(column[:_NAME]), word) for word in words) for column in free}
    return max((column for column in near if near[column] >= _HALF), key=lambda column: near[column], default="")


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right).ratio()
