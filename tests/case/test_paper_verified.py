"""report.pdf under the chain of custody: recorded, made anew and compared, packed."""

import json
import shutil
import zipfile

import pytest
from custody_world import make_world
from custody_world import month as scored_month

from tasrib import pack, verify, write_case
from tasrib.tables import write_table

pytestmark = pytest.mark.usefixtures("worked_once")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    write_table(scored_month(0, 14, 24), folder / "july.parquet")
    write_case([folder / "july.parquet"], folder / "case", pdf=True, languages=["fr", "ar"], pack=folder / "case.zip")
    return folder


def test_the_record_holds_its_hash_and_that_it_was_wanted(world):
    record = json.loads((world / "case" / "run.json").read_text("utf-8"))
    assert {"report-ar.pdf", "report-fr.pdf"} <= set(record["outputs"])
    assert record["settings"]["pdf"] is True
    assert record["versions"]["typst"]


def test_it_is_made_anew_and_the_same(world):
    found = verify(world / "case")
    assert found.verdict == "confirmed"
    assert any("made anew" in line and "report-ar.pdf" in line and "report-fr.pdf" in line for line in found.confirmed)


def test_a_changed_byte_is_named(world, tmp_path):
    place = shutil.copytree(world, tmp_path / "copy")
    paper = place / "case" / "report-fr.pdf"
    data = bytearray(paper.read_bytes())
    data[5000] ^= 1
    paper.write_bytes(data)
    found = verify(place / "case")
    assert found.verdict == "differs"
    assert any(
        "report-fr.pdf was changed" in line and "they differ from byte 5,001 on" in line for line in found.differences
    )


def test_a_pack_holds_it_and_verifies_by_itself(world, tmp_path):
    assert {"report-ar.pdf", "report-fr.pdf"} <= {
        name.rpartition("/")[2] for name in zipfile.ZipFile(world / "case.zip").namelist()
    }
    assert verify(world / "case.zip").verdict == "confirmed"
    again = pack(world / "case", tmp_path / "again.zip")
    assert again is not None


def test_a_report_without_it_says_so(tmp_path):
    record = json.loads((make_world(tmp_path / "w") / "case" / "run.json").read_text("utf-8"))
    assert record["settings"]["pdf"] is False
    assert not any(name.endswith(".pdf") for name in record["outputs"])


def test_the_command_writes_it_where_it_is_asked_for(run, world, tmp_path):
    asked = ["report", str(world / "july.parquet"), "-o", str(tmp_path / "made"), "--lang", "fr"]
    assert run(*asked, "--pdf").exit_code == 0
    assert (tmp_path / "made" / "report.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert run(*asked).exit_code == 0
    assert not (tmp_path / "made" / "report.pdf").exists()
