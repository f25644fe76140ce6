"""
Measure the shipped model on messages by writers it was not fitted on: `python -m training.evaluate` (`make evaluate`).

The messages are those of the test batches, which no model is fitted, tuned, calibrated or chosen on. Intervals are 95%, from a
bootstrap that draws whole batches: messages by one writer are not independent.
"""

from __future__ import annotations

import argparse
import json
import random

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_fscore_support

from tasrib.classify import CAMPAIGN, CATEGORIES, Model, judge, load_model
from tasrib.classify.real_text import RealText
from tasrib.learning import evaluate, is_test_batch
from tasrib.learning.evaluation import rounded_interval
from tasrib.learning.intervals import interval, resampling_weights, share_of, weighted_measures
from tasrib.pipeline.deciding import judge_batch
from tasrib.tracing.stats.exact import clopper_pearson
from training import goals
from training.asked import asked_shares
from training.corpus import load_corpus
from training.external import false_alarms, read_external
from training.kept_aside import measure_kept_aside, table_of
from training.model_card import model_card
from training.obfuscate import OBFUSCATIONS
from training.paths import MODEL, MODEL_COMPARISON
from training.second_reading import agreement, load_second_reading
from training.world import load_world


def recall_at_precision(
    probability: np.ndarray, positive: np.ndarray, weights: np.ndarray, precision: float = 0.99
) -> np.ndarray:
    """
    Largest recall at which the precision is still reached, in each resample.

    Parameters
    ----------
    probability : numpy.ndarray, shape (n,)
        Of campaign.
    positive : numpy.ndarray of bool, shape (n,)
        What was true.
    weights : numpy.ndarray, shape (m, n)
        From `tasrib.learning.intervals.resampling_weights`.
    precision : float
        Least precision.

    Returns
    -------
    numpy.ndarray, shape (m,)
        Recall; 0 where the precision is never reached.
    """
    order = np.argsort(-probability, kind="stable")
    ends = np.append(np.diff(probability[order]) != 0, True)
    hits = np.cumsum(weights[:, order] * positive[order], axis=1, dtype=float)
    called = np.cumsum(weights[:, order], axis=1, dtype=float)
    fine = (hits >= precision * called) & ends & (called > 0)
    return np.where(fine, hits, 0).max(axis=1) / np.maximum(hits[:, -1], 1e-12)


def category_table(labels: np.ndarray, predicted: np.ndarray) -> dict[str, dict[str, float]]:
    """
    Precision, recall and F1 of each category.

    Parameters
    ----------
    labels, predicted : numpy.ndarray of str, shape (n,)
        True and likeliest categories.

    Returns
    -------
    dict of str to dict
        ``n``, ``precision``, ``recall``, ``f1`` by category.
    """
    found = precision_recall_fscore_support(labels, predicted, labels=CATEGORIES, zero_division=0)
    names = ("precision", "recall", "f1", "n")
    return {c: {n: float(v[i]) for n, v in zip(names, found, strict=True)} for i, c in enumerate(CATEGORIES)}


def obfuscation_losses(model: Model, test: pd.DataFrame, weights: np.ndarray) -> dict[str, list[float]]:
    """
    What each disguise costs.

    Parameters
    ----------
    model : Model
        The model.
    test : pandas.DataFrame, shape (n, …)
        Labelled messages.
    weights : numpy.ndarray, shape (m, n)
        Resamples.

    Returns
    -------
    dict of str to [float, float, float]
        Recall of the decision ``campaign`` lost, with its interval, by disguise, at the model's own thresholds.
    """
    rows = np.flatnonzero((test["category"] == CAMPAIGN).to_numpy())
    texts, mine = test["text"].to_numpy()[rows], weights[:, rows]
    every = np.ones(len(rows), bool)

    def recall(messages: list[str]) -> np.ndarray:
        return share_of((judge(model.classifier, messages).table()["decision"] == "campaign").to_numpy(), every, mine)

    plain = recall(list(texts))
    losses = {}
    for name, disguise in OBFUSCATIONS.items():
        hidden = [disguise(text, random.Random(f"{name} {text}")) for text in texts]
        losses[name] = list(interval(plain - recall(hidden)))
    return losses


