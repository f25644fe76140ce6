"""The way of a case: score, report, and the demonstration of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.table import Table

import tasrib
from tasrib._resources import resource
from tasrib.case import decisions_file
from tasrib.case.contents import Pack
from tasrib.case.gathering import gather
from tasrib.case.making import check_places, report_on, titles_of
from tasrib.case.record import Settings
from tasrib.case.surroundings import now
from tasrib.commands.common import (
    EXAMPLE,
    check_outputs,
    console,
    country_option,
    echo_json,
    end_with_counts,
    json_option,
    kept,
    named,
    progress_bar,
    say,
)
from tasrib.commands.law import facts_option, named_law, rules_option
from tasrib.commands.models import chosen_model, model_option
from tasrib.commands.passphrase import with_passphrase
from tasrib.commands.terminal import typed
from tasrib.complaints import load_key, parse_mapping, parse_values, read_files
from tasrib.complaints.opening import open_files
from tasrib.complaints.surveying import TABLE
from tasrib.numbering.plan import check_country
from tasrib.report import apply_alias, read_alias
from tasrib.report.beside import without_chances
from tasrib.report.catalogue import say as words
from tasrib.report.cells import interval_words
from tasrib.report.pages import ALL, PAGE
from tasrib.report.summary import nothing_compared, points_to_how
from tasrib.report.words import campaign_name, percent_words, probability_words
from tasrib.report.write import check_report_folder, finding_records
from tasrib.tables.places import is_stream
from tasrib.tracing.caveats import LANGUAGES
from tasrib.tracing.evidence import ABOVE_WEAK

# Of a folder with hundreds of files only so many are named on a terminal; the cleaning report names all.
_SHOWN = 15
# Notes of single files that a line of counts has said already.
_COUNTED_ABOVE = ("export", "holds_none")

_alias = click.option(
    "--alias", "alias_file", type=click.Path(path_type=Path),
    help="CSV with columns operator,alias: other names for operators in all that is written.",
)  # fmt: skip


_lang = click.option(
    "--lang", "language", type=click.Choice([*LANGUAGES, ALL]), default="en", show_default=True,
    help="Language of report.html, of tables.xlsx and of what is printed; all: a page in each, such as report-fr.html, and report.html leads to them.",
)  # fmt: skip


_pdf = click.option(
    "--pdf", is_flag=True, help="Also write each page on A4, with findings.json in it: report.pdf, report-fr.pdf and the like."
)  # fmt: skip


@click.command(epilog=EXAMPLE + "tasrib demo -o demo-report/ --lang all")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("demo-report"), show_default=True)
@_lang
@_pdf
@json_option
def demo(output: Path, language: str, pdf: bool, as_json: bool) -> None:
    """Run the whole way on the bundled, invented case and say where its report is."""
    check_report_folder(output)
    read = read_files(resource("demo", "complaints.csv"))
    with progress_bar("reading messages") as progress:
        # The shipped model, so that the output is the same everywhere; the numbers are invented and can stay.
        model = tasrib.load_model()
        scored = tasrib.score(read.complaints, model=model, keep_numbers=True, progress=progress)
    result = tasrib.trace(scored, canaries=tasrib.read_canaries(resource("demo", "canaries.csv")))
    alias = read_alias(resource("demo", "operators.csv"))
    tasrib.write_report(scored, result, output, rejected=read.rejected, cleaning=read.cleaning, alias=alias, model=model,
                        title={each: words("page.demo", each) for each in LANGUAGES}, languages=language, pdf=pdf)  # fmt: skip
    _print_case(scored, result, read.rejected, output, alias, language, as_json)


@click.command(
    epilog=EXAMPLE
    + 'tasrib score complaints.xlsx --map "Contenu du SMS=text" -o scored.parquet\n  tasrib score year.csv -o scored.parquet --jobs 8 --resume'
)
@click.argument("files", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    required=True,
    help="Where to write: .csv .tsv .xlsx .jsonl .parquet, or - for CSV on standard output.",
)
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Read COLUMN as FIELD; repeatable.")
@click.option(
    "--set", "values", multiple=True, metavar="FIELD=VALUE", help="What FIELD is where a file says nothing; repeatable."
)
@click.option(
    "--recipient",
    metavar="NUMBER",
    help="Whose phone or mailbox the exports among FILES are; asked where neither file nor file's name says it.",
)
@click.option(
    "--owner", metavar="NAME", help="The name under which the owner of the phone writes in WhatsApp chats, where these do not tell it."
)  # fmt: skip
@click.option(
    "--passphrase-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="File with the passphrase of encrypted backups of iPhones; in a terminal it is asked.",
)  # fmt: skip
@click.option(
    "--all",
    "keep_all",
    is_flag=True,
    help="Keep whatever exports say was received; contacts, conversations and codes are left out by default.",
)
@click.option(
    "--reporting-line",
    is_flag=True,
    help="Exports of telephones are of one to which citizens send on what they received: who wrote to it is the recipient.",
)
@click.option("--timezone", help="Zone of times that state none, as Africa/Casablanca; the home country's by default.")
@click.option("--encoding", help="Encoding of text files, as cp1256; found out by default.")
@click.option("--sheet", help="The only sheet of workbooks to read; all that hold complaints by default.")
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help="Secret key file of the pseudonyms; made where missing."
)
@click.option("--keep-numbers", is_flag=True, help="Leave the recipients' numbers in the output.")
@click.option(
    "--fast",
    is_flag=True,
    help="Go by words alone, without the model's encoder: many times faster, somewhat less sure.",
)
@click.option(
    "--precision", type=click.FloatRange(0.5, 1, max_open=True), metavar="SHARE",
    help="Share of campaign messages among those called campaign that is aimed at in this batch; the model's own aim by default, mostly 0.97.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True,
    help="Processes that judge rows: as many as the machine has cores, where there are many rows.",
)  # fmt: skip
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with a run of this output that was broken off; its work lies in OUTPUT.unfinished until it is done.",
)
@click.option(
    "--dask", default="", metavar="ADDRESS",
    help="Let the workers of a Dask cluster judge rows: the address of its scheduler, as tcp://10.0.0.1:8786 (tasrib[dask]).",
)  # fmt: skip
@model_option
@country_option
@json_option
def score(
    files: tuple[str, ...], output: str, mapping: tuple[str, ...], values: tuple[str, ...], recipient: str | None, owner: str | None,
    passphrase_file: Path | None, keep_all: bool, reporting_line: bool, timezone: str | None, encoding: str | None, sheet: str | None, key_file: Path | None, keep_numbers: bool, fast: bool,
    precision: float | None, jobs: int, resume: bool, dask: str, model_folder: Path | None, country: str, as_json: bool,
) -> None:  # fmt: skip
    """Label each complaint: category, probability, party, campaign, operator. Rows that cannot be read go to OUTPUT's quarantine."""
    inputs = [
        *named("an input", *files),
        *named("the pseudonym key", key_file),
        *named("the passphrase", passphrase_file),
        *named("a file of the model", model_folder),
    ]
    if dask and jobs > 1:
        raise click.UsageError(
            "--jobs is for processes of this machine; with --dask the cluster says how many there are"
        )
    check_outputs(output, as_json, inputs)
    # Only this command waits for what it works with.
    from tasrib.commands.expecting import expected_lines
    from tasrib.commands.scoring import ScoreRun
    from tasrib.pipeline.scoring import check_precision

    chosen = chosen_model(model_folder, as_json)
    model = chosen.model.fast() if fast else chosen.model
    columns = parse_mapping([typed(each) for each in mapping])
    stated = parse_values([typed(each) for each in values], columns)
    settings = {
        "country": country, "map": columns, "set": stated, "timezone": timezone,
        "encoding": encoding, "sheet": sheet, "keep_numbers": keep_numbers, "fast": fast, "precision": check_precision(precision, model),
        "recipient": recipient, "owner": owner, "all": keep_all, "reporting_line": reporting_line,
    }  # fmt: skip
    run = ScoreRun(
        output, chosen, model, lambda: None if keep_numbers else load_key(key_file), settings, jobs, dask, inputs
    )
    opened, outcome = run.of_files(
        lambda latest: with_passphrase(passphrase_file, lambda passphrase: open_files(
            list(files), mapping=columns, values=stated, home_zone=timezone, country=country, encoding=encoding, sheet=sheet, latest=latest,
            recipient=typed(recipient) if recipient else recipient, owner=typed(owner) if owner else owner, passphrase=passphrase, keep_all=keep_all, reporting_line=reporting_line,
        )),
        resume,
    )  # fmt: skip
    notes, n_rejected = outcome.account.done, outcome.n_rejected
    counts = {name: outcome.decisions.get(name, 0) for name in ("campaign", "review", "not_campaign")}
    n_scored = sum(outcome.decisions.values())
    said = {"read": n_scored + n_rejected, "scored": n_scored, "quarantined": n_rejected, **counts,
            "expected": None if outcome.expected is None else vars(outcome.expected),
            "model": model.version, "model_folder": str(chosen.folder or "shipped"), "output": output,
            "notes": list(map(str, notes))}  # fmt: skip
    lines = [
        f"{said['read']} rows read: {said['scored']} scored, {said['quarantined']} in quarantine",
        "  " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()),
    ]
    lines += expected_lines(outcome.expected)
    kinds = outcome.account.kinds
    if set(kinds) != {TABLE}:
        said["kinds"] = {what: counted._asdict() for what, counted in kinds.items()}
        lines += [
            f"  from {what}: {of.n_scored:,} scored, {of.n_quarantined:,} in quarantine, {of.n_left_out:,} left out"
            for what, of in kinds.items()
        ]
    if opened.empty:
        said["held_none"] = list(opened.empty)
        more = f" and {len(opened.empty) - _SHOWN} more" if len(opened.empty) > _SHOWN else ""
        lines.append("  held no message that is looked at: " + ", ".join(opened.empty[:_SHOWN]) + more)
    if opened.ignored_columns:
        lines.append("  columns not used: " + ", ".join(opened.ignored_columns))
    lines += [f"  {note}" for note in notes if note.code not in _COUNTED_ABOVE]
    if not is_stream(output) and (layer := decisions_file(output)).exists():
        lines.append(f"  people's decisions stay as they are: {layer}")
    end_with_counts(said, lines, output, outcome.beside, as_json, lost=any(note.kind == "lost" for note in notes))


