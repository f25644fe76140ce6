"""A complaint that two files have is one, whatever complaints stand beside it in either."""

import pandas as pd
import pytest

from tasrib.complaints import read_files
from tasrib.complaints.opening import open_files
from tasrib.complaints.repeats import repeated

SAME = [
    ["Votre colis est arrivé", "0661000101", "2021-03-01T00:00:00Z"],
    ["صوتوا", "0661000102", "2021-03-02T00:00:00Z"],
]
BESIDE = {
    "nothing": [],
    "a fraction of a second": [["Promo", "0661000103", "2021-03-05T10:11:12.500Z"]],
    "an hour": [["Promo", "0661000103", "2021-03-05T10:00:00Z"]],
    "no moment": [["Promo", "0661000103", ""]],
}


def write(path, rows):
    frame = pd.DataFrame(rows, columns=["text", "recipient", "received_at"])
    if path.suffix == ".parquet":
        frame.to_parquet(path, row_group_size=2)
    else:
        frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("beside", BESIDE)
def test_it_counts_once(tmp_path, beside, suffix):
    first, second = write(tmp_path / f"a{suffix}", SAME), write(tmp_path / f"b{suffix}", [*SAME, *BESIDE[beside]])
    for order in ([first, second], [second, first]):
        found = read_files(order)
        assert len(found.complaints) == len(SAME) + len(BESIDE[beside])
        assert any("the same complaint is in" in note for note in found.notes)


@pytest.mark.parametrize("beside", BESIDE)
def test_so_it_does_in_tables_that_are_joined(tmp_path, beside):
    one, other = (read_files(write(tmp_path / "c.csv", rows)).complaints for rows in (SAME, [*SAME, *BESIDE[beside]]))
    assert repeated([one, other])[1].tolist() == [0, 0]


def test_small_row_groups_are_read_together(tmp_path):
    path = tmp_path / "groups.parquet"
    rows = [[f"Soldes {n}", f"06610{n:05d}", ""] for n in range(1_000)]
    pd.DataFrame(rows, columns=["text", "recipient", "received_at"]).to_parquet(path, row_group_size=7)
    (table,) = open_files([path]).tables
    assert [len(part.rows) for part in table.slices(400)] == [400, 400, 200]
    assert read_files(path).complaints["text"].tolist() == [text for text, _, _ in rows]


def test_a_parquet_file_whose_name_is_in_another_encoding(tmp_path):
    path = tmp_path / "caf\udce9.parquet"
    write(tmp_path / "plain.parquet", SAME).rename(path)
    assert len(read_files(path).complaints) == len(SAME)


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "empty.csv").write_text("\n \n")
    with pytest.raises(Exception, match=r"^\S*empty\.csv is empty$"):
        read_files(tmp_path / "empty.csv")
