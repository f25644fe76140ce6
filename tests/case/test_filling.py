"""Workbooks as case workers send them back: every row becomes a decision, stays open, or is in quarantine with its reason."""

import csv

import pandas as pd
import pytest
from deciding import CHOSEN, FORMULA, MEETING, ROSE, ROWS, TRACTOR, case_frame, counts, held, of_sheet
from openpyxl import load_workbook
from tables.new_workbooks import ods, ods_row

from tasrib.case import label_apply, read_decisions
from tasrib.case.layer import decisions_file, standing
from tasrib.case.messages import message_key
from tasrib.case.words import LANGUAGES, columns
from tasrib.errors import TasribError, UnreadableInput
from tasrib.tables import write_table


def cells_of(path, kind="message"):
    """A sheet as rows of strings."""
    sheet = load_workbook(path).worksheets[kind == "campaign"]
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]


def write_csv(rows, path, *, delimiter=";", encoding="cp1252"):
    with path.open("w", encoding=encoding, errors="replace", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


HELD = {
    message_key(FORMULA): ("campaign", None, "PAM", None, "NB"),
    message_key(MEETING): ("not_campaign", "community", None, None, "NB"),
    message_key(TRACTOR): ("campaign", None, None, "Tracteur-de-Fès", "NB"),
}


def test_what_is_filled_is_decided_and_the_rest_stays_open(file, fill):
    before = file.read_bytes()
    found = label_apply(file, fill(CHOSEN))
    assert counts(found) == (6, 3, 0, 3, 0)
    assert held(file) == HELD
    assert found.layer == decisions_file(file) == file.with_name("scored.decisions.jsonl")
    assert found.quarantine is None
    assert file.read_bytes() == before
    assert any("Tracteur-de-Fès (1 message)" in note for note in found.notes)
    table = read_decisions(file)
    assert table["file"].tolist() == ["filled.xlsx"] * 3
    assert table["sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert "0661234567" not in found.layer.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("saved", ["xlsx", "csv", "french excel", "ods"])
def test_in_any_language_and_saved_as_anything(file, fill, tmp_path, language, saved):
    typed = {
        FORMULA: {"decision": "Oui", "party": "Parti authenticité et modernité"},
        MEETING: {"decision": "ليست حملة", "category": " VIE ASSOCIATIVE "},
        TRACTOR: {"decision": "Campaign", "campaign": "Tracteur  de Fès"},
    }
    path = fill(typed, language=language)
    if saved == "ods":
        content = ods({"Feuille1": "".join(ods_row(*row) for row in cells_of(path))})
        (tmp_path / "x.ods").write_bytes(content)
        path = tmp_path / "x.ods"
    elif saved != "xlsx":
        encoding = "utf-8-sig" if saved == "csv" else "utf-16"
        path = write_csv(
            cells_of(path), tmp_path / "x.csv", delimiter="," if saved == "csv" else ";", encoding=encoding
        )
    found = label_apply(file, path)
    assert counts(found)[1:] == (3, 0, 3 if saved == "xlsx" else 1, 0), found.rejected.to_dict("records")
    assert held(file) == HELD


def test_french_excel_loses_arabic_letters_and_the_ids_hold(file, fill, tmp_path):
    path = fill({ROSE: {"decision": "campagne", "party": "حزب الاستقلال"}, TRACTOR: {"decision": "oui"}})
    found = label_apply(file, write_csv(cells_of(path), tmp_path / "x.csv"))
    assert counts(found)[1:] == (1, 0, 2, 1)
    assert "letters were lost" in found.rejected["reason"].iloc[0]
    path = fill({ROSE: {"decision": "campagne", "party": "PI"}})
    found = label_apply(file, write_csv(cells_of(path), tmp_path / "x.csv"))
    assert counts(found)[1:] == (1, 0, 3, 0)
    assert any("the id was followed" in note for note in found.notes)


def test_rows_sorted_deleted_and_columns_added(file, fill, tmp_path):
    head, *rows = cells_of(fill(CHOSEN))
    mine = [["mon avis", *head, "à vérifier"], *(["", *row, "x"] for row in reversed(rows[:3]))]
    found = label_apply(file, write_csv([["Titre", *[""] * len(head)], *mine], tmp_path / "x.csv", encoding="utf-8"))
    assert counts(found) == (3, 2, 0, 1, 0)
    assert held(file).keys() == {message_key(FORMULA), message_key(MEETING)}
    assert any("à vérifier" in note and "mon avis" not in note for note in found.notes)


def test_one_column_sorted_without_the_others_is_noticed(file, fill):
    path = fill(CHOSEN)
    book = load_workbook(path)
    sheet, places = of_sheet(book, "message", "fr")
    cells = [sheet.cell(row, places["text"]) for row in range(2, 6)]
    for cell, text in zip(cells, sorted(cell.value for cell in cells), strict=True):
        cell.value = text
    book.save(path)
    found = label_apply(file, path)
    assert found.n_decided + len(found.rejected) == 3
    assert "another message than the text" in found.rejected["reason"].iloc[0]
    for key, decided in held(file).items():
        assert HELD[key] == decided


@pytest.mark.parametrize(
    ("edit", "n_decided", "said"),
    [
        (lambda text: text + " x", 1, "the id was followed"),
        (lambda text: text.replace("voisins", "voisisn"), 1, "the id was followed"),
        (lambda text: None, 1, ""),
        (lambda text: "Tout autre chose, sans rien de commun avec ceci", 0, "quite another text"),
    ],
)
def test_a_text_that_was_edited_by_accident(file, fill, edit, n_decided, said):
    path = fill({FORMULA: {"decision": "oui"}})
    book = load_workbook(path)
    sheet, places = of_sheet(book, "message", "fr")
    cell = sheet.cell(2, places["text"])
    cell.value = edit(FORMULA)
    if cell.value:
        # As Excel keeps it in a cell of the format "text".
        cell.data_type = "s"
    book.save(path)
    found = label_apply(file, path)
    assert (found.n_decided, len(found.rejected)) == (n_decided, 1 - n_decided)
    assert said in " ".join([*found.notes, *found.rejected["reason"]])
    # What is kept is the message, not what its cell became.
    assert all(text == FORMULA for text in read_decisions(file)["text"])


def test_a_row_whose_id_is_gone_is_known_by_its_text(file, fill):
    path = fill({ROSE: {"decision": "oui"}, FORMULA: {"decision": "oui"}})
    book = load_workbook(path)
    sheet, places = of_sheet(book, "message", "fr")
    for row in range(2, 6):
        sheet.cell(row, places["id"]).value = None
    book.save(path)
    assert label_apply(file, path).n_decided == 2
    assert held(file).keys() == {message_key(ROSE), message_key(FORMULA)}


@pytest.mark.parametrize("id_is_kept", [True, False])
@pytest.mark.parametrize(
    ("country", "number"),
    [("FR", "06.12.34.56.78"), ("CI", "07-07-12-34-56"), ("BE", "0470/12.34.56"), ("LB", "71/123456"), ("TN", "20123456")],
)  # fmt: skip
def test_a_message_whose_number_was_masked_is_known_again(tmp_path, fill, country, number, id_is_kept):
    text = f"Réunion du quartier, appelez {number} ce soir"
    frame = case_frame(
        [(text, 2, "community", "review", ""), (ROSE, 1, "political_campaign", "campaign", "c-0000000a")]
    )
    frame = frame.assign(country=country)
    write_table(frame, tmp_path / "elsewhere.parquet")
    path = fill({text: {"decision": "oui"}}, frame=frame)
    if not id_is_kept:
        book = load_workbook(path)
        sheet, places = of_sheet(book, "message", "fr")
        for row in range(2, 4):
            sheet.cell(row, places["id"]).value = None
        book.save(path)
    found = label_apply(tmp_path / "elsewhere.parquet", path)
    assert (found.n_decided, len(found.rejected)) == (1, 0)
    assert held(tmp_path / "elsewhere.parquet").keys() == {message_key(text)}
    kept = read_decisions(tmp_path / "elsewhere.parquet")["text"].iloc[0]
    assert kept.startswith("Réunion du quartier, appelez ")
    assert number not in kept


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"decision": "commercial"}, "décision", "campagne, pas une campagne, indécis"),
        ({"decision": "x"}, "décision", "campagne, pas une campagne, indécis"),
        ({"decision": "1"}, "décision", "campagne, pas une campagne, indécis"),
        ({"category": "Réclame"}, "catégorie", "campagne politique, information civique"),
        ({"decision": "campagne", "category": "publicité"}, "catégorie", "contradicts the decision 'campagne'"),
        ({"decision": "non", "category": "campagne"}, "catégorie", "contradicts the decision 'pas une campagne'"),
        ({"decision": "non", "party": "PAM"}, "parti", "neither party nor campaign"),
        ({"decision": "non", "campaign": "Rose"}, "campagne", "neither party nor campaign"),
        ({"party": "PAM"}, "parti", "fill 'décision' too"),
        ({"campaign": "Rose"}, "campagne", "fill 'décision' too"),
        ({"decision": "oui", "campaign": "c-0000000f"}, "campagne", "did you mean c-0000000"),
        ({"decision": "oui", "campaign": "idem"}, "campagne", "names no campaign"),
        ({"decision": "oui", "campaign": "2"}, "campagne", "names no campaign"),
        ({"decision": "oui", "party": "?"}, "parti", "names no party"),
        ({"decision": "oui", "party": "p" * 90}, "parti", "names no party"),
        ({"decision": "oui", "who": "0661234567"}, "initiales", "are no initials"),
        ({"decision": "oui", "who": "model"}, "initiales", "are no initials"),
    ],
)  # fmt: skip
def test_what_is_no_choice_is_told_with_its_place(file, fill, cells, column, said):
    path = fill({FORMULA: cells, TRACTOR: {"decision": "oui", "who": "NB"}}, who="NB" if "who" not in cells else "")
    found = label_apply(file, path)
    # The others are taken: a case worker mends a row, not a file.
    assert counts(found) == (6, 1, 0, 4, 1)
    fault = found.rejected.iloc[0]
    assert (fault["file"], fault["sheet"], fault["row"], fault["column"]) == (str(path), "messages", 2, column)
    assert said in fault["reason"]
    assert held(file).keys() == {message_key(TRACTOR)}
    assert found.quarantine == file.with_name("scored.decisions.quarantine.csv")


