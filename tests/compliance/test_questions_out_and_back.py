"""Questions that are open go out as a workbook and come back as answers, in any of the languages."""

import warnings

import openpyxl
import pandas as pd
import pytest
from citizens import complaints, facts

from tasrib import TasribError
from tasrib.compliance import law_questions, law_rules, law_triage, load_rules, read_facts, triage
from tasrib.compliance.asking import open_questions
from tasrib.errors import InputNote

LANGUAGES = ("ar", "fr", "en")
CASE = ({}, {"campaign_id": "c-2", "party": ""}, {"campaign_id": "c-2", "party": ""})
CUSTOMERS = {
    "ar": "ملف زبناء أو مرضى",
    "fr": "Un fichier de clients ou de patients",
    "en": "a file of customers or patients",
}
NEVER = {"ar": "أبدا", "fr": "jamais", "en": "Never"}


def answer(path, **answers):
    """Fill in the workbook as a person does: by the question's field, in the two coloured columns."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        if row[11].value in answers:
            row[5].value, row[6].value = answers[row[11].value], "letter of 3 May"
    book.save(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_answered_in_words_comes_back_as_a_verdict(tmp_path, language):
    frame, path = complaints(*CASE), tmp_path / "q.xlsx"
    law_questions(frame, path, language=language)
    assert read_facts(path).empty
    answer(path, number_origin=CUSTOMERS[language], declared_on=NEVER[language])
    known = read_facts(path)
    assert sorted(known["field"]) == ["declared_on", "number_origin"]
    triaged = triage(frame, "ma", known)
    found = triaged[triaged["verdict"] == "breach_indicated"].set_index("rule")["complaint_id"]
    assert (found["S01"], found["S03"]) == ("k-0", "k-0")
    # Not asked again.
    again = law_questions(frame, tmp_path / "again.xlsx", facts=known)
    assert not {"number_origin", "declared_on"} & set(again["field"])


def test_each_question_is_asked_once_for_whom_its_answer_holds():
    triaged = triage(complaints(*CASE))
    asked = open_questions(triaged, load_rules("ma"))
    assert not asked.duplicated(["field", "party", "campaign_id", "complaint_id"]).any()
    by_field = asked.groupby("field")["scope"].unique().map(list)
    assert by_field[["statistics_shown", "declared_on", "party", "sender_owner", "consent"]].tolist() == [
        ["case"], ["party"], ["campaign"], ["campaign"], ["complaint"],
    ]  # fmt: skip
    assert set(asked.loc[asked["field"] == "consent", "complaint_id"]) == {"k-0", "k-1", "k-2"}
    # Every open verdict waits for one of them, but for numbers, which are mended in the complaint.
    waiting = (triaged["verdict"] == "needs_information") & (triaged["field"] != "recipient")
    assert asked["settles"].sum() == waiting.sum()
    only = open_questions(triaged, load_rules("ma"), ["c-2"])
    assert set(only["complaint_id"]) == {"", "k-1", "k-2"}


def test_what_answers_do_not_settle_a_person_concludes(tmp_path):
    frame, path = complaints(), tmp_path / "q.xlsx"
    known = facts(content_referred="yes")
    assert "S19" in set(law_questions(frame, path, facts=known, language="fr")["field"])
    answer(path, S19="aucun manquement indiqué")
    triaged = triage(frame, "ma", pd.concat([known, read_facts(path)]))
    assert triaged.set_index("rule").loc["S19", ["verdict", "because"]].tolist() == ["no_breach_indicated", "decided"]


def test_all_wrong_answers_are_told_at_once_in_the_words_of_the_workbook(tmp_path):
    frame, path = complaints(*CASE), tmp_path / "q.xlsx"
    law_questions(frame, path, language="fr")
    answer(path, number_origin="le fichier des abonnés", declared_on="bientôt")
    with pytest.raises(TasribError) as error:
        triage(frame, "ma", read_facts(path))
    told = str(error.value).splitlines()
    assert len(told) > 1
    assert all("column 'réponse'" in line for line in told)
    assert any("un fichier d'un opérateur de télécommunications" in line for line in told)
    assert any("or jamais" in line for line in told)


def test_the_workbook_offers_choices_and_holds_no_message(tmp_path):
    frame = complaints({"text": "Votez liste 5, rappelez le 0661234567"})
    law_questions(frame, tmp_path / "q.xlsx", language="ar")
    book = openpyxl.load_workbook(tmp_path / "q.xlsx")
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book.worksheets[0].data_validations.dataValidation
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert "0661234567" not in cells
    assert "Votez" not in cells
    assert (tmp_path / "q.xlsx").stat().st_mode & 0o777 == 0o600


def test_a_workbook_with_answers_is_never_written_over(tmp_path):
    path = tmp_path / "q.xlsx"
    path.write_text("mine")
    with pytest.raises(TasribError, match="exists and may hold answers"):
        law_questions(complaints(), path)
    assert path.read_text() == "mine"
    with pytest.raises(TasribError, match=r"name an \.xlsx file"):
        law_questions(complaints(), tmp_path / "q.csv")


def test_as_many_questions_as_wanted_and_of_the_campaigns_named(tmp_path):
    asked = law_questions(complaints(*CASE), tmp_path / "q.xlsx", most=5)
    assert openpyxl.load_workbook(tmp_path / "q.xlsx").worksheets[0].max_row == 6 < len(asked)
    with pytest.raises(TasribError, match="no complaint is of the campaign 'c-9'"):
        law_questions(complaints(*CASE), tmp_path / "p.xlsx", campaigns=["c-9"])
    with pytest.raises(TasribError, match="no question is open"):
        law_questions(complaints(decision="review"), tmp_path / "p.xlsx")


def test_answers_that_hold_for_nothing_here_are_told():
    lost = facts(regular_contact="no").assign(complaint_id="k-9", file="answers.csv", row=[3])
    with pytest.warns(InputNote, match=r"count for nothing: answers.csv, row 3 \(complaint_id 'k-9'\)"):
        triage(complaints(), "ma", lost)
    with warnings.catch_warnings():
        warnings.simplefilter("error", InputNote)
        triage(complaints(), "ma", lost.assign(complaint_id="k-0"))


def test_several_files_are_one_table_and_a_contradiction_names_both(tmp_path):
    for name, value in (("a.csv", "no"), ("b.csv", "oui")):
        (tmp_path / name).write_text(
            f"champ;réponse;qui l'a dit, ou où cela figure\nbulk;{value};appel\nmember;;\n", "utf-8"
        )
    known = read_facts([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert known[["file", "row", "value"]].to_numpy().tolist() == [["a.csv", 2, "no"], ["b.csv", 2, "oui"]]
    with pytest.raises(TasribError, match=r"b.csv, row 2, column value: 'yes' contradicts 'no' \(a.csv, row 2\)"):
        triage(complaints(), "ma", known)


def test_that_nobody_knows_is_no_answer_and_half_an_answer_is_told():
    triaged = triage(complaints(consent="no", member="no"), "ma", facts(regular_contact="ne sait pas"))
    assert triaged.set_index("rule").loc["S04", "field"] == "regular_contact"
    with pytest.raises(TasribError, match="column value: is empty, though a source is given"):
        triage(complaints(), "ma", facts(regular_contact=""))


@pytest.mark.parametrize(("name", "sheets"), [("t.xlsx", 6), ("t.csv", 0)])
def test_the_triage_as_a_file(tmp_path, name, sheets):
    frame = complaints({"objected_at": "2021-08-20", "text": "Votez liste 5, rappelez le 0661234567"})
    law_triage(frame, tmp_path / name, language="fr")
    if sheets:
        book = openpyxl.load_workbook(tmp_path / name)
        assert len(book.worksheets) == sheets
        rows = list(book.worksheets[-1].values)
    else:
        rows = pd.read_csv(tmp_path / name).to_numpy().tolist()
    assert any("S08" in row and "k-0" in row for row in rows)
    assert "0661234567" not in str(rows)


def test_rules_are_listed_with_their_sources():
    table = law_rules("ma", "ar")
    assert table["rule"].tolist() == [rule.id for rule in load_rules("ma").rules]
    assert table.loc[table["rule"] == "S09", "confidence"].tolist() == ["L"]
    assert table["sources"].map(len).min() >= 1
    with pytest.raises(TasribError, match="there are no rules for 'de'"):
        law_rules("de")
