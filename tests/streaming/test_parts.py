"""Files scored some rows at a time, on the disk or in memory, give what one call in memory gives."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tasrib
from tasrib.complaints import read_files
from tasrib.complaints.opening import open_files
from tasrib.numbering import number_notes
from tasrib.streaming.parts import InFolder, InMemory
from tasrib.streaming.run import Finish, judge_all, processes

pytestmark = pytest.mark.usefixtures("small_model_shipped")
KEY = b"k" * 32
CAMPAIGN = "صوتوا على لائحة الأمل يوم 8 شتنبر من أجل مدينة نظيفة وشغل لشبابنا، رمزنا النجمة"
TEXTS = [
    CAMPAIGN, f"{CAMPAIGN} Fès", f"{CAMPAIGN}\nhttps://ex.example/1", "Votez pour la liste de l'espoir le 8 septembre, pour une commune propre",
    "Votez PAM, le tracteur ! Le 8 septembre", "Soldes d'été : -30% sur tout le magasin", "Votre code est 48213", "Ã©tÃ© ; citÃ©", "", '"',
]  # fmt: skip
NUMBERS = ["0661234567", "+212 650 12 34 56", "661000000", "662000000", "663000000", "", "abc", "0700112233"]
rows = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "0661234567", "+212661234567"]),
        st.sampled_from(TEXTS),
        st.sampled_from(NUMBERS),
        st.sampled_from(["13/9/2021", "9/13/2021", "3/4/2021", "2021-09-03 10:05", "hier", ""]),
        st.sampled_from(["", "Ali", "0661234567", "661000000"]),
        st.sampled_from(["", "0612345678;abc"]),
    ),
    min_size=1,
    max_size=14,
)
COLUMNS = ["complaint_id", "text", "recipient", "received_at", "complainant", "other_numbers"]


@pytest.fixture(scope="module")
def model(small_shipped):
    return tasrib.load_model(small_shipped)


def write(path, table):
    frame = pd.DataFrame(table, columns=COLUMNS)
    if path.suffix == ".parquet":
        frame.to_parquet(path, row_group_size=3)
    elif path.suffix == ".jsonl":
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
    else:
        path.write_bytes(
            frame.to_csv(index=False, sep=";").encode("cp1256" if path.stem == "b" else "utf-8", "replace")
        )


def at_once(paths, model):
    read = read_files(paths)
    read = read.with_notes(number_notes(read.complaints))
    return tasrib.score(read.complaints, model=model, key=KEY), read.rejected, read.notes, read.files


def some_at_a_time(paths, model, parts, size):
    opened = open_files(paths, size=size)
    account = judge_all(opened, parts, model, "MA", size=size)
    finish = Finish(opened, parts, account, "MA", model)
    scored = pd.concat(list(finish.scored(KEY)), ignore_index=True)
    rejected = pd.concat(list(finish.rejected()), ignore_index=True)
    return scored, rejected, tuple(map(str, account.done)), account.files


def check_same(found, wanted):
    pd.testing.assert_frame_equal(found[0], wanted[0])
    pd.testing.assert_frame_equal(found[1], wanted[1])
    assert found[2:] == wanted[2:]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, rows, st.sampled_from(["a.csv", "a.jsonl", "a.parquet"]), st.integers(1, 5), st.booleans())
def test_the_same_comes_of_it(tmp_path_factory, model, first, second, name, size, on_disk):
    folder = tmp_path_factory.mktemp("parts")
    # Rows of the first file stand in the second too, and one row can always be read.
    sound = [("s", "Votez", "0661000111", "2021-09-04", "", "")]
    paths = [folder / name, folder / "b.csv"]
    write(paths[0], first + sound)
    write(paths[1], second + first[:3] + sound)
    (folder / "work").mkdir()
    parts = InFolder(folder / "work") if on_disk else InMemory()
    check_same(some_at_a_time(paths, model, parts, size), at_once(paths, model))


def test_a_number_of_rows_that_was_cut_by_a_spreadsheet_is_known_over_all_parts(tmp_path, model):
    # One part alone shows nothing: so many zeros may be chance.
    table = [(str(at), f"{CAMPAIGN} {at}", f"66{at:02d}00000", "2021-09-03", "", "") for at in range(40)]
    write(tmp_path / "a.csv", table)
    scored, *_ = found = some_at_a_time([tmp_path / "a.csv"], model, InMemory(), 2)
    assert set(scored["number_status"]) == {"spoiled"}
    assert scored["campaign_id"].nunique() == 1
    check_same(found, at_once([tmp_path / "a.csv"], model))


def test_what_is_done_is_not_done_again_and_nothing_is_lost_wherever_it_was_broken_off(tmp_path, model, monkeypatch):
    table = [(str(at % 9), TEXTS[at % 7], f"06610001{at:02d}", f"{at % 28 + 1}/9/2021", "", "") for at in range(30)]
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    write(paths[0], table[:20])
    write(paths[1], table[10:])
    wanted = at_once(paths, model)
    import tasrib.streaming.run as run

    judged, times = run.judged, []
    for stop in (0, 1, 5, 10):
        folder = tmp_path / f"work{stop}"
        folder.mkdir()
        times.clear()

        def broken(complaints, *others, stop=stop, **more):
            times.append(len(complaints))
            if len(times) > stop:
                raise KeyboardInterrupt
            return judged(complaints, *others, **more)

        monkeypatch.setattr(run, "judged", broken)
        with pytest.raises(KeyboardInterrupt):
            some_at_a_time(paths, model, InFolder(folder), 3)
        assert len(InFolder(folder)) == stop
        again = []
        monkeypatch.setattr(run, "judged", lambda *all, again=again, **more: again.append(1) or judged(*all, **more))
        check_same(some_at_a_time(paths, model, InFolder(folder), 3), wanted)
        assert len(again) == len(InFolder(folder)) - stop


def test_several_processes_say_the_same(tmp_path, model):
    table = [(str(at), TEXTS[at % 7], f"06610001{at:02d}", "2021-09-03", "", "") for at in range(30)]
    write(tmp_path / "a.csv", table)
    opened = open_files([tmp_path / "a.csv"])
    parts = InMemory()
    told = []
    account = judge_all(
        opened, parts, model, "MA", pool=processes(2, model, "MA"), size=7, progress=lambda *each: told.append(each)
    )
    scored = pd.concat(list(Finish(opened, parts, account, "MA", model).scored(KEY)), ignore_index=True)
    pd.testing.assert_frame_equal(scored, at_once([tmp_path / "a.csv"], model)[0])
    assert told == [(7, 30), (14, 30), (21, 30), (28, 30), (30, 30)]


def test_a_file_that_is_written_to_meanwhile_is_refused(tmp_path, model):
    write(tmp_path / "a.csv", [("1", "Votez", "0661000111", "", "", "")] * 9)
    opened = open_files([tmp_path / "a.csv"], size=3)
    with (tmp_path / "a.csv").open("a") as file:
        file.write("2;Votez;0661000112;;;\n")
    with pytest.raises(tasrib.TasribError, match=r"a\.csv was changed while it was read"):
        judge_all(opened, InMemory(), model, "MA", size=3)
