"""report.pdf: what stands in it, that it is the same when made again, and that nothing that people wrote stops it."""

import datetime
import hashlib
import re
import shutil
import subprocess
import sys
import zlib

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from pages import LANGUAGES, case, rendered

from tasrib.errors import TasribError
from tasrib.report import write_report
from tasrib.report.pdf import render_pdf
from tasrib.tracing import trace

MADE_AT = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
HOSTILE = [
    '#import "x.typ": * #panic("no") $x$ *b* _i_ `c` \\ \\u{1} <label> @ref // c /* = H [a] {b} https://a.example/b',
    "a" * 10_000,
    "\u202eturned\u202c \u2067 \x00\x01\x07\x1b[0m \ufffe\uffff\ue000 end",
    "🧿🦄👨\u200d👩\u200d👧🏽 🇲🇦 漢字 ไทย 𝐕𝐨𝐭𝐞𝐳 Z\u0301\u0302 ل\u0301 e\u064e \u2028 \r\n\ttab",
    "لا إله 50% (PPS) [x] 3/4 – 2021-09-08 http://t.example/لا",
    "",
]


@pytest.fixture(scope="module")
def the_case():
    return case()


@pytest.fixture(scope="module")
def folder(the_case, tmp_path_factory):
    place = tmp_path_factory.mktemp("case")
    scored, result, rejected, cleaning = the_case
    return write_report(
        scored,
        result,
        place,
        rejected=rejected,
        cleaning=cleaning,
        languages="all",
        made_at=MADE_AT,
        pdf=True,
        title="Affaire 42",
    )


def attached(pdf):
    """The file inside."""
    at = re.search(rb"/Type/EmbeddedFile.*?stream\r?\n", pdf, re.S)
    start = re.search(rb"stream\r?\n", pdf[at.start() :]).end() + at.start()
    data = pdf[start : pdf.index(b"endstream", start)]
    return zlib.decompress(data) if b"FlateDecode" in at.group() else data.rstrip(b"\r\n")