def test_the_quarantine_is_mended_and_applied_itself(file, fill):
    path = fill({FORMULA: {"decision": "peut-être", "party": "PAM"}}, {"c-0000000b": {"same_as": "c-0000000f"}})
    found = label_apply(file, path)
    assert counts(found) == (6, 0, 0, 4, 2)
    mended = pd.read_csv(found.quarantine, dtype=str, keep_default_na=False)
    mended["decision"] = mended["decision"].replace("peut-être", "نعم")
    mended["same_as"] = mended["same_as"].replace("c-0000000f", "c-0000000a")
    mended.to_csv(found.quarantine, index=False)
    again = label_apply(file, found.quarantine)
    assert counts(again) == (2, 2, 0, 0, 0), again.rejected.to_dict("records")
    assert again.notes == ()
    assert held(file) == {message_key(FORMULA): ("campaign", None, "PAM", None, "NB")}
    # One that is being mended is never written over.
    edited = found.quarantine.read_bytes()
    assert label_apply(file, path).quarantine == file.with_name("scored.decisions.quarantine-2.csv")
    assert found.quarantine.read_bytes() == edited


def test_a_category_alone_tells_the_decision(file, fill):
    label_apply(file, fill({FORMULA: {"category": "سياسية"}, MEETING: {"category": "Association"}}))
    assert held(file) == {
        message_key(FORMULA): ("campaign", "political_campaign", None, None, "NB"),
        message_key(MEETING): ("not_campaign", "community", None, None, "NB"),
    }


