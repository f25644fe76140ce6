"""What a report is made of: scored files, what stands beside them, and the lists that the user names; each with its hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from tasrib.case.beside import Beside, read_again, read_beside
from tasrib.case.hashes import Digest
from tasrib.case.intake import Intake
from tasrib.case.layer import decisions_file, read_decisions
from tasrib.case.overlay import lay_over
from tasrib.complaints.companions import CLEANING, QUARANTINE, RECORD, RUN, find_companion, runs_in
from tasrib.complaints.pseudonyms import PSEUDONYM, key_fingerprint, key_place, load_key
from tasrib.compliance import RuleSet, read_facts
from tasrib.compliance.loading import load_rules, read_rules, rules_of_case, shipped
from tasrib.compliance.rules import OWN
from tasrib.errors import TasribError
from tasrib.numbering import HOME_COUNTRIES, number_warnings
from tasrib.pipeline import join_scored
from tasrib.report.alias import read_alias
from tasrib.scored import check, read_scored
from tasrib.tables.places import is_stream, same_file
from tasrib.tables.raw import NoRows, mend
from tasrib.tracing import read_canaries

SCORED, CANARIES, ALIAS, DECISIONS, RULES, FACTS = "scored", "canaries", "alias", "decisions", "rules", "facts"
# The home country of complaints that do not say theirs.
_USUAL = "MA"
# Names of scored files, which may be alike, and what they hold.
_Tables: TypeAlias = list[tuple[str, pd.DataFrame]]


@dataclass(frozen=True)
class Material:
    """
    A file that a report is made of.

    Attributes
    ----------
    role : str
        What it is: ``scored``, ``quarantine``, ``cleaning``, ``run`` (the record of a scoring run), ``decisions``, ``canaries``, ``alias``,
        ``rules`` (of the user's own) or ``facts``.
    path : str
        Where it lies, as the user named it; in no record, since it may hold a person's name.
    name : str
        The file's name without its folder.
    digest : Digest or None
        None for what can be read only once, such as standard input.
    """

    role: str
    path: str
    name: str
    digest: Digest | None

    @classmethod
    def at(cls, role: str, path: str | Path) -> Material:
        """Take a file as it is now."""
        if is_stream(path):
            return cls(role, str(path), "standard input" if str(path) == "-" else "a stream", None)
        found = Path(path)
        # What cannot be opened is refused by whoever reads it, in better words.
        digest = Digest.of_file(found) if found.is_file() else None
        return cls(role, str(path), mend(found.name), digest)

    def check_unchanged(self) -> None:
        """
        Make sure that the file is still what it was.

        Raises
        ------
        TasribError
            When somebody wrote to it meanwhile: nobody could say which of the two was read.
        """
        if self.digest is not None and Digest.of_file(Path(self.path)) != self.digest:
            raise TasribError(f"{self.path} was changed while the report was made of it; run it again")


@dataclass(frozen=True)
class Gathered:
    """
    What a report is made of, read.

    Attributes
    ----------
    scored : DataFrame
        Complaints of all files, each once, with what people decided.
    rejected, cleaning : DataFrame or None
        Quarantines and cleaning reports.
    decisions : DataFrame or None
        What people decided, line by line.
    canaries : DataFrame or None
        Numbers that were given to one holder only.
    alias : dict of str to str or None
        Other names of operators.
    key : bytes or None
        What the canaries are found among pseudonyms with; None where it is not needed.
    rules : RuleSet or None
        What the messages are held against; None where there is to be no section on the law.
    facts : DataFrame or None
        What people found out about them.
    materials : tuple of Material
        The files, scored ones first, in the order they were given.
    intakes : dict of str to Intake
        The records of scoring runs, by the path of the scored file.
    notes : tuple of str
        What the user should know.
    country : str
        ISO 3166 code of the home country: as was asked for, else as the scored complaints say.
    """

    scored: pd.DataFrame
    rejected: pd.DataFrame | None
    cleaning: pd.DataFrame | None
    decisions: pd.DataFrame | None
    canaries: pd.DataFrame | None
    alias: dict[str, str] | None
    key: bytes | None
    rules: RuleSet | None
    facts: pd.DataFrame | None
    materials: tuple[Material, ...]
    intakes: Mapping[str, Intake]
    notes: tuple[str, ...]
    country: str


def gather(
    scored_files: Sequence[str | Path], *, rejected: Sequence[str | Path] = (), canaries: str | Path | None = None,
    alias: str | Path | None = None, key: str | Path | None = None, country: str | None = None, without_decisions: bool = False,
    rules: str | Path | None = None, facts: Sequence[str | Path] = (), without_law: bool = False,
) -> Gathered:  # fmt: skip
    """
    Read what a report is made of.

    Parameters
    ----------
    scored_files, rejected, canaries, alias, key, country, without_decisions, rules, facts, without_law
        As for `write_case`.

    Returns
    -------
    Gathered
        All of it.

    Raises
    ------
    TasribError
        When a file cannot be read, is given twice or is of another run, or the key is not the one of the pseudonyms.
    """
    files = [str(file) for file in scored_files]
    _refuse_twice(files)
    _refuse_twice([str(file) for file in facts])
    if country is not None or rules is not None:
        # What cannot be had is said before anything is read.
        rules_of_case(country or _USUAL, rules, has_facts=bool(facts), without=without_law)
    materials = [Material.at(SCORED, file) for file in files]
    tables, idle = _read_all([(file, file) for file in files])
    told = "" if country is not None else _country_of(tables)
    country = country or told or _USUAL
    law = rules_of_case(country, rules, has_facts=bool(facts), without=without_law)
    beside = read_beside(
        [*(file for file, _ in tables), *idle], [*(table for _, table in tables), *(None for _ in idle)], list(map(Path, rejected))
    )  # fmt: skip
    materials += [Material.at(role, path) for role, path in beside.files]
    records = {file: path for file, table in tables if (path := _record_of(file, table)) is not None}
    intakes = {file: intake for file, path in records.items() if (intake := Intake.of_file(path)) is not None}
    materials += [Material.at(RECORD, path) for path in records.values()]
    layers = [] if without_decisions else [layer for file in files if (layer := _layer_of(file)) is not None]
    materials += [Material.at(DECISIONS, layer) for layer in layers]
    materials += [Material.at(role, path) for role, path in ((CANARIES, canaries), (ALIAS, alias)) if path is not None]
    materials += [Material.at(RULES, rules)] if law is not None and law.code == OWN and rules is not None else []
    materials += [Material.at(FACTS, file) for file in facts]
    notes = [
        *(
            [f"the home country is {country} ({HOME_COUNTRIES[country]}), as the scored complaints say"]
            if told and told != _USUAL
            else []
        ),
        *(f"{file} holds no scored complaint; the report is made of the other files" for file in idle),
        *beside.notes,
        *_of_intakes(materials, records, intakes),
        *_of_rules(law, country, without_law),
    ]
    return _put_together(
        tables, beside, layers, canaries, alias, key, country, law, facts, materials, intakes, notes
    )  # fmt: skip


def _country_of(tables: _Tables) -> str:
    """The country that all were scored for, as they say; empty where they do not."""
    of_files = {
        name: sorted(set(table.loc[table["number_status"] == "valid", "country"]) & set(HOME_COUNTRIES))
        for name, table in tables
        if {"number_status", "country"} <= set(table.columns)
    }
    found = sorted({country for countries in of_files.values() for country in countries})
    if len(found) > 1:
        said = "; ".join(f"{name}: {', '.join(countries)}" for name, countries in of_files.items() if countries)
        raise TasribError(
            f"these complaints were scored for several countries ({said}), and a report is about the numbers of one: make a report of each, from files of "
            "its own"
        )
    return found[0] if found else ""


def gather_again(
    found: Iterable[tuple[str, str, Path]],
    *,
    alias: str | Path | None,
    key: str | Path | None,
    country: str,
    rules: str,
) -> Gathered:
    """
    Read the files of an earlier report, wherever they lie now.

    Parameters
    ----------
    found : iterable of (str, str, Path)
        The role of each file, its name then, and its place. Logs of decisions bear the names that `decisions_file` gives.
    alias, key, country
        As for `write_case`.
    rules : str
        Code of the rules; empty where there were none, `OWN` where they are among the files.

    Returns
    -------
    Gathered
        As it was then, but for files that were not found.
    """
    files = list(found)
    tables, _ = _read_all([(name, str(path)) for role, name, path in files if role == SCORED])
    beside = read_again(
        (path for role, _, path in files if role == QUARANTINE), (path for role, _, path in files if role == CLEANING)
    )
    layers = [path for role, _, path in files if role == DECISIONS]
    canaries = next((path for role, _, path in files if role == CANARIES), None)
    facts = [path for role, _, path in files if role == FACTS]
    mine = next((path for role, _, path in files if role == RULES), None)
    law = read_rules(mine) if mine is not None else load_rules(rules) if rules else None
    return _put_together(tables, beside, layers, canaries, alias, key, country, law, facts, [], {}, [])


def _put_together(
    tables: _Tables, beside: Beside, layers: Sequence[Path], canaries: str | Path | None, alias: str | Path | None,
    key: str | Path | None, country: str, rules: RuleSet | None, facts: Sequence[str | Path], materials: Sequence[Material],
    intakes: Mapping[str, Intake], notes: Sequence[str],
) -> Gathered:  # fmt: skip
    joined = join_scored([table for _, table in tables], [name for name, _ in tables], country=country)
    decisions = read_decisions(layers) if layers else None
    scored, of_people = _with_decisions(joined.scored, decisions, layers)
    secret = None
    if canaries is not None and scored["recipient"].str.match(PSEUDONYM).any():
        secret = _key_of_pseudonyms(None if key is None else Path(key), intakes)
    return Gathered(
        scored,
        beside.rejected,
        beside.cleaning,
        decisions,
        None if canaries is None else read_canaries(canaries, country=country),
        None if alias is None else read_alias(alias),
        secret,
        rules,
        read_facts(facts) if facts else None,
        tuple(materials),
        intakes,
        (*notes, *joined.notes, *of_people, *number_warnings(scored["number_status"])),
        country,
    )


def _layer_of(file: str) -> Path | None:
    """The log of what people decided about a scored file, where there is one."""
    layer = None if is_stream(file) else decisions_file(file)
    return layer if layer is not None and layer.exists() else None


def _with_decisions(
    scored: pd.DataFrame, decisions: pd.DataFrame | None, layers: Sequence[Path]
) -> tuple[pd.DataFrame, list[str]]:
    """The scored table with people's decisions in it, and what is to be said of them."""
    if decisions is None:
        return scored, []
    laid = lay_over(scored, decisions)
    said = (
        f"people's decisions applied: {laid.n_messages} messages ({laid.n_complaints} complaints), {laid.n_campaigns} campaigns joined to others "
        f"({', '.join(map(str, layers))})"
    )
    absent = [f"{laid.n_absent} decided messages are not in these files; their decisions stay in the log"]
    return laid.scored, [said, *(absent if laid.n_absent else [])]


def _read_all(files: Iterable[tuple[str, str]]) -> tuple[_Tables, list[str]]:
    """The tables of scored files under the names to use, and the files of which every row is in quarantine."""
    tables: _Tables = []
    idle: list[str] = []
    for name, path in files:
        try:
            tables.append((name, check(read_scored(path))))
        except NoRows:
            idle.append(name)
    if not tables:
        raise TasribError(
            f"{', '.join(idle)}: no scored complaint to report on; the quarantine beside says why the rows could not be read"
        )
    return tables, idle


def _refuse_twice(files: Sequence[str]) -> None:
    for at, file in enumerate(files):
        if any(file == other or same_file(other, file) for other in files[:at]):
            raise TasribError(f"{file} is given twice; its rows would count double")


def _of_rules(rules: RuleSet | None, country: str, without: bool) -> Iterable[str]:
    if rules is None and not without:
        known = ", ".join(shipped())
        yield f"no rules of {country} come with tasrib (known: {known}), so the report has no section on the law; name a file of rules with --rules"
    elif rules is not None and rules.country != country:
        yield f"the section on the law is by rules of {rules.country}, and the numbers' home country is {country}"


def _record_of(file: str, table: pd.DataFrame) -> Path | None:
    """The record that the run of a scored file left beside it."""
    runs = runs_in(table[RUN])
    if not runs or is_stream(file):
        return None
    try:
        return find_companion(file, runs, RECORD)
    except TasribError:
        return None


def _of_intakes(
    materials: Iterable[Material], records: Mapping[str, Path], intakes: Mapping[str, Intake]
) -> Iterable[str]:
    for file, path in records.items():
        if file not in intakes:
            yield f"{path} was changed since tasrib wrote it, so what it says of the files behind {file} does not count"
    for each in materials:
        if each.role == SCORED and each.path in intakes and each.digest != intakes[each.path].scored:
            yield f"{each.path} is not as tasrib score wrote it: somebody changed it since; the report is made of it as it is now"


def _key_of_pseudonyms(stated: Path | None, intakes: Mapping[str, Intake]) -> bytes:
    """The key that a scored file's numbers were replaced with."""
    path = key_place(stated)
    # A key made anew would find no canary, and nobody would know why.
    if not path.exists():
        raise TasribError(
            f"canaries are found among pseudonyms with the key that the file was scored with, and {path} does not exist; name it with "
            "--key, or score with --keep-numbers"
        )
    key = load_key(path)
    mine = key_fingerprint(key)
    for file, intake in intakes.items():
        if intake.key_fingerprint not in (None, mine):
            raise TasribError(
                f"{path} is not the key that {file} was scored with (its fingerprint is {mine}, not {intake.key_fingerprint}), so no canary "
                "would be found; name the right one with --key"
            )
    return key
