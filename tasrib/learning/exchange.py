"""Messages to a labeller: a workbook, or tasks for Label Studio."""

from __future__ import annotations

import hashlib
import json
import os
from itertools import count
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pandas as pd
from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation

from tasrib._arguments import as_frame, as_path, as_whole
from tasrib.classify import CATEGORIES
from tasrib.errors import TasribError
from tasrib.learning.corpus import load_shipped_corpus
from tasrib.learning.guide import GUIDE, RULES, VARIETY_GUIDE
from tasrib.learning.labels import Labelled, as_labelled
from tasrib.learning.pick import pick_for_labelling
from tasrib.numbering import received_in, without_numbers
from tasrib.tables.files import Outputs
from tasrib.tables.places import check_file
from tasrib.tables.write import encode_workbook
from tasrib.text.private import same_shape

SHEET, GUIDE_SHEET = "to label", "how to label"
SUFFIXES = (".xlsx", ".json")
_WIDTHS = {"id": 14, "text": 90, "category": 20, "language": 12, "proposed_category": 20, "proposed_language": 18, "probability": 12,
           "messages": 10, "note": 30}  # fmt: skip


def label_export(
    scored: pd.DataFrame,
    path: str | Path,
    *,
    most: int = 100,
    labelled: Labelled | None = None,
    corpus: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Write the messages most worth a human's label.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    path : path
        ``.xlsx``, a sheet with a list of categories to choose from and a sheet that says how; or ``.json``, tasks for Label
        Studio, whose labelling set-up is written beside it (see `setup_file`). Replaced where it exists.
    most : int
        How many messages at most.
    labelled : pandas.DataFrame, path or sequence of path, optional
        Labels you already have: no message like one of them is chosen again.
    corpus : pandas.DataFrame, optional
        Messages the model was fitted on; the shipped corpus by default.

    Returns
    -------
    pandas.DataFrame
        What was written: ``id``, ``text`` (numbers and addresses typed in it replaced by others of the same shape), ``category``
        and ``language`` (empty, to be filled), ``proposed_category``, ``proposed_language``, ``probability``, ``messages`` (how
        many complaints are like it), ``note``. See `tasrib.learning.pick.pick_for_labelling` for the choice.

    Raises
    ------
    TasribError
        When the complaints are not scored, or the file cannot be written.
    """
    path, most = as_path(path, "a file to write"), as_whole(most, "most")
    check_export(path)
    corpus = (
        load_shipped_corpus() if corpus is None else as_frame(corpus, "messages the model was fitted on", ("text",))
    )
    fitted = corpus[~corpus["test"]] if "test" in corpus else corpus
    own = [] if labelled is None else as_labelled(labelled)["text"].tolist()
    picked = pick_for_labelling(scored, fitted["text"].tolist(), own, most=most)
    countries = received_in(scored)
    texts = [without_numbers(text, countries, same_shape) for text in picked["text"]]
    table = pd.DataFrame(
        {
            "id": [f"m-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}" for text in texts],
            "text": texts, "category": "", "language": "",
            "proposed_category": picked["category"].tolist(), "proposed_language": picked["language"].tolist(),
            "probability": picked["probability"].round(3).tolist(), "messages": picked["messages"].tolist(), "note": "",
        }
    )  # fmt: skip
    with Outputs() as outputs:
        if path.suffix.lower() == ".xlsx":
            sheets = {SHEET: table, GUIDE_SHEET: _guide()}
            outputs.put(path, encode_workbook(sheets, str(path), lambda sheet: _prepare(sheet, len(table))))
        else:
            tasks = [_task(row) for row in table.to_dict("records")]
            outputs.put(setup_file(path), label_studio_config())
            outputs.put(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    return table


def check_export(path: str | Path) -> None:
    """
    Refuse a file that could not be written, before anything costly is done for it.

    Parameters
    ----------
    path : path
        As for `label_export`.

    Raises
    ------
    TasribError
        When its suffix is unknown, or it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise TasribError(f"{path}: cannot write '{path.suffix}' for labelling; known: {', '.join(SUFFIXES)}")
    check_file(path)


def setup_file(path: str | Path) -> Path:
    """
    Name the file of the labelling set-up.

    Parameters
    ----------
    path : path
        The tasks, as for `label_export`.

    Returns
    -------
    pathlib.Path
        The same name with the suffix ``.xml``; numbered where that is a file with something else in it.
    """
    path, content = Path(path), label_studio_config().encode("utf-8")
    names = (path.with_name(f"{path.stem}{'' if number == 1 else f'-{number}'}.xml") for number in count(1))
    return next(name for name in names if not os.path.lexists(name) or _holds(name, content))


def _holds(file: Path, content: bytes) -> bool:
    try:
        return file.is_file() and file.stat().st_size == len(content) and file.read_bytes() == content
    except OSError:
        return False


def label_studio_config() -> str:
    """
    Write the labelling set-up of a Label Studio project.

    Returns
    -------
    str
        XML to paste under Settings, Labeling Interface, Code.
    """
    categories = "\n".join(
        f"    <Choice value={quoteattr(name)} hint={quoteattr(hint)}/>" for name, hint in GUIDE.items()
    )
    languages = "\n".join(
        f"    <Choice value={quoteattr(name)} hint={quoteattr(hint)}/>" for name, hint in VARIETY_GUIDE.items()
    )
    return f"""<View>
  <Header value={quoteattr(RULES[0])}/>
  <View style="unicode-bidi: plaintext; white-space: pre-wrap">
    <Text name="text" value="$text"/>
  </View>
  <Choices name="category" toName="text" choice="single" showInline="false">
{categories}
  </Choices>
  <Header value="Language, if you are sure"/>
  <Choices name="language" toName="text" choice="single" showInline="true">
{languages}
  </Choices>
</View>
"""


def _task(row: dict[str, Any]) -> dict[str, Any]:
    # Without predictions: Label Studio would show them as answers already given.
    kept = ("id", "text", "proposed_category", "proposed_language", "probability", "messages")
    return {"data": {name: row[name] for name in kept}}


def _guide() -> pd.DataFrame:
    rows = [("rule", rule) for rule in RULES]
    rows += list(GUIDE.items()) + [(f"language: {name}", words) for name, words in VARIETY_GUIDE.items()]
    return pd.DataFrame(rows, columns=["label", "what it is"])


def _prepare(sheet: Any, n_rows: int) -> None:
    if sheet.title != SHEET:
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 140
        return
    for position, (name, width) in enumerate(_WIDTHS.items()):
        column = sheet.column_dimensions[chr(ord("A") + position)]
        column.width = width
        if name == "text":
            column.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, names in (("C", CATEGORIES), ("D", tuple(VARIETY_GUIDE))):
        choice = DataValidation(type="list", formula1=f'"{",".join(names)}"', allow_blank=True, showErrorMessage=True)
        choice.error = f"Choose one of: {', '.join(names)}"[:255]
        choice.add(f"{letter}2:{letter}{max(n_rows + 1, 2)}")
        sheet.data_validations.append(choice)
