"""The triage as tables that a report can show as they are, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tasrib.compliance.counting import by_campaign, by_party, complaints_in, file_strength
from tasrib.compliance.loading import load_rules
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import VERDICTS, RuleSet
from tasrib.compliance.triaging import triage
from tasrib.compliance.wording import because_words, check_language, verdict_words


@dataclass(frozen=True)
class ComplianceTable:
    """
    A table for readers.

    Parameters
    ----------
    key : str
        ``rules``, ``campaigns``, ``parties``, ``files`` or ``indications``.
    title, note : str
        What it shows, and what to bear in mind.
    frame : pandas.DataFrame
        Its rows, headings and words in the language; shares from 0 to 1, counts as whole numbers.
    """

    key: str
    title: str
    note: str
    frame: pd.DataFrame


def compliance_tables(
    scored: pd.DataFrame, language: str, rules: str | Path | RuleSet = "ma", facts: pd.DataFrame | None = None
) -> dict[str, ComplianceTable]:
    """
    Make the tables of the triage.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    language : str
        ``ar``, ``fr`` or ``en``.
    rules, facts
        As for `triage`.

    Returns
    -------
    dict of str to ComplianceTable
        ``rules``: each rule with its source and counts. ``campaigns`` and ``parties``: counts by rule. ``files``: how far the file of each
        campaign has got, and the next question. ``indications``: each complaint and rule where a breach is indicated, and why.

    Raises
    ------
    TasribError
        As `triage`; also when the language is not one of the three.
    """
    check_language(language)
    rule_set = load_rules(rules)
    return tables_of(triage(scored, rule_set, facts), rule_set, language)


@dataclass(frozen=True)
class Counts:
    """
    A triage counted.

    Parameters
    ----------
    campaigns, parties : pandas.DataFrame
        From `by_campaign` and `by_party`.
    files : pandas.DataFrame
        From `file_strength`, by campaign.
    """

    campaigns: pd.DataFrame
    parties: pd.DataFrame
    files: pd.DataFrame


def counts_of(triaged: pd.DataFrame, rules: RuleSet) -> Counts:
    """
    Count a triage in the ways that the tables show.

    Parameters
    ----------
    triaged, rules
        As for `tables_of`.

    Returns
    -------
    Counts
        By campaign, by party and by file.
    """
    return Counts(by_campaign(triaged), by_party(triaged), file_strength(triaged, "campaign_id", rules))


def tables_of(
    triaged: pd.DataFrame, rules: RuleSet, language: str, counts: Counts | None = None
) -> dict[str, ComplianceTable]:
    """
    Make the tables of a triage that was done.

    Parameters
    ----------
    triaged : pandas.DataFrame
        From `triage`, or from `tasrib.compliance.triaging.triage_counts`.
    rules : RuleSet
        The rules that it was made with.
    language : str
        ``ar``, ``fr`` or ``en``.
    counts : Counts, optional
        From `counts_of`, where the triage was counted already.

    Returns
    -------
    dict of str to ComplianceTable
        As `compliance_tables`; of counts ``indications`` has a line for each campaign, party, rule and reason, with the number of complaints.
    """
    counted = counts_of(triaged, rules) if counts is None else counts
    frames = {
        "rules": _rules(triaged, rules, language),
        "campaigns": _counts(counted.campaigns, ["campaign_id", "party"], rules, language),
        "parties": _counts(counted.parties, ["party"], rules, language),
        "files": _files(counted.files, rules, language),
        "indications": _indications(triaged, rules, language),
    }
    return {
        key: ComplianceTable(key, word("title", key, language), word("note", key, language), frame)
        for key, frame in frames.items()
    }


def _headed(frame: pd.DataFrame, columns: Sequence[str], language: str) -> pd.DataFrame:
    """The columns in this order, under their headings."""
    headings = [word("heading", name, language) for name in columns]
    return frame[list(columns)].set_axis(headings, axis=1).reset_index(drop=True)


def _confidence(confidence: str, language: str) -> str:
    return word("confidence", confidence, language)


def _rules(triaged: pd.DataFrame, rules: RuleSet, language: str) -> pd.DataFrame:
    each = triaged[["rule", "verdict"]].assign(n=complaints_in(triaged))
    counts = each.groupby(["rule", "verdict"], observed=False)["n"].sum().unstack("verdict", fill_value=0)
    said = pd.DataFrame(
        {
            "rule": [rule.id for rule in rules.rules],
            "title": [rule.title[language] for rule in rules.rules],
            "text": [rule.text[language] for rule in rules.rules],
            "law": [rule.law[language] for rule in rules.rules],
            "confidence": [_confidence(rule.confidence, language) for rule in rules.rules],
        }
    )
    for verdict in VERDICTS:
        said[verdict] = [int(counts.loc[rule.id, verdict]) if rule.id in counts.index else 0 for rule in rules.rules]
    return _headed(said, ["rule", "title", "text", "law", "confidence", *VERDICTS], language)


def _counts(counts: pd.DataFrame, keys: list[str], rules: RuleSet, language: str) -> pd.DataFrame:
    titles = {rule.id: rule.title[language] for rule in rules.rules}
    told = counts.assign(
        title=[titles[rule] for rule in counts["rule"]],
        rule=counts["rule"].astype("object"),
        confidence=[_confidence(each, language) for each in counts["confidence"]],
    )
    return _headed(told, [*keys, "rule", "title", "confidence", "complaints", *VERDICTS], language)


def _files(files: pd.DataFrame, rules: RuleSet, language: str) -> pd.DataFrame:
    told = files.assign(
        ask=[rules.fields[name].ask[language] if name else "" for name in files["ask"]],
        whom=[word("whom", whom, language) if whom else "" for whom in files["whom"]],
    )
    columns = ["campaign_id", "complaints", "answered", "in_order", "ask", "whom", "settles", "settles_rules"]
    return _headed(told, columns, language)


def _indications(triaged: pd.DataFrame, rules: RuleSet, language: str) -> pd.DataFrame:
    found = triaged[triaged["verdict"] == "breach_indicated"]
    titles = {rule.id: rule.title[language] for rule in rules.rules}
    reasons = {each: because_words(each, rules, language) for each in found["because"].unique()}
    told = found.assign(
        title=[titles[rule] for rule in found["rule"]],
        rule=found["rule"].astype("object"),
        verdict=[
            verdict_words("breach_indicated", about, confidence, language)
            for about, confidence in zip(found["about"], found["confidence"], strict=True)
        ],
        because=[reasons[each] for each in found["because"]],
    )
    columns = ["campaign_id", "party", "rule", "title", "verdict", "because"]
    if "n" not in told:
        return _headed(told, ["complaint_id", "source_file", "source_row", *columns], language)
    # Different reasons may read the same.
    counted = told.groupby(columns, sort=True)["n"].sum().rename("complaints").reset_index()
    return _headed(counted, [*columns, "complaints"], language)