def test_parties_in_every_way_of_writing(file, fill):
    for number, (typed, party) in enumerate([
        ("pam", "PAM"), ("P.A.M.", "PAM"), ("حزب الأصالة والمعاصرة", "PAM"), ("الأصالة والمعاصرة", "PAM"), ("aucun parti", ""),
        ("بدون حزب", ""), ("Liste des jeunes du Rif", "Liste des jeunes du Rif"),
    ]):  # fmt: skip
        found = label_apply(file, fill({FORMULA: {"decision": "oui", "party": typed}}, name=f"{number}.xlsx"), by="NB")
        assert not len(found.rejected), found.rejected.to_dict("records")
        assert held(file)[message_key(FORMULA)][2] == party, typed
    assert any("Liste des jeunes du Rif" in note for note in found.notes)


def test_ids_in_other_digits_and_cases(file, fill):
    label_apply(file, fill({TRACTOR: {"campaign": "C-٠٠٠٠٠٠٠A"}}))
    assert held(file)[message_key(TRACTOR)][3] == "c-0000000a"


def test_a_remark_alone_decides_nothing_and_is_kept(file, fill):
    found = label_apply(file, fill({TRACTOR: {"remark": "demander l'affiche"}}))
    assert found.n_decided == 1
    settled = standing(read_decisions(file)).messages[message_key(TRACTOR)]
    assert (settled.decision, settled.remark) == ("", "demander l'affiche")
    label_apply(file, fill({TRACTOR: {"decision": "oui"}}, name="later.xlsx"))
    settled = standing(read_decisions(file)).messages[message_key(TRACTOR)]
    assert (settled.decision, settled.remark) == ("campaign", "demander l'affiche")


