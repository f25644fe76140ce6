"""The workbook in which people decide: what stands in it, in which order, and how it looks."""

import re

import pytest
from deciding import CODE, FORMULA, MEETING, OFFER, ROSE, ROSE_AGAIN, ROWS, TRACTOR, case_frame, of_sheet
from openpyxl import load_workbook

from tasrib.case import case_export, label_apply, read_decisions
from tasrib.case.messages import message_key
from tasrib.case.words import LANGUAGES, choices, columns, filled_by_people
from tasrib.errors import TasribError


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def book(scored, tmp_path, language):
    case_export(scored, tmp_path / "x.xlsx", language=language)
    return load_workbook(tmp_path / "x.xlsx")


def test_one_row_a_distinct_message_those_in_review_first(scored, tmp_path):
    table = case_export(scored, tmp_path / "x.xlsx")
    # Those that settle most complaints lead; two texts that differ by a number are one message.
    assert table["id"].tolist() == [message_key(text) for text in (FORMULA, MEETING, ROSE, TRACTOR)]
    assert table["complaints"].tolist() == [5, 2, 5, 3]
    assert message_key(ROSE) == message_key(ROSE_AGAIN)
    assert table["model_decision"].tolist() == ["undecided", "undecided", "campaign", "campaign"]


def test_of_messages_that_settle_as_many_those_near_a_campaign_lead(tmp_path):
    rows = [
        ("Ensemble pour un autre avenir à Fès", 2, "political_campaign", "review", "c-0000000c"),
        ("Votre équipe vous attend dimanche au stade", 2, "political_campaign", "review", "c-0000000b"),
        ("Le comité vous invite demain soir", 1, "community", "review", "c-0000000e"),
        ("Le comité vous invite demain matin", 2, "community", "review", "c-0000000e"),
        *ROWS[2:3],
    ]
    table = case_export(case_frame(rows), tmp_path / "x.xlsx")
    # The committee's two wordings belong together, and settle three between them.
    assert table["id"].tolist() == [message_key(rows[place][0]) for place in (3, 2, 1, 0, 4)]


def test_what_people_decided_comes_last_and_says_so(file, fill, scored, tmp_path):
    label_apply(file, fill({FORMULA: {"decision": "campagne", "party": "PAM", "remark": "voir l'affiche"}}))
    table = case_export(scored, tmp_path / "x.xlsx", decisions=read_decisions(file), language="fr")
    assert table["id"].tolist() == [message_key(text) for text in (MEETING, ROSE, TRACTOR, FORMULA)]
    assert table["so_far"].tolist()[:3] == ["", "", ""]
    assert re.fullmatch(r"campagne · PAM \(NB, \d{4}-\d\d-\d\d\)\nvoir l'affiche", table["so_far"].iloc[3])
    # The cells to fill stay empty: a workbook of yesterday must not decide today's again.
    assert table[filled_by_people("message")].isna().all(axis=None)
    assert set(table["file_state"]) == {1}


def test_a_message_that_a_person_took_out_can_be_taken_back(file, fill, scored, tmp_path):
    label_apply(file, fill({TRACTOR: {"decision": "non"}}))
    table = case_export(scored, tmp_path / "x.xlsx", decisions=read_decisions(file))
    assert table["id"].iloc[-1] == message_key(TRACTOR)


def test_choices_are_lists_in_the_readers_language(book, language):
    sheet, places = of_sheet(book, "message", language)
    letters = {name: sheet.cell(1, place).column_letter for name, place in places.items()}
    lists = {str(each.sqref): each for each in sheet.data_validations.dataValidation}
    for name, wanted in (
        ("decision", choices("decision", language)),
        ("category", choices("category", language)),
        ("campaign", ["c-0000000a", "c-0000000b"]),
    ):
        rule = lists[f"{letters[name]}2:{letters[name]}5"]
        title, cells = re.fullmatch(r"'(.+)'!(.+)", rule.formula1).groups()
        assert [cell.value for (cell,) in book[title][cells.replace("$", "")]] == wanted
        assert rule.showErrorMessage == (name != "campaign")
    assert len(choices("decision", language)) == 3
    assert len(choices("category", language)) == 8
    campaigns, _ = of_sheet(book, "campaign", language)
    assert len(campaigns.data_validations.dataValidation) == 1