def measure_model(model: Model, corpus: pd.DataFrame) -> dict:
    """
    Measure a model on the test batches, under disguises and on text from outside.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.

    Returns
    -------
    dict
        What ``model/metrics.json`` holds; ``external`` and ``kept_aside["real"]`` are empty where the outside text is not there, ``asked`` lacks it.
    """
    test = corpus[corpus["batch"].map(is_test_batch)].reset_index(drop=True)
    # The plain messages are asked about three times.
    model, fast = model.remembering(), model.fast()
    labels, batches = test["category"].to_numpy().astype(str), test["batch"].to_numpy()
    predicted = judge_batch(model, test["text"].tolist())
    weights = resampling_weights(batches)
    campaign, probability = labels == CAMPAIGN, predicted["probability"].to_numpy()
    found = evaluate(model, test, groups=batches)
    best = recall_at_precision(probability, campaign, weights)
    found["recall_at_precision_99"] = float(best[0])
    found["intervals"]["recall_at_precision_99"] = list(interval(best)[1:])
    right = model.variety.predict(test["text"].tolist()) == test["language"].to_numpy()

    def part(rows: np.ndarray, *, variety: bool, table: pd.DataFrame = predicted) -> dict:
        mine = weighted_measures(labels[rows], table[rows], weights[:, rows])
        if variety:
            mine["variety_accuracy"] = share_of(right[rows], np.ones(rows.sum(), bool), weights[:, rows])
        return {"n": int(rows.sum())} | {key: rounded_interval(values) for key, values in mine.items()}

    hard = test["hard"].to_numpy(bool)
    by_language = {
        name: part((test["language"] == name).to_numpy(), variety=True) for name in sorted(test["language"].unique())
    }
    by_hardness = {name: part(rows, variety=False) for name, rows in (("hard", hard), ("plain", ~hard))}
    return {
        "model": model.version,
        "messages": {"all": len(corpus), "fitted_on": len(corpus) - len(test), "test": len(test)},
        "batches": {"all": int(corpus["batch"].nunique()), "test": int(test["batch"].nunique())},
        "test": found,
        "by_language": by_language,
        "by_hardness": by_hardness,
        "all": part(np.ones(len(test), bool), variety=True),
        "fast": part(np.ones(len(test), bool), variety=False, table=judge_batch(fast, test["text"].tolist())),
        "by_category": category_table(labels, predicted["category"].to_numpy().astype(str)),
        "obfuscations": obfuscation_losses(model, test, weights),
        "external": false_alarms(model, read_external()),
        "asked": asked_shares(model, test["text"].tolist()),
        "second_reading": agreement(load_second_reading()),
        "kept_aside": measure_kept_aside(model),
        "taught": _taught(model, corpus),
        "precision": model.scorer.settings["precision"],
        "review_band": [float(x) for x in model.classifier.thresholds_],
    }


def _taught(model: Model, corpus: pd.DataFrame) -> dict[str, int]:
    """How many messages of which source the weights were fitted on."""
    written = {"corpus": corpus, "world": load_world()}
    found = {name: int((~each["batch"].map(is_test_batch).astype(bool)).sum()) for name, each in written.items()}
    # The counts come with the model, also where the text is not on this machine.
    return found | {"real": 0 if model.real_text is None else len(RealText.load(model.real_text).categories)}


