"""From a trained model to the default one, unless it is worse than the shipped one."""

from __future__ import annotations

import json
from pathlib import Path

from tasrib._arguments import as_path
from tasrib.classify import ChosenModel, Model, load_model, make_default, make_shipped_default
from tasrib.errors import ModelRefused

# Written by `tasrib.train` into the model's folder: the figures of this model and of the shipped one.
METRICS = "metrics.json"


def promote(
    folder: str | Path | None, *, force: bool = False, shipped: Model | str | Path | None = None
) -> ChosenModel:
    """
    Make a model the one that is used where none is named.

    Parameters
    ----------
    folder : path or None
        A folder written by `tasrib.train`; None to go back to the shipped model.
    force : bool
        Also when the model is worse than the shipped one, or was never compared with it.
    shipped : Model or path, optional
        As for `tasrib.train`: the model that this one must have been compared with, where it is another than the shipped one.

    Returns
    -------
    ChosenModel
        What is used from now on.

    Raises
    ------
    ModelRefused
        When the folder holds no model, or, without `force`, when the model is worse than the shipped one or was not compared
        with the one that this tasrib ships.
    """
    if folder is None:
        return make_shipped_default()
    path = as_path(folder, "the folder of a model").resolve()
    model = load_model(path)
    if not force:
        _refuse_worse(path, model, shipped if isinstance(shipped, Model) else load_model(shipped))
    return make_default(path, model)


def _refuse_worse(folder: Path, model: Model, base: Model) -> None:
    try:
        noted = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        compared, shipped, worse = noted["model"], noted["shipped"], list(noted["worse"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelRefused(
            f"{folder}: no {METRICS} that compares this model with the shipped one; train it with tasrib train, or use --force"
        ) from None
    if compared != model.version or shipped != base.version:
        raise ModelRefused(
            f"{folder}: {METRICS} is about another model or another shipped one; run tasrib train again, or use --force"
        )
    if worse:
        raise ModelRefused(
            f"{folder}: worse than the shipped model ({'; '.join(worse)}); add or correct labels, or use --force"
        )
