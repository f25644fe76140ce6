"""A comparison is a place: the engine and the report loop over the registry and know none by name."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

import tasrib
from tasrib.report.words import phrases
from tasrib.tracing.caveats import LANGUAGES
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.grading import FINDING_COLUMNS

ROOMS = Path(tasrib.__file__).parent
ENGINE = [path for path in (ROOMS / "tracing").glob("*.py") if path.name != "__init__.py"]
REPORT = list((ROOMS / "report").glob("*.py"))
SUBJECTS = {"operators": ["A"], "pairs": ["A"], "holders": ["Bank"], "canaries": ["Bank"],
            "tree": [("MA", "A", "066", "0661"), ("MA", "A", "066", "0661", "0661 23xxxx")]}  # fmt: skip


def strings(path):
    """Literal strings of a module, docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    bodies = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docs = {id(node.body[0].value) for node in bodies if node.body and isinstance(node.body[0], ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


def test_keys_are_unique_and_found_again():
    assert list(by_key()) == [comparison.key for comparison in COMPARISONS]
    assert sum(comparison.leads for comparison in COMPARISONS) == 1


@pytest.mark.parametrize("path", ENGINE + REPORT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_engine_and_report_know_no_comparison_by_name(path):
    # A word such as "operators" may head a table; it may not steer anything.
    compared = re.findall(r"(?:==|!=|\bin\b)\s*[(\[{]?\"(\w+)\"", path.read_text("utf-8"))
    assert not set(compared) & set(by_key())
    imported = re.findall(r"tasrib\.tracing\.comparisons\.(\w+)", path.read_text("utf-8"))
    assert not imported


@pytest.mark.parametrize("path", ENGINE + REPORT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_hypothesis_or_method_is_read_back(path):
    text = path.read_text("utf-8")
    assert not re.search(
        r"[\"'](?:hypothesis|method|caveats|note|reason)[\"']\]?\)?\.(?:str|split|partition|startswith)", text
    )
    assert " / " not in {found for found in strings(path) if "split" in text and found == " / "}


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.key)
def test_each_comparison_can_be_told_in_every_language(comparison):
    wordings = phrases()
    if comparison.compare is None and comparison.compare_batch is None:
        pytest.fail(f"{comparison.key} compares nothing")
    needed = {("alternatives", comparison.group)}
    for name in SUBJECTS.get(comparison.key, ()):
        subject = comparison.subject({"name": name})
        needed |= {("points_to", subject), ("source_of", subject)}
        needed.add(("pattern", comparison.group if comparison.within_people else subject))
    if comparison.side is not None and comparison.side.tell is not None:
        needed = {(comparison.group, part) for part in ("pattern", "found", "none", "alternatives", "settle")}
    for section, name in needed:
        assert set(wordings[section][name]) == set(LANGUAGES), f"{section}.{name}"


def test_columns_of_the_report_are_columns_of_findings_or_of_the_side_table():
    for comparison in COMPARISONS:
        known = set(FINDING_COLUMNS)
        if comparison.side is not None:
            known |= {*comparison.side.columns, "below", "block", "reached", "controls", "close_pairs"}
        assert {name for column in comparison.columns for name in column.fields} <= known


def test_a_side_table_without_rows_can_be_finished():
    party = pd.Series(dtype="str")
    for side in (comparison.side for comparison in COMPARISONS if comparison.side is not None):
        assert len(side.finish(pd.DataFrame(columns=list(side.columns)), party)) == 0
