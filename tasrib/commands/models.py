"""Which model a command uses."""

from __future__ import annotations

from pathlib import Path

import click

from tasrib.classify.chosen import ChosenModel, choose_model

model_option = click.option(
    "--model",
    "model_folder",
    type=click.Path(path_type=Path),
    help="Model folder. Else TASRIB_MODEL, else the promoted model, else the shipped one.",
)


def chosen_model(folder: Path | None, as_json: bool) -> ChosenModel:
    """Load the model that is meant; say on standard error which, when it is not the shipped one."""
    chosen = choose_model(folder)
    # Machines find it in the JSON.
    if chosen.folder is not None and not as_json:
        click.echo(f"tasrib: model {chosen.model.version} in {chosen.folder} ({chosen.why})", err=True)
    return chosen
