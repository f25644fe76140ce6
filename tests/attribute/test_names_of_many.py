"""Campaigns named from files, some messages at a time, are those that their description gives of all messages in memory."""

import hashlib
import random
import tempfile
from itertools import combinations

import pandas as pd
import pytest

from tasrib.attribute import load_contest
from tasrib.attribute import naming as naming_room
from tasrib.attribute.campaigns import SIMILARITY, Campaigns
from tasrib.attribute.rules import without_contestants
from tasrib.text import near_duplicate_groups, normalise, stored

TEMPLATES = [
    "أخي المواطن أختي المواطنة، يوم الأربعاء 8 شتنبر صوتوا على {} من أجل مدينة نظيفة وشغل للشباب بمدينة {}",
    "Chers citoyens, le 8 septembre votez massivement pour {}, pour une ville propre et des emplois à {}",
    "Réunion publique ce samedi avec {} place de la gare, venez nombreux de {}",
    "صوتوا على {} ب{}",
]
PARTIES = {"PAM": "le PAM", "RNI": "le RNI", "USFP": "الوردة", "": "la liste"}
TOWNS = ["سلا", "Casa", "Fès", "الدار البيضاء", "Tanger", "bit.ly/abc"]


def drawn(seed, n=90):
    """Messages that share texts, moments, contestants and none of them."""
    rng, rows = random.Random(seed), []
    for _ in range(n):
        party = rng.choice(list(PARTIES))
        text = rng.choice(TEMPLATES).format(PARTIES[party], rng.choice(TOWNS))
        text = rng.choice(["", "", "Salam, ", "سي محمد، "]) + rng.choice([text, text.upper(), text + "!"])
        against = rng.choice(["", "", "", "PJD"]) if not party else ""
        names = ";".join(sorted({party, against, rng.choice(["", "", "MP"])} - {""}))
        day = rng.choice([*pd.date_range("2021-09-01", periods=4, tz="UTC"), pd.NaT])
        rows.append((text, day, party, against, names))
    return pd.DataFrame(rows, columns=["text", "at", "party", "against", "named"])


def links(texts):
    """The number of the group of each normalised text, in memory; `tests/text` holds these groups against a look at all pairs."""
    return near_duplicate_groups(texts, SIMILARITY, normalised=True).tolist()


def name(kind, text):
    return kind + hashlib.sha256(text.encode()).hexdigest()[:8]


