"""What survey tools export is read without a mapping; what they add of themselves is no complaint."""

import csv

import pytest
from exports import AR, FR, NUMBERS, TOOLS, google_forms, kobo, qualtrics, surveymonkey
from openpyxl import Workbook

from tasrib.complaints.headers import Headers, may_be_data, parse_mapping, shown
from tasrib.complaints.survey_tools import added_columns
from tasrib.errors import UnreadableInput
from tasrib.tables.readers import read_tables

ANSWERED = {"text", "recipient", "received_at", "sender", "declared_operator", "consent", "member"}


def write(folder, rows, suffix=".csv"):
    path = folder / f"export{suffix}"
    if suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.save(path)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    return path


def recognised(path, mapping=None):
    headers = Headers(mapping)
    _, (table,) = read_tables(path, headers)
    rows = [row for row in table.rows if not headers.is_subheading(row, table.columns)]
    return table, headers.recognise(path.name, table.columns, rows), rows


def recognise(columns, *rows, mapping=None, stated=()):
    return Headers(mapping, stated).recognise("a.csv", columns, rows)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__)
def test_each_tool_is_read_without_a_mapping(tmp_path, tool, language, suffix):
    rows, expected = tool(language)
    table, found, complaints = recognised(write(tmp_path, rows, suffix))
    cells = {name: [row[table.columns.index(column)] for row in complaints] for name, column in found.columns.items()}
    assert cells["text"] == [AR, FR]
    assert cells["recipient"] == list(NUMBERS)
    assert cells["received_at"] == ["02/09/2021", "03/09/2021"]
    assert cells["sender"][0] == "+212661999999"
    assert found.columns.get("complaint_id") == expected["complaint_id"]
    assert set(found.columns) == ANSWERED | ({"complaint_id"} if expected["complaint_id"] else set())
    assert not found.notes


def test_the_time_of_the_form_stands_in_for_that_of_the_message_and_is_told():
    columns = ["Horodateur", "Message", "Téléphone"]
    found = recognise(columns, ["03/09/2021 14:05:11", AR, NUMBERS[0]])
    assert found.columns["received_at"] == "Horodateur"
    assert [(note.code, note.column) for note in found.notes] == [("time_of_the_form", "Horodateur")]
    found = recognise([*columns, "Date"], ["03/09/2021 14:05:11", AR, NUMBERS[0], "02/09/2021"])
    assert found.columns["received_at"] == "Date"
    assert not found.notes


@pytest.mark.parametrize("device", ["phonenumber not found", "", "+212661000109"])
def test_the_number_of_the_device_is_nobodys(device):
    columns = ["start", "message", "phonenumber", "_id"]
    with pytest.raises(
        UnreadableInput, match="'phonenumber' is the telephone that the form was filled in on"
    ) as caught:
        recognise(columns, ["2021-09-03T14:05:11.000+01:00", AR, device, "1"])
    assert "phonenumber=recipient" not in str(caught.value)
    assert (
        recognise(columns, ["x", AR, device, "1"], mapping={"phonenumber": "recipient"}).columns["recipient"]
        == "phonenumber"
    )
    assert recognise(["message", "phonenumber"], [AR, NUMBERS[0]]).columns["recipient"] == "phonenumber"


def test_recipients_of_qualtrics_are_of_the_survey_and_no_telephone():
    columns = [
        "ResponseId",
        "RecipientEmail",
        "RecipientLastName",
        "DistributionChannel",
        "Texte du message",
        "Téléphone",
    ]
    found = recognise(columns, ["R_1", "a@exemple.ma", "X", "email", AR, NUMBERS[0]])
    assert found.columns == {"text": "Texte du message", "recipient": "Téléphone", "complaint_id": "ResponseId"}


def test_of_two_columns_the_one_whose_cells_look_right_is_taken():
    columns = ["Message", "Texte", "Téléphone", "Numéro de téléphone"]
    rows = [["Oui", AR, "Samsung", NUMBERS[0]], ["Non", FR, "Nokia", NUMBERS[1]]]
    assert recognise(columns, *rows).columns == {"text": "Texte", "recipient": "Numéro de téléphone"}


def test_two_columns_as_good_are_refused_with_what_to_say():
    with pytest.raises(UnreadableInput, match="'Message' and 'Texte' both look like 'text'") as caught:
        recognise(["Message", "Texte", "Tél"], ["Vu", AR, NUMBERS[0]], ["Lu", FR, NUMBERS[1]])
    assert '--map "Texte=text"' in str(caught.value)


def test_two_columns_for_what_is_not_needed_are_told_and_left():
    found = recognise(["Message", "Tél", "Ville", "Province"], [AR, NUMBERS[0], "Salé", "Salé"])
    assert "region" not in found.columns
    assert "'Ville' and 'Province'" in found.notes[0].said


