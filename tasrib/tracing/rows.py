"""Scored complaints as far as tracing reads them, a column at a time: of a table that is there, or of parts of which only this much is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from tasrib.scored import COLUMNS, check

if TYPE_CHECKING:
    import pyarrow as pa

# Without these nothing can be compared. What else lacks is unknown.
NEEDED = ("text", "recipient", "category", "decision", "campaign_id", "operator_allocated", "number_status")
_TIME, _WHOLE = "received_at", "source_row"
_READ = (
    *NEEDED, _TIME, _WHOLE, "complaint_id", "channel", "sender", "region", "known_to", "complainant", "party", "template_id", "country",
    "prefix", "operator_serving", "other_operators", "source_file", "source_sheet",
)  # fmt: skip
# Hardly two rows have the same: a dictionary of them would only add to it.
_OWN = ("recipient", "complaint_id")
_KNOWN = frozenset(column.name for column in COLUMNS)
_Stored: TypeAlias = "pd.Series | pa.ChunkedArray"


class Rows:
    """
    Rows of scored complaints.

    Parameters
    ----------
    stored : mapping of str to pandas.Series or pyarrow.ChunkedArray
        The columns that tracing reads, and columns of the user's own that hold text.
    n : int
        How many rows the columns have.
    places : numpy.ndarray of int, optional
        Which of them are meant; all by default.
    """

    def __init__(self, stored: Mapping[str, _Stored], n: int, places: np.ndarray | None = None) -> None:
        self._stored, self._n, self._places = stored, n, places

    @classmethod
    def of(cls, scored: pd.DataFrame | Rows) -> Rows:
        """Read a table, checked (`tasrib.scored.check`), where it stands."""
        return scored if isinstance(scored, Rows) else cls(_read(scored), len(scored))

    @classmethod
    def of_parts(cls, parts: Iterable[pa.Table]) -> Rows:
        """
        Put parts of a table together.

        Parameters
        ----------
        parts : iterable of pyarrow.Table
            From `coded`, one or more; each is asked for when the one before is put away.

        Returns
        -------
        Rows
            All of their rows. Of a text that stands in many of them there is one, and a number of one to four bytes a row.
        """
        import pyarrow as pa

        # A column that only some parts have is empty in the others.
        whole = pa.concat_tables(parts, promote_options="default")
        n, stored = whole.num_rows, {}
        for name in whole.column_names:
            stored[name] = _in_one(whole.column(name))
            whole = whole.drop_columns([name])
        return cls(stored, n)

    def __len__(self) -> int:
        """Number of rows."""
        return self._n if self._places is None else len(self._places)

    def __iter__(self) -> Iterator[str]:
        """Names of the columns."""
        return iter(self._stored)

    @property
    def index(self) -> pd.RangeIndex:
        """That of the columns: rows have numbers from 0."""
        return pd.RangeIndex(len(self))

    def __getitem__(self, name: str) -> pd.Series:
        """A column, written out for as long as somebody holds it."""
        stored = self._stored[name]
        if isinstance(stored, pd.Series):
            mine = stored if self._places is None else stored.take(self._places)
            return mine.reset_index(drop=True)
        return _written(stored if self._places is None else stored.take(self._places), name)

    def codes(self, name: str) -> np.ndarray:
        """Number the texts of a column: the same for rows that have the same text."""
        stored = self._stored[name]
        if isinstance(stored, pd.Series):
            codes = pd.factorize(stored)[0]
        else:
            codes = stored.chunk(0).indices.to_numpy() if stored.num_chunks else np.zeros(0, int)
        return codes if self._places is None else codes[self._places]

    def where(self, which: np.ndarray) -> Rows:
        """Choose rows by their places, or by true and false."""
        places = np.flatnonzero(which) if which.dtype == bool else which
        return Rows(self._stored, self._n, places if self._places is None else self._places[places])

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Write some columns out."""
        return pd.DataFrame({name: self[name] for name in names}, index=self.index)


def coded(part: pd.DataFrame) -> pa.Table:
    """
    Keep what tracing reads of a part of scored complaints.

    Parameters
    ----------
    part : pandas.DataFrame
        Some rows, as from `tasrib.score`.

    Returns
    -------
    pyarrow.Table
        The same rows in their order: each text once in the part, which goes over the wire and stays in memory in place of the rows.

    Raises
    ------
    TasribError
        As `tasrib.scored.check`.
    """
    import pyarrow as pa

    found = {}
    for name, values in _read(check(part, NEEDED)).items():
        if name == _TIME:
            found[name] = pa.array(values, pa.timestamp("us", "UTC"))
        elif name == _WHOLE:
            found[name] = pa.array(values, pa.int64(), from_pandas=True)
        else:
            texts = pa.array(values.astype("str").fillna(""), pa.large_string())
            found[name] = texts if name in _OWN else texts.dictionary_encode()
    return pa.table(found)


def _read(scored: pd.DataFrame) -> dict[str, pd.Series]:
    own = [name for name in scored if name not in _KNOWN and isinstance(scored[name].dtype, pd.StringDtype)]
    return {name: scored[name] for name in (*_READ, *own) if name in scored}


def _in_one(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column with one dictionary, and numbers as short as it allows."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        return column
    whole = column.unify_dictionaries().combine_chunks()
    # Of no chunk at all there is nothing to combine.
    if isinstance(whole, pa.ChunkedArray):
        return whole
    kind = np.min_scalar_type(-len(whole.dictionary) - 1)
    return pa.chunked_array(
        [pa.DictionaryArray.from_arrays(whole.indices.cast(pa.from_numpy_dtype(kind)), whole.dictionary)]
    )


def _written(column: pa.ChunkedArray, name: str) -> pd.Series:
    import pyarrow as pa

    if name == _TIME:
        return column.to_pandas().astype("datetime64[us, UTC]")
    if name == _WHOLE:
        return pd.Series(pd.array(column.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), dtype="Int64"))
    return column.cast(pa.large_string()).to_pandas().astype("str").fillna("")
