"""
Make the bundled case: `python -m training.make_demo [FOLDER]`.

Everything in it is invented (data/demo/README.md says how); the same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.demo_case import LEAKED_FROM, LEAKED_SHARE, SEED, Demo
from training.demo_people import COMPLAINS, LETTERS, PORTED, Person
from training.demo_variants import pick

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo"
# As a federation's export has them.
HEADER = (
    "N° plainte", "Date de réception", "Canal", "Expéditeur", "Numéro du plaignant", "Opérateur déclaré",
    "Région", "Message", "Membre du parti", "Consentement", "Origine indiquée",
)  # fmt: skip
_ID, _DATE, _NUMBER, _MESSAGE = (HEADER.index(name) for name in (HEADER[0], HEADER[1], HEADER[4], HEADER[7]))


def _faulty(rng: np.random.Generator, rows: Sequence[list[str]]) -> list[tuple[list[str], str]]:
    """Rows that must end in quarantine, with the reason; each is a good row spoiled."""

    def taken() -> list[str]:
        return list(pick(rng, [row for row in rows if "\n" not in row[_MESSAGE]]))

    faulty = []
    for reason, place, values in (
        ("no message", _MESSAGE, ["", "   ", ""]),
        ("no number", _NUMBER, ["", " ", ""]),
        ("impossible date", _DATE, ["31/09/2021 18:20", "2021-08-32 10:05"]),
    ):
        for value in values:
            row = taken()
            row[place] = value
            faulty.append((row, reason))
    for _ in range(2):
        row = taken()
        first, _, rest = row[_MESSAGE].partition(" ")
        # An export that forgot to quote a message with semicolons in it.
        faulty.append(([*row[:_MESSAGE], first, *rest.split(" ", 1), *row[_MESSAGE + 1 :]], "too many cells"))
    return faulty + [(taken(), "repeated number of complaint") for _ in range(2)]


def _numbered(demo: Demo) -> tuple[list[list[str]], dict[str, str], list[dict[str, Any]]]:
    """All rows with their complaint numbers, the story of each good one, and what must be quarantined."""
    good = [demo.cells(complaint) for complaint in demo.complaints]
    entries: list[tuple[list[str], str, str]] = [
        (row, complaint.story, "") for row, complaint in zip(good, demo.complaints, strict=True)
    ]
    for row, reason in _faulty(demo.rng, good):
        entries.insert(int(demo.rng.integers(50, len(entries))), (row, "", reason))
    rows: list[list[str]] = []
    stories: dict[str, str] = {}
    quarantine: list[dict[str, Any]] = []
    for number, (row, story, reason) in enumerate(entries, 1):
        row[_ID] = f"PL-2021-{number:04d}"
        if reason.startswith("repeated"):
            row[_ID] = next(earlier[_ID] for earlier in rows[number - 9 :] if earlier[_ID] in stories)
        if reason:
            # The header is row 1, as a spreadsheet counts.
            quarantine.append({"row": number + 1, "complaint_id": row[_ID], "reason": reason})
        else:
            stories[row[_ID]] = story
        rows.append(row)
    return rows, stories, quarantine


def _counts(people: Sequence[Person]) -> dict[str, Any]:
    """How many people, and by the operator of their prefix."""
    distinct = set(people)
    allocated = Counter(person.allocated or "unknown" for person in distinct)
    return {"people": len(distinct), "by_prefix": {key: allocated[key] for key in [*LETTERS, "unknown"]}}


def truth(demo: Demo, stories: dict[str, str], quarantine: list[dict[str, Any]]) -> dict[str, Any]:
    """
    What is so in the case, for tests and for those who compare the report with it.

    Parameters
    ----------
    demo : Demo
        The case.
    stories : dict
        Number of complaint to key of a campaign or category of another message.
    quarantine : list of dict
        Rows that are no complaints.

    Returns
    -------
    dict
        Operators are letters in it. ``people`` have a mobile number of Morocco; complaints with another
        number are in ``complaints`` alone.
    """
    written_down = Counter(stories.values())
    campaigns = {}
    for campaign in demo.texts["campaign"]:
        key = campaign["key"]
        leak = {
            "operator": LEAKED_FROM,
            "share": LEAKED_SHARE,
            "people": round(LEAKED_SHARE * campaign["people"]),
        }
        campaigns[key] = {
            "list": campaign["list"],
            "party": campaign["party"],
            "language": campaign["language"],
            "complaints": written_down[key],
            **_counts(demo.people[key]),
            "leak": leak if key == "LEAK" else None,
        }
    both = set(demo.people["SHARED_1"]) & set(demo.people["SHARED_2"])
    others = {key: count for key, count in sorted(written_down.items()) if key not in campaigns}
    controls = demo.people["commercial"] + demo.people["scam"]
    return {
        "seed": SEED,
        "complaints": len(stories),
        "campaigns": campaigns,
        "shared_list": {"campaigns": ["SHARED_1", "SHARED_2"], "people": len(both)},
        "controls": {**_counts(controls), "complaints": {key: others[key] for key in ("commercial", "scam")}},
        "wrongly_reported": {key: count for key, count in others.items() if key not in ("commercial", "scam")},
        "complaint_rate_by_operator": COMPLAINS,
        "ported": PORTED,
        "quarantine": quarantine,
        "rows": stories,
    }


def make(folder: Path = FOLDER, seed: int = SEED) -> None:
    """
    Write complaints.csv, operators.csv and truth.json.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; it is made.
    seed : int
        Seed of all chance.
    """
    demo = Demo(seed)
    rows, stories, quarantine = _numbered(demo)
    folder.mkdir(parents=True, exist_ok=True)
    # With a byte order mark and semicolons, as a French spreadsheet saves it.
    _write(folder / "complaints.csv", [HEADER, *rows], "utf-8-sig", ";")
    names = sorted((name, letter) for letter, name in demo.population.names.items())
    _write(folder / "operators.csv", [("operator", "alias"), *names], "utf-8", ",")
    text = json.dumps(truth(demo, stories, quarantine), ensure_ascii=False, indent=1) + "\n"
    (folder / "truth.json").write_text(text, encoding="utf-8", newline="\n")


def _write(path: Path, rows: Sequence[Sequence[str]], encoding: str, delimiter: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
