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
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from training.demo_case import HOLDER_SHARE, LEAKED_FROM, LEAKED_SHARE, SEED, Complaint, Demo
from training.demo_people import COMPLAINS, LETTERS, PORTED, Person
from training.demo_sources import Sources, draw_sources, told
from training.demo_variants import pick
from training.paths import DEMO

# As a federation's export has them. Those of `training.demo_sources` come before the message: spilt over from an unquoted
# message, empty cells at the end of a row would hide that it has too many.
_DRAWN = (
    "N° plainte", "Date de réception", "Canal", "Expéditeur", "Numéro du plaignant", "Opérateur déclaré",
    "Région", "Message", "Membre du parti", "Consentement", "Origine indiquée",
)  # fmt: skip
_ID, _DATE, _NUMBER, _MESSAGE = (_DRAWN.index(name) for name in (_DRAWN[0], _DRAWN[1], _DRAWN[4], _DRAWN[7]))
HEADER = (*_DRAWN[:_MESSAGE], "Organismes qui ont le numéro", "Autres numéros non touchés", *_DRAWN[_MESSAGE:])


_LOST_DATE = "impossible date"


@dataclass(frozen=True)
class Entry:
    """One row of the file: a complaint with its story, or with the reason why it must be quarantined, or why its date is lost."""

    when: datetime
    row: list[str]
    person: Person | None
    story: str = ""
    reason: str = ""


def _good(demo: Demo, complaints: Sequence[Complaint]) -> list[Entry]:
    return [Entry(one.when, demo.cells(one), one.person, one.story) for one in complaints]


def _faulty(rng: np.random.Generator, entries: Sequence[Entry]) -> list[Entry]:
    """Rows that must end in quarantine, or lose their date, with the reason; each is a good row spoiled."""

    def taken() -> Entry:
        entry = pick(rng, [entry for entry in entries if "\n" not in entry.row[_MESSAGE]])
        return replace(entry, row=list(entry.row))

    faulty = []
    for reason, place, values in (
        ("no message", _MESSAGE, ["", "   ", ""]),
        ("no number", _NUMBER, ["", " ", ""]),
        (_LOST_DATE, _DATE, ["31/09/2021 18:20", "2021-08-32 10:05"]),
    ):
        for value in values:
            entry = taken()
            entry.row[place] = value
            faulty.append(replace(entry, reason=reason))
    for _ in range(2):
        entry = taken()
        first, _, rest = entry.row[_MESSAGE].partition(" ")
        # An export that forgot to quote a message with semicolons in it.
        row = [*entry.row[:_MESSAGE], first, *rest.split(" ", 1), *entry.row[_MESSAGE + 1 :]]
        faulty.append(replace(entry, row=row, reason="too many cells"))
    return faulty + [replace(taken(), reason="repeated number of complaint") for _ in range(2)]


def _entries(demo: Demo) -> list[Entry]:
    """All rows in the order of the file, the added campaigns drawn last."""
    entries = _good(demo, demo.complaints)
    for faulty in _faulty(demo.rng, entries):
        place = int(demo.rng.integers(50, len(entries)))
        entries.insert(place, replace(faulty, when=entries[place - 1].when))
    return sorted(entries + _good(demo, demo.add_campaigns()), key=lambda entry: entry.when)


def _numbered(
    entries: Sequence[Entry], sources: Sources
) -> tuple[list[list[str]], dict[str, str], list[dict[str, Any]]]:
    """All rows with their complaint numbers, the story of each complaint, and the rows with a fault."""
    rows: list[list[str]] = []
    stories: dict[str, str] = {}
    faulty: list[dict[str, Any]] = []
    for number, entry in enumerate(entries, 1):
        row = entry.row[:_MESSAGE] + sources.cells(entry.person) + entry.row[_MESSAGE:]
        row[_ID] = f"PL-2021-{number:04d}"
        if entry.reason.startswith("repeated"):
            row[_ID] = next(earlier[_ID] for earlier in rows[number - 9 :] if earlier[_ID] in stories)
        if entry.reason:
            # The header is row 1, as a spreadsheet counts.
            faulty.append({"row": number + 1, "complaint_id": row[_ID], "reason": entry.reason})
        if entry.reason in ("", _LOST_DATE):
            stories[row[_ID]] = entry.story
        rows.append(row)
    return rows, stories, faulty


def _counts(people: Sequence[Person]) -> dict[str, Any]:
    """How many people, and by the operator of their prefix."""
    distinct = set(people)
    allocated = Counter(person.allocated or "unknown" for person in distinct)
    return {"people": len(distinct), "by_prefix": {key: allocated[key] for key in [*LETTERS, "unknown"]}}


def _blocks(campaign: dict[str, Any], people: Sequence[Person]) -> list[dict[str, Any]]:
    """The blocks of numbers that were dialled."""
    blocks, start = [], 0
    for letter, number, step in campaign["dialled"]:
        first = people[start].national
        blocks.append({"block": f"{first[:-4]}xxxx", "operator": letter, "people": number, "step": step})
        start += number
    return blocks


def truth(demo: Demo, sources: Sources, stories: dict[str, str], faulty: list[dict[str, Any]]) -> dict[str, Any]:
    """
    What is so in the case, for tests and for those who compare the report with it.

    Parameters
    ----------
    demo : Demo
        The case.
    sources : Sources
        What is known of its people beside the complaints.
    stories : dict
        Number of complaint to key of a campaign or category of another message.
    faulty : list of dict
        Rows that are no complaints, and those whose date is lost.

    Returns
    -------
    dict
        Operators are letters in it. ``people`` have a mobile number of Morocco; complaints with another
        number are in ``complaints`` alone.
    """
    written_down = Counter(stories.values())
    campaigns = {}
    for campaign in demo.texts["campaign"] + demo.texts["added_campaign"]:
        key, holder = campaign["key"], campaign.get("holder")
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
            "holder": {"organisation": holder, "share": HOLDER_SHARE, "people": len(demo.from_holder)}
            if holder
            else None,
            "dialled": _blocks(campaign, demo.people[key]) if "dialled" in campaign else None,
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
        **told(demo, sources),
        "quarantine": [entry for entry in faulty if entry["reason"] != _LOST_DATE],
        "dates_lost": [entry for entry in faulty if entry["reason"] == _LOST_DATE],
        "rows": stories,
    }


def make(folder: Path = DEMO, seed: int = SEED) -> None:
    """
    Write complaints.csv, operators.csv, canaries.csv and truth.json.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; it is made.
    seed : int
        Seed of all chance.
    """
    demo = Demo(seed)
    entries = _entries(demo)
    sources = draw_sources(demo)
    rows, stories, faulty = _numbered(entries, sources)
    folder.mkdir(parents=True, exist_ok=True)
    # With a byte order mark and semicolons, as a French spreadsheet saves it.
    _write(folder / "complaints.csv", [HEADER, *rows], "utf-8-sig", ";")
    names = sorted((name, letter) for letter, name in demo.population.names.items())
    _write(folder / "operators.csv", [("operator", "alias"), *names], "utf-8", ",")
    canaries = [("+212" + person.national, holder) for person, holder in sources.canaries]
    _write(folder / "canaries.csv", [("number", "holder"), *canaries], "utf-8", ",")
    text = json.dumps(truth(demo, sources, stories, faulty), ensure_ascii=False, indent=1) + "\n"
    (folder / "truth.json").write_text(text, encoding="utf-8", newline="\n")


def _write(path: Path, rows: Sequence[Sequence[str]], encoding: str, delimiter: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO)
