"""Files, sheets and folders are named after what is in them: behind an alias these names lead to nobody, and the case still verifies."""

import re
import zipfile

import pandas as pd
import pytest
from custody_world import month

from tasrib.case import verify, write_case
from tasrib.complaints.quarantine import REJECTED
from tasrib.report.letters.documents import paragraphs
from tasrib.tables import write_table

TELLS = re.compile("inwi|orange|m[ée]ditel|maroc.telecom", re.IGNORECASE)


def parts(path):
    """All text of a file, those inside it too."""
    if not zipfile.is_zipfile(path):
        return {path.name: path.read_bytes().decode("utf-8", "replace")}
    with zipfile.ZipFile(path) as file:
        return {f"{path.name}/{name}": file.read(name).decode("utf-8", "replace") for name in file.namelist()}


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scored = month(0, 14, 24, party=["USFP"] * 14 + [""] * 24, channel="sms")
    campaign = scored["decision"] == "campaign"
    scored.loc[campaign, "text"] += " (clients Inwi)"
    scored.loc[campaign, "sender"] = "INWI_2021"
    write_table(scored, tmp_path / "plaintes_inwi2021.parquet")
    write_table(month(100, 12, 18), tmp_path / "Me\u0301ditel août.parquet")
    rejected = pd.DataFrame(
        [["clients_INWI.csv", "Maroc_Telecom", 7, "Orange", "", "is missing", ""]], columns=list(REJECTED)
    )
    write_table(rejected, tmp_path / "refus-orange.csv")
    (tmp_path / "noms.csv").write_text("operator,alias\nInwi,A\nOrange,B\nMaroc Telecom,C\n", "utf-8")
    write_case(
        ["plaintes_inwi2021.parquet", "Me\u0301ditel août.parquet"], "Affaire Inwi", rejected=["refus-orange.csv"],
        alias="noms.csv", letters=True, languages="fr",
    )  # fmt: skip
    return tmp_path


def test_no_file_of_the_report_names_an_operator(world):
    for path in (world / "Affaire Inwi").iterdir():
        for name, text in parts(path).items():
            assert not TELLS.search(text), (name, TELLS.search(text))
    letter = paragraphs((world / "Affaire Inwi" / "letter-USFP-fr.docx").read_bytes())
    assert {"plaintes_A2021.parquet", "A_2021"} <= set(letter)
    assert "(clients A)" in " ".join(letter)
    assert "Affaire A" in (world / "Affaire Inwi" / "report.html").read_text("utf-8")


def test_it_verifies_with_the_list_and_without_it_nothing_differs(world):
    assert verify("Affaire Inwi", alias="noms.csv").verdict == "confirmed"
    found = verify("Affaire Inwi")
    assert (found.verdict, found.differences) == ("incomplete", ())
