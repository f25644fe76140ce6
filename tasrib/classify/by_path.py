"""A model in another process, perhaps on another machine: named by its folder, loaded there once, never sent."""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.metadata import version
from typing import NamedTuple

from tasrib._resources import resource
from tasrib.classify.many import on_one_core
from tasrib.classify.store import FAST, Model, load_model
from tasrib.errors import ModelRefused, TasribError

# One part after the other in a process, however many threads it has: they would wait for the same memory, and the encoder keeps answers.
READING = threading.Lock()


class ModelPath(NamedTuple):
    """
    What names a model to another process.

    Attributes
    ----------
    folder : str
        Where it lies, the same for all; empty for the shipped one.
    version : str
        Its version, with `FAST` behind it where it is not to ask its encoder.
    release : str
        Of tasrib.
    """

    folder: str
    version: str
    release: str


def path_of(model: Model) -> ModelPath:
    """
    Name a model.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`, or its copy without encoder.

    Returns
    -------
    ModelPath
        To be given to `load_by_path`.

    Raises
    ------
    TasribError
        When it was not loaded from a folder.
    """
    if model.folder is None:
        raise TasribError(
            "this model lies in no folder that others could load it from; save it and take it from tasrib.load_model(folder)"
        )
    folder = "" if model.folder == resource("model") else str(model.folder.resolve())
    return ModelPath(folder, model.version, version("tasrib"))


@lru_cache(maxsize=2)
def load_by_path(path: ModelPath) -> Model:
    """
    Load a model, the first time that a process is asked for it.

    Parameters
    ----------
    path : ModelPath
        From `path_of`.

    Returns
    -------
    Model
        The very same, whose encoder uses one core.

    Raises
    ------
    ModelRefused
        When another model lies there, or another tasrib would read it.
    """
    if version("tasrib") != path.release:
        raise ModelRefused(
            f"a worker has tasrib {version('tasrib')}, and this is {path.release}; install the same on all"
        )
    model = load_model(path.folder or None)
    model = model.fast() if path.version.endswith(FAST) else model
    if model.version != path.version:
        where = path.folder or "tasrib's own folder"
        raise ModelRefused(
            f"a worker has model {model.version} in {where}, and this is {path.version}; give all the same"
        )
    on_one_core(model)
    return model
