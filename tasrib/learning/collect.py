"""Labels back from people: workbooks and Label Studio exports, every row accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tasrib._arguments import as_paths
from tasrib.case.teaching import taught_in
from tasrib.classify import CATEGORIES
from tasrib.errors import UnreadableInput
from tasrib.learning.labels import canonical, nearest, refuse_guesses
from tasrib.tables.named import read_named
from tasrib.text import normalise
from tasrib.text.varieties import VARIETIES

LABEL_COLUMNS = ("text", "category", "language", "id", "file", "row")
REJECTED_COLUMNS = ("file", "row", "column", "value", "reason", "text")
_HINT = "labels come back in the columns text and category; name a file that tasrib label export wrote"
_MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Imported:
    """
    What came back.

    Attributes
    ----------
    labels : pandas.DataFrame
        Columns of ``LABEL_COLUMNS``: what `tasrib.train` takes.
    rejected : pandas.DataFrame
        Columns of ``REJECTED_COLUMNS``: rows that carry no single known category, with the reason.
    n_read, n_unlabelled : int
        Rows read, and rows left empty or skipped. ``n_read`` is the sum of the labels, the rejected and the unlabelled.
    """

    labels: pd.DataFrame
    rejected: pd.DataFrame
    n_read: int
    n_unlabelled: int

    def __repr__(self) -> str:
        """The counts: the frames themselves fill pages."""
        return f"Imported({self.n_read} rows read: {len(self.labels)} labelled, {self.n_unlabelled} unlabelled, {len(self.rejected)} rejected)"


@dataclass(frozen=True)
class _Row:
    file: str
    row: int
    text: str
    id: str
    # One (category, language, who) for each person who labelled the message.
    given: tuple[tuple[str, str, str], ...]
    fault: tuple[str, str, str] | None = None


def label_import(paths: Iterable[str | Path] | str | Path) -> Imported:
    """
    Read labels back.

    Parameters
    ----------
    paths : path or iterable of path
        Tables with the columns ``text`` and ``category``, as `tasrib.label_export` writes them, in any format tasrib reads; workbooks in
        which people decided about a case, or the log of their decisions; or ``.json`` exports of Label Studio (JSON or JSON-MIN).

    Returns
    -------
    Imported
        A row a message and file. A message is rejected when its category or language is unknown, when a person chose several, or
        when two people, in one file or in two, chose differently: then all its rows are.

    Raises
    ------
    UnreadableInput
        When a file cannot be read, is scored (its categories are the model's guesses) or holds no such rows.
    """
    files = as_paths(paths, "a file of labels")
    if not files:
        raise UnreadableInput("no file of labels was named; name at least one")
    rows = [row for path in files for row in (_tasks(Path(path)) if _is_json(path) else _table(path))]
    labels, rejected, unlabelled = [], [], 0
    agreed = _agreement(rows)
    for row in rows:
        if row.fault is not None:
            rejected.append((row.file, row.row, *row.fault, row.text))
            continue
        if not row.given:
            unlabelled += 1
            continue
        conflict = agreed[normalise(row.text)]
        if conflict:
            value = ", ".join(sorted({category for category, _, _ in row.given}))
            rejected.append((row.file, row.row, "category", value, conflict, row.text))
            continue
        languages = {language for _, language, _ in row.given} - {""}
        # Where people differ on the language alone, the label stands and the language is left open.
        language = languages.pop() if len(languages) == 1 else ""
        labels.append((row.text, row.given[0][0], language, row.id, row.file, row.row))
    return Imported(
        pd.DataFrame(labels, columns=list(LABEL_COLUMNS)),
        pd.DataFrame(rejected, columns=list(REJECTED_COLUMNS)),
        len(rows),
        unlabelled,
    )


def _agreement(rows: list[_Row]) -> dict[str, str]:
    """For each text that was labelled: "", or who chose what where people differ."""
    votes: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.fault is None:
            for category, _, who in row.given:
                votes.setdefault(normalise(row.text), []).append((category, who))
    return {
        text: ""
        if len({category for category, _ in given}) == 1
        else "people differ: "
        + ", ".join(f"{category!r} by {who}" for category, who in given)
        + "; settle it and label again"
        for text, given in votes.items()
    }


def _check(file: str, row: int, text: str, name: str, given: list[tuple[str, str, str]]) -> _Row:
    cleaned = []
    for category, language, who in given:
        category, language = canonical(category, CATEGORIES), canonical(language, VARIETIES)
        if not category:
            continue
        if category not in CATEGORIES:
            return _Row(file, row, text, name, (), ("category", category, f"unknown; {nearest(category, CATEGORIES)}"))
        if language and language not in VARIETIES:
            return _Row(file, row, text, name, (), ("language", language, f"unknown; {nearest(language, VARIETIES)}"))
        cleaned.append((category, language, who))
    if cleaned and not text.strip():
        return _Row(file, row, text, name, (), ("text", "", "empty, so the label belongs to nothing"))
    return _Row(file, row, text, name, tuple(cleaned))


def _table(path: str | Path) -> Iterator[_Row]:
    taught = taught_in(path)
    if taught is not None:
        for each in taught:
            if each.fault is not None:
                yield _Row(str(path), each.row, each.text, each.id, (), each.fault)
            else:
                who = each.who or f"{path}, row {each.row}"
                yield _check(str(path), each.row, each.text, each.id, [(each.category, "", who)])
        return
    frame, numbers = read_named(path, ("text", "category"), _HINT)
    refuse_guesses(frame.columns, frame.get("decided_by", ()), str(path))
    for name in ("language", "id"):
        if name not in frame:
            frame[name] = ""
    cells = frame[["text", "category", "language", "id"]].itertuples(index=False, name=None)
    for number, (text, category, language, name) in zip(numbers, cells, strict=True):
        yield _check(str(path), number, text, name, [(category, language, f"{path}, row {number}")])


def _is_json(path: str | Path) -> bool:
    return Path(path).suffix.lower() == ".json"


def _tasks(path: Path) -> Iterator[_Row]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableInput(f"{path} is larger than {_MOST_BYTES // 10**6} MB; export fewer tasks at a time")
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"{path} is no JSON ({error}); export the project from Label Studio again") from None
    if not isinstance(tasks, list) or not tasks:
        raise UnreadableInput(
            f"{path} holds no list of tasks; export the project from Label Studio as JSON or JSON-MIN"
        )
    _refuse_guesses_beside(path, tasks)
    for number, task in enumerate(tasks, 1):
        yield _task(str(path), number, task)


def _refuse_guesses_beside(path: Path, tasks: list[Any]) -> None:
    """In JSON-MIN choices stand under the names of the data, so that a guess that was imported as data passes for a choice."""
    flat = [
        task for task in tasks if isinstance(task, dict) and _is_flat(task) and isinstance(task.get("category"), str)
    ]
    columns = {name for task in flat for name in task}
    if flat:
        refuse_guesses(columns, (str(task.get("decided_by", "")) for task in flat), str(path))


def _is_flat(task: dict[str, Any]) -> bool:
    return "data" not in task and not isinstance(task.get("annotations"), list)


def _task(file: str, number: int, task: Any) -> _Row:
    if not isinstance(task, dict):
        return _Row(file, number, "", "", (), ("", str(task)[:60], "is no task of Label Studio"))
    data = task["data"] if isinstance(task.get("data"), dict) else task
    text, name = data.get("text"), str(data.get("id", ""))
    if not isinstance(text, str):
        return _Row(file, number, "", name, (), ("text", str(text)[:60], "the task has no text"))
    if _is_flat(task):
        # JSON-MIN: the choices stand beside the text, one object an annotation.
        chosen = {key: _choices(task.get(key)) for key in ("category", "language")}
        return _from_choices(file, number, text, name, [(chosen, _annotator(task.get("annotator")))])
    annotations = task.get("annotations", task.get("completions"))
    given = []
    for annotation in annotations if isinstance(annotations, list) else []:
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            continue
        given.append((_results(annotation.get("result")), _annotator(annotation.get("completed_by"))))
    return _from_choices(file, number, text, name, given)


def _from_choices(file: str, number: int, text: str, name: str, given: list[tuple[dict[str, list[str]], str]]) -> _Row:
    for chosen, who in given:
        for column, values in chosen.items():
            if len(values) > 1:
                said = f"{who} chose several; choose one"
                return _Row(file, number, text, name, (), (column, ", ".join(values), said))
    single = [("".join(chosen.get("category", [])), "".join(chosen.get("language", [])), who) for chosen, who in given]
    return _check(file, number, text, name, single)


def _results(results: Any) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = {}
    for result in results if isinstance(results, list) else []:
        if not isinstance(result, dict) or result.get("from_name") not in ("category", "language"):
            continue
        value = result.get("value")
        found = _choices(value.get("choices") if isinstance(value, dict) else None)
        chosen.setdefault(result["from_name"], []).extend(found)
    return chosen


def _choices(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = value.get("choices")
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [each for each in value if isinstance(each, str) and each.strip()] if isinstance(value, list) else []


def _annotator(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id", "")
    # A number, not the e-mail address that Label Studio also knows.
    return f"annotator {value}" if isinstance(value, int) else "an annotator"
