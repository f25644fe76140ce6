import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.classify import CATEGORIES
from tasrib.errors import UnreadableInput
from tasrib.learning import is_test_batch, label_import, load_shipped_corpus, read_labelled
from tasrib.learning.labels import as_labelled
from tasrib.tables import write_table


def write(tmp_path, rows, columns=("text", "category"), name="labels.csv"):
    pd.DataFrame(rows, columns=list(columns)).to_csv(tmp_path / name, index=False)
    return tmp_path / name


def test_a_wrong_category_names_file_row_value_and_the_nearest(tmp_path):
    file = write(tmp_path, [("a", "news"), ("b", "politcal_campain"), ("c", "vote")])
    with pytest.raises(UnreadableInput) as error:
        read_labelled([file])
    said = str(error.value)
    assert f"{file}, row 3" in said
    assert "'politcal_campain' is unknown; did you mean 'political_campaign'" in said
    assert "1 more row" in said


def test_a_wrong_language_names_the_nearest(tmp_path):
    file = write(tmp_path, [("a", "news", "ary-Lat")], ("text", "category", "language"))
    with pytest.raises(UnreadableInput, match=r"row 2, column 'language': 'ary-Lat'.*did you mean 'ary-Latn'"):
        read_labelled([file])


def test_names_are_read_as_meant(tmp_path):
    file = write(tmp_path, [("a", " Political Campaign ", "ARY-LATN")], ("text", "category", "language"))
    row = read_labelled([file]).iloc[0]
    assert (row["category"], row["language"], row["row"]) == ("political_campaign", "ary-Latn", 2)


def test_one_text_with_two_categories_names_both_rows(tmp_path):
    first, second = (
        write(tmp_path, [("Bonjour  à tous", "news")]),
        write(tmp_path, [("x", "scam"), ("BONJOUR à tous", "scam")], name="b.csv"),
    )
    with pytest.raises(UnreadableInput, match=r"b\.csv, row 3.*'scam'.*'news' in .*labels\.csv, row 2"):
        read_labelled([first, second])


def test_a_frame_is_checked_like_a_file():
    frame = pd.DataFrame({"text": ["a", "b"], "category": ["news", "sccam"]}, index=[7, 9])
    with pytest.raises(UnreadableInput, match=r"row 9.*did you mean 'scam'"):
        as_labelled(frame)
    with pytest.raises(UnreadableInput, match="no column 'category'"):
        as_labelled(frame[["text"]])


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=5))
def test_wild_labels_are_read_or_refused_in_one_line(rows):
    frame = pd.DataFrame(rows, columns=["text", "category"])
    if all(text.strip() and category in CATEGORIES for text, category in rows):
        return
    with pytest.raises(UnreadableInput, match=r"row \d"):
        as_labelled(frame)


def test_the_test_split_is_fixed_and_about_a_fifth():
    corpus = load_shipped_corpus()
    assert 0.1 < corpus["test"].mean() < 0.3
    assert (corpus["test"] == corpus["batch"].map(is_test_batch)).all()
    # Worked by hand: sha256("w1-01-casa-rni-agence") mod 5 and the like must never change.
    assert [is_test_batch(name) for name in ("a", "b", "c", "d", "e", "f", "g", "h")] == KNOWN


KNOWN = [int(digest, 16) % 5 == 0 for digest in (
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
    "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6",
    "18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4",
    "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
    "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111",
    "cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29",
    "aaa9402664f1a41f40ebbc52c9993eb66aeb366602958fdfaa283b71e64db123",
)]  # fmt: skip


def test_a_damaged_corpus_names_its_line(tmp_path):
    (tmp_path / "x.jsonl").write_text(
        '{"text": "a", "category": "news", "language": "fr", "batch": "x"}\n{"text": 1}\n'
    )
    with pytest.raises(UnreadableInput, match=r"x\.jsonl, line 2"):
        load_shipped_corpus(tmp_path)


SCORED = {
    "text": ["a", "b"],
    "category": ["news", "scam"],
    "probability": [0.1, 0.2],
    "decision": ["not_campaign"] * 2,
    "number_status": ["valid"] * 2,
}


@pytest.mark.parametrize("dropped", [[], ["decision"], ["probability"], ["decision", "number_status"]])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl", "xlsx"])
def test_the_guesses_of_a_model_are_no_labels(tmp_path, suffix, dropped):
    frame = pd.DataFrame(SCORED).drop(columns=dropped)
    write_table(frame, tmp_path / f"scored.{suffix}")
    for read in (
        lambda: read_labelled([tmp_path / f"scored.{suffix}"]),
        lambda: as_labelled(frame),
        lambda: label_import(tmp_path / f"scored.{suffix}"),
    ):
        with pytest.raises(UnreadableInput, match=r"the model's guesses.*tasrib label export"):
            read()


def test_what_people_decided_is_theirs():
    frame = pd.DataFrame(SCORED)
    assert len(as_labelled(frame.assign(decided_by="F. Z."))) == 2
    with pytest.raises(UnreadableInput, match="guesses"):
        as_labelled(frame.assign(decided_by=["F. Z.", "model"]))
    exported = pd.DataFrame({"text": ["a"], "category": ["news"], "proposed_category": ["scam"], "probability": [0.4]})
    assert len(as_labelled(exported)) == 1


@pytest.mark.parametrize(
    "columns", [["decision"], ["Decision "], ["probability"], ["campaign_id"], ["operator_serving", "party"]]
)
def test_a_few_columns_of_scoring_are_enough_to_know_it(columns):
    frame = pd.DataFrame({"text": ["a"], "category": ["news"], **{name: ["0.4"] for name in columns}})
    with pytest.raises(UnreadableInput, match="guesses"):
        as_labelled(frame)


def test_rows_that_the_model_decided_are_counted():
    with pytest.raises(UnreadableInput, match="in 1 of 2 rows"):
        as_labelled(pd.DataFrame(SCORED).assign(decided_by=["F. Z.", "Model"]))


def test_guesses_are_no_labels_in_json_either(tmp_path):
    file = tmp_path / "scored.json"
    pd.DataFrame(SCORED).to_json(file, orient="records")
    with pytest.raises(UnreadableInput, match="guesses"):
        label_import(file)


@pytest.mark.parametrize("lost", [[], ["proposed_category"], ["proposed_category", "proposed_language"]])
def test_what_was_sent_to_be_labelled_is_taken_back(tmp_path, lost):
    sent = {
        "id": ["m-1"], "text": ["a"], "category": ["news"], "language": [""], "proposed_category": ["scam"], "proposed_language": ["fr"],
        "probability": [0.4], "messages": [3], "note": [""],
    }  # fmt: skip
    write_table(pd.DataFrame(sent).drop(columns=lost), tmp_path / "done.xlsx")
    assert len(label_import(tmp_path / "done.xlsx").labels) == 1
    assert len(read_labelled([tmp_path / "done.xlsx"])) == 1


@pytest.mark.parametrize("text", [b"a", 3, ["a"]])
def test_a_text_that_is_none_is_named(text):
    frame = pd.DataFrame({"text": pd.Series(["a", text], index=[4, 7], dtype=object), "category": "news"})
    with pytest.raises(UnreadableInput, match="row 7, column 'text'"):
        as_labelled(frame)
