import json

import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import tasrib
from tasrib.errors import TasribError, UnreadableInput
from tasrib.learning import read_labelled
from tasrib.learning.exchange import label_studio_config

TEXTS = [
    "صوتوا على لائحة النجمة 🌟 يوم 8 شتنبر",
    "=1+1 Votez pour nous, appelez le 0661234567 ou nadia.b@mail.example",
    'Soldes\nsur deux lignes, _x000d_ et "guillemets"',
    "+212 6 61 23 45 67 lire svp, IBAN 011780000012345678901234",
    "a",
    "salam khouya, lmatch lyoum f 21h",
]


@pytest.fixture
def scored():
    n = len(TEXTS)
    return scored_frame(
        n, text=TEXTS, recipient=[f"p-{i}" for i in range(n)], sender="0661112233", language=["ar", "fr", "fr", "fr", "", "ary-Latn"],
        category="news", probability=0.5, decision="review",
    )  # fmt: skip


CORPUS = pd.DataFrame({"text": ["Votez", "صوتوا"], "test": False})


def studio(tasks, choices):
    """What Label Studio exports once an annotator went through the tasks."""
    for number, (task, choice) in enumerate(zip(tasks, choices, strict=True)):
        result = (
            [{"from_name": "category", "to_name": "text", "type": "choices", "value": {"choices": [choice]}}]
            if choice
            else []
        )
        task |= {"id": number, "annotations": [{"completed_by": 1, "was_cancelled": not choice, "result": result}]}
    return tasks


def test_the_workbook_comes_back_whole(scored, tmp_path):
    sent = tasrib.label_export(scored, tmp_path / "to.xlsx", corpus=CORPUS)
    assert sorted(len(text) for text in sent["text"]) == sorted(map(len, TEXTS))
    book = load_workbook(tmp_path / "to.xlsx")
    sheet = book["to label"]
    lists = sheet.data_validations.dataValidation
    assert "political_campaign" in lists[0].formula1
    assert str(lists[0].sqref) == f"C2:C{len(TEXTS) + 1}"
    assert "political_campaign" in [row[0].value for row in book["how to label"]]
    header = [cell.value for cell in sheet[1]]
    assert all(row[header.index("category")].value in (None, "") for row in sheet.iter_rows(min_row=2))
    for row, category in zip(
        sheet.iter_rows(min_row=2), ["scam", "news", None, "personal", "service", "community"], strict=True
    ):
        row[header.index("category")].value = category
    book.save(tmp_path / "done.xlsx")
    found = tasrib.label_import(tmp_path / "done.xlsx")
    assert (found.n_read, len(found.labels), found.n_unlabelled, len(found.rejected)) == (6, 5, 1, 0)
    assert found.labels["text"].tolist() == [text for i, text in enumerate(sent["text"]) if i != 2]
    tasrib.write_table(found.labels, tmp_path / "labels.jsonl")
    assert read_labelled([tmp_path / "labels.jsonl"])["category"].tolist() == found.labels["category"].tolist()


def test_label_studio_comes_back_whole(scored, tmp_path):
    sent = tasrib.label_export(scored, tmp_path / "to.json", corpus=CORPUS)
    tasks = json.loads((tmp_path / "to.json").read_text("utf-8"))
    assert all(set(task) == {"data"} for task in tasks)
    (tmp_path / "done.json").write_text(json.dumps(studio(tasks, ["news", "scam", "", "personal", "", "news"])))
    found = tasrib.label_import([tmp_path / "done.json"])
    assert (found.n_read, len(found.labels), found.n_unlabelled, len(found.rejected)) == (6, 4, 2, 0)
    assert found.labels["text"].tolist() == sent["text"].iloc[[0, 1, 3, 5]].tolist()


def test_the_set_up_names_every_category():
    from xml.etree import ElementTree

    from tasrib.classify import CATEGORIES

    choices = {node.get("value") for node in ElementTree.fromstring(label_studio_config()).iter("Choice")}
    assert set(CATEGORIES) < choices


