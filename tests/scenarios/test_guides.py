"""The guides for people who are no programmers: the same way in three languages, and it leads from a folder of complaints to the letter."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tasrib.cli import main

ROOT = Path(__file__).parents[2]
GUIDES = {language: ROOT / "docs" / f"guide-{language}.md" for language in ("ar", "fr", "en")}
BLOCK = re.compile(r"^```(console|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(language, kind=("console", "text")):
    blocks = BLOCK.findall(GUIDES[language].read_text(encoding="utf-8"))
    return [line.removeprefix("$ ") for found, block in blocks if found in kind for line in block.splitlines()]


def shape(command):
    """A command without what each language names in its own way: files, folders, titles, its own name."""
    words = shlex.split(command)
    named = 3 if words[1] in ("label", "law") else 2 if words[0] == "tasrib" else 1
    return words[:named] + [word for word in words[named:] if word.startswith("-")]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_all_guides_lead_the_same_way(language):
    assert [shape(each) for each in commands(language)] == [shape(each) for each in commands("en")]
    assert all(f"--lang {language} " in each for each in commands(language) if "--lang" in each)
    assert GUIDES[language].read_text(encoding="utf-8").count("\n## ") == GUIDES["en"].read_text().count("\n## ")


def fill(book, first_row):
    """What a person would write into the coloured columns of a workbook's first row."""
    filled = load_workbook(book)
    sheet = filled.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for head, value in first_row.items():
        sheet.cell(2, heads[head]).value = value
    filled.save(book)


@pytest.mark.slow
@pytest.mark.usefixtures("small_data_shipped")
def test_the_french_guide_followed_to_the_letter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    demo = ROOT / "data" / "demo"
    home = tmp_path / "tasrib" / "data" / "demo"
    home.mkdir(parents=True)
    shutil.copy(demo / "operators.csv", home)
    lines = (demo / "complaints.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (home / "complaints.csv").write_text("".join(lines[:260]), encoding="utf-8")
    said = []
    for command in commands("fr", ("console",)):
        program, *words = (word.replace("~", str(tmp_path)) for word in shlex.split(command))
        if program == "cp":
            shutil.copy(*words)
        elif program == "tasrib":
            ended = CliRunner().invoke(main, words)
            assert ended.exit_code in (0, 1), f"{command}\n{ended.output}"
            assert ended.exception is None or isinstance(ended.exception, SystemExit)
            said.append(ended.output)
        if "a-decider.xlsx" in words and "export" in words:
            fill("a-decider.xlsx", {"décision": "campagne", "initiales": "NB"})
    assert "1 decision added" in " ".join(said) or "decisions added" in " ".join(said)
    assert said[-1].startswith("exercice: confirmed")
    made = {path.name for path in Path("exercice").iterdir()}
    assert {"report.html", "report.pdf", "tables.xlsx", "findings.json", "run.json"} <= made
    assert [name for name in made if name.startswith("letter-") and name.endswith("-fr.docx")]
    page = Path("exercice/report.html").read_text(encoding="utf-8")
    assert '<html lang="fr"' in page
    assert "Exercice" in page
