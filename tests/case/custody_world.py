"""A small case with a finding, made once: files of two months, a quarantine, a report with its record."""

import base64
import hashlib
import shutil

import pandas as pd
from frames import scored_frame

from tasrib.case import write_case
from tasrib.tables import write_table

CAMPAIGN = "Votez pour la liste de l'espoir le 8 septembre, pour une commune propre"
OTHER = ["Soldes -30% ce week-end", "Votre code est 48213", "Pizza: deux pour une", "Forfait illimité à 49 dh"]


def person(number):
    """A pseudonym, as scoring gives it."""
    return "p-" + base64.b32encode(hashlib.sha256(str(number).encode()).digest()).decode().lower()[:16]


def month(first, n_reached, n_others, **more):
    """Scored complaints: a campaign that reached customers of one operator, and what else people complained of."""
    n = n_reached + n_others
    reached = [True] * n_reached + [False] * n_others
    return scored_frame(
        n,
        complaint_id=[f"c{first + i}" for i in range(n)],
        recipient=[person(first + i) for i in range(n)],
        text=[CAMPAIGN if is_reached else OTHER[i % 4] for i, is_reached in enumerate(reached)],
        category=["political_campaign" if is_reached else "commercial" for is_reached in reached],
        decision=["campaign" if is_reached else "not_campaign" for is_reached in reached],
        campaign_id=["c-00000001" if is_reached else "" for is_reached in reached],
        sender=["LISTE" if is_reached else f"SHOP{i % 5}" for i, is_reached in enumerate(reached)],
        operator_allocated=["Inwi" if is_reached else ("Inwi", "Orange", "Maroc Telecom")[i % 3] for i, is_reached in enumerate(reached)],
        received_at=pd.Series(pd.Timestamp("2021-08-01", tz="UTC") + pd.to_timedelta(range(n), unit="h")),
        **more,
    )  # fmt: skip


def make_world(folder):
    """Two scored files and a report of them, in a folder."""
    folder.mkdir()
    write_table(month(0, 14, 24), folder / "july.parquet")
    write_table(month(100, 12, 18), folder / "août.csv")
    write_case([folder / "july.parquet", folder / "août.csv"], folder / "case", pack=folder / "case.zip")
    return folder


def copy_of(world, place):
    """The same elsewhere, with other times."""
    return shutil.copytree(world, place, copy_function=shutil.copyfile)