def named_at_once(rows, contest):
    """The campaign and template of each row, as `name_campaigns` describes them."""
    rows = rows.assign(plain=rows["text"].map(normalise), when=rows["at"].fillna(pd.Timestamp("2100-01-01", tz="UTC")))
    rows["whose"] = rows["party"]
    rows["group"] = links(rows["plain"].tolist())
    for _, mine in rows.groupby("group"):
        counts = mine.loc[mine["party"] != "", "party"].value_counts().sort_index()
        if counts.empty:
            continue
        owner = counts.idxmax() if counts.max() >= 0.9 * counts.sum() else ""
        shown = mine[mine["party"] != ""]
        by_the_way = {
            each
            for party, said in zip(shown["party"], shown["named"], strict=True)
            for each in said.split(";")
            if each != party
        }
        for row in mine[mine["party"] == ""].itertuples():
            said = set(row.named.split(";")) - {""}
            others = sorted(said - by_the_way)
            whose = "?" + ";".join(others) if others and owner not in said else owner
            rows.loc[row.Index, "whose"] = "-" + row.against if row.against else whose
    rows["silent"] = rows["party"] == ""
    by = ["group", "whose"]
    firsts = (
        rows.sort_values(["silent", "when", "plain"])
        .groupby(by)
        .first()
        .sort_values(["when", "plain", "whose"], kind="stable")
    )
    names, taken = {}, set()
    firsts = firsts.reset_index().sort_values(["when", "plain", "whose"])
    for first in firsts.itertuples():
        own = name("c-", first.plain)
        names[first.group, first.whose] = own if own not in taken else name("c-", f"{first.plain}\0{first.whose}")
        taken.add(names[first.group, first.whose])
    # Templates: the first five texts of each campaign, masked.
    masked, of = [], []
    for first in firsts.itertuples():
        mine = rows[(rows["group"] == first.group) & (rows["whose"] == first.whose)].sort_values(
            ["when", "plain"], kind="stable"
        )
        for text in list(dict.fromkeys([first.text, *mine["text"]]))[:5]:
            masked.append(without_contestants(text, contest))
            of.append((first.group, first.whose))
    campaigns = list(dict.fromkeys(of))
    together = {each: number for number, each in enumerate(campaigns)}
    alike = links(masked)
    same = [(of[a], of[b]) for a, b in combinations(range(len(of)), 2) if alike[a] == alike[b]]
    same += [(a, b) for a, b in combinations(campaigns, 2) if a[0] == b[0]]
    for a, b in same:
        left, right = together[a], together[b]
        together = {each: left if number == right else number for each, number in together.items()}
    sizes, templates = rows.groupby(by).size(), dict.fromkeys(campaigns, "")
    when = {(first.group, first.whose): first.when for first in firsts.itertuples()}
    for number in set(together.values()):
        known = [each for each in campaigns if together[each] == number and sizes[each] >= 2]
        if len({whose for _, whose in known if whose and whose[0] not in "-?"}) > 1:
            first = min(known, key=lambda each: (when[each], masked[of.index(each)]))
            templates |= dict.fromkeys(known, name("t-", masked[of.index(first)]))
    pairs = list(zip(rows["group"], rows["whose"], strict=True))
    return pd.DataFrame(
        {"campaign_id": [names[each] for each in pairs], "template_id": [templates[each] for each in pairs]}
    )


@pytest.mark.parametrize("seed", range(4))
def test_names_are_the_same_however_many_are_met_at_a_time(monkeypatch, seed):
    if seed % 2:
        monkeypatch.setattr(stored, "_SORTED", 4)
        monkeypatch.setattr(stored, "_ALIKE", 0)
    contest, rows = load_contest(), drawn(seed)
    wanted = named_at_once(rows, contest)
    for size in (7, 40, len(rows)):
        met = Campaigns(tempfile.TemporaryFile)
        for start in range(0, len(rows), size):
            part = rows.iloc[start : start + size]
            met.add(part["text"], part["at"].astype("datetime64[us, UTC]"), part, None)
        found = met.named(contest).of(rows["text"], rows)
        pd.testing.assert_frame_equal(found, wanted.astype("str"))
    assert wanted["template_id"].ne("").any()


def test_of_two_campaigns_with_one_name_the_later_bears_its_contestant(monkeypatch):
    monkeypatch.setattr(naming_room, "hashed", lambda text: hash_of(text))
    rows = pd.DataFrame(
        {"text": ["un message", "tout autre chose", "encore quelque chose"], "party": "", "against": "", "named": ""}
    )
    days = pd.Series(pd.to_datetime(["2021-09-02", "2021-09-01", "2021-09-03"], utc=True))
    met = Campaigns()
    met.add(rows["text"], days, rows, None)
    # The second is the first that was met; the name that the first one gets instead is the third's own.
    assert met.named().of(rows["text"], rows)["campaign_id"].tolist() == ["c-00000002", "c-00000001", "c-00000003"]


def hash_of(text):
    return {
        "un message": 1,
        "tout autre chose": 1,
        "un message\0": 2,
        "encore quelque chose": 2,
        "encore quelque chose\0": 3,
    }[text]


def test_no_message_is_named_without_one():
    rows = pd.DataFrame({"text": [], "party": [], "against": [], "named": []}, dtype="str")
    met = Campaigns()
    met.add(rows["text"], None, rows, None)
    assert met.named().of(rows["text"], rows).empty
