"""
Whose a message is, outside Morocco: `python -m training.party_elsewhere` (with ``--errors`` the messages that the rules get wrong).

All hands are kept for the figure but those that were read while the lists in `data/reference/parties_*.toml` were made (`data/world/party_hands.toml`).
Of the kept ones the errors of some are known since the first look, whose figures stand in `data/world/README.md`: later ones of them may flatter. Those
that were written since have rows of their own.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.attribute import attribute_parties, load_contest
from tasrib.classify import CAMPAIGN
from tasrib.tracing.stats.exact import clopper_pearson
from training.corpus import load_corpus
from training.paths import WORLD
from training.world import load_world

HOME = "MA"


def part_of(hands: pd.Series, file: Path = WORLD / "party_hands.toml") -> pd.Series:
    """
    Tell which hands the lists of contestants were made with, by their names: a hand that is added moves no other.

    Parameters
    ----------
    hands : pandas.Series of str, shape (n,)
        Names of the hands, the name of a hand as often as it wrote.
    file : pathlib.Path
        With the names of the hands of each part, as TOML.

    Returns
    -------
    pandas.Series of str, shape (n,)
        With the index of `hands`: ``read`` of those that the lists were made with, ``first_look`` of those that were kept then, ``later`` of those that
        were written since.
    """
    parts = tomllib.loads(file.read_text("utf-8"))
    return hands.map({name: part for part, names in parts.items() for name in names}).fillna("later")


def attributed(messages: pd.DataFrame, country: str) -> np.ndarray:
    """
    Party of each campaign message, by the contestants of a country.

    Parameters
    ----------
    messages : pandas.DataFrame
        ``text`` and ``sender``.
    country : str
        ISO 3166 code.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        Ids; empty where none is clear.
    """
    found = attribute_parties(messages["text"].tolist(), messages["sender"].tolist(), load_contest(country))
    return found["party"].to_numpy(dtype=str)


def figures(true: np.ndarray, found: np.ndarray) -> dict[str, int | str]:
    """
    Precision and recall of attributions.

    Parameters
    ----------
    true, found : numpy.ndarray of str, shape (n,)
        Ids by the reader and by the rules; empty where none.

    Returns
    -------
    dict
        ``messages``, ``labelled``, ``named`` (by the rules), ``right``, and ``precision`` and ``recall`` as text with the exact 95% interval (Clopper &
        Pearson 1934).
    """
    right = int(((true == found) & (true != "")).sum())
    labelled, named = int((true != "").sum()), int((found != "").sum())
    shares = {"precision": _share(right, named), "recall": _share(right, labelled)}
    return {"messages": len(true), "labelled": labelled, "named": named, "right": right} | shares


def main() -> None:
    """Print precision and recall by country, and how often the contestants of one country are found in the messages of another."""
    world = load_world()
    world = world[world["category"] == CAMPAIGN].reset_index(drop=True)
    corpus = load_corpus()
    corpus = corpus[corpus["category"] == CAMPAIGN]
    here = sorted(country for country in world["country"].unique() if load_contest(country).parties)
    world = world[world["country"].isin(here)].reset_index(drop=True)
    found = pd.Series("", index=world.index, dtype="str")
    for country, rows in world.groupby("country"):
        found[rows.index] = attributed(rows, str(country))
    part = part_of(world["batch"])
    kept, true = part != "read", world["party"]
    lines = {}
    for title, mine in (
        ("kept for the figure", kept),
        ("written since", part == "later"),
        ("read for the lists", ~kept),
    ):
        abroad = mine & (world["country"] != HOME)
        for name, rows in [(each, mine & (world["country"] == each)) for each in here] + [("all but MA", abroad)]:
            lines[title, name] = figures(true[rows].to_numpy(dtype=str), found[rows].to_numpy(dtype=str))
    print(pd.DataFrame(lines).T.to_string())
    print("\nMessages of one country (row) in which the contestants of another (column) are found:")
    crossed = {
        f"{name} ({len(rows)})": {each: int((attributed(rows, each) != "").sum()) for each in here if each != name}
        for name, rows in [(HOME, corpus), *((each, world[world["country"] == each]) for each in here if each != HOME)]
    }
    print(pd.DataFrame(crossed).T[here].to_string(na_rep="", float_format=lambda number: f"{number:.0f}"))
    if "--errors" in sys.argv[1:]:
        wrong = world[(true != found) & ~kept]
        for row in wrong.assign(found=found).itertuples():
            print(
                f"{row.id}: {row.party or '-'}, found {row.found or '-'}: [{row.sender}] {' '.join(row.text.split())[:200]}"
            )


def _share(part: int, whole: int) -> str:
    if not whole:
        return "-"
    low, high = (float(end) for end in clopper_pearson(part, whole))
    return f"{part / whole:.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