@pytest.mark.parametrize("name", ["to.xlsx", "to.json"])
def test_no_number_or_address_leaves(scored, tmp_path, name):
    sent = tasrib.label_export(scored, tmp_path / name, corpus=CORPUS)
    everything = " ".join(str(cell) for cell in sent.to_numpy().ravel())
    for secret in ("0661234567", "661234567", "61 23 45 67", "nadia", "345678901234", "p-0", "0661112233"):
        assert secret not in everything
    # The model reads what stands in its place as it reads the original.
    from tasrib.text import normalise

    assert sorted(map(normalise, sent["text"])) == sorted(map(normalise, TEXTS))


def test_people_who_differ_and_wild_choices_go_to_quarantine(tmp_path):
    def annotation(who, *choices):
        return {
            "completed_by": {"id": who, "email": "who@mail.example"},
            "result": [{"from_name": "category", "value": {"choices": list(choices)}}],
        }

    tasks = [
        {"data": {"text": "a"}, "annotations": [annotation(1, "news"), annotation(2, "scam")]},
        {"data": {"text": "b"}, "annotations": [annotation(1, "news"), annotation(2, "news")]},
        {"data": {"text": "c"}, "annotations": [annotation(1, "news", "scam")]},
        {"data": {"text": "d"}, "annotations": [annotation(1, "newz")]},
        {"data": {"text": "e"}, "annotations": [{"was_cancelled": True, "result": []}, annotation(2, "personal")]},
        {"data": {"text": "f"}, "annotations": []},
        {"data": {"nothing": 1}},
        "no task",
    ]
    (tmp_path / "x.json").write_text(json.dumps(tasks))
    found = tasrib.label_import(tmp_path / "x.json")
    assert found.labels[["text", "category"]].values.tolist() == [["b", "news"], ["e", "personal"]]
    assert found.n_unlabelled == 1
    reasons = found.rejected.set_index("row")["reason"]
    assert "'news' by annotator 1, 'scam' by annotator 2" in reasons[1]
    assert "who@mail" not in reasons[1]
    assert "several" in reasons[3]
    assert "did you mean 'news'" in reasons[4]
    assert set(reasons.index) == {1, 3, 4, 7, 8}
    assert found.n_read == len(tasks) == len(found.labels) + len(found.rejected) + found.n_unlabelled


def test_two_sheets_that_differ_quarantine_both_rows(tmp_path):
    for name, category in (("one.csv", "news"), ("two.csv", "scam")):
        pd.DataFrame({"text": ["même texte", name], "category": [category, "news"]}).to_csv(
            tmp_path / name, index=False
        )
    found = tasrib.label_import([tmp_path / "one.csv", tmp_path / "two.csv"])
    assert found.rejected[["row", "value"]].values.tolist() == [[2, "news"], [2, "scam"]]
    assert len(found.labels) == 2


def test_json_min_is_read(tmp_path):
    (tmp_path / "x.json").write_text(
        json.dumps([{"text": "a", "category": "news", "annotator": 1, "id": 4}, {"text": "b", "id": 5}])
    )
    found = tasrib.label_import(tmp_path / "x.json")
    assert (found.labels["category"].tolist(), found.n_unlabelled) == (["news"], 1)


@pytest.mark.parametrize("content", ["", "{}", "[]", "3", "\x00", "[" * 100_000])
def test_what_is_no_export_is_said_in_one_line(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(UnreadableInput, match=r"x\.json"):
        tasrib.label_import(tmp_path / "x.json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "text", "annotations", "result", "value", "choices", "from_name", "category", "x"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(json_values, min_size=1, max_size=4))
def test_wild_tasks_are_all_accounted_for(tmp_path, tasks):
    (tmp_path / "x.json").write_text(json.dumps(tasks))
    found = tasrib.label_import(tmp_path / "x.json")
    assert len(tasks) == found.n_read == len(found.labels) + len(found.rejected) + found.n_unlabelled


def test_only_known_formats_are_written(scored, tmp_path):
    with pytest.raises(TasribError, match=r"\.xlsx, \.json"):
        tasrib.label_export(scored, tmp_path / "to.docx", corpus=CORPUS)
    with pytest.raises(TasribError, match="does not exist"):
        tasrib.label_export(scored, tmp_path / "no" / "to.json", corpus=CORPUS)
