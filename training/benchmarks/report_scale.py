"""
Processor time, memory and page of `tasrib report` on many complaints: `python -m training.benchmarks.report_scale [COMPLAINTS [CAMPAIGNS…]]`.

Ten thousand complaints, half of them of political messages of the corpus, each sent to many and handed in as people hand messages in; of 13
campaigns and of 80. The peer is a short script, in a process of its own too: pandas reads the same file and counts campaigns by operator,
`scipy.stats.fisher_exact` tests each campaign and operator, and vl-convert draws one chart of the counts: no law, no reasons, no texts.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

import tasrib
from tasrib.scored import check
from training.benchmarks.processes import spent
from training.corpus import load_corpus
from training.demo_case import TEXTS
from training.demo_people import Population
from training.demo_variants import passed_on, pick

COMPLAINTS, CAMPAIGNS = 10_000, (13, 80)
# A campaign in five has a leak of two fifths of its list.
LEAKING, LEAK_SHARE = 0.2, 0.4
_HOLDERS = ["", "", "", "Magasin Azur", "ColisVite", "Magasin Azur;ColisVite", "Banque Oum Rabia", "Mutuelle Nour"]
_PEER = """
import sys
import pandas as pd, vl_convert
from scipy import stats
scored = pd.read_parquet(sys.argv[1])
controls = scored[scored["category"] == "commercial"].drop_duplicates("recipient")["operator_allocated"].value_counts()
mine = scored[scored["campaign_id"] != ""].drop_duplicates(["campaign_id", "recipient"])
counts = mine.groupby(["campaign_id", "operator_allocated"]).size()
for (campaign, operator), x in counts.items():
    n, y, m = counts[campaign].sum(), controls.get(operator, 0), controls.sum()
    stats.fisher_exact([[x, n - x], [y, m - y]], alternative="greater")
vl_convert.vegalite_to_svg({
    "data": {"values": counts.rename("people").reset_index().to_dict("records")},
    "mark": "bar",
    "encoding": {
        "x": {"field": "people", "type": "quantitative"},
        "y": {"field": "campaign_id"},
        "color": {"field": "operator_allocated"},
    },
})
"""


def complaints(campaigns: int, rows: int = COMPLAINTS, seed: int = 0) -> pd.DataFrame:
    """
    Invent scored complaints, every other one of a campaign.

    Parameters
    ----------
    campaigns, rows : int
        How many; campaigns differ in size by a factor of ten and more.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        As from `tasrib.score`.
    """
    rng = np.random.default_rng(seed)
    words = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    corpus = load_corpus().drop_duplicates("text")
    corpus = corpus[corpus["language"].isin(list(words["comments"]))]
    is_political = corpus["category"] == "political_campaign"
    sent = corpus[is_political].sample(campaigns, random_state=seed).to_dict("records")
    others = corpus[~is_political].to_dict("records")
    population = Population(rng, words["market"], {name: share for name, (share, _) in words["regions"].items()})
    people = [population.person() for _ in range(rows * 2 // 3)]
    size = rng.lognormal(0, 0.8, campaigns)
    of = rng.choice(campaigns, rows, p=size / size.sum())
    of[rng.random(rows) < 0.5] = -1
    leaks = np.where(rng.random(campaigns) < LEAKING, rng.integers(3, size=campaigns), -1)
    letters = list("abcdefghijklmnopqrstuvwxyz234567")
    pseudonyms = {person: "p-" + "".join(rng.choice(letters, 16)) for person in people}
    leaked = [[person for person in people if person.serving == letter] for letter in "ABC"]
    found = []
    for number in of.tolist():
        is_campaign = number >= 0
        message = sent[number] if is_campaign else pick(rng, others)
        is_leaked = is_campaign and leaks[number] >= 0 and rng.random() < LEAK_SHARE
        person = pick(rng, leaked[leaks[number]] if is_leaked else people)
        text = message["text"] if number % 3 else f"{pick(rng, words['fill']['name_fr'])}, {message['text']}"
        stranger = pick(rng, people) if rng.random() < 0.2 else None
        found.append(
            {
                "text": passed_on(rng, text, message["language"], words["comments"], words["endings"]),
                "recipient": pseudonyms[person],
                "received_at": pd.Timestamp("2021-08-20", tz="UTC")
                + pd.Timedelta(minutes=int(rng.integers(20 * 24 * 60))),
                "channel": message["channel"],
                "sender": message["sender"],
                "region": person.region,
                "consent": pick(rng, ["no", "no", "unknown", "yes"]),
                "known_to": pick(rng, _HOLDERS),
                "other_numbers": pseudonyms[stranger] if stranger else "",
                "other_operators": population.names.get(stranger.allocated, "") if stranger else "",
                "category": message["category"],
                "probability": 0.99 if is_campaign else 0.01,
                "decision": "campaign" if is_campaign else "not_campaign",
                "language": message["language"],
                "party": message["party"],
                "campaign_id": f"c-{number:08x}" if is_campaign else "",
                "number_status": "valid",
                "country": "MA",
                "prefix": f"0{person.national[:3]}",
                "operator_allocated": population.names.get(person.allocated, ""),
                "operator_serving": population.names[person.serving] if person.gives_operator else "",
            }
        )
    return check(pd.DataFrame(found).assign(model=tasrib.load_model().version))


def main(rows: int = COMPLAINTS, *campaigns: int) -> None:
    """
    Print what a report costs, and how many times as long it takes as the peer.

    Parameters
    ----------
    rows : int
        Complaints to invent.
    *campaigns : int
        Campaigns among them, a report each.
    """
    print("| campaigns | processor time, s | peer, s | ratio | report.html, MB | all files, MB | memory, GB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for number in campaigns or CAMPAIGNS:
        with tempfile.TemporaryDirectory() as folder:
            scored, report = Path(folder, "scored.parquet"), Path(folder, "report")
            complaints(number, rows).to_parquet(scored)
            theirs, _ = spent("-c", _PEER, str(scored))
            ours, memory = spent("-m", "tasrib.cli", "report", str(scored), "-o", str(report))
            page = (report / "report.html").stat().st_size / 1e6
            files = sum(path.stat().st_size for path in report.iterdir()) / 1e6
        print(
            f"| {number} | {ours:.1f} | {theirs:.1f} | {ours / theirs:.1f} | {page:.1f} | {files:.1f} | {memory:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
