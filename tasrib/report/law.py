"""What the law asks of the messages, for a report: counts of indications, how far each file has got, the next question."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tasrib.compliance import RuleSet, file_strength
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import VERDICTS
from tasrib.compliance.tabling import Counts, counts_of, tables_of
from tasrib.compliance.triaging import triage_counts
from tasrib.report.catalogue import COMMA, say
from tasrib.report.words import percent_words
from tasrib.tracing.caveats import isolated

_COUNTED = ("complaints", *VERDICTS)
# In Arabic, what runs from left to right inside a sentence: words in Latin letters, numbers with what joins them.
_TOKEN = r"[A-Za-z0-9](?:[A-Za-z0-9./:+'%-]*[A-Za-z0-9%])?"
_LEFT_TO_RIGHT = re.compile(rf"{_TOKEN}(?: (?=[A-Za-z]){_TOKEN})*")


@dataclass(frozen=True)
class Law:
    """
    The triage of a case, counted.

    Attributes
    ----------
    rules : RuleSet
        What the complaints were held against, with other names for operators where the report has such.
    campaigns, parties : pandas.DataFrame
        Complaints and verdicts by campaign, or party, and rule. Messages that show no party are together, under an empty name.
    campaign_files, party_files : pandas.DataFrame
        How far each file has got, and the next question: see `tasrib.compliance.file_strength`.
    tables : dict of str to pandas.DataFrame
        Sheets of the workbook, in its language.
    """

    rules: RuleSet
    campaigns: pd.DataFrame
    parties: pd.DataFrame
    campaign_files: pd.DataFrame
    party_files: pd.DataFrame
    tables: dict[str, pd.DataFrame]


def law_of(
    scored: pd.DataFrame,
    rules: RuleSet,
    facts: pd.DataFrame | None = None,
    renamed: Callable[[str], str] | None = None,
    language: str = "en",
) -> Law:
    """
    Hold the campaign complaints of a case against rules, and count.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, with people's decisions in them.
    rules : RuleSet
        From `tasrib.compliance.load_rules`.
    facts : pandas.DataFrame, optional
        What people found out, from `tasrib.read_facts`.
    renamed : callable, optional
        Puts other names for operators into a text.
    language : str
        ``ar``, ``fr`` or ``en``: of the workbook.

    Returns
    -------
    Law
        Counts and codes: no complaint's text or number, and no complaint by itself.
    """
    triaged = triage_counts(scored, rules, facts)
    if renamed is not None:
        rules = _renamed(rules, renamed)
        names = {name: renamed(name) for name in triaged["party"].unique()}
        triaged = triaged.assign(party=triaged["party"].map(names))
    counts = counts_of(triaged, rules)
    campaigns = counts.campaigns.groupby(["campaign_id", "rule", "confidence"], observed=True)[list(_COUNTED)].sum()
    return Law(
        rules, campaigns.reset_index(), counts.parties, counts.files, file_strength(triaged, "party", rules),
        _sheets(triaged, rules, language, counts),
    )  # fmt: skip


def _renamed(rules: RuleSet, renamed: Callable[[str], str]) -> RuleSet:
    def words(said: Any) -> dict[str, str]:
        return {language: renamed(text) for language, text in said.items()}

    return dataclasses.replace(
        rules,
        title=words(rules.title),
        rules=tuple(
            dataclasses.replace(
                each, title=words(each.title), text=words(each.text), law=words(each.law), sources=tuple(map(renamed, each.sources))
            )
            for each in rules.rules
        ),
        fields={
            name: dataclasses.replace(each, label=words(each.label), ask=words(each.ask))
            for name, each in rules.fields.items()
        },
    )  # fmt: skip


def _sheets(triaged: pd.DataFrame, rules: RuleSet, language: str, counts: Counts) -> dict[str, pd.DataFrame]:
    """The tables in words. Of indications each reason is counted: which complaints they are is for the working file, not for a report."""
    return {f"law_{name}": table.frame for name, table in tables_of(triaged, rules, language, counts).items()}


def law_record(law: Law | None) -> dict[str, Any] | None:
    """
    Say the triage by codes, for ``findings.json``.

    Parameters
    ----------
    law : Law or None
        None where the report holds the case against no rules.

    Returns
    -------
    dict or None
        ``rules``: which rule set, by its code, country and hash. ``campaigns`` and ``parties``: each with its ``complaints``, the shares ``answered``
        and ``in_order``, the next question (``ask``, ``whom``, how many verdicts it ``settles``, and of which rules) and ``by_rule``: verdicts counted.
    """
    if law is None:
        return None
    rules = {"code": law.rules.code, "country": law.rules.country, "sha256": law.rules.sha256}
    return {
        "rules": rules,
        "campaigns": _records(law.campaigns, law.campaign_files, "campaign_id"),
        "parties": _records(law.parties, law.party_files, "party"),
    }


def _records(counts: pd.DataFrame, files: pd.DataFrame, key: str) -> list[dict[str, Any]]:
    columns = ["rule", "confidence", *VERDICTS]
    by_rule = {name: part[columns].astype(object).to_dict("records") for name, part in counts.groupby(key, sort=False)}
    return [
        {
            key: row[key],
            "complaints": row["complaints"],
            **{name: None if pd.isna(row[name]) else row[name] for name in ("answered", "in_order")},
            **{name: row[name] for name in ("ask", "whom", "settles")},
            "settles_rules": row["settles_rules"].split(", ") if row["settles_rules"] else [],
            "by_rule": by_rule[row[key]],
        }
        for row in files.to_dict("records")
    ]


def law_section(law: Law, names: dict[str, str], language: str, most: int) -> dict[str, Any]:
    """
    Say what the law asks, for the page.

    Parameters
    ----------
    law : Law
        From `law_of`.
    names : dict of str to str
        The campaigns that the report shows, in its order, and how each is called.
    language : str
        ``ar``, ``fr`` or ``en``.
    most : int
        Campaigns that are not folded.

    Returns
    -------
    dict
        ``title`` of the rule set; ``first``: a line for the first page, where rules to be confirmed do not count; ``campaigns``, ``more`` and ``parties``: rows with ``name``, ``complaints``, ``indicated`` (a line
        a rule), ``file`` and ``ask``; ``rules``: each with its words, sources and counts.
    """
    mine = law.campaigns[law.campaigns["campaign_id"].isin(names)]
    read = mine[(mine["breach_indicated"] > 0) & (mine["confidence"] != "L")]
    rows = _rows(law, law.campaigns, law.campaign_files, "campaign_id", names, language)
    parties = {
        name: isolated(name, language) if name else say("law.no_party", language)
        for name in sorted(law.party_files["party"], key=lambda name: (not name, name))
    }
    return {
        "title": shown(law.rules.title[language], language),
        "first": say("law.first", language, n=read["campaign_id"].nunique(), total=len(names)),
        "campaigns": rows[:most],
        "more": rows[most:],
        "parties": _rows(law, law.parties, law.party_files, "party", parties, language),
        "rules": _rules(law, language),
    }


def _rows(
    law: Law, counts: pd.DataFrame, files: pd.DataFrame, key: str, names: dict[str, str], language: str
) -> list[dict[str, Any]]:
    by_name = {row[key]: row for row in files.to_dict("records")}
    lines = {name: part for name, part in counts[counts["breach_indicated"] > 0].groupby(key, sort=False)}
    return [
        {
            "key": name,
            "name": called,
            "complaints": say("decisions.complaints", language, n=by_name[name]["complaints"]),
            "indicated": [_line(law, row, language) for row in lines[name].to_dict("records")] if name in lines else [],
            "file": _file(by_name[name], language),
            **_ask(law, by_name[name], language),
        }
        for name, called in names.items()
        if name in by_name
    ]


def _line(law: Law, row: dict[str, Any], language: str) -> str:
    rule = next(each for each in law.rules.rules if each.id == row["rule"])
    return say(
        "law.line", language, n=row["complaints"], k=row["breach_indicated"], rule=isolated(rule.id, language),
        title=shown(rule.title[language], language), confidence=word("confidence", rule.confidence, language),
    )  # fmt: skip


def _file(file: dict[str, Any], language: str) -> list[str]:
    shares = ((name, file[name]) for name in ("answered", "in_order"))
    return [
        say(f"law.{name}", language, share=percent_words(share, language)) for name, share in shares if share == share
    ]


def _ask(law: Law, file: dict[str, Any], language: str) -> dict[str, str]:
    if not file["ask"]:
        return {"whom": "", "ask": "", "waits": say("law.nothing_open", language)}
    rules = COMMA[language].join(isolated(rule, language) for rule in file["settles_rules"].split(", "))
    return {
        "whom": say("law.to", language, whom=word("whom", file["whom"], language)),
        "ask": shown(law.rules.fields[file["ask"]].ask[language], language),
        "waits": say("law.waits", language, n=file["settles"], rules=rules),
    }


def _rules(law: Law, language: str) -> list[dict[str, Any]]:
    totals = law.campaigns.groupby("rule", observed=False)[list(VERDICTS)].sum()
    return [
        {
            "id": isolated(rule.id, language),
            "title": shown(rule.title[language], language),
            "text": shown(rule.text[language], language),
            "law": shown(rule.law[language], language),
            "confidence": word("confidence", rule.confidence, language),
            "sources": rule.sources,
            "indicated": rule.id in totals.index and bool(totals.loc[rule.id, "breach_indicated"]),
            "counts": [
                say("law.count", language, what=word(f"verdict.{rule.about}", verdict, language), n=int(totals.loc[rule.id, verdict]))
                for verdict in VERDICTS
                if rule.id in totals.index and totals.loc[rule.id, verdict]
            ],
        }
        for rule in law.rules.rules
    ]  # fmt: skip


def shown(text: str, language: str) -> str:
    """
    Make words of a rule set safe to stand on a page.

    Parameters
    ----------
    text : str
        A title, a question, a source of law: in Arabic with names and numbers in Latin signs.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        In Arabic each run of such signs stands between isolates: a law's number would else read from its year to its number.
    """
    if language != "ar":
        return text
    return _LEFT_TO_RIGHT.sub(lambda match: isolated(match[0], language), text)
