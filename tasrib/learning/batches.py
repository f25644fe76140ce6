"""Has what comes in changed? Two batches of scored complaints, each campaign counted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import escape
from scipy import sparse
from scipy.stats import ks_2samp
from sklearn.feature_extraction.text import CountVectorizer
from statsmodels.stats.multitest import multipletests

from tasrib._arguments import as_frame, as_whole
from tasrib.errors import TasribError
from tasrib.scored import check
from tasrib.text import near_duplicate_groups, normalise

FINDING_COLUMNS = ("what", "statistic", "value", "by_chance", "p_value", "p_adjusted", "moved", "sentence")
LEAST = 0.05
_LEVEL = 0.05
_SHARES = {"language": "language", "category": "category", "decision": "decision"}
_NEEDED = ("text", "language", "category", "decision", "probability")
_SIMILARITY = 0.45
_PERMUTATIONS = 1_000
_MOST_TEXTS = 4_000
_FEWEST = 10
# Names and typing errors stand in one message or two: new in every batch, they say nothing of a change.
_LEAST_MESSAGES = 3


@dataclass(frozen=True)
class Drift:
    """
    What moved between two batches.

    Attributes
    ----------
    findings : pandas.DataFrame
        One row a test, with the columns of ``FINDING_COLUMNS``: ``value`` is the size of the change, ``by_chance`` what it stays under 95% of
        the time without one, ``moved`` whether the adjusted p is below 0.05 and the size at least ``LEAST``.
    n_old, n_new : int
        Complaints in each batch.
    clusters_old, clusters_new : int
        Near-duplicate clusters in each: what is counted.
    """

    findings: pd.DataFrame
    n_old: int
    n_new: int
    clusters_old: int
    clusters_new: int

    def __repr__(self) -> str:
        """The count of what moved."""
        return f"Drift({self._counts()})"

    def _repr_html_(self) -> str:
        """What a notebook shows: the count, and a sentence a test."""
        sentences = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.findings["sentence"])
        return f"<p>{escape(self._counts())}</p><ul>{sentences}</ul>"

    def _counts(self) -> str:
        what = [str(name) for name in self.findings.loc[self.findings["moved"], "what"]]
        return (
            f"{self.n_old} complaints in {self.clusters_old} clusters before, {self.n_new} in {self.clusters_new} now; "
            f"moved: {', '.join(what) or 'nothing'}"
        )

    @property
    def moved(self) -> bool:
        """Whether anything moved."""
        return bool(self.findings["moved"].any())


def drift(old: pd.DataFrame, new: pd.DataFrame, *, permutations: int = _PERMUTATIONS, seed: int = 0) -> Drift:
    """
    Say whether languages, categories, decisions, probabilities or the vocabulary moved.

    Parameters
    ----------
    old, new : pandas.DataFrame
        Scored complaints of two batches, scored by the same model.
    permutations : int
        For the tests that shuffle.
    seed : int
        Of the shuffling.

    Returns
    -------
    Drift
        Every near-duplicate cluster counts once in each batch, with its commonest label and median probability: a campaign that
        many reported must not pass for a change. Shares: total-variation distance with a permutation test. Probability:
        two-sample Kolmogorov-Smirnov. Vocabulary: share of the words of the new messages, among those that three
        messages or more share, that no old message has, with a
        permutation test, on at most 4,000 clusters a batch. P-values adjusted after Holm.

    Raises
    ------
    TasribError
        When a batch is not scored or has fewer than ten clusters, or two models scored them: the model's change would pass for one
        of the messages.

    Notes
    -----
    Permutation tests: Good, "Permutation, Parametric, and Bootstrap Tests of Hypotheses", 2005, 3; Holm, Scandinavian Journal of
    Statistics 1979; which tests find shift: Rabanser, Günnemann & Lipton, "Failing loudly", NeurIPS 2019.
    """
    permutations, seed = as_whole(permutations, "permutations"), as_whole(seed, "seed", 0)
    sides = [_clusters(frame, name) for frame, name in ((old, "old"), (new, "new"))]
    _refuse_two_models(old, new)
    both = pd.concat(sides, ignore_index=True)
    is_new = np.arange(len(both)) >= len(sides[0])
    rng = np.random.default_rng(seed)
    rows = [_shares(both[column], is_new, name, permutations, rng) for column, name in _SHARES.items()]
    rows.append(_probability(both["probability"].to_numpy(float), is_new))
    rows.append(_vocabulary(both["text"].to_numpy(dtype=object), is_new, permutations, rng))
    findings = pd.DataFrame(rows, columns=["what", "statistic", "value", "by_chance", "p_value", "said"])
    findings["p_adjusted"] = multipletests(findings["p_value"], method="holm")[1]
    excess = findings["value"] - np.where(findings["what"] == "vocabulary", findings["by_chance"], 0)
    findings["moved"] = (findings["p_adjusted"] < _LEVEL) & (excess >= LEAST)
    findings["sentence"] = [
        _sentence(row, small) for (_, row), small in zip(findings.iterrows(), excess < LEAST, strict=True)
    ]
    return Drift(findings[list(FINDING_COLUMNS)], len(old), len(new), len(sides[0]), len(sides[1]))


def _refuse_two_models(old: pd.DataFrame, new: pd.DataFrame) -> None:
    # Frames of an older tasrib do not say.
    before, now = (sorted(set(frame["model"].dropna()) - {""}) if "model" in frame else [] for frame in (old, new))
    if len({*before, *now}) > 1:
        which = (
            f"the old batch by {' and '.join(before) or 'one unknown'}, the new by {' and '.join(now) or 'one unknown'}"
        )
        raise TasribError(
            f"{which}: scored by different models, they differ by that alone; score both with one of them"
        )


def _clusters(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    frame = as_frame(frame, "scored complaints, as from tasrib.score or tasrib.read_scored")
    lacking = [column for column in _NEEDED if column not in frame.columns]
    if lacking:
        raise TasribError(
            f"the {name} batch has no column {lacking[0]!r}, so it is not scored; run tasrib score on it first"
        )
    frame = check(frame, _NEEDED)
    texts = frame["text"]
    distinct, of = np.unique(texts.to_numpy(dtype=object).astype(str), return_inverse=True)
    group = near_duplicate_groups(list(distinct), _SIMILARITY)[of]
    # What scoring put into one campaign stays one, also where this batch lacks the message that linked two.
    campaign = frame["campaign_id"].to_numpy()
    group = np.where(campaign != "", "c" + campaign.astype(object), group.astype(str).astype(object))
    table = pd.DataFrame({"text": texts.to_numpy(), "probability": frame["probability"].to_numpy(float)}).groupby(
        group, sort=False
    )
    table = table.agg({"text": "first", "probability": "median"})
    for column in _SHARES:
        table[column] = _commonest(frame[column].to_numpy(), group).reindex(table.index)
    if len(table) < _FEWEST:
        raise TasribError(
            f"the {name} batch has only {len(table)} different messages; at least {_FEWEST} are needed to compare"
        )
    return table


def _commonest(values: np.ndarray, group: np.ndarray) -> pd.Series:
    """The commonest value of each group; of equally common ones the alphabetically first."""
    counts = pd.DataFrame({"group": group, "value": values}).value_counts().rename("n").reset_index()
    ranked = counts.sort_values(["n", "value"], ascending=[False, True], kind="stable")
    return ranked.drop_duplicates("group").set_index("group")["value"]


def _shares(values: pd.Series, is_new: np.ndarray, name: str, permutations: int, rng: np.random.Generator) -> tuple:
    names, code = np.unique(values.to_numpy().astype(str), return_inverse=True)
    marks = (code[:, None] == np.arange(len(names))).astype(float)

    def distance(side: np.ndarray) -> np.ndarray:
        return (
            np.abs(
                side @ marks / side.sum(axis=-1, keepdims=True)
                - (1 - side) @ marks / (1 - side).sum(axis=-1, keepdims=True)
            ).sum(axis=-1)
            / 2
        )

    seen = float(distance(is_new.astype(float)))
    shuffled = np.concatenate([distance(side) for side in _shuffles(is_new, permutations, rng)])
    before, after = marks[~is_new].mean(axis=0), marks[is_new].mean(axis=0)
    most = np.argsort(-np.abs(after - before), kind="stable")[:3]
    moves = ", ".join(
        f"{names[i] or '(no words)'} {before[i]:.0%} → {after[i]:.0%}" for i in most if before[i] != after[i]
    )
    said = f"{name}: {seen:.0%} of the messages would have to change for the shares to be as before" + (
        f" ({moves})" if moves else ""
    )
    return name, "total variation", seen, float(np.quantile(shuffled, 0.95)), _p_value(shuffled, seen), said


def _probability(values: np.ndarray, is_new: np.ndarray) -> tuple:
    found = ks_2samp(values[~is_new], values[is_new])
    n, m = (~is_new).sum(), is_new.sum()
    chance = 1.358 * np.sqrt((n + m) / (n * m))  # 95% point of the limiting distribution
    before, after = np.median(values[~is_new]), np.median(values[is_new])
    said = (
        f"probability of campaign: its distribution differs by at most {found.statistic:.0%} at any point "
        f"(median {before:.2f} → {after:.2f})"
    )
    return "probability", "Kolmogorov-Smirnov", float(found.statistic), float(chance), float(found.pvalue), said


def _vocabulary(texts: np.ndarray, is_new: np.ndarray, permutations: int, rng: np.random.Generator) -> tuple:
    kept = np.sort(np.concatenate([_sample(np.flatnonzero(side), rng) for side in (~is_new, is_new)]))
    is_new = is_new[kept]
    try:
        words = CountVectorizer(
            lowercase=False, token_pattern=r"[^\W\d_]{2,}", preprocessor=normalise, binary=True, min_df=_LEAST_MESSAGES
        )
        table = sparse.csr_matrix(words.fit_transform(texts[kept]), dtype=np.float32)
    except ValueError:
        return "vocabulary", "unseen share", 0.0, 0.0, 1.0, "vocabulary: no words recur, so there is nothing to compare"

    total = np.asarray(table.sum(axis=0)).ravel()

    def unseen(side: np.ndarray) -> np.ndarray:
        here = np.asarray((table.T @ side.T).T)
        return np.where(here >= total - 0.5, here, 0).sum(axis=1) / np.maximum(here.sum(axis=1), 1)

    seen = float(unseen(is_new[None].astype(np.float32))[0])
    shuffled = np.concatenate(
        [unseen(side.astype(np.float32)) for side in _shuffles(is_new, min(permutations, 400), rng)]
    )
    said = f"vocabulary: {seen:.0%} of the recurring words in the new messages stand in no old one"
    return "vocabulary", "unseen share", seen, float(np.quantile(shuffled, 0.95)), _p_value(shuffled, seen), said


def _sample(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rows if len(rows) <= _MOST_TEXTS else rng.choice(rows, _MOST_TEXTS, replace=False)


def _shuffles(is_new: np.ndarray, permutations: int, rng: np.random.Generator):
    """Random assignments of the clusters to the two batches, in blocks that fit into memory."""
    block = max(1, min(permutations, 4_000_000 // len(is_new)))
    for start in range(0, permutations, block):
        yield rng.permuted(np.tile(is_new.astype(float), (min(block, permutations - start), 1)), axis=1)


def _p_value(shuffled: np.ndarray, seen: float) -> float:
    return float((1 + (shuffled >= seen - 1e-12).sum()) / (1 + len(shuffled)))


def _sentence(row: pd.Series, small: bool) -> str:
    p = "less than 0.001" if row["p_adjusted"] < 0.001 else f"{row['p_adjusted']:.3f}"
    chance = f"chance alone makes up to {row['by_chance']:.0%}; adjusted p {p}"
    if row["moved"]:
        verdict = "It moved."
    elif row["p_adjusted"] < _LEVEL and small:
        verdict = "A change more than chance, but too small to matter."
    else:
        verdict = "No sign of a change."
    return f"{verdict} {row['said'][0].upper()}{row['said'][1:]}; {chance}."
