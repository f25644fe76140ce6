"""A power analysis in words and as a page."""

import dataclasses
import json

import pytest

from tasrib.report.power import power_answers, power_cells, power_file, power_question, power_rows
from tasrib.tracing.power_analysis import PowerDesign, analyse_power, find_operator_share

DAY = "2021-09-08"


@pytest.fixture(scope="module")
def analysis():
    return analyse_power(PowerDesign(find_operator_share("Inwi", DAY), 0.3, people=40))


def test_the_question_says_where_a_share_comes_from(analysis):
    known = power_question(analysis.design)
    assert "came from Inwi (" in known
    assert f"of the numbers on {DAY}" in known
    given = power_question(PowerDesign(find_operator_share(0.3, DAY), 0.3))
    assert "came from an operator with 30.0%, " in given
    assert DAY not in given


@pytest.mark.parametrize(
    ("operator", "leak_share", "controls", "says"),
    [
        (0.3, 0.5, 2.0, "with 2 controls each ("),
        (0.3, 0.1, 2.0, "People needed for a chance of 80%"),
        (0.3, 0.3, 0.0, "compared with market shares only."),
        (0.97, 0.3, 2.0, "leaves no trace"),
        (0.7, 0.001, 1.0, "No number of people with 1 controls each is enough"),
    ],
)
def test_the_answer_is_the_people_needed_or_why_there_are_none(operator, leak_share, controls, says):
    found = analyse_power(PowerDesign(find_operator_share(operator, DAY), leak_share, controls_per_case=controls))
    first, *rest = power_answers(found)
    assert says in first
    assert len(rest) == 2


def test_people_asked_about_are_answered(analysis):
    answer = power_answers(analysis)[1]
    assert answer.startswith("40 people with 2 controls each would find this leak moderate or strong")
    assert f"{analysis.power_of_people:.0%}" in answer


def test_cells_are_the_table(analysis):
    cells, rows = power_cells(analysis), power_rows(analysis)
    assert cells["people"].tolist() == [f"{n:,}" for n in rows["n_people"]]
    assert cells["2 controls each"].iloc[0] == f"{rows['power_2_controls'].iloc[0]:.0%}"
    assert (cells.iloc[:, -1] == "–").tolist() == rows["detectable_share"].isna().tolist()


def test_a_page_escapes_what_it_is_given_and_loads_nothing(analysis):
    source = dataclasses.replace(analysis.design.source, operator="<b>A & B</b>")
    hostile = dataclasses.replace(analysis, design=dataclasses.replace(analysis.design, source=source))
    page = power_file(hostile, ".html")
    assert "<b>" not in page
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in page
    assert "<svg" in page
    assert "&lt;svg" not in page
    assert page.count("<p>") == 1 + len(power_answers(hostile))
    assert page.count("<tr") == 1 + len(hostile.table)
    for outside in ("<script", "<link", "src=", "url("):
        assert outside not in page


def test_the_specification_holds_the_curve(analysis):
    spec = json.loads(power_file(analysis, ".json"))
    assert len(spec["data"]["values"]) == analysis.curve().size