def test_a_list_of_many_campaigns_is_whole(tmp_path):
    # Within a rule Excel takes 255 characters.
    rows = [
        (f"{ROSE} {'abcdefghij'[n % 10] * 3} {n // 10}", 1, "political_campaign", "campaign", f"c-{n:08x}")
        for n in range(90)
    ]
    case_export(case_frame(rows), tmp_path / "x.xlsx")
    book = load_workbook(tmp_path / "x.xlsx")
    sheet, places = of_sheet(book, "campaign", "en")
    title, cells = re.fullmatch(r"'(.+)'!(.+)", sheet.data_validations.dataValidation[0].formula1).groups()
    assert len({cell.value for (cell,) in book[title][cells.replace("$", "")]}) == 90
    assert places["same_as"]


def test_it_reads_from_the_right_in_arabic_and_its_headings_stay_in_sight(book, language):
    for sheet in book.worksheets:
        assert bool(sheet.sheet_view.rightToLeft) == (language == "ar")
        assert sheet.freeze_panes == "A2"
        assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
    sheet, places = of_sheet(book, "message", language)
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}5"
    assert all(sheet.cell(1, place).font.bold for place in places.values())
    filled = {places[name] for name in filled_by_people("message")}
    colours = {place: sheet.cell(2, place).fill.fgColor.rgb for place in places.values()}
    assert len({colours[place] for place in filled}) == 1
    assert colours[places["id"]] != colours[places["decision"]]
    assert sheet.column_dimensions["B"].width == columns("message")["text"]["width"]
    assert sheet.cell(2, places["decision"]).number_format == "@"


def test_no_number_leaves_and_no_text_is_run(book, language):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    written = " ".join(str(cell.value) for cell in cells)
    assert "0661234567" not in written
    assert "0662765432" not in written
    sheet, places = of_sheet(book, "message", language)
    assert sheet.cell(2, places["text"]).value == FORMULA
    # What stands in a number's place has its shape, so that the message is known by its text too.
    assert message_key(sheet.cell(4, places["text"]).value) == message_key(ROSE)


def test_campaigns_stand_on_a_sheet_of_their_own(book, language):
    sheet, places = of_sheet(book, "campaign", language)
    rows = [[sheet.cell(row, places[name]).value for name in ("campaign_id", "people")] for row in (2, 3)]
    assert rows == [["c-0000000a", 5], ["c-0000000b", 3]]
    assert sheet.cell(3, places["first_text"]).value == TRACTOR
    assert sheet.max_row == 3


def test_what_is_known_not_to_be_campaign_is_not_asked(scored, tmp_path):
    table = case_export(scored, tmp_path / "x.xlsx")
    assert not {message_key(OFFER), message_key(CODE)} & set(table["id"])
    with pytest.raises(TasribError, match="nothing to decide"):
        case_export(case_frame(ROWS[5:]), tmp_path / "y.xlsx")
    assert not (tmp_path / "y.xlsx").exists()


def test_a_message_longer_than_a_cell(tmp_path):
    long = "Votez pour la liste du tracteur, " + " ".join(f"école {n} réparée" for n in range(3_000))
    frame = case_frame([(long, 1, "political_campaign", "review", "c-0000000a")])
    table = case_export(frame, tmp_path / "x.xlsx")
    assert table["text"].str.len().max() < 32_767
    assert table["id"].tolist() == [message_key(long)]


def test_most_and_wrong_use(scored, tmp_path):
    assert len(case_export(scored, tmp_path / "x.xlsx", most=2)) == 2
    for given, words in (({"language": "de"}, "ar, fr, en"), ({"most": 0}, "most"), ({"country": "XX"}, "XX")):
        with pytest.raises(TasribError, match=words):
            case_export(scored, tmp_path / "x.xlsx", **given)
    with pytest.raises(TasribError, match=r"\.xlsx"):
        case_export(scored, tmp_path / "x.csv")
    with pytest.raises(TasribError, match="no scored complaints"):
        case_export(scored.drop(columns="decision"), tmp_path / "x.xlsx")


def test_a_filled_workbook_is_replaced_only_once_it_is_applied(file, fill, scored):
    path = fill({FORMULA: {"decision": "campagne"}, MEETING: {"decision": "Campagne ?"}})
    with pytest.raises(TasribError, match="holds decisions that somebody wrote and that were not applied"):
        case_export(scored, path, decisions=read_decisions(file))
    found = label_apply(file, path)
    # A word with a question mark is a doubt, not a decision.
    assert (found.n_decided, found.rejected["value"].tolist()) == (1, ["Campagne ?"])
    with pytest.raises(TasribError, match="were not applied"):
        case_export(scored, path, decisions=read_decisions(file))
    path = fill({MEETING: {"decision": "à voir ?"}}, name="again.xlsx")
    assert label_apply(file, path).n_decided == 1
    assert len(case_export(scored, path, decisions=read_decisions(file)))
