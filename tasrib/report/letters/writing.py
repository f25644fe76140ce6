"""All letters of a report: one a party and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

import pandas as pd

from tasrib._resources import resource
from tasrib.compliance import RuleSet, load_rules
from tasrib.compliance.triaging import triage_of_parties
from tasrib.errors import TasribError
from tasrib.report.alias import names_shown
from tasrib.report.catalogue import say
from tasrib.report.dates import moment_words
from tasrib.report.letters.authorities import Authority, authority_of
from tasrib.report.letters.documents import filled
from tasrib.report.letters.drafts import letter_languages, party_files, party_name
from tasrib.report.letters.happened import happened
from tasrib.report.letters.law import law
from tasrib.report.letters.origins import origins
from tasrib.report.personal import Hidden
from tasrib.tracing import TraceResult

# No country has as many parties: a column with more holds something else.
_MOST_PARTIES = 100
_MODEL = ("", "model")


def letters_of(
    scored: pd.DataFrame,
    result: TraceResult,
    languages: Sequence[str],
    made_at: datetime,
    made_of: Mapping[str, str],
    rules: RuleSet | None = None,
    facts: pd.DataFrame | None = None,
    hidden: Hidden | None = None,
) -> dict[str, bytes]:
    """
    Write the draft complaints of a case.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, checked, aliases applied; ``recipient`` names persons (`tasrib.tracing.persons.persons`).
    result : TraceResult
        From `tasrib.trace` on them, aliases applied.
    languages : sequence of str
        Of the report: see `letter_languages`.
    made_at : datetime.datetime
        The moment in UTC that they are dated with.
    made_of : mapping of str to str
        SHA-256 to name of each file that the report is made of.
    rules : RuleSet, optional
        What messages are held against; the rules of the country by default.
    facts : pandas.DataFrame, optional
        What people found out: `tasrib.compliance.read_facts`.
    hidden : Hidden, optional
        What of the messages is hidden; found in `scored` by default.

    Returns
    -------
    dict of str to bytes
        ``letter-PARTY-LANGUAGE.docx`` to its content. Messages that show no party have a letter of their own, ``letter-unknown-…``.

    Raises
    ------
    TasribError
        When no authority is known for the country, or the column ``party`` holds no parties.
    """
    country = str(result.settings["country"])
    authority = authority_of(country)
    rules = load_rules(country.lower()) if rules is None else rules
    hidden = Hidden(scored) if hidden is None else hidden
    triaged = triage_of_parties(scored, rules, facts)
    mine = scored[scored["decision"] == "campaign"]
    # A person's answer to whose a message is holds as in the triage.
    mine = mine.assign(party=triaged.party.to_numpy())
    names = party_files(mine["party"])
    if len(names) > _MOST_PARTIES:
        raise TasribError(
            f"the column party names {len(names)} parties, and a letter would be written for each; correct it, or report without letters"
        )
    sizes = mine["campaign_id"].value_counts().to_dict()
    removed = _removed(scored)
    wanted = letter_languages(languages, country)
    letters = {}
    for party, name in names.items():
        rows = mine[mine["party"] == party]
        for language in wanted:
            label = party or say("letter.unknown", language)
            content = {
                "party": {"name": party_name(party, country, language), "label": label, "known": bool(party)},
                "authority": _addressee(authority, language),
                "made": _made(made_at, made_of, result, language),
                **happened(rows, removed.get(party, 0), sizes, rules.zone, hidden, language),
                **law(_of(triaged.counts, party), _of(triaged.waiting, party), rules, language),
                **origins(party, set(rows["campaign_id"]) - {""}, result, language),
            }
            letters[f"letter-{name}-{language}.docx"] = filled(
                resource("letters", f"letter-{language}.docx"), content,
                title=say("letter.title", language, party=label), language=language, made_at=made_at,
            )  # fmt: skip
    return letters


def _of(table: pd.DataFrame, party: str) -> pd.DataFrame:
    return table[table["party"] == party]


def _addressee(authority: Authority, language: str) -> dict[str, Any]:
    return {**authority.words[language], "site": authority.site, "requests": authority.requests[language]}


def _made(made_at: datetime, made_of: Mapping[str, str], result: TraceResult, language: str) -> dict[str, Any]:
    return {
        "version": version("tasrib"),
        "when": moment_words(made_at, language),
        "files": [{"name": name, "sha256": sha256} for sha256, name in made_of.items()],
        "aliased": say("page.aliased", language).removesuffix(".") if names_shown(result) else "",
    }


def _removed(scored: pd.DataFrame) -> Mapping[str, int]:
    """By party the complaints that the model counted as its campaign, and a person does not."""
    if "model_decision" not in scored:
        return {}
    taken = (scored["model_decision"] == "campaign") & (scored["decision"] != "campaign")
    return scored.loc[taken & ~scored["decided_by"].isin(_MODEL), "model_party"].value_counts().to_dict()