@click.command(
    epilog=EXAMPLE + "tasrib report july.parquet august.parquet -o case-042/ --alias operators.csv --lang fr"
)
@click.argument("scored_files", nargs=-1, required=True, metavar="SCORED…")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder of the report.")
@click.option(
    "--rejected", "rejected_files", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="Quarantine; SCORED's own by default; repeatable.",
)  # fmt: skip
@click.option("--title", help="Heading of the report.")
@click.option(
    "--min-people", type=click.IntRange(min=2), default=10, show_default=True, help="Smaller campaigns are not tested."
)
@click.option(
    "--prior", type=click.FloatRange(0.01, 0.99), default=0.5, show_default=True, help="Prior probability of no leak."
)
@click.option(
    "--canaries",
    "canary_file",
    type=click.Path(path_type=Path),
    help="CSV or XLSX with columns number,holder and, if known, given_at: numbers given to one holder only.",
)
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), help="Key file that SCORED was scored with, to find canaries."
)
@click.option(
    "--without-decisions",
    is_flag=True,
    help="Report what the model said, without what people decided (tasrib label apply).",
)
@rules_option
@facts_option
@click.option("--without-law", is_flag=True, help="Leave out the section on what the law asks.")
@click.option(
    "--letter",
    "letters",
    is_flag=True,
    help="Write letter-PARTY-fr.docx and -ar.docx too: a draft complaint to the authority for each party, to complete and sign.",
)
@_alias
@_lang
@_pdf
@click.option(
    "--pack",
    "pack_file",
    type=click.Path(path_type=Path),
    help="Write a zip too: the report and what it was made of, for `tasrib verify`.",
)
@click.option("--with-numbers", is_flag=True, help="Pack telephone numbers too: SCORED kept with them, canaries.")
@click.option(
    "--with-quarantine", is_flag=True, help="Pack quarantines too; their rows are as they came, numbers included."
)
@model_option
@click.option("--country", help="Home country of the numbers (ISO code); by default the one that SCORED says.")
@json_option
def report(
    scored_files: tuple[str, ...], output: Path, rejected_files: tuple[Path, ...], title: str | None, min_people: int, prior: float,
    canary_file: Path | None, key_file: Path | None, without_decisions: bool, rules: str | None, fact_files: tuple[Path, ...],
    without_law: bool, letters: bool, alias_file: Path | None, language: str, pdf: bool,
    pack_file: Path | None, with_numbers: bool, with_quarantine: bool, model_folder: Path | None, country: str | None, as_json: bool,
) -> None:  # fmt: skip
    """
    Trace the campaigns of scored files and write report.html, tables.xlsx and findings.json, with --pdf report.pdf too.

    What people decided about SCORED (tasrib label apply) holds in the report, and the model's word is kept beside it. Its section on what the
    law asks counts indications for a person to examine; it never finds a breach (tasrib law --help).

    Of several files one report is made: a complaint that stands in two of them counts once, and the messages of a campaign that goes on
    from one to the next are one campaign. run.json, beside them, holds the hash of all that was read and written: see `tasrib verify`.
    """
    made_at = now()
    inputs = [
        *named("an input", *scored_files), *named("a quarantine", *rejected_files), *named("the list of canaries", canary_file),
        *named("the pseudonym key", key_file), *named("the list of other names", alias_file),
        *named("a file of the model", model_folder), *named_law(rules, fact_files),
    ]  # fmt: skip
    if without_law and (rules is not None or fact_files):
        raise click.UsageError("--rules and --facts are for the section on the law, and --without-law leaves it out")
    pack = None if pack_file is None else Pack(pack_file, with_numbers, with_quarantine)
    if pack is None and (with_numbers or with_quarantine):
        raise click.UsageError("--with-numbers and --with-quarantine say what goes into a pack; name it with --pack")
    titles = titles_of(None if title is None else typed(title), output, language)
    home = Settings.country if country is None else check_country(country)
    settings = Settings(titles, tuple(titles), made_at, home, min_people, prior, letters=letters, pdf=pdf)
    check_places(output, pack, [*inputs, *kept()], settings, country_known=country is not None)
    gathered = gather(
        scored_files, rejected=rejected_files, canaries=canary_file, alias=alias_file, key=key_file, country=None if country is None else home,
        without_decisions=without_decisions, rules=rules, facts=fact_files, without_law=without_law,
    )  # fmt: skip
    for line in gathered.notes:
        say(f"tasrib: {line}", err=True)
    settings = replace(settings, country=gathered.country)
    written = report_on(gathered, settings, chosen_model(model_folder, as_json), output, pack)
    beside: dict[str, Any] = {"hash": written.last_hash, "letters": [str(output / name) for name in written.letters]}
    if pack is not None:
        beside |= {"pack": str(pack.path), "not_packed": list(written.left_out)}
    _print_case(
        written.scored, written.result, written.rejected, output, gathered.alias, language, as_json, written.notes, beside
    )  # fmt: skip


