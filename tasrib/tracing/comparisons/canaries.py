"""Did the campaign reach numbers that only one holder was ever given?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tasrib.complaints.values import home_zone
from tasrib.errors import TasribError
from tasrib.numbering import lookup_many
from tasrib.tracing.canary_lists import NOBODY, is_nobody, operators_stated, utc
from tasrib.tracing.caveats import Caveat, caveats_of_everyone
from tasrib.tracing.comparison import Batch, Column, Comparison, Finding, Found, Setting
from tasrib.tracing.persons import one_spelling
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.canary import (
    COVERAGE,
    EVERYWHERE,
    MOST_DIALLED,
    NUMBER_SPACE,
    ONE_RANGE,
    HitChances,
    source_posteriors,
    weigh_hits,
)

CANARY_COLUMNS = (
    "campaign_id", "holder", "canaries", "hit", "others", "others_hit", "log10_lr", "p_value", "posterior", "note", "kind", "operator",
    "undated", "silent", "silent_hit",
)  # fmt: skip


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
    prior_none: float = 0.5,
) -> pd.DataFrame:
    """
    Weigh "the list holds this holder's file" against "numbers were dialled at random, or come from elsewhere".

    Parameters
    ----------
    canaries : pandas.DataFrame
        ``number``, ``holder`` (``nobody`` for silent ones) and, if known, ``given_at`` and ``operator``, as from `read_canaries`.
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
        Campaign to its first message. A canary given later, or on that day, cannot have come from its holder: it counts as one of the
        others.
    pseudonym : callable, optional
        Makes the pseudonym of a number in E.164 form, when `reached` holds pseudonyms.
    country : str
        ISO 3166 code of the home country.
    prior_none : float
        Prior probability, 0 to 1, that none of the sources is in the list: holders and operators, each as probable as the other.

    Returns
    -------
    pandas.DataFrame
        One row a campaign and holder, columns ``CANARY_COLUMNS``: ``canaries`` of this holder and ``hit`` of them,
        ``others`` (canaries of no or another holder) and ``others_hit``; ``log10_lr``, the likelihood ratio (positive
        for the holder's file, negative against); ``p_value``, of at least this many hits by chance; ``posterior``, beside the other holders
        and the operators; ``note``, in English. Then, for what is to be borne in mind: ``kind``, ``operator`` (the one whose numbers all its
        hits are, if they are of one), ``undated`` (hits of which it is not known when they were given), ``silent`` numbers and
        ``silent_hit`` of them. An operator with silent numbers has a row as well, of ``kind`` operator: its canaries are these, the others
        those of other operators, and it has no posterior. Strongest first within a campaign.

    Raises
    ------
    TasribError
        When a column is missing, a number cannot be read or was given to two holders.
    ValueError
        When `dialled`, `number_space`, `coverage`, `everywhere` or `prior_none` is out of range.

    Notes
    -----
    Every canary is hit by chance q, this holder's, if its file is in the list, by 1 - (1 - r)(1 - q). Both are
    integrated out, exactly (marginal likelihoods; Kass & Raftery, "Bayes factors", JASA 1995, eq. 1): r over
    `coverage`, q over Beta(1, b) with mean dialled / number_space, mixed with a uniform distribution of weight
    `everywhere`. Hits on others thus make chance a better explanation, and a holder without a hit is never pointed to.

    The p-value is the exact upper binomial tail under q = dialled / number_space or, when others were hit, the upper
    95% limit of their share (Clopper & Pearson 1934) if that is larger. It and the ratio take canaries as hit
    independently; ``note`` warns where those hit may lie in one dialled range.

    An operator's own file holds every canary of its network, whoever else was given it. So a hit speaks of its holder only as far as it fits
    the holder better than the operator: the posterior weighs them against each other, by the same likelihoods.
    """
    if not number_space >= 1:
        raise ValueError(f"number_space {number_space} must be 1 or more")
    if not min(coverage) > 0:
        raise ValueError(f"coverage {coverage}: both parameters of a Beta distribution must be positive")
    if not 0 <= everywhere < 1:
        raise ValueError(f"everywhere {everywhere} is not from 0 to under 1")
    if not 0 < prior_none < 1:
        raise ValueError(f"prior_none {prior_none} does not lie between 0 and 1")
    known = _normalised(canaries, country)
    names = known["number"] if pseudonym is None else known["number"].map(pseudonym)
    rows = []
    for campaign, numbers in reached.items():
        seen = set(one_spelling(pd.Series(list(numbers), dtype="str"), country)) - {""}
        chances = HitChances(_chance(dialled, campaign, len(seen), number_space), everywhere, coverage)
        hit = (known["number"].isin(seen) | names.isin(seen)).to_numpy()
        late = np.zeros(len(known), bool)
        if sent_at is not None and campaign in sent_at:
            late = (_had_by(known["given_at"], country) > utc(sent_at[campaign])).to_numpy()
        found = _Canaries(known, hit, late, chances).weigh(prior_none)
        rows += [{"campaign_id": str(campaign), **row} for row in sorted(found, key=lambda row: -row["log10_lr"])]
    table = pd.DataFrame(rows, columns=CANARY_COLUMNS)
    return table.astype(dict.fromkeys(("campaign_id", "holder", "note", "kind", "operator"), "str"))


@dataclass(frozen=True)
class _Canaries:
    """The canaries beside one campaign: which it hit, and which had been given too late to come from their holder."""

    known: pd.DataFrame
    hit: np.ndarray
    late: np.ndarray
    chances: HitChances

    def weigh(self, prior_none: float) -> list[dict]:
        """Weigh each holder and each operator with silent numbers."""
        holder, operator = self.known["holder"].to_numpy(), self.known["operator"].to_numpy()
        silent = holder == NOBODY
        files = {name: (holder == name) & ~self.late for name in sorted({*holder} - {NOBODY})}
        networks = {name: operator == name for name in sorted({*operator} - {""})}
        sources = [*files.values(), *networks.values()]
        hits = np.array([[self.hit[mine].sum()] for mine in sources])
        sizes = [int(mine.sum()) for mine in sources]
        odds = source_posteriors(
            hits, sizes, np.array([self.hit.sum()]), len(self.known), self.chances, prior_none
        )[:, 0]  # fmt: skip
        told = {"silent": int(silent.sum()), "silent_hit": int(self.hit[silent].sum())}
        rows = [
            {"holder": name, "kind": "holder", **self._row(mine, ~mine), "posterior": float(posterior), **told}
            for (name, mine), posterior in zip(files.items(), odds, strict=False)
        ]
        return rows + [
            # Whether it was the operator or a sender who dials its numbers no count of hits can say: it has no probability.
            {"holder": name, "kind": "operator", **self._row(silent & mine, ~mine), "posterior": np.nan, **told}
            for name, mine in networks.items()
            if (silent & mine).any()
        ]

    def _row(self, mine: np.ndarray, others: np.ndarray) -> dict:
        m, x = int(mine.sum()), int(self.hit[mine].sum())
        n, y = int(others.sum()), int(self.hit[others].sum())
        weighed = weigh_hits(x, m, y, n, self.chances)
        its_hits = self.known[mine & self.hit]
        networks = set(its_hits["operator"])
        notes = [f"Chance of a hit by dialling taken as up to {weighed.chance:.2g}."]
        if not m:
            notes.append("Its canaries were given after the campaign began.")
        if y:
            notes.append(f"{y} of {n} other canaries were hit too: the list has more sources, or numbers were dialled.")
        if _close(its_hits["number"]):
            notes.append("Canaries that were hit lie close together: a dialled range hits them at once.")
        return {
            "canaries": m,
            "hit": x,
            "others": n,
            "others_hit": y,
            "log10_lr": weighed.log10_lr,
            "p_value": weighed.p_value,
            "note": " ".join(notes),
            "operator": next(iter(networks)) if len(networks) == 1 else "",
            "undated": int(its_hits["given_at"].isna().sum()),
        }


def _had_by(given_at: pd.Series, country: str) -> pd.Series:
    """When a number was with its holder for certain: of a day without an hour its end, where people live."""
    days = (given_at == given_at.dt.normalize()).fillna(False)
    ends = (given_at.dt.tz_localize(None) + pd.Timedelta(days=1)).dt.tz_localize(
        home_zone(country), ambiguous="NaT", nonexistent="shift_forward"
    )
    return given_at.mask(days, ends.dt.tz_convert("UTC"))


def _chance(dialled: float | Mapping[str, float], campaign: str, seen: int, number_space: float) -> float:
    """Chance that random dialling hits a number; at least what is known to be reached was dialled."""
    many = dialled.get(campaign, MOST_DIALLED) if isinstance(dialled, Mapping) else dialled
    if not 0 < many <= number_space:
        raise ValueError(f"dialled {many} must lie above 0 and not above number_space {number_space}")
    return min(max(many, seen) / number_space, 1.0)


def _close(numbers: pd.Series) -> bool:
    values = np.sort([int(number.lstrip("+")) for number in numbers])
    return bool((np.diff(values) < ONE_RANGE).any())


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
            "operator": operators_stated(canaries, country),
        }
    ).drop_duplicates(["number", "holder"])
    known["holder"] = known["holder"].map(lambda name: NOBODY if is_nobody(name) else name)
    if (known["number"] == "").any() or (known["holder"] == "").any():
        raise TasribError("a canary has no readable number or no holder; read them with read_canaries, which names it")
    twice = known.loc[known["number"].duplicated(), "number"]
    if len(twice):
        raise TasribError(f"the canary {twice.iloc[0]} was given to two holders; remove it")
    return known.reset_index(drop=True)


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
        Gives one finding a campaign and holder, or operator with silent numbers, with at least one hit.
    """
    if setting.canaries is None:
        return Found
    campaigns = batch.campaigns
    reached = {name: batch.people.reached(name)["person"].tolist() for name in campaigns["campaign_id"]}
    sent = campaigns.set_index("campaign_id")["first"].dropna().to_dict()
    table = canary_evidence(
        setting.canaries, reached, sent_at=sent, pseudonym=setting.pseudonym, country=setting.country,
        prior_none=setting.prior_no_leak,
    )  # fmt: skip
    findings = []
    for _, group in table.groupby("campaign_id", sort=False):
        within = holm(group["p_value"].to_numpy(float))
        findings += [
            _finding(row, p_within) | {"n_looked_at": len(reached)}
            for row, p_within in zip(group.itertuples(), within, strict=True)
            if row.hit
        ]
    return partial(Found, findings)


def _finding(row: Any, p_within: float) -> Finding:
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
        "posterior": float(row.posterior),
        "baseline": "controls",
        "log10_lr": float(row.log10_lr),
        "note": row.note,
        "at_most": _at_most(row),
        "doubts": tuple(_doubts(row)),
    }


def _at_most(row: Any) -> str:
    """What an operator's own file, which holds them too, leaves of hits."""
    if row.kind == "operator" or row.hit == 1:
        return "weak"
    return "moderate" if row.operator else "strong"


def _doubts(row: Any) -> list[Caveat]:
    if row.kind == "operator":
        return [Caveat("kept_silent", {"operator": row.holder})]
    said = [Caveat("one_hit")] if row.hit == 1 else []
    if row.operator and row.hit > 1:
        said.append(Caveat("operator_holds_too", {"operator": row.operator}))
    if row.silent_hit:
        said.append(Caveat("silent_hit", {"n_hit": int(row.silent_hit), "n_silent": int(row.silent)}))
    return [*said, Caveat("given_unknown")] if row.undated else said


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
