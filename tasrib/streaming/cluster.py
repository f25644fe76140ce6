"""Rows judged by the workers of a Dask cluster; reading, naming campaigns and writing stay on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pandas as pd

from tasrib.classify import Model
from tasrib.classify.by_path import ModelPath, path_of
from tasrib.errors import TasribError
from tasrib.pipeline.partitions import judged_by_path

# Parts that each worker is given at a time: one at work and one waiting.
_AHEAD = 2
# How often a part is given to another worker when the one that had it died.
_TRIES = 3
_PATIENCE = "20s"


class Workers:
    """
    Judges complaints elsewhere.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        Of the cluster.
    width : int
        Parts to give out before the first is waited for.
    path : ModelPath
        The model, which each worker loads once.
    country : str
        ISO 3166 code of the home country.
    """

    def __init__(self, executor: object, width: int, path: ModelPath, country: str) -> None:
        self.executor, self.width, self.path, self.country = executor, width, path, country

    def submit(self, complaints: pd.DataFrame) -> Future:
        """Judge some, in time."""
        return self.executor.submit(judged_by_path, complaints, self.path, self.country)  # type: ignore[attr-defined, no-any-return]


@contextmanager
def workers_of(address: str, model: Model, country: str) -> Iterator[Workers]:
    """
    Meet a cluster.

    Parameters
    ----------
    address : str
        Of its scheduler, as ``tcp://10.0.0.1:8786``.
    model : Model
        From a folder that all workers have at the same place, or the shipped one.
    country : str
        ISO 3166 code of the home country.

    Yields
    ------
    Workers
        Take complaints until the end of the block.

    Raises
    ------
    TasribError
        When Dask is not installed, nobody answers there, or no worker is there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise TasribError("--dask needs Dask: pip install 'tasrib[dask]'") from None
    path = path_of(model)
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise TasribError(f"no Dask scheduler answers at {address} ({error}); start one with: dask scheduler") from None
    with client:
        n_workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not n_workers:
            raise TasribError(
                f"the Dask scheduler at {address} has no workers; start some with: dask worker {address} --nthreads 1"
            )
        # A part is not the result of its arguments to Dask: the same rows may come twice.
        yield Workers(client.get_executor(pure=False, retries=_TRIES), _AHEAD * n_workers, path, country)
