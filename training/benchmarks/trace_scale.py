"""
Time and memory of `trace` on many campaigns: `python -m training.benchmarks.trace_scale [CAMPAIGNS [PEOPLE [PARTS]]]`.

A thousand campaigns over a million people who complain, as pseudonyms, in twelve regions and four months; half of the
campaigns keep to one region, one in twenty has a leak. The peer is what a short script does with the same table: counts by
`pandas.DataFrame.groupby`, and for each campaign and operator `scipy.stats.fisher_exact` against all controls together: no
strata, no posterior, no share of the list, no tree, no overlaps.

With PARTS the table is written as so many files instead, and what a process of its own takes is printed, once with all files read as one table
and once as a Dask DataFrame, of which each partition is read by itself.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from joblib.externals.loky import get_reusable_executor
from scipy import stats

from tasrib.numbering import market_shares
from tasrib.scored import check
from tasrib.tracing import TraceResult, trace
from training.benchmarks.processes import spent

CAMPAIGNS, PEOPLE, N_JOBS = 1_000, 1_000_000, 2
REGIONS, LEAKING, LEAK_SHARE, PORTED = 12, 0.05, 0.4, 0.06
MONTHS = pd.to_datetime(["2021-06-01", "2021-07-01", "2021-08-01", "2021-09-01"], utc=True)

_NOTHING, _READING, _WHOLE, _PARTS = (
    "import sys, dask.dataframe, pandas as pd; from tasrib.tracing import trace",
    "pd.read_parquet(sys.argv[1])",
    "trace(pd.read_parquet(sys.argv[1]))",
    "dask.config.set(scheduler='synchronous'); trace(dask.dataframe.read_parquet(sys.argv[1]))",
)


def complaints(campaigns: int = CAMPAIGNS, people: int = PEOPLE, seed: int = 0) -> pd.DataFrame:
    """
    Invent scored complaints: half of the people complain of campaigns, half of shops and swindles.

    Parameters
    ----------
    campaigns, people : int
        How many.
    seed : int
        Of the draws.

    Returns
    -------
    pandas.DataFrame
        As from `tasrib.score`, one row a complaint; campaigns differ in size by a factor of ten and more.
    """
    rng = np.random.default_rng(seed)
    market = market_shares(MONTHS[0], "MA")
    operators, shares = np.array(list(market.shares), dtype=object), np.array(list(market.shares.values()))
    operator, region = rng.choice(len(shares), people, p=shares), rng.integers(REGIONS, size=people)
    reached_by = people // 2
    # Most people are reached once, some by several campaigns.
    size = rng.lognormal(0, 0.8, campaigns)
    size = np.maximum(20, size / size.sum() * 1.1 * reached_by).astype(int)
    rows, of = [], []
    for number, n in enumerate(size.tolist()):
        chance = np.ones(reached_by)
        if number % 2:
            chance[region[:reached_by] != rng.integers(REGIONS)] = 0
        if rng.random() < LEAKING:
            source = rng.integers(len(shares))
            lift = (1 - LEAK_SHARE) + LEAK_SHARE * np.where(
                np.arange(len(shares)) == source, (1 - PORTED) / shares[source], PORTED / (1 - shares[source])
            )
            chance *= lift[operator[:reached_by]]
        drawn = np.searchsorted(np.cumsum(chance), rng.random(n) * chance.sum(), side="right")
        rows.append(np.unique(drawn))
        of.append(np.full(len(rows[-1]), number))
    person = np.concatenate([*rows, np.arange(reached_by, people)])
    campaign = np.concatenate([*of, np.full(people - reached_by, -1)])
    is_campaign = campaign >= 0
    month = np.where(is_campaign, campaign % len(MONTHS), rng.integers(len(MONTHS), size=len(person)))
    names = np.array([f"c-{number:08x}" for number in range(campaigns)] + [""], dtype=object)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))
    pseudonyms = np.char.add("p-", letters[rng.integers(len(letters), size=(people, 16))].view("U16").ravel())
    frame = pd.DataFrame(
        {
            "text": pd.array(np.where(is_campaign, names[campaign], "sale"), dtype="str"),
            "recipient": pd.array(pseudonyms[person], dtype="str"),
            "received_at": MONTHS[month] + pd.to_timedelta(rng.integers(28 * 86_400, size=len(person)), unit="s"),
            "channel": pd.array(np.where(rng.random(len(person)) < 0.8, "sms", "whatsapp"), dtype="str"),
            "region": pd.array(
                np.array([f"r{r:02d}" for r in range(REGIONS)], dtype=object)[region[person]], dtype="str"
            ),
            "category": pd.array(np.where(is_campaign, "political_campaign", "commercial"), dtype="str"),
            "decision": pd.array(np.where(is_campaign, "campaign", "not_campaign"), dtype="str"),
            "campaign_id": pd.array(names[campaign], dtype="str"),
            "probability": np.where(is_campaign, 0.99, 0.01),
            "language": "",
            "operator_allocated": pd.array(operators[operator[person]], dtype="str"),
            "prefix": pd.array(
                np.array([f"06{o}{d}" for o in range(len(shares)) for d in range(20)], dtype=object)[
                    operator[person] * 20 + person % 20
                ],
                dtype="str",
            ),
            "number_status": "valid",
            "country": "MA",
        }
    )
    return check(frame.sample(frac=1, random_state=seed, ignore_index=True), needed=())


def peer(scored: pd.DataFrame) -> pd.Series:
    """
    Test each campaign and operator by Fisher's test against all controls.

    Parameters
    ----------
    scored : pandas.DataFrame
        From `complaints`.

    Returns
    -------
    pandas.Series
        P-values by campaign and operator.
    """
    controls = (
        scored[scored["category"] == "commercial"].drop_duplicates("recipient")["operator_allocated"].value_counts()
    )
    mine = scored[scored["campaign_id"] != ""].drop_duplicates(["campaign_id", "recipient"])
    counts = mine.groupby(["campaign_id", "operator_allocated"]).size().unstack(fill_value=0)
    m = controls.sum()
    found = {}
    for name, row in counts.iterrows():
        n = row.sum()
        for operator, x in row.items():
            y = controls[operator]
            found[name, operator] = stats.fisher_exact([[x, n - x], [y, m - y]], alternative="greater").pvalue
    return pd.Series(found)


def main(campaigns: int = CAMPAIGNS, people: int = PEOPLE) -> TraceResult:
    """
    Print the time, the memory and the ratio to the peer.

    Parameters
    ----------
    campaigns, people : int
        How many to invent.

    Returns
    -------
    TraceResult
        What was found.
    """
    scored = complaints(campaigns, people)
    start = time.perf_counter()
    peer(scored)
    theirs = time.perf_counter() - start
    start = time.perf_counter()
    result = trace(scored, n_jobs=N_JOBS)
    ours = time.perf_counter() - start
    # Only processes that have ended are counted. Kilobytes on Linux; the children's figure is that of the largest.
    get_reusable_executor().shutdown(wait=True)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    findings = result.findings[result.findings["comparison"] == "operators"]
    found = findings.loc[findings["evidence"].isin(["moderate", "strong"]), "campaign_id"].nunique()
    print(f"{campaigns:,} campaigns, {people:,} people, {len(scored):,} complaints, {N_JOBS} processes")
    print(
        f"trace: {ours:.1f} s, {1000 * ours / campaigns:.0f} ms a campaign; {found} campaigns with moderate evidence or more"
    )
    print(f"peer (groupby and fisher_exact): {theirs:.1f} s; trace takes {ours / theirs:.1f} times as long")
    print(
        f"peak memory: {own:.2f} GB, and {child:.2f} GB in the largest of {N_JOBS} other processes, the table included"
    )
    return result


def in_parts(campaigns: int, people: int, parts: int) -> None:
    """
    Print what tracing takes of one table, and of its parts.

    Parameters
    ----------
    campaigns, people : int
        How many to invent.
    parts : int
        How many files the table is written as.
    """
    with tempfile.TemporaryDirectory() as folder:
        scored = complaints(campaigns, people)
        n = len(scored)
        for part, rows in enumerate(np.array_split(np.arange(n), parts)):
            scored.iloc[rows].to_parquet(Path(folder, f"part.{part:04d}.parquet"))
        _, nothing = spent("-c", _NOTHING, folder)
        for what, work in (
            ("the table read", _READING),
            ("traced as one", _WHOLE),
            (f"traced as {parts} parts", _PARTS),
        ):
            seconds, memory = spent("-c", f"{_NOTHING}; {work}", folder)
            each = (memory - nothing) * 2**30 / n
            print(
                f"{n:,} complaints, {what}: {seconds:.1f} s of CPU, {memory:.2f} GB, {each:.0f} bytes a complaint",
                flush=True,
            )


if __name__ == "__main__":
    given = list(map(int, sys.argv[1:4]))
    if len(given) > 2:
        in_parts(*given)
    else:
        main(*given)
