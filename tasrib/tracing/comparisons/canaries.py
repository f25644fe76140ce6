"""Did the campaign reach numbers that only one holder was ever given?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasrib._arguments import as_path
from tasrib.errors import TasribError, UnreadableInput
from tasrib.numbering import lookup_many
from tasrib.tables.named import MissingColumns, read_named
from tasrib.tables.raw import NoRows
from tasrib.tracing.caveats import caveats_of_everyone
from tasrib.tracing.comparison import Batch, Column, Comparison, Finding, Found, Setting
from tasrib.tracing.persons import one_spelling
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.canary import HitChances, weigh_hits

CANARY_COLUMNS = ("campaign_id", "holder", "canaries", "hit", "others", "others_hit", "log10_lr", "p_value", "note")
# Assumed unless the caller knows better. At most so many numbers were dialled, of so many that are worth dialling: in
# Morocco half of what 06 and 07 with eight digits could hold, since the other prefixes are allocated to nobody.
MOST_DIALLED = 1e6
NUMBER_SPACE = 1e8
# A leaked canary is hit with any chance alike: nothing is known of the share of the file that was used.
COVERAGE = (1.0, 1.0)
# One campaign in a hundred dials without limit or has a source that holds everyone: then any share of all canaries is
# hit, and only canaries of others can tell.
EVERYWHERE = 0.01
_HINT = "head one so (number, holder, and given_at if known)"
# Numbers closer together than this may lie in one dialled range.
_ONE_RANGE = 10_000


def read_canaries(path: str | Path, *, country: str = "MA") -> pd.DataFrame:
    """
    Read a list of canary numbers.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows. Its columns: ``number``, in any spelling, and ``holder``, the only
        one who was given it; optionally ``given_at``, the day (ISO 8601).
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        ``number`` (E.164), ``holder``, ``given_at`` (UTC, missing where unknown); one row a number.

    Raises
    ------
    TasribError
        When the file cannot be read or lacks a column, a number cannot be read or was given to two holders, a holder is
        missing or a day is none; names file, row and column.
    """
    path = as_path(path, "a list of canaries")
    given, lines = _read_list(path)
    numbers = lookup_many(given["number"], country=country)
    days = given["given_at"] if "given_at" in given else [""] * len(given)
    table = pd.DataFrame(
        {
            "number": numbers["e164"],
            "holder": [" ".join(holder.split()) for holder in given["holder"]],
            "given_at": [_day(path, line, day) for line, day in zip(lines, days, strict=True)],
        }
    )
    table["given_at"] = pd.to_datetime(table["given_at"], utc=True)
    first: dict[str, int] = {}
    for i, line in enumerate(lines):
        number, holder = str(table["number"][i]), str(table["holder"][i])
        if not number:
            written, why = given["number"][i].strip(), numbers["note"][i]
            raise TasribError(f"{path.name}, row {line}, column number: '{written}' is not read as a number ({why})")
        if not holder:
            raise TasribError(f"{path.name}, row {line}, column holder: is empty; name who was given the number")
        earlier = first.setdefault(number, i)
        if str(table["holder"][earlier]) != holder:
            raise TasribError(
                f"{path.name}, row {line}, column holder: {number} was given to '{table['holder'][earlier]}' in row "
                f"{lines[earlier]} and to '{holder}' here; a canary has one holder: remove both rows"
            )
    return table.drop_duplicates("number").reset_index(drop=True)


def canary_evidence(
    canaries: pd.DataFrame,
    reached: Mapping[str, Iterable[str]],
    *,
    dialled: float | Mapping[str, float] = MOST_DIALLED,
    number_space: float = NUMBER_SPACE,
    coverage: tuple[float, float] = COVERAGE,
    everywhere: float = EVERYWHERE,
    sent_at: Mapping[str, object] | None = None,
    pseudonym: Callable[[str], str] | None = None,
    country: str = "MA",
) -> pd.DataFrame:
    """
    Weigh "the list holds this holder's file" against "numbers were dialled at random, or come from elsewhere".

    Parameters
    ----------
    canaries : pandas.DataFrame
        ``number``, ``holder`` and, if known, ``given_at``, as from `read_canaries`.
    reached : mapping of str to iterable of str
        Campaign to the numbers known to be reached: numbers in any spelling, or pseudonyms.
    dialled : float or mapping of str to float
        Upper bound of how many numbers were dialled, by all campaigns or by each. Over `number_space` it is the chance
        that random dialling hits a number, and to take it large is to judge with care.
    number_space : float
        How many numbers there are to dial.
    coverage : (float, float)
        Beta distribution of the chance that a canary is hit when its holder's file is in the list: whatever share of
        the file was used, and whatever share of the messages becomes known.
    everywhere : float
        Prior probability, 0 to 1, that `dialled` is no bound: without canaries of others the likelihood ratio hardly
        exceeds its inverse.
    sent_at : mapping of str to date or timestamp, optional
        Campaign to its first message. A canary given later cannot have come from its holder: it counts as one of the
        others.
    pseudonym : callable, optional
        Makes the pseudonym of a number in E.164 form, when `reached` holds pseudonyms.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    pandas.DataFrame
        One row a campaign and holder, columns ``CANARY_COLUMNS``: ``canaries`` of this holder and ``hit`` of them,
        ``others`` (canaries of no or another holder) and ``others_hit``; ``log10_lr``, the likelihood ratio (positive
        for the holder's file, negative against); ``p_value``, of at least this many hits by chance; ``note``, in
        English. Strongest first within a campaign.

    Raises
    ------
    TasribError
        When a column is missing, a number cannot be read or was given to two holders.
    ValueError
        When `dialled`, `number_space`, `coverage` or `everywhere` is out of range.

    Notes
    -----
    Every canary is hit by chance q, this holder's, if its file is in the list, by 1 - (1 - r)(1 - q). Both are
    integrated out, exactly (marginal likelihoods; Kass & Raftery, "Bayes factors", JASA 1995, eq. 1): r over
    `coverage`, q over Beta(1, b) with mean dialled / number_space, mixed with a uniform distribution of weight
    `everywhere`. Hits on others thus make chance a better explanation, and a holder without a hit is never pointed to.

    The p-value is the exact upper binomial tail under q = dialled / number_space or, when others were hit, the upper
    95% limit of their share (Clopper & Pearson 1934) if that is larger. It and the ratio take canaries as hit
    independently; ``note`` warns where those hit may lie in one dialled range.
    """
    if not number_space >= 1:
        raise ValueError(f"number_space {number_space} must be 1 or more")
    if not min(coverage) > 0:
        raise ValueError(f"coverage {coverage}: both parameters of a Beta distribution must be positive")
    if not 0 <= everywhere < 1:
        raise ValueError(f"everywhere {everywhere} is not from 0 to under 1")
    known = _normalised(canaries, country)
    names = known["number"] if pseudonym is None else known["number"].map(pseudonym)
    of_holder = {holder: (known["holder"] == holder).to_numpy() for holder in sorted(known["holder"].unique())}
    rows = []
    for campaign, numbers in reached.items():
        seen = set(one_spelling(pd.Series(list(numbers), dtype="str"), country)) - {""}
        chances = HitChances(_chance(dialled, campaign, len(seen), number_space), everywhere, coverage)
        hit = (known["number"].isin(seen) | names.isin(seen)).to_numpy()
        late = np.zeros(len(known), bool)
        if sent_at is not None and campaign in sent_at:
            late = (known["given_at"] > _utc(sent_at[campaign])).to_numpy()
        found = [_weigh(str(campaign), holder, mine, known, hit, late, chances) for holder, mine in of_holder.items()]
        rows += sorted(found, key=lambda row: -row["log10_lr"])
    table = pd.DataFrame(rows, columns=CANARY_COLUMNS)
    return table.astype({"campaign_id": "str", "holder": "str", "note": "str"})


def _weigh(
    campaign: str,
    holder: str,
    of_holder: np.ndarray,
    known: pd.DataFrame,
    hit: np.ndarray,
    late: np.ndarray,
    chances: HitChances,
) -> dict:
    mine = of_holder & ~late
    m, x = int(mine.sum()), int(hit[mine].sum())
    n, y = int((~mine).sum()), int(hit[~mine].sum())
    weighed = weigh_hits(x, m, y, n, chances)
    notes = [f"Chance of a hit by dialling taken as up to {weighed.chance:.2g}."]
    if not m:
        notes.append("Its canaries were given after the campaign began.")
    if y:
        notes.append(f"{y} of {n} other canaries were hit too: the list has more sources, or numbers were dialled.")
    if _close(known.loc[mine & hit, "number"]):
        notes.append("Canaries that were hit lie close together: a dialled range hits them at once.")
    return {
        "campaign_id": campaign,
        "holder": holder,
        "canaries": m,
        "hit": x,
        "others": n,
        "others_hit": y,
        "log10_lr": weighed.log10_lr,
        "p_value": weighed.p_value,
        "note": " ".join(notes),
    }


def _chance(dialled: float | Mapping[str, float], campaign: str, seen: int, number_space: float) -> float:
    """Chance that random dialling hits a number; at least what is known to be reached was dialled."""
    many = dialled.get(campaign, MOST_DIALLED) if isinstance(dialled, Mapping) else dialled
    if not 0 < many <= number_space:
        raise ValueError(f"dialled {many} must lie above 0 and not above number_space {number_space}")
    return min(max(many, seen) / number_space, 1.0)


def _close(numbers: pd.Series) -> bool:
    values = np.sort([int(number.lstrip("+")) for number in numbers])
    return bool((np.diff(values) < _ONE_RANGE).any())


def _normalised(canaries: pd.DataFrame, country: str) -> pd.DataFrame:
    """One row a number, in E.164 form, checked."""
    missing = [column for column in ("number", "holder") if column not in canaries]
    if missing:
        raise TasribError(f"canaries lack the column {', '.join(missing)}; read them with read_canaries")
    given = canaries["given_at"] if "given_at" in canaries else pd.Series(pd.NaT, index=canaries.index)
    known = pd.DataFrame(
        {
            "number": lookup_many(canaries["number"], country=country)["e164"].astype("str"),
            "holder": canaries["holder"].fillna("").astype("str").str.strip(),
            "given_at": pd.to_datetime(given, utc=True),
        }
    ).drop_duplicates(["number", "holder"])
    if (known["number"] == "").any() or (known["holder"] == "").any():
        raise TasribError("a canary has no readable number or no holder; read them with read_canaries, which names it")
    twice = known.loc[known["number"].duplicated(), "number"]
    if len(twice):
        raise TasribError(f"the canary {twice.iloc[0]} was given to two holders; remove it")
    return known.reset_index(drop=True)


def _read_list(path: Path) -> tuple[pd.DataFrame, list[int]]:
    """The list as it is written, and the number of each of its rows."""
    if path.is_dir() or not path.exists():
        raise UnreadableInput(f"{path} cannot be read: {'it is a folder' if path.is_dir() else 'no such file'}")
    try:
        given, lines = read_named(path, ("number", "holder"), _HINT, by_hand=True)
    except MissingColumns as error:
        raise _headed_wrong(path, error.names[0], 0) from None
    except NoRows:
        raise TasribError(f"{path.name} holds no canary; write one number a row under the headings") from None
    except UnreadableInput as error:
        raise UnreadableInput(f"{path.name} is damaged or no table: {error}") from None
    for column in ("number", "holder"):
        count = sum(re.fullmatch(rf"{column}( \(\d+\))?", name) is not None for name in given.columns)
        if count > 1:
            raise _headed_wrong(path, column, count)
    return given, lines


def _headed_wrong(path: Path, column: str, count: int) -> UnreadableInput:
    return UnreadableInput(f"{path.name}, row 1: {count} columns are headed '{column}'; {_HINT}")


def _day(path: Path, line: int, cell: str) -> pd.Timestamp | None:
    if not cell.strip():
        return None
    try:
        return _utc(cell)
    except ValueError:
        what = f"'{cell.strip()}' is not a date such as 2026-05-31"
        raise TasribError(f"{path.name}, row {line}, column given_at: {what}") from None


def _utc(at: object) -> pd.Timestamp:
    """A moment in UTC; text only in ISO form, where day and month cannot be exchanged."""
    stamp = pd.Timestamp(at if isinstance(at, date) else datetime.fromisoformat(str(at).strip()))
    return stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp.tz_convert("UTC")


def compare_canaries(batch: Batch, setting: Setting) -> Callable[[], Found]:
    """
    Weigh what hits on numbers given to one holder only say of each campaign.

    Parameters
    ----------
    batch : Batch
        All campaigns: those too small for other comparisons too.
    setting : Setting
        Canaries, how numbers were replaced, country and prior.

    Returns
    -------
    callable
        Gives one finding a campaign and holder with at least one hit.
    """
    if setting.canaries is None:
        return Found
    campaigns = batch.campaigns
    reached = {name: batch.people.reached(name)["person"].tolist() for name in campaigns["campaign_id"]}
    sent = campaigns.set_index("campaign_id")["first"].dropna().to_dict()
    table = canary_evidence(
        setting.canaries, reached, sent_at=sent, pseudonym=setting.pseudonym, country=setting.country
    )
    findings = []
    for _, group in table.groupby("campaign_id", sort=False):
        within = holm(group["p_value"].to_numpy(float))
        prior = (1 - setting.prior_no_leak) / len(group)
        factors = 10.0 ** group["log10_lr"].to_numpy(float)
        total = setting.prior_no_leak + prior * factors.sum()
        findings += [
            _finding(row, p_within, prior * factor / total) | {"n_looked_at": len(reached)}
            for row, p_within, factor in zip(group.itertuples(), within, factors, strict=True)
            if row.hit
        ]
    return partial(Found, findings)


def _finding(row: Any, p_within: float, posterior: float) -> Finding:
    return {
        "campaign_id": row.campaign_id,
        "name": row.holder,
        "method": "canary numbers, likelihood ratio",
        "n_reached": int(row.canaries),
        "n_controls": int(row.others),
        "observed": int(row.hit),
        "controls_observed": int(row.others_hit),
        "p_value": float(row.p_value),
        "p_within": float(p_within),
        "posterior": float(posterior),
        "baseline": "controls",
        "log10_lr": float(row.log10_lr),
        "note": row.note,
    }


COMPARISON = Comparison(
    key="canaries",
    method_values={
        "dialled": ("number", MOST_DIALLED),
        "space": ("number", NUMBER_SPACE),
        "everywhere": ("percent", EVERYWHERE),
    },
    compare_batch=compare_canaries,
    subjects=("canary",),
    names="words",
    group="canary",
    chance="likelihood",
    sizes_share=False,
    caveats=caveats_of_everyone,
    columns=(
        Column("given_to", ("name",)),
        Column("hit", ("observed", "n_reached"), "of"),
        Column("others_hit", ("controls_observed", "n_controls"), "of"),
        Column("log10_lr", ("log10_lr",), "ratio"),
        Column("p_adjusted", ("p_adjusted",), "p_value"),
        Column("posterior", ("posterior",), "posterior"),
        Column("note", ("note",), "said"),
    ),
)
