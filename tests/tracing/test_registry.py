"""A comparison is a place: the engine and the report loop over the registry and know none by name."""

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

import tasrib
from tasrib.report.catalogue import knows, say
from tasrib.report.words import phrase, phrases
from tasrib.tracing.caveats import LANGUAGES, Shown
from tasrib.tracing.comparisons import COMPARISONS, by_key
from tasrib.tracing.grading import FINDING_COLUMNS, as_table, grade, sort_findings

ROOMS = Path(tasrib.__file__).parent
ENGINE = [path for path in (ROOMS / "tracing").glob("*.py") if path.name != "__init__.py"]
REPORT = list((ROOMS / "report").glob("*.py"))
TEMPLATES = sorted((ROOMS / "report" / "templates").glob("*.j2"))


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


@pytest.mark.parametrize("path", ENGINE + REPORT + TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_engine_and_report_know_no_comparison_by_name(path):
    # A word such as "operators" may head a table; it may not steer anything.
    groups = re.findall(r"(?:==|!=|\bin\b)\s*([(\[{]?[\"'][^)\]}\n]*)", path.read_text("utf-8"))
    compared = {word for group in groups for word in re.findall(r"[\"'](\w+)[\"']", group)}
    assert not compared & set(by_key())
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
    if comparison.compare is None and comparison.compare_batch is None and comparison.compare_union is None:
        pytest.fail(f"{comparison.key} compares nothing")
    if comparison.side is not None and comparison.side.tell is not None:
        needed = {(comparison.group, part) for part in ("pattern", "found", "none", "alternatives", "settle")}
    else:
        needed = {("alternatives", comparison.group)}
        for subject in comparison.subjects:
            needed |= {("points_to", subject), ("source_of", subject)}
            needed.add(
                ("pattern", comparison.group if comparison.within_people or comparison.compare_union else subject)
            )
    lacking = [
        f"[{section}.{name}] in {language}"
        for section, name in sorted(needed)
        for language in LANGUAGES
        if language not in wordings.get(section, {}).get(name, {})
    ]
    assert not lacking, f"data/reference/narratives.toml lacks {', '.join(lacking)}"


@pytest.mark.parametrize("comparison", COMPARISONS, ids=lambda comparison: comparison.key)
def test_each_comparison_has_its_words_on_the_page(comparison):
    keys = [f"comparison.{comparison.key}.{part}" for part in ("title", "by", "method", "line")]
    keys += [f"column.{column.heading}" for column in comparison.columns]
    if comparison.side is not None and comparison.side.tell is not None:
        keys += [f"first.sign.{comparison.group}", f"first.ask.{comparison.group}"]
    else:
        keys.append(f"first.found.{comparison.group}")
    assert not [key for key in keys if not knows(key)]
    values = dict.fromkeys(comparison.method_values, "x") | {"market_method": "y"}
    for language in LANGUAGES:
        assert say(f"comparison.{comparison.key}.method", language, **values)


def test_a_wording_that_lacks_is_named():
    with pytest.raises(ValueError, match=r"narratives\.toml has no table \[source_of\.planet\]"):
        phrase("source_of.planet", "en", name="Mars")


@pytest.mark.parametrize(
    ("name", "subject"), [(("MA", "A", "066", "0661"), "prefix"), (("MA", "A", "066", "0661", "0661 23xxxx"), "block")]
)
def test_a_finding_points_to_one_of_the_subjects(name, subject):
    tree = by_key()["tree"]
    assert tree.subject({"name": name}) == subject
    assert subject in tree.subjects


def test_verdicts_have_the_columns_by_which_the_report_tells_them():
    for side in (comparison.side for comparison in COMPARISONS if comparison.side is not None and comparison.side.tell):
        campaigns = ("campaign_a", "party_a", "campaign_b", "party_b") if side.of_two else ("campaign_id",)
        assert {"p_adjusted", *campaigns} <= set(side.columns)


def test_a_figure_that_findings_have_no_column_for_is_refused():
    finding = {"campaign_id": "c-1", "comparison": "operators", "name": "A", "p_value": 0.1, "p_within": 0.1, "posterior": 0.5,
               "baseline": "controls", "surprise": 3}  # fmt: skip
    with pytest.raises(ValueError, match="'operators' has surprise: add it to FINDING_COLUMNS"):
        grade([finding], by_key(), pd.Series({"c-1": ""}), {"c-1": Shown()})


def test_wordings_steer_nothing(finding_of):
    """Findings with the same p-value come in the order of the registry, whatever their methods are called."""
    rows = as_table(
        [finding_of("pairs", "a method"), finding_of("operators", "Z method"), finding_of("operators", "b method", "B")]
    )
    assert sort_findings(rows, by_key())[["comparison", "name"]].to_numpy().tolist() == [
        ["operators", "A"], ["pairs", "A"], ["operators", "B"],
    ]  # fmt: skip


@pytest.fixture
def finding_of():
    def make(comparison, method, name="A"):
        told = {
            "campaign_id": "c-1",
            "party": "",
            "comparison": comparison,
            "name": name,
            "hypothesis": "",
            "method": method,
        }
        numbers = {"n_reached": 9, "observed": 5, "n_controls": 9, "controls_observed": 1, "p_adjusted": 0.2}
        return (
            told
            | numbers
            | {
                "baseline": "controls",
                "evidence": "none",
                "caveats": (),
                "within_people": False,
                "note": "",
                "confounded_with": (),
            }
        )

    return make


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