@pytest.mark.parametrize(
    ("columns", "row", "words"),
    [
        (["Horodateur", "Décrivez ce qui est arrivé", "Contact"], ["03/09/2021", AR, NUMBERS[0]], "Décrivez ce qui est arrivé=text"),
        (["Message", "Code postal", "Contact"], [AR, "10000", NUMBERS[0]], "Contact=recipient"),
        (["Horodateur", "Êtes-vous satisfait de nos messages ?", "Tél"], ["03/09/2021", "Oui", NUMBERS[0]], "--map COLUMN=text"),
    ],
)  # fmt: skip
def test_the_column_to_name_is_one_whose_cells_look_right(columns, row, words):
    with pytest.raises(UnreadableInput) as caught:
        recognise(columns, row, row)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "row",
    [
        ["03/09/2021 14:05:11", AR, NUMBERS[0], "sms"],
        ["x", NUMBERS[0], AR],
        [AR + " " + FR, "Inwi", "Rabat"],
    ],
)
def test_no_error_shows_what_may_be_a_row_of_data(tmp_path, row):
    assert may_be_data(row)
    assert AR not in shown(row)
    with pytest.raises(UnreadableInput) as caught:
        recognised(write(tmp_path, [row, row, row]))
    assert not any(cell in str(caught.value) for cell in (AR[:20], FR[:20], NUMBERS[0], "Inwi"))
    assert "a row above it" in str(caught.value)


def test_a_form_whose_questions_are_not_understood_is_shown_by_its_columns(tmp_path):
    rows = [
        ["Horodateur", "Décrivez ce qui est arrivé", "", "Contact"],
        ["03/09/2021 14:05:11", AR, "rien", NUMBERS[0]],
    ]
    with pytest.raises(UnreadableInput, match="'Contact'") as caught:
        recognised(write(tmp_path, rows))
    assert NUMBERS[0] not in str(caught.value)
    assert '--map "Décrivez ce qui est arrivé=text"' in str(caught.value)


def test_a_column_of_lost_letters_is_still_the_text():
    assert (
        recognise(["Message", "Tél"], ["???? ???", NUMBERS[0]], ["?? ????? ??", NUMBERS[1]]).columns["text"]
        == "Message"
    )


def test_a_column_of_answers_is_no_text():
    with pytest.raises(UnreadableInput, match="no column for 'text'"):
        recognise(["Message reçu", "Tél"], ["Oui", NUMBERS[0]], ["Non", NUMBERS[1]])


def test_a_row_whose_cells_come_again_is_no_heading():
    with pytest.raises(UnreadableInput) as caught:
        recognise(["Salé", "Inwi", "Amine"], ["Rabat", "Inwi", "Amine"])
    assert "Amine" not in str(caught.value)


def test_the_name_that_is_suggested_is_found_again():
    long = 'Racontez-nous "avec vos mots" et sans rien oublier ce que vous avez lu ce jour-là sur votre écran'
    rows = [[AR, NUMBERS[0]], [FR, NUMBERS[1]]]
    with pytest.raises(UnreadableInput) as caught:
        recognise([long, "Tél"], *rows)
    option = str(caught.value).split("--map ")[1].strip('"')
    assert recognise([long, "Tél"], *rows, mapping=parse_mapping([option])).columns["text"] == long


def test_the_row_that_the_user_names_a_column_of_is_the_row_of_headings(tmp_path):
    rows, _ = qualtrics("fr")
    _, found, complaints = recognised(write(tmp_path, rows), {"Q1": "text", "Q2": "recipient"})
    assert (found.columns["text"], found.columns["recipient"], len(complaints)) == ("Q1", "Q2", 2)


def test_a_field_that_is_stated_for_the_file_needs_no_column():
    assert recognise(["date", "body"], ["2021-09-03", AR], stated=["recipient"]).columns == {
        "text": "body",
        "received_at": "date",
    }


def test_second_headings_of_tools_are_known_and_data_is_not():
    headers = Headers()
    columns, second, data, _ = surveymonkey("fr")[0]
    assert headers.is_subheading(second, columns)
    assert headers.is_subheading(columns, columns)
    assert not headers.is_subheading(data, columns)
    answer = list(data)
    answer[columns.index("Quel est le texte du message reçu ?")] = "Response"
    assert not headers.is_subheading(answer, columns)
    names = ["start", "message", "telephone"]
    assert headers.is_subheading(["start", "Quel est le texte du message ?", "Votre numéro de téléphone"], names)
    assert headers.is_subheading(['{"ImportId":"startDate"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}'], names)
    for row in (
        ["", "Response", NUMBERS[0]],
        ["", "Message reçu", NUMBERS[0]],
        ["", AR, ""],
        ["", "", ""],
        ["03/09/2021", "Réponse", "Réponse"],
    ):
        assert not headers.is_subheading(row, names), row


def test_names_of_tools_are_theirs_only_beside_others_of_them():
    assert not added_columns(["text", "phonenumber"])
    assert not added_columns(["Message", "Phone number", "Start"]).keys() - {"Start"}
    assert added_columns(["text", "phonenumber", "meta/instanceID"])["phonenumber"].kind == "device_number"
    assert added_columns(google_forms("ar")[0][0]).keys() >= {"طابع زمني"}
    assert added_columns(kobo("fr")[0][0])["start"].kind == "time"


def test_answers_of_a_question_with_several_do_not_claim_a_field():
    columns = ["message", "telephone", "canal", "canal/sms", "canal/whatsapp"]
    found = recognise(columns, [AR, NUMBERS[0], "sms", "1", "0"], [FR, NUMBERS[1], "whatsapp", "0", "1"])
    assert found.columns == {"text": "message", "recipient": "telephone", "channel": "canal"}