# ---- who


def test_a_file_of_another_case_is_refused_whole(file, fill):
    other = case_frame([("Un tout autre message, d'une autre affaire", 2, "news", "review", "c-000000ff")])
    path = fill({other["text"].iloc[0]: {"decision": "oui"}}, frame=other)
    with pytest.raises(UnreadableInput, match="made for another scored file"):
        label_apply(file, path)
    assert not decisions_file(file).exists()


def test_a_message_that_is_not_there_any_more_is_said(file, fill):
    path = fill(CHOSEN)
    label_apply(file, path)
    write_table(case_frame(ROWS[:3]), file)
    changed = fill({FORMULA: {"decision": "non"}, TRACTOR: {"decision": "non"}}, name="later.xlsx")
    found = label_apply(file, changed)
    assert counts(found)[1:] == (1, 0, 4, 1)
    assert "no longer in the scored file" in found.rejected["reason"].iloc[0]
    assert held(file)[message_key(FORMULA)][0] == "campaign"
    never = case_frame([*ROWS, ("Un message de plus, jamais vu ici", 1, "news", "review", "c-000000ff")])
    found = label_apply(file, fill({never["text"].iloc[-1]: {"decision": "oui"}}, name="x.xlsx", frame=never))
    assert "no message of the scored file" in found.rejected["reason"].iloc[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "no sheet of decisions"),
        ("id,message,decision,initials\n", "no rows"),
        ("id,message,decision,décision,initials\nm,a,oui,non,NB\n", "both say 'decision'"),
        ("text,decision,category,party,campaign_id\na,review,news,,\n", "no sheet of decisions"),
    ],
)
def test_what_is_no_filled_workbook(file, tmp_path, content, said):
    (tmp_path / "x.csv").write_text(content, "utf-8")
    with pytest.raises(UnreadableInput, match=said):
        label_apply(file, tmp_path / "x.csv")
    assert not decisions_file(file).exists()


def test_neither_is_the_log_nor_standard_input_a_case(file, fill):
    label_apply(file, fill(CHOSEN))
    with pytest.raises(UnreadableInput, match="is a log of decisions"):
        label_apply(file, decisions_file(file))
    with pytest.raises(TasribError, match="name the file instead of standard input"):
        label_apply("-", file)
    with pytest.raises(UnreadableInput, match="no filled workbook was named"):
        label_apply(file, [])


def test_a_log_that_was_tampered_with_takes_nothing(file, fill):
    label_apply(file, fill(CHOSEN))
    layer = decisions_file(file)
    layer.write_bytes(layer.read_bytes().replace(b"PAM", b"RNI"))
    before = layer.read_bytes()
    with pytest.raises(UnreadableInput, match="line 2"):
        label_apply(file, fill({ROSE: {"decision": "oui"}}, name="x.xlsx"))
    assert layer.read_bytes() == before


def test_a_damaged_row_is_in_quarantine_and_a_short_one_is_read(file, fill, tmp_path):
    head, *rows = cells_of(fill(CHOSEN))
    place = head.index(columns("message")["decision"]["fr"])
    lines = [head, rows[0][: place + 1], [*rows[1], "", "trop"], rows[2]]
    found = label_apply(file, write_csv(lines, tmp_path / "x.csv", encoding="utf-8"), by="NB")
    assert counts(found) == (3, 1, 0, 1, 1)
    assert "cells" in found.rejected["reason"].iloc[0]
