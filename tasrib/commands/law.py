"""What the law asks of campaign messages: indications for a person, the rules, the questions still open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd
from rich.table import Table

import tasrib
from tasrib.case.gathering import gather
from tasrib.commands.common import (
    EXAMPLE,
    check_outputs,
    console,
    country_option,
    echo_json,
    json_option,
    named,
    refuse_own,
    say,
)
from tasrib.commands.terminal import typed
from tasrib.compliance import RuleSet, by_campaign, file_strength, load_rules
from tasrib.compliance.looking_up import word
from tasrib.compliance.questionnaire import MOST_QUESTIONS, check_questions
from tasrib.report.catalogue import say as words
from tasrib.report.words import percent_words
from tasrib.tables.places import Named
from tasrib.tracing.caveats import LANGUAGES

rules_option = click.option(
    "--rules", metavar="ma|fr|FILE", help="Rules to hold the messages against; those of --country by default. FILE ends in .toml."
)  # fmt: skip
facts_option = click.option(
    "--facts", "fact_files", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="What people found out: a filled workbook of tasrib law questions, or a table of answers; repeatable.",
)  # fmt: skip
_lang = click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
_without_decisions = click.option(
    "--without-decisions", is_flag=True, help="What the model said, without what people decided (tasrib label apply)."
)


def named_law(rules: str | None, fact_files: Sequence[Path]) -> list[Named]:
    """Say what of these are files."""
    own = rules if rules is not None and rules.lower().endswith(".toml") else None
    return [*named("the rules", own), *named("a table of answers", *fact_files)]


@click.group()
def law() -> None:
    """
    Hold campaign messages against the law's checklist: what is indicated, what to ask next. A person decides.

    An indication is for a person to examine; only the authority or a court finds a breach. tasrib report shows the same counts.
    """


@law.command(
    "triage", epilog=EXAMPLE + "tasrib law triage scored.parquet -o indications.xlsx --lang fr --facts answers.xlsx"
)
@click.argument("scored_files", nargs=-1, required=True, metavar="SCORED…")
@click.option(
    "-o",
    "--output",
    required=True,
    help="Where to write: .xlsx with all tables; .csv .tsv .jsonl .parquet, the indications alone.",
)
@rules_option
@facts_option
@_without_decisions
@_lang
@country_option
@json_option
def triage(
    scored_files: tuple[str, ...], output: str, rules: str | None, fact_files: tuple[Path, ...], without_decisions: bool, language: str,
    country: str, as_json: bool,
) -> None:  # fmt: skip
    """
    Write which rules look broken, complaint by complaint, by what is known, and what each file still lacks.

    One row an indication, with the file and row of its complaint and no message and no number. Nothing that is not known makes an indication.
    """
    check_outputs(output, as_json, [*named("an input", *scored_files), *named_law(rules, fact_files)])
    scored, rule_set, facts = _read(scored_files, rules, fact_files, without_decisions, country)
    triaged = tasrib.law_triage(scored, output, rules=rule_set, facts=facts, language=language)
    files = file_strength(triaged, "campaign_id", rule_set)
    if as_json:
        counts = by_campaign(triaged)
        indicated = counts.loc[
            counts["breach_indicated"] > 0,
            ["campaign_id", "party", "rule", "confidence", "complaints", "breach_indicated"],
        ]
        echo_json({"output": output, "rules": rule_set.code, "indicated": indicated.astype(object).to_dict("records"),
                   "files": files.astype(object).where(files.notna(), None).to_dict("records")})  # fmt: skip
        return
    err = output == "-"
    if not err:
        console().print(_table(triaged, files, rule_set, language))
    say(words("law.caveat", language), err=err)
    say(f"{(triaged['verdict'] == 'breach_indicated').sum()} indications in {output}", err=err)


@law.command("rules", epilog=EXAMPLE + "tasrib law rules --rules ma --lang ar")
@rules_option
@_lang
@country_option
@json_option
def rules_(rules: str | None, language: str, country: str, as_json: bool) -> None:
    """List the rules: what each asks, what it rests on, and how well that source was read."""
    rule_set = load_rules(country if rules is None else rules)
    table = tasrib.law_rules(rule_set, language)
    if as_json:
        echo_json(table.assign(sources=[list(each) for each in table["sources"]]).to_dict("records"))
        return
    say(rule_set.title[language])
    for row in table.to_dict("records"):
        say("")
        say(f"{row['rule']} {row['title']} ({word('confidence', row['confidence'], language)})")
        say(f"  {row['text']}")
        say(f"  {row['law']}")
        for source in row["sources"]:
            say(f"  {source}")


@law.command("questions", epilog=EXAMPLE + "tasrib law questions scored.parquet -o questions.xlsx --lang fr")
@click.argument("scored_files", nargs=-1, required=True, metavar="SCORED…")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="An .xlsx file that is not there yet."
)
@rules_option
@facts_option
@click.option("--campaign", "campaigns", multiple=True, metavar="ID", help="Only about this campaign; repeatable.")
@click.option(
    "--most", type=click.IntRange(min=1), default=MOST_QUESTIONS, show_default=True, help="How many questions at most."
)
@_without_decisions
@_lang
@country_option
@json_option
def questions(
    scored_files: tuple[str, ...], output: Path, rules: str | None, fact_files: tuple[Path, ...], campaigns: tuple[str, ...], most: int,
    without_decisions: bool, language: str, country: str, as_json: bool,
) -> None:  # fmt: skip
    """
    Write a workbook of the questions still open, those that settle most first, to fill in and give back as --facts.

    One row a question and whom its answer holds for: the case, a party, a campaign or one complaint.
    """
    refuse_own(
        [output], [*named("an input", *scored_files), *named_law(rules, fact_files)], "name another file with -o"
    )
    check_questions(output)
    scored, rule_set, facts = _read(scored_files, rules, fact_files, without_decisions, country)
    asked = tasrib.law_questions(
        scored, output, rules=rule_set, facts=facts, language=language, campaigns=[typed(each) for each in campaigns], most=most
    )  # fmt: skip
    written, left = min(len(asked), most), max(len(asked) - most, 0)
    if as_json:
        echo_json({"output": str(output), "questions": written, "left": left})
    else:
        rest = f"; {left} more are open, which --most or --campaign bring" if left else ""
        say(f"{written} questions in {output}, those that settle most first{rest}")
        say(f'then: tasrib report {" ".join(scored_files)} -o FOLDER --facts "{output}"')


def _read(
    scored_files: Sequence[str], rules: str | None, fact_files: Sequence[Path], without_decisions: bool, country: str
) -> tuple[pd.DataFrame, RuleSet, pd.DataFrame | None]:
    # Named, so that a country without rules is an error here, and no note.
    gathered = gather(
        scored_files, country=country, without_decisions=without_decisions, rules=country if rules is None else rules, facts=fact_files
    )  # fmt: skip
    for line in gathered.notes:
        say(f"tasrib: {line}", err=True)
    assert gathered.rules is not None, "rules were named"
    return gathered.scored, gathered.rules, gathered.facts


def _table(triaged: pd.DataFrame, files: pd.DataFrame, rules: RuleSet, language: str) -> Table:
    """Of each campaign what is indicated, how far its file has got, and whom to ask next."""
    counts = (
        by_campaign(triaged).groupby(["campaign_id", "rule"], observed=True)["breach_indicated"].sum().reset_index()
    )
    counts = counts[counts["breach_indicated"] > 0]
    heads = ("campaign_id", "complaints", "breach_indicated", "answered", "in_order", "whom", "ask")
    table = Table(*(word("heading", head, language) for head in heads), box=None, pad_edge=False)
    for row in files.to_dict("records"):
        mine = counts[counts["campaign_id"] == row["campaign_id"]]
        indicated = ", ".join(f"{rule} {n}" for rule, n in zip(mine["rule"], mine["breach_indicated"], strict=True))
        shares = (percent_words(row[name], language) for name in ("answered", "in_order"))
        whom = word("whom", row["whom"], language) if row["whom"] else "–"
        ask = rules.fields[row["ask"]].label[language] if row["ask"] else "–"
        table.add_row(row["campaign_id"], str(row["complaints"]), indicated or "–", *shares, whom, ask)
    return table
