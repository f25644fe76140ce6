"""
Take the pictures of the README: the first page of the demonstration report in each language.

``python -m training.screenshots`` needs Chromium (Debian: ``apt-get install chromium``) and writes ``docs/report-ar.png``,
``report-fr.png`` and ``report-en.png``. With ``--report FOLDER`` it takes those of a report that is there already (``tasrib report --lang all``).
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from tasrib.cli import main as tasrib
from tasrib.report.pages import page_names
from tasrib.tracing.caveats import LANGUAGES
from training.browser import FLAGS, find_browser
from training.paths import DOCS

# Pixels of the picture: what is read in one minute.
_WIDTH, _HEIGHT = 1000, 1240


def take(browser: str, page: Path, picture: Path) -> None:
    """
    Take a picture of the top of a page.

    Parameters
    ----------
    browser : str
        Chromium's program.
    page, picture : pathlib.Path
        What is shown, and the PNG to write.
    """
    with tempfile.TemporaryDirectory() as profile:
        words = [browser, *FLAGS, f"--user-data-dir={profile}", f"--window-size={_WIDTH},{_HEIGHT}"]
        subprocess.run(
            [*words, f"--screenshot={picture}", page.resolve().as_uri()], check=True, capture_output=True, timeout=120
        )


def main() -> None:
    """Make the demonstration report in all languages where none is given, and take its pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", type=Path, help="a report in all languages; the demonstration's by default")
    parser.add_argument("--output", type=Path, default=DOCS, help="folder of the pictures")
    given = parser.parse_args()
    browser = find_browser()
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        report = given.report or Path(folder) / "demo"
        if given.report is None:
            tasrib(["demo", "-o", str(report), "--lang", "all"], standalone_mode=False)
        for language, file in page_names(LANGUAGES).items():
            take(browser, report / file, given.output / f"report-{language}.png")
            print(given.output / f"report-{language}.png")


if __name__ == "__main__":
    main()
