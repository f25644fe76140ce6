"""The loop that makes the model the user's own: train, evaluate, promote, and drift. Labels come from `tasrib.commands.label`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table

import tasrib
from tasrib.commands.common import EXAMPLE, console, echo_json, json_option, named, progress_bar, refuse_own, say
from tasrib.errors import ModelRefused
from tasrib.learning.card import MEASURES, figure_words, how_measured
from tasrib.learning.fit import TRAINED_FILES

_output_folder = click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the new model."
)


@click.command(
    epilog=EXAMPLE
    + "tasrib train labelled.xlsx -o my-model/ --promote\n  tasrib score complaints.xlsx --model my-model/ -o scored.parquet"
)
@click.argument("files", nargs=-1, required=True, metavar="LABELLED…")
@_output_folder
@click.option("--only-mine", is_flag=True, help="Fit on these labels alone, without the shipped corpus.")
@click.option(
    "--promote", "to_promote", is_flag=True, help="Make it the default model, unless it is worse than the shipped one."
)
@click.option("--force", is_flag=True, help="With --promote: also when it is worse.")
@json_option
def train(files: tuple[str, ...], output: Path, only_mine: bool, to_promote: bool, force: bool, as_json: bool) -> None:
    """
    Fit a model on LABELLED messages and the shipped corpus, and hold it against the shipped model.

    LABELLED has the columns text, category and, where known, language; or it is a workbook in which people decided about a case, or the
    log of their decisions. Your rows win over corpus rows with the same or nearly the same text. Both models are measured on the same messages, which neither was fitted on.
    """
    if force and not to_promote:
        raise click.UsageError("--force says to promote a worse model; add --promote")
    refuse_own([output / name for name in TRAINED_FILES], named("an input", *files), "name another folder with -o")
    with progress_bar("fitting and measuring") as progress:
        trained = tasrib.train(list(files), output, only_mine=only_mine, progress=progress)
    refused = ""
    if to_promote:
        try:
            tasrib.promote(trained.folder, force=force)
        except ModelRefused as error:
            refused = str(error)
    if as_json:
        metrics = {name: value for name, value in trained.metrics.items() if name != "own_texts"}
        echo_json({**metrics, "folder": str(output), "promoted": to_promote and not refused})
    else:
        _print_trained(trained)
        if to_promote and not refused:
            say(f"{output} is the default model from now on; tasrib promote --shipped goes back.")
    if refused:
        raise ModelRefused(f"not promoted: {refused}")


@click.command(epilog=EXAMPLE + "tasrib promote my-model/\n  tasrib promote --shipped")
@click.argument("model_folder", required=False, type=click.Path(path_type=Path), metavar="[MODEL]")
@click.option("--shipped", is_flag=True, help="Go back to the shipped model.")
@click.option("--force", is_flag=True, help="Also when it is worse than the shipped one, or was not compared.")
@json_option
def promote(model_folder: Path | None, shipped: bool, force: bool, as_json: bool) -> None:
    """
    Make MODEL the one that is used where none is named.

    --model and the environment variable TASRIB_MODEL win over it.
    """
    if (model_folder is None) == (not shipped):
        raise click.UsageError("name a model folder, or --shipped")
    chosen = tasrib.promote(None if shipped else model_folder, force=force)
    if as_json:
        echo_json({"model": chosen.model.version, "model_folder": str(chosen.folder or "shipped")})
    else:
        say(f"The default model is now {chosen.folder or 'the shipped one'} ({chosen.model.version}).")


@click.command(epilog=EXAMPLE + "tasrib evaluate my-model/ held-out.xlsx")
@click.argument("model_folder", type=click.Path(path_type=Path), metavar="MODEL")
@click.argument("files", nargs=-1, required=True, metavar="LABELLED…")
@json_option
def evaluate(model_folder: Path, files: tuple[str, ...], as_json: bool) -> None:
    """
    Measure MODEL on LABELLED messages that it was not fitted on.

    LABELLED has the columns text, category and, where known, language, party, sender.
    """
    found = tasrib.evaluate(model_folder, list(files))
    if as_json:
        echo_json(_without_nan(found))
        return
    say(f"{found['n']} messages in {found['clusters']} near-duplicate clusters; intervals at 95%, by cluster")
    if found["fitted_on"]:
        say(
            f"Careful: the model was fitted on {found['fitted_on']} of them; these figures flatter it. Measure on other messages."
        )
    table = Table("", "", "interval", box=None, pad_edge=False)
    for name, (low, high) in found["intervals"].items():
        value = found[name]
        table.add_row(name.replace("_", " "), _number(value), f"{_number(low)} to {_number(high)}")
    console().print(table)
    if found["by_language"]:
        by_language = Table(
            "language", "messages", *(name.replace("_", " ") for name in _measures_of(found)), box=None, pad_edge=False
        )
        for language, row in found["by_language"].items():
            cells = (
                f"{_number(row[name][0])} ({_number(row[name][1])} to {_number(row[name][2])})"
                for name in _measures_of(found)
            )
            by_language.add_row(language, str(row["n"]), *cells)
        console().print(by_language)


@click.command(epilog=EXAMPLE + "tasrib drift scored-september.parquet scored-october.parquet")
@click.argument("old_file", metavar="SCORED-OLD")
@click.argument("new_file", metavar="SCORED-NEW")
@json_option
def drift(old_file: str, new_file: str, as_json: bool) -> None:
    """
    Say whether languages, categories, decisions, probabilities or words moved between two batches.

    Each near-duplicate cluster counts once in each batch. Both must have been scored by the same model, or the model's change
    shows as drift.
    """
    found = tasrib.drift(tasrib.read_scored(old_file), tasrib.read_scored(new_file))
    if as_json:
        echo_json({"moved": found.moved, "old": {"complaints": found.n_old, "clusters": found.clusters_old},
                   "new": {"complaints": found.n_new, "clusters": found.clusters_new},
                   "findings": found.findings.to_dict("records")})  # fmt: skip
        return
    say(
        f"{found.n_old} complaints in {found.clusters_old} clusters before, {found.n_new} in {found.clusters_new} now; each cluster counts once"
    )
    for sentence in found.findings["sentence"]:
        say(f"- {sentence}")


def _print_trained(trained: tasrib.Trained) -> None:
    metrics = trained.metrics
    fitted = metrics["fitted_on"]
    say(
        f"{metrics['n']} labelled messages and {fitted['corpus']} of the corpus ({metrics['corpus_rows_replaced']} gave way to yours); model in {trained.folder}"
    )
    how = how_measured(metrics)
    for name, rows in trained.comparison.groupby("held_out", sort=False):
        say(f"\n{name}, {rows['n'].iloc[0]} messages: {how[str(name)]}")
        table = Table("", "new", "shipped", "difference", box=None, pad_edge=False)
        for measure, words in MEASURES.items():
            row = rows[rows["measure"] == measure].iloc[0]
            cells = (
                figure_words(row, column, "+" if column == "difference" else "")
                for column in ("new", "shipped", "difference")
            )
            table.add_row(words.replace("`", ""), *cells)
        console().print(table)
    if not len(trained.comparison):
        say("No message could be held out, so nothing is said of how good the model is.")
    say("")
    if trained.worse:
        say("Worse than the shipped model:")
        for reason in trained.worse:
            say(f"- {reason}")
    else:
        say("Not worse than the shipped model.")


def _measures_of(found: dict[str, Any]) -> list[str]:
    return [name for name in next(iter(found["by_language"].values())) if name != "n"]


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"


def _without_nan(value: Any) -> Any:
    # JSON has no NaN: what could not be measured is null.
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and value != value else value