def n_pages(pdf):
    return max(int(n) for n in re.findall(rb"/Type/Pages/Count (\d+)|/Count (\d+)/Kids", pdf)[0] if n)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_tagged_pdf_a_of_its_language_with_the_findings_inside(folder, language):
    pdf, findings = (folder / f"report-{language}.pdf").read_bytes(), (folder / "findings.json").read_bytes()
    assert attached(pdf) == findings
    for said in (
        b"<pdfaid:part>3</pdfaid:part>",
        b"<pdfaid:conformance>A</pdfaid:conformance>",
        b"<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert said in pdf
    assert f"/Lang({language})".encode() in pdf
    assert b"/AFRelationship/Data" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/Outlines" in pdf
    assert b"Affaire 42" in pdf
    assert b"2026-01-02T03:04:05" in pdf
    assert (b"/Direction/R2L" in pdf) == (language == "ar")
    # No font of the machine.
    assert {re.sub(rb".*\+", b"", name) for name in re.findall(rb"/FontName/([\w+-]+)", pdf)} <= {
        b"NotoSans-Regular", b"NotoSans-Bold", b"NotoSansArabic-Regular", b"NotoSansArabic-Bold", b"NotoSansMath-Regular",
    }  # fmt: skip


def test_several_languages_have_a_file_each_and_one_has_report_pdf(folder, the_case, tmp_path):
    assert {path.name for path in folder.glob("*.pdf")} == {f"report-{language}.pdf" for language in LANGUAGES}
    scored, result, rejected, _ = the_case
    write_report(scored, result, tmp_path, rejected=rejected, languages="fr", pdf=True)
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["report.pdf"]


def test_the_same_report_has_the_same_bytes_and_one_that_differs_has_others(folder, the_case):
    findings, page = (folder / "findings.json").read_bytes(), (folder / "report-ar.html").read_text("utf-8")
    given = {
        "title": "Affaire 42",
        "language": "ar",
        "made_at": MADE_AT,
        "attached": findings,
        "attached_name": "findings.json",
    }
    there = (folder / "report-ar.pdf").read_bytes()
    assert render_pdf(page, **given) == there
    assert (
        render_pdf(page, **given | {"made_at": MADE_AT.astimezone(datetime.timezone(datetime.timedelta(hours=1)))})
        == there
    )
    assert render_pdf(page, **given | {"attached": findings + b" "}) != there


def test_without_it_those_of_an_earlier_report_go(folder, the_case, tmp_path):
    scored, result, rejected, _ = the_case
    place = shutil.copytree(folder, tmp_path / "case")
    write_report(scored, result, place, rejected=rejected)
    assert sorted(path.name for path in place.iterdir()) == ["findings.json", "report.html", "tables.xlsx"]


def test_one_of_somebody_else_is_not_written_over(the_case, tmp_path):
    scored, result, rejected, _ = the_case
    (tmp_path / "report.pdf").write_bytes(b"%PDF mine")
    with pytest.raises(TasribError, match=r"report\.pdf that is not of a tasrib report"):
        write_report(scored, result, tmp_path, rejected=rejected)
    assert (tmp_path / "report.pdf").read_bytes() == b"%PDF mine"


@pytest.fixture(scope="module")
def hostile():
    """A case in which people wrote what would stop a typesetter, and what was found of it."""
    rng = np.random.default_rng(7)
    n, k = 240, len(HOSTILE)
    mine = [HOSTILE[i % k] if i < 120 else "Soldes" for i in range(n)]
    scored = scored_frame(
        n, text=mine, received_at="2021-09-01", channel="sms", region=[text[:200] for text in mine],
        category=["political_campaign" if i < 120 else "commercial" for i in range(n)],
        decision=["campaign" if i < 120 else "not_campaign" for i in range(n)],
        campaign_id=[f"c-{i % k:08x}" if i < 120 else "" for i in range(n)], party=[text[:60] if i < 120 else "" for i, text in enumerate(mine)],
        operator_allocated=rng.choice(["Inwi", "#o$ \\ <l>", "لا*"], n), known_to=[f"Banque #x$ {'w' * 70}" if i % 3 else "" for i in range(n)],
    )  # fmt: skip
    scored.loc[scored.index[-k:], ["decision", "category", "probability"]] = ["review", "news", 0.55]
    scored.loc[scored.index[-k:], "text"] = HOSTILE
    return scored, trace(scored, replicates=99)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_people_wrote_is_read_as_markup_or_stops_it(hostile, tmp_path, language):
    rejected = pd.DataFrame(
        [("x" * 90 + ".csv", 1, "#c$ " + "w" * 80, "", "r")], columns=["file", "row", "column", "value", "reason"]
    )
    title = "# *T* $x$ <l> لا \x01 🧿 " + "long " * 60
    write_report(*hostile, tmp_path, rejected=rejected, languages=language, title=title, pdf=True)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_an_empty_case_has_one_too(tmp_path):
    scored = scored_frame(3, text=["a", "b", "c"])
    write_report(scored, trace(scored), tmp_path, pdf=True)
    assert attached((tmp_path / "report.pdf").read_bytes()) == (tmp_path / "findings.json").read_bytes()


def test_rows_of_a_table_are_not_cut_and_pages_are_counted(the_case):
    page = rendered(*the_case, "en")
    long = page.replace(
        "</main>",
        "<table><thead><tr><th>h</th></tr></thead><tbody>" + "<tr><td>x</td></tr>" * 300 + "</tbody></table></main>",
    )
    given = {"title": "t", "language": "en", "made_at": MADE_AT, "attached": b"{}", "attached_name": "findings.json"}
    more = n_pages(render_pdf(long, **given)) - n_pages(render_pdf(page, **given))
    assert 4 <= more <= 10


def test_who_wants_no_paper_does_not_wait_for_it():
    said = subprocess.run(
        [sys.executable, "-c", "import tasrib.report.write, tasrib.cli, sys; print('typst' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "False"


def test_the_hash_in_the_header_is_that_of_the_findings(folder, tmp_path):
    from shutil import which

    if which("pdftotext") is None:
        pytest.skip("pdftotext is not here")
    digest = hashlib.sha256((folder / "findings.json").read_bytes()).hexdigest()
    for language in LANGUAGES:
        text = subprocess.run(
            ["pdftotext", folder / f"report-{language}.pdf", "-"], capture_output=True, check=True
        ).stdout.decode()
        pages = text.split("\f")[:-1]
        assert all(digest[:16] in page for page in pages)
        assert digest in pages[-1]
        assert len(pages) == n_pages((folder / f"report-{language}.pdf").read_bytes())
