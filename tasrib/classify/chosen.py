"""Which model is used where none is named: the promoted one, else the shipped one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from tasrib._home import HOME_VARIABLE, make_own_folder, settings_folder
from tasrib.classify.store import Model, load_model
from tasrib.errors import ModelRefused, TasribError
from tasrib.tables.files import replace_file

MODEL_VARIABLE = "TASRIB_MODEL"
_POINTER = "default-model.json"


@dataclass(frozen=True)
class ChosenModel:
    """
    A model and how it came to be chosen.

    Attributes
    ----------
    model : Model
        The fitted estimators.
    folder : pathlib.Path or None
        Where it lies; None for the shipped one.
    why : str
        ``named``, ``TASRIB_MODEL``, ``promoted`` or ``shipped``.
    """

    model: Model
    folder: Path | None
    why: str


def pointer_file() -> Path:
    """
    Where the default model is noted.

    Returns
    -------
    pathlib.Path
        A file in the folder ``TASRIB_HOME``, or in tasrib's folder among the user's settings; it may not exist.
    """
    return Path(os.environ.get(HOME_VARIABLE) or settings_folder()) / _POINTER


def choose_model(folder: str | Path | None = None) -> ChosenModel:
    """
    Load the model that is meant.

    Parameters
    ----------
    folder : path, optional
        A model folder. Where it is not given, that of the environment variable ``TASRIB_MODEL``; else the one that was promoted;
        else the shipped one.

    Returns
    -------
    ChosenModel
        The model and where it comes from.

    Raises
    ------
    ModelRefused
        When the folder holds no model, or the promoted one is gone or is no longer the one that was promoted.
    """
    if folder is not None:
        return ChosenModel(load_model(folder), Path(folder), "named")
    stated = os.environ.get(MODEL_VARIABLE)
    if stated:
        try:
            return ChosenModel(load_model(stated), Path(stated), MODEL_VARIABLE)
        except ModelRefused as error:
            raise ModelRefused(f"{error} (it is named by the environment variable {MODEL_VARIABLE})") from None
    if _is_noted():
        return _load_promoted()
    return ChosenModel(load_model(), None, "shipped")


def make_default(folder: Path, model: Model) -> ChosenModel:
    """
    Note which model is used where none is named.

    Parameters
    ----------
    folder : pathlib.Path
        Where the model lies.
    model : Model
        The model in it; another one written there later is not used.

    Returns
    -------
    ChosenModel
        What is used from now on.

    Raises
    ------
    ModelRefused
        When the note cannot be written.
    """
    pointer = pointer_file()
    try:
        make_own_folder(pointer.parent)
        replace_file(pointer, json.dumps({"folder": str(folder), "version": model.version}) + "\n", private=True)
    except (OSError, TasribError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ModelRefused(f"{pointer} cannot be written: {reason}; set {HOME_VARIABLE}") from None
    return ChosenModel(model, folder, "promoted")


def make_shipped_default() -> ChosenModel:
    """
    Go back to the shipped model.

    Returns
    -------
    ChosenModel
        The shipped model.
    """
    pointer = pointer_file()
    try:
        pointer.unlink(missing_ok=True)
    except OSError as error:
        raise ModelRefused(f"{pointer} cannot be removed: {error.strerror}; set {HOME_VARIABLE}") from None
    return ChosenModel(load_model(), None, "shipped")


def _is_noted() -> bool:
    try:
        # False, unlike Path.exists, where the folder may not be looked into.
        return os.path.exists(pointer_file())  # noqa: PTH110
    except TasribError:
        # Where no home is known nothing was promoted.
        return False


def _load_promoted() -> ChosenModel:
    pointer = pointer_file()
    way_out = "name a model with --model, run tasrib promote on another, or go back with tasrib promote --shipped"
    try:
        noted = json.loads(pointer.read_text(encoding="utf-8"))
        folder, version = Path(noted["folder"]), str(noted["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelRefused(f"{pointer} does not name a model; {way_out}") from None
    try:
        model = load_model(folder)
    except ModelRefused as error:
        raise ModelRefused(f"the promoted model cannot be used: {error}; {way_out}") from None
    if model.version != version:
        # Trained anew into the same folder, it has not been held against the shipped one.
        raise ModelRefused(
            f"the model in {folder} is {model.version}, but {version} was promoted; promote it again, or {way_out}"
        )
    return ChosenModel(model, folder, "promoted")
