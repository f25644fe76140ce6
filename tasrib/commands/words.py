"""Why a message was judged as it was."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

import tasrib
from tasrib.commands.common import EXAMPLE, console, echo_json, json_option, say
from tasrib.commands.models import chosen_model, model_option
from tasrib.commands.terminal import typed
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import STANDARD_INPUT, EmptyFile, read_standard_input

_BAR = 12


@click.command(epilog=EXAMPLE + 'tasrib explain "صوتوا على لائحة الوردة يوم 8 شتنبر"\n  tasrib explain - < message.txt')
@click.argument("messages", nargs=-1, required=True, metavar="MESSAGE…")
@model_option
@json_option
def explain(messages: tuple[str, ...], model_folder: Path | None, as_json: bool) -> None:
    """
    Say how a MESSAGE is judged and which words made it so.

    The weights of the words, of the message as a whole and the base add up to the log-odds of political campaign. A MESSAGE that is - is read from
    standard input, all of it as one message; put -- before one that begins with a dash.
    """
    model = chosen_model(model_folder, as_json).model
    texts = [_standard_input() if message == "-" else typed(message) for message in messages]
    found = tasrib.explain(texts, model)
    if as_json:
        echo_json([each.to_dict() for each in found])
        return
    for position, each in enumerate(found):
        if position:
            say("")
        _print(each)


def _print(found: tasrib.Explained) -> None:
    say(" ".join(found.text.split()))
    say(
        f"{found.decision.replace('_', ' ')}: probability of campaign {found.probability:.3f}, category {found.category}"
    )
    table = Table("log-odds", "", "piece", box=None, pad_edge=False)
    table.columns[0].justify = "right"
    table.add_row(f"{found.base:+.2f}", "", "(base: before any word is read)")
    heaviest = max((abs(weight) for weight in (found.whole, *(piece.weight for piece in found.pieces))), default=1) or 1
    if found.whole:
        table.add_row(f"{found.whole:+.2f}", _bar(found.whole, heaviest), "(the message as a whole)")
    for piece in sorted(found.pieces, key=lambda piece: -abs(piece.weight)):
        table.add_row(f"{piece.weight:+.2f}", _bar(piece.weight, heaviest), piece.text)
    table.add_row(f"{found.log_odds:+.2f}", "", "(sum)")
    console().print(table)


def _bar(weight: float, heaviest: float) -> str:
    return ("+" if weight > 0 else "-") * max(1, round(_BAR * abs(weight) / heaviest))


def _standard_input() -> str:
    data = read_standard_input()
    if not data.strip():
        raise EmptyFile(f"{STANDARD_INPUT} is empty")
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            f"{STANDARD_INPUT} is not UTF-8 (byte {error.start}); save the message as UTF-8"
        ) from None
