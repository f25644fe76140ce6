"""A report is about the numbers of the country that its scored files say, unless another is asked for."""

import pytest
from frames import scored_frame

from tasrib.case.gathering import gather
from tasrib.errors import TasribError
from tasrib.tables import write_table


@pytest.fixture
def scored_in(tmp_path):
    """Write complaints of some countries, one each, and the status of their numbers."""

    def written(name, *countries, status="valid"):
        frame = scored_frame(
            len(countries), country=list(countries), number_status=status, text=[f"Votez {name} {n}" for n in range(len(countries))],
            recipient=[f"p-{'abcdefgh'[n] * 16}" for n in range(len(countries))],
        )  # fmt: skip
        write_table(frame, tmp_path / name)
        return tmp_path / name

    return written


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("country", ["FR", "BE", "SN", "CI", "EG", "LB", "TN"])
def test_the_country_is_the_one_that_the_file_says_and_it_is_told(scored_in, country, suffix):
    gathered = gather([scored_in(f"x.{suffix}", country, country)])
    assert gathered.country == country
    assert any(f"({country}" in note or f" {country} (" in note for note in gathered.notes)


def test_of_morocco_nothing_is_told_and_what_says_nothing_is_taken_for_it(scored_in):
    for name, countries, status in (("a.csv", "MA", "valid"), ("b.csv", "", "valid"), ("c.csv", "FR", "foreign")):
        gathered = gather([scored_in(name, countries, status=status)])
        assert gathered.country == "MA"
        assert not any("home country is" in note for note in gathered.notes)


def test_what_is_asked_for_holds(scored_in):
    assert gather([scored_in("x.parquet", "FR")], country="BE").country == "BE"


def test_rows_of_several_countries_are_told_with_their_files(scored_in, run, tmp_path):
    one, two = scored_in("one.parquet", "FR", "BE"), scored_in("two.parquet", "FR")
    with pytest.raises(TasribError, match=r"several countries .*one.parquet: BE, FR.*two.parquet: FR"):
        gather([one, two])
    ended = run("report", str(one), "-o", str(tmp_path / "case"))
    assert ended.exit_code == 2
    assert "BE, FR" in ended.stderr
    assert not (tmp_path / "case").exists()