def _print_case(
    scored: pd.DataFrame,
    result: tasrib.TraceResult,
    rejected: pd.DataFrame | None,
    output: Path,
    alias: dict[str, str] | None,
    language: str,
    as_json: bool,
    notes: Sequence[str] = (),
    beside: Mapping[str, Any] | None = None,
) -> None:
    if alias:
        scored, result = apply_alias(scored, result, alias)
    found = result.findings[result.findings["evidence"].isin(["strong", "moderate"])]
    if as_json:
        echo_json({"report": str(output / PAGE), "scored": len(scored),
                    "quarantined": 0 if rejected is None else len(rejected), "findings": finding_records(result),
                    "notes": list(notes), **(beside or {})})  # fmt: skip
        return
    t = partial(words, language="en" if language == ALL else language)
    say(t("terminal.counts", scored=len(scored), rejected=0 if rejected is None else len(rejected),
          messages=int((scored["decision"] == "campaign").sum()), campaigns=len(result.campaigns),
          tested=int(result.campaigns["tested"].sum())))  # fmt: skip
    console().print(_table_of_case(result, t.keywords["language"]))
    if nothing := nothing_compared(result, t.keywords["language"]):
        say(nothing)
    else:
        say(t("terminal.none" if found.empty else "terminal.lead"))
    say(t("terminal.report", file=str(output / PAGE)))
    if beside and beside["letters"]:
        say(t("terminal.letters", n=len(beside["letters"]), folder=str(output)))
    if beside and "pack" in beside:
        missing = ", ".join(beside["not_packed"])
        say(t("terminal.pack_without" if missing else "terminal.pack", file=beside["pack"], missing=missing))
    if beside:
        say(t("terminal.hash", hash=beside["hash"]))


