"""
The n-grams of real text that the shipped model learnt from, without the text: who trains beside it learns from them as well.

The text itself belongs to others and is not part of tasrib. What is stored is which hashed columns a message has and how often, and its category.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from tasrib.errors import ModelRefused

if TYPE_CHECKING:
    from scipy import sparse

REAL_TEXT = "real.npz"


@dataclass(frozen=True)
class RealText:
    """
    Labelled messages as a classifier counts them.

    Attributes
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.
    categories : numpy.ndarray of str, shape (n,)
        Their labels.
    """

    counts: sparse.csr_matrix
    categories: np.ndarray

    def store(self, file: str | Path) -> None:
        """
        Write them.

        Parameters
        ----------
        file : path
            A ``.npz`` file.
        """
        counts = self.counts
        # In whole numbers of the least size: the file travels with the model.
        np.savez_compressed(
            file,
            indices=counts.indices.astype(np.uint32),
            times=np.minimum(counts.data, 255).astype(np.uint8),
            sizes=np.diff(counts.indptr).astype(np.uint32),
            width=counts.shape[1],
            categories=self.categories.astype(str),
        )

    @classmethod
    def load(cls, file: str | Path) -> RealText:
        """
        Read them.

        Parameters
        ----------
        file : path
            From `store`.

        Returns
        -------
        RealText
            As they were; an n-gram counts 255 times at most.

        Raises
        ------
        ModelRefused
            When the file holds something else.
        """
        # Who only scores should not wait for it.
        from scipy import sparse

        try:
            with np.load(file, allow_pickle=False) as archive:
                sizes, categories, width = archive["sizes"], archive["categories"].astype(str), int(archive["width"])
                indptr = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
                entries = archive["times"].astype(np.float32), archive["indices"].astype(np.int32), indptr
                counts = sparse.csr_matrix(entries, shape=(len(sizes), width))
                counts.check_format()
        except (KeyError, ValueError, OSError, EOFError, BadZipFile) as error:
            raise ModelRefused(f"{file}: no counted text ({error}); make the model anew") from None
        if len(categories) != counts.shape[0]:
            raise ModelRefused(f"{file}: {len(categories)} categories of {counts.shape[0]} texts; make the model anew")
        return cls(counts, categories)
