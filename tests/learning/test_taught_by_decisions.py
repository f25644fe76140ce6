"""What people decided about a case teaches a model: from the filled workbook, and from the log."""

import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

import tasrib
from tasrib.case import case_export, decisions_file, label_apply
from tasrib.case.words import columns
from tasrib.errors import InputNote, UnreadableInput
from tasrib.tables import write_table

TEXTS = [
    "Votez pour le tracteur, 0661234567",
    "Réunion du comité ce soir",
    "Ensemble dimanche",
    "Le journal du matin",
    "Encore un",
]
FILLED = [
    {"decision": "oui", "party": "PAM"},
    {"category": "vie associative"},
    {"decision": "non"},
    {"decision": "indécis"},
    {},
]


@pytest.fixture
def workbook(tmp_path):
    n = len(TEXTS)
    frame = scored_frame(
        n, text=TEXTS, category="news", probability=0.5, decision="review", campaign_id=[f"c-{i}" for i in range(n)]
    )
    write_table(frame, tmp_path / "scored.parquet")
    case_export(frame, tmp_path / "x.xlsx", language="fr")
    book = load_workbook(tmp_path / "x.xlsx")
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    by_text = {text.replace("0661234567", "0600000000"): cells for text, cells in zip(TEXTS, FILLED, strict=True)}
    for row in range(2, n + 2):
        for name, value in by_text[sheet.cell(row, places["message"]).value].items():
            sheet.cell(row, places[columns("message")[name]["fr"]]).value = value
    book.save(tmp_path / "x.xlsx")
    return tmp_path / "x.xlsx"


@pytest.fixture
def log(workbook):
    label_apply(workbook.with_name("scored.parquet"), workbook, by="NB")
    return decisions_file(workbook.with_name("scored.parquet"))


TAUGHT = {
    ("Votez pour le tracteur, 0600000000", "political_campaign", "PAM"),
    ("Réunion du comité ce soir", "community", ""),
}


@pytest.mark.parametrize("source", ["workbook", "log", "renamed"])
def test_labels_are_what_people_said_and_nothing_that_a_model_guessed(source, workbook, log):
    path = workbook if source == "workbook" else log
    if source == "renamed":
        path = log.rename(log.with_name("anything.jsonl"))
    with pytest.warns(InputNote, match="tell no category"):
        labels = tasrib.read_labelled(path)
    assert set(labels[["text", "category", "party"]].itertuples(index=False, name=None)) == TAUGHT
    assert set(labels["file"]) == {str(path)}


def test_import_accounts_for_every_row(workbook, log):
    found = tasrib.label_import([workbook, log])
    assert (found.n_read, len(found.labels), found.n_unlabelled, len(found.rejected)) == (9, 4, 5, 0)
    assert {"m-"} == {name[:2] for name in found.labels["id"]}


def test_a_row_that_is_no_choice_is_named(workbook):
    book = load_workbook(workbook)
    book.worksheets[0].cell(3, 9).value = "peut-être"
    book.save(workbook)
    with pytest.raises(UnreadableInput, match="row 3, column 'décision': 'peut-être' is none of the choices"):
        tasrib.read_labelled(workbook)
    found = tasrib.label_import(workbook)
    assert found.rejected[["row", "column", "value"]].values.tolist() == [[3, "décision", "peut-être"]]


def test_nothing_to_learn_is_said(tmp_path):
    pd.DataFrame({"id": ["m-1"], "message": ["a"], "décision": [""], "initiales": ["NB"]}).to_csv(
        tmp_path / "x.csv", index=False
    )
    with pytest.raises(UnreadableInput, match="nothing to learn"):
        tasrib.read_labelled(tmp_path / "x.csv")


def test_other_labels_are_read_as_before(tmp_path):
    pd.DataFrame({"text": ["a"], "category": ["news"], "remark": ["x"]}).to_csv(tmp_path / "x.csv", index=False)
    assert tasrib.read_labelled(tmp_path / "x.csv")["category"].tolist() == ["news"]


def test_decisions_and_labels_fit_one_model(workbook, log, small_world, tmp_path):
    with pytest.warns(InputNote):
        trained = tasrib.train([log], tmp_path / "model", **small_world)
    assert trained.metrics["n"] == 2