def _table_of_case(result: tasrib.TraceResult, language: str) -> Table:
    """Of each campaign its strongest finding: the rest is in the report."""
    heads = ("column.campaign", "terminal.people", "column.points_to", "terminal.observed", "column.expected", "column.list_share",
             "column.p_adjusted", "column.evidence")  # fmt: skip
    table = Table(*(words(head, language) for head in heads), box=None, pad_edge=False)
    people = result.campaigns.set_index("campaign_id")["n_people"]
    for _, row in result.findings.drop_duplicates("campaign_id").iterrows():
        # Of what is weak the report names nobody.
        seen = ["–"] * 4 if row["evidence"] not in ABOVE_WEAK else [
            points_to_how(row, language), words("number.of", language, part=int(row["observed"]), whole=int(row["n_reached"])),
            _rounded(row["expected"]), _share_of_list(without_chances(row), language),
        ]  # fmt: skip
        table.add_row(
            campaign_name(row["campaign_id"], row["party"]),
            str(people.get(row["campaign_id"], "–")),
            *seen,
            probability_words(row["p_adjusted"], language),
            words(f"evidence.{row['evidence']}", language),
        )
    return table


def _rounded(expected: float) -> str:
    return "–" if expected != expected else f"{expected:.0f}"


def _share_of_list(row: Mapping[str, float], language: str) -> str:
    return interval_words(row["leak_share"], row["leak_share_low"], row["leak_share_high"], percent_words, language)