def goal_lines(found: dict) -> list[dict]:
    """
    Hold every figure against its goal.

    Parameters
    ----------
    found : dict
        From `measure_model`.

    Returns
    -------
    list of dict
        From `training.goals.Goal.line`; a goal whose text from outside is not there has no line.
    """
    test, worst = found["test"], max(found["obfuscations"].items(), key=lambda item: item[1][0])

    def line(goal: goals.Goal, key: str) -> dict:
        return goal.line(test[key], *test["intervals"][key])

    lines = [
        line(goals.PRECISION, "campaign_precision"),
        line(goals.RECALL, "campaign_recall"),
        line(goals.REVIEW, "review_share"),
        line(goals.CALIBRATION, "calibration_error"),
    ]
    for name, row in found["by_language"].items():
        each = goals.VARIETY_F1.line(*row["campaign_f1"])
        lines.append(each | {"goal": f"{each['goal']}, {name}"})
    lost = goals.OBFUSCATION.line(*worst[1])
    lines.append(lost | {"goal": f"{lost['goal']} ({worst[0]})"})
    for name, goal in goals.FALSE_ALARMS.items():
        if name in found["external"]:
            row = found["external"][name]
            lines.append(goal.line(row["share"], row["low"], row["high"]))
    for name, goal in goals.REVIEWED.items():
        if name in found["external"]:
            row = found["external"][name]
            lines.append(goal.line(row["review"] / row["n"], *map(float, clopper_pearson(row["review"], row["n"]))))
    for name, said in (("world", "other countries"), ("real", "real text")):
        rows = found["kept_aside"][name]
        for key, goal in goals.ELSEWHERE.items() if rows else ():
            each = goal.line(*rows["all"][key])
            lines.append(each | {"goal": f"{each['goal']}, {said}"})
        if rows:
            each = goals.CALIBRATION.line(rows["all"]["calibration_error"])
            lines.append(each | {"goal": f"{each['goal']}, {said}"})
    lines += [line(goals.PARTY_PRECISION, "party_precision"), line(goals.PARTY_RECALL, "party_recall")]
    if MODEL_COMPARISON.is_file():
        table = pd.DataFrame(json.loads(MODEL_COMPARISON.read_text(encoding="utf-8")))
        best = table.loc[table["simple"], "test error"].min()
        ours = table.loc[table["peer"] == goals.SHIPPED, "test error"].iloc[0]
        lines.append(
            goals.Goal("errors, as a share of the best simple baseline's", 0.5, False).line(float(ours / best))
        )
    return lines


def print_measures(found: dict) -> None:
    """
    Print what `measure_model` found as tables.

    Parameters
    ----------
    found : dict
        From `measure_model`.
    """
    pd.set_option("display.width", 220)
    sizes = found["messages"]
    print(
        f"{sizes['test']} messages in {found['batches']['test']} test batches, never fitted on; fitted on {sizes['fitted_on']}"
    )
    print(f"review band {found['review_band'][0]:.3f} to {found['review_band'][1]:.3f}\n")
    test = found["test"]
    for key, (low, high) in test["intervals"].items():
        print(f"{key:26} {test[key]:.4f}  [{low:.4f}, {high:.4f}]")
    whole = {"all messages": {"with the encoder": found["all"], "with --fast": found["fast"]}}
    for title, table in {**whole, "by language": found["by_language"], "by hardness": found["by_hardness"]}.items():
        rows = {k: {n: (v if n == "n" else v[0]) for n, v in row.items()} for k, row in table.items()}
        print(f"\n{title}")
        print(pd.DataFrame(rows).T.round(3).to_string())
    print("\nby category\n" + pd.DataFrame(found["by_category"]).T.round(3).to_string())
    print("\nrecall lost under disguise, with its interval")
    for name, row in sorted(found["obfuscations"].items(), key=lambda item: -item[1][0]):
        print(f"{name:26} {row[0]:+.4f}  [{row[1]:+.4f}, {row[2]:+.4f}]")
    for name, row in found["external"].items():
        print(f"\n{name}: {row['campaign']} of {row['n']} called campaign, {row['share']:.2%} [{row['low']:.2%}, {row['high']:.2%}], "
              f"{row['review']} sent to review")  # fmt: skip
    if not found["external"]:
        print("\ntext from outside is not here: false alarms were not measured")
    print("\nshare of the messages that the encoder is asked about, and that its network is run on")
    print(pd.DataFrame(found["asked"]).T.round(3).to_string())
    print(f"\nsecond reading, blind: Cohen's kappa {found['second_reading']['kappa']:.3f}")
    for name, said in (("world", "messages of other countries"), ("real", "real text that readers labelled")):
        print(f"\n{said}\n{table_of(found['kept_aside'][name]) or 'not here: not measured'}")
    print("\ngoals")
    table = pd.DataFrame(goal_lines(found))
    table["met"] = table["met"].map({True: "met", False: "MISSED"})
    print(table.round(4).to_string(index=False))


def write_figures(found: dict) -> None:
    """
    Write what was found beside the model.

    Parameters
    ----------
    found : dict
        From `measure_model`.
    """
    (MODEL / "metrics.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (MODEL / "MODEL_CARD.md").write_text(model_card(found, goal_lines(found)), encoding="utf-8")


def main() -> None:
    """Measure the model in `model/` and print; with `--write` its figures and its card are written anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write metrics.json and MODEL_CARD.md too")
    wanted = parser.parse_args()
    found = measure_model(load_model(MODEL), load_corpus())
    print_measures(found)
    if wanted.write:
        write_figures(found)


if __name__ == "__main__":
    main()
