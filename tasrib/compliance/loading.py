"""Rule sets from their files, with every slip of the pen named: file, table, and what to do."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, cast

from tasrib._resources import resource
from tasrib.complaints.values import zone_of
from tasrib.complaints.words import fold
from tasrib.compliance.kinds import circle, other_kinds, other_options
from tasrib.compliance.phrases import LISTS, Lexicon, faulty_phrase
from tasrib.compliance.readings import READINGS
from tasrib.compliance.rules import (
    A_DAY,
    ABOUT,
    ANYTHING,
    BUT,
    CONFIDENCES,
    OWN,
    SCOPES,
    VERDICTS,
    WHOM,
    Alternative,
    Election,
    Field,
    Rule,
    RuleSet,
    Verdict,
    Words,
)
from tasrib.errors import BadReferenceData, TasribError, WrongArgument
from tasrib.numbering.plan import check_country
from tasrib.scored import COLUMNS
from tasrib.tracing.caveats import LANGUAGES

_COMMON = "compliance.toml"
_WORDS = ("title", "text", "law")
_OF_SET = {"country", "time_zone", "title", "source", "date", "rule", "field", "election", "phrases"}
_OF_RULE = {"id", "about", *_WORDS, "sources", "date", "confidence", "fields", "test"}
_OF_FIELD = {"name", "from", "with", "values", "is_day", "scope", "whom", "label", "ask"}
_OF_ELECTION = {"id", "label", "source", "date", "periods"}
_COLUMNS = frozenset(column.name for column in COLUMNS)
# Verdicts that a rule's test may lead to; the fourth is what is left.
_TESTED = tuple(verdict for verdict in VERDICTS if verdict != "needs_information")


def load_rules(rules: str | Path | RuleSet = "ma") -> RuleSet:
    """
    Read a rule set.

    Parameters
    ----------
    rules : str, Path or RuleSet
        Code of a country whose rules come with tasrib (``ma``, ``fr``), or a file of one's own; a rule set is returned as it is.

    Returns
    -------
    RuleSet
        Its rules, fields, calendar and phrases.

    Raises
    ------
    TasribError
        When there is no such rule set.
    BadReferenceData
        When a table of the file is not as it must be; names file and table, and says what to do.
    """
    if isinstance(rules, RuleSet):
        return rules
    if not isinstance(rules, str | Path):
        raise WrongArgument(f"expected the code of a country or a file of rules; got a {type(rules).__name__}")
    path, code = Path(rules), OWN
    if path.suffix.lower() != ".toml":
        code = str(rules).lower()
        try:
            path = resource("reference", f"rules_{code}.toml")
        except (FileNotFoundError, ValueError):
            known = ", ".join(shipped())
            raise TasribError(
                f"there are no rules for '{str(rules)[:60]}'; known are {known}; or name a file that ends in .toml"
            ) from None
    return _read(path, code)


def _read(path: Path, code: str) -> RuleSet:
    try:
        return _load(path, code, path.stat().st_mtime_ns)
    except OSError as error:
        raise TasribError(f"{path} cannot be read ({error.strerror or error}); name a file of rules") from None


def rules_of_case(
    country: str, rules: str | Path | RuleSet | None, *, has_facts: bool = False, without: bool = False
) -> RuleSet | None:
    """
    Choose the rules that a case is held against.

    Parameters
    ----------
    country : str
        Home country of the case, an ISO 3166 code.
    rules : str, Path, RuleSet or None
        As for `load_rules`; those of the country where nothing is named.
    has_facts : bool
        Whether there are answers, which say nothing without rules.
    without : bool
        Whether the case is to be held against none.

    Returns
    -------
    RuleSet or None
        None where there are none, because nobody wants them or none of the country come with tasrib.

    Raises
    ------
    TasribError
        As `load_rules`; also when what is wanted contradicts itself.
    """
    if without and (rules is not None or has_facts):
        raise TasribError("rules or answers were given, and the law is to be left out; give one or the other")
    if without:
        return None
    if rules is not None:
        return load_rules(rules)
    if country.lower() in shipped():
        return load_rules(country)
    if has_facts:
        raise TasribError(
            f"answers were given, and there are no rules for {country}; name a file of rules, or those of another country"
        )
    return None


def read_rules(path: Path) -> RuleSet:
    """
    Read a file of the user's own, whatever it is called.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    RuleSet
        As `load_rules` gives it.

    Raises
    ------
    TasribError
        As `load_rules`.
    """
    return _read(path, OWN)


def shipped() -> list[str]:
    """
    Name the rule sets that come with tasrib.

    Returns
    -------
    list of str
        Codes that `load_rules` takes.
    """
    folder = resource("reference", _COMMON).parent
    return sorted(path.stem.removeprefix("rules_") for path in folder.glob("rules_*.toml"))


@cache
def common() -> dict[str, Any]:
    """
    Read what all rule sets share: words, fields, phrases.

    Returns
    -------
    dict
        Content of ``data/reference/compliance.toml``.
    """
    path = resource("reference", _COMMON)
    return _parsed(path, path.read_bytes())


@cache
def _load(path: Path, code: str, changed: int) -> RuleSet:
    data, shared = path.read_bytes(), common()
    content = _parsed(path, data)
    _keys(path, "the beginning of the file", content, _OF_SET, {"country", "time_zone", "title", "rule"})
    if not content["rule"]:
        _refuse(path, "the beginning of the file", "holds no rule; write a [[rule]]")
    phrases = {**shared["phrases"], **content.get("phrases", {})}
    for name, lists in phrases.items():
        _check_phrases(path, name, lists)
    fields = {}
    for number, table in enumerate([*shared["field"], *content.get("field", [])], 1):
        field = _field(path, number, table)
        fields[field.name] = field
    elections = tuple(_election(path, number, table) for number, table in enumerate(content.get("election", []), 1))
    rules = tuple(_rule(path, number, table, fields) for number, table in enumerate(content["rule"], 1))
    needed = _needed(rules, fields)
    for field in needed.values():
        _check_reading(path, field, phrases, fields, elections)
    if round_about := circle({name: _read_from(field) for name, field in needed.items()}):
        _refuse(
            path,
            f"[[field]] {round_about[0]}",
            f"rests on itself ({' on '.join(round_about)}); name another field in `with`",
        )
    for rule in rules:
        if sum(other.id == rule.id for other in rules) > 1:
            _refuse(path, f"[[rule]] {rule.id}", "stands there twice; give one of them another id")
    try:
        country, zone = check_country(content["country"]), zone_of(content["time_zone"])
    except TasribError as error:
        _refuse(path, "the beginning of the file", str(error))
    senders = {
        kind: frozenset(map(fold, words)) for kind, words in shared["senders"].items() if isinstance(words, list)
    }
    title = _words(path, "the beginning of the file", "title", content["title"])
    digest = hashlib.sha256(data).hexdigest()
    return RuleSet(country, zone, title, rules, needed, elections, Lexicon(phrases), senders, path, digest, code)


def _needed(rules: tuple[Rule, ...], fields: Mapping[str, Field]) -> dict[str, Field]:
    names = {name for rule in rules for name in rule.fields}
    for _ in fields:
        names |= {name for field in names for name in _rests_on(fields[field]) if name in fields}
    return {name: field for name, field in fields.items() if name in names}


def _rests_on(field: Field) -> list[str]:
    """Fields that its reading looks at, or asks for in its place."""
    reading = READINGS.get(field.source)
    return [*_read_from(field), *(reading.asks if reading else ()), "party"]


def _read_from(field: Field) -> list[str]:
    """Fields that its reading looks at."""
    reading = READINGS.get(field.source)
    return [field.options[option] for option in reading.fields if option in field.options] if reading else []


def _field(path: Path, number: int, table: Mapping[str, Any]) -> Field:
    name = str(table.get("name", ""))
    where = f"[[field]] {name or number}"
    _keys(path, where, table, _OF_FIELD, {"name", "from", "label", "ask", "whom"})
    source, is_day = table["from"], bool(table.get("is_day", False))
    reading = READINGS.get(source)
    if reading is None and source not in ("column", "answer"):
        _refuse(path, where, f"from = {source!r} is neither column nor answer nor one of {', '.join(sorted(READINGS))}")
    if source == "column" and name not in _COLUMNS:
        _refuse(path, where, 'is no column of scored complaints; write from = "answer"')
    options = dict(table.get("with", {}))
    if reading is not None:
        wrong = options.keys() - reading.options.keys()
        lacking = reading.required - options.keys()
        if wrong or lacking:
            said = f"does not take {sorted(wrong)[0]}" if wrong else f"needs {sorted(lacking)[0]}"
            _refuse(path, where, f"{source} {said}; it takes {', '.join(sorted(reading.options)) or 'nothing'}")
        if fault := other_options(options, reading.options):
            _refuse(path, where, fault)
    elif options:
        _refuse(path, where, "has options, but no reading takes them; remove `with`")
    values = tuple(table.get("values", reading.values if reading else ()))
    scope, whom = table.get("scope", "complaint"), table["whom"]
    _one_of(path, where, "scope", scope, SCOPES)
    _one_of(path, where, "whom", whom, WHOM)
    label, ask = (_words(path, where, kind, table[kind]) for kind in ("label", "ask"))
    return Field(name, source, options, values, is_day, scope, whom, label, ask)


def _check_reading(
    path: Path,
    field: Field,
    phrases: Collection[str],
    fields: Mapping[str, Field],
    elections: tuple[Election, ...],
) -> None:
    where, options = f"[[field]] {field.name}", field.options
    reading = READINGS.get(field.source)
    if reading is None:
        return
    if "phrases" in options:
        _one_of(path, where, "phrases", options["phrases"], tuple(phrases))
    if "period" in options:
        _one_of(path, where, "period", options["period"], tuple({name for each in elections for name in each.periods}))
    if "column" in options and options["column"] not in _COLUMNS:
        _refuse(path, where, f"column = {options['column']!r} is no column of scored complaints; name one")
    for option in reading.fields:
        if option in options and options[option] not in fields:
            _refuse(path, where, f"{option} = {options[option]!r} is no field; write a [[field]] of that name")


def _rule(path: Path, number: int, table: Mapping[str, Any], fields: Mapping[str, Field]) -> Rule:
    where = f"[[rule]] {table.get('id') or number}"
    _keys(path, where, table, _OF_RULE, _OF_RULE - {"test"})
    _one_of(path, where, "confidence", table["confidence"], CONFIDENCES)
    _one_of(path, where, "about", table["about"], ABOUT)
    named = tuple(table["fields"])
    unknown = [name for name in named if name not in fields]
    if unknown:
        _refuse(path, where, f"asks for the field {unknown[0]!r}, which is not there; write a [[field]] of that name")
    if not named or not table["sources"]:
        _refuse(path, where, f"names no {'source' if named else 'field'}; name one")
    test: dict[Verdict, tuple[Alternative, ...]] = {}
    given = table.get("test", {})
    _keys(path, f"{where}, test", given, set(_TESTED), set())
    for verdict in _TESTED:
        test[verdict] = tuple(_alternatives(path, f"{where}, {verdict}", given.get(verdict, []), fields))
    used = {name for alternatives in test.values() for each in alternatives for name, _ in each}
    beyond = sorted(used - set(named))
    if beyond:
        _refuse(path, where, f"tests {beyond[0]!r}, which is not among its fields; add it there")
    title, text, law = (_words(path, where, kind, table[kind]) for kind in _WORDS)
    return Rule(
        str(table["id"]), table["about"], title, text, law, tuple(table["sources"]), str(table["date"]), table["confidence"], named, test
    )  # fmt: skip


def _alternatives(
    path: Path, where: str, given: list[Mapping[str, Any]], fields: Mapping[str, Field]
) -> Iterator[Alternative]:
    """Each alternative with one value a field: a list of values is as many alternatives."""
    for table in given:
        if not table:
            _refuse(path, where, "has an empty condition, which would always hold; remove it")
        choices = [[(name, value) for value in _as_list(values)] for name, values in table.items()]
        for name, value in itertools.chain.from_iterable(choices):
            if name not in fields:
                _refuse(path, where, f"tests the field {name!r}, which is not there; write a [[field]] of that name")
            _check_value(path, where, fields[name], value)
        yield from (tuple(choice) for choice in itertools.product(*choices))


def _check_value(path: Path, where: str, field: Field, value: object) -> None:
    plain = value.removeprefix(BUT) if isinstance(value, str) else ""
    if not plain:
        _refuse(path, where, f"{field.name} = {value!r}: an unknown value decides nothing; write a value")
    allowed = ("none", A_DAY) if field.is_day else field.values
    if plain != ANYTHING and allowed and plain not in allowed:
        _refuse(path, where, f"{field.name} = {value!r} cannot be; it is one of {', '.join(allowed)}")


def _election(path: Path, number: int, table: Mapping[str, Any]) -> Election:
    where = f"[[election]] {table.get('id') or number}"
    _keys(path, where, table, _OF_ELECTION, _OF_ELECTION)
    periods: dict[str, tuple[tuple[dt.date, dt.date], ...]] = {}
    for name, days in table["periods"].items():
        try:
            pairs = tuple((dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in days)
        except (TypeError, ValueError):
            _refuse(path, where, f'{name} is no list of days; write [["2021-09-08", "2021-09-08"]]')
        if not pairs or any(first > last for first, last in pairs):
            _refuse(path, where, f"{name} ends before it begins; exchange the days")
        periods[name] = pairs
    return Election(str(table["id"]), _words(path, where, "label", table["label"]), periods)


def _check_phrases(path: Path, name: str, lists: Mapping[str, Any]) -> None:
    where = f"[phrases.{name}]"
    _keys(path, where, lists, {*LISTS, "source", "date"}, {"source", "date"})
    for kind in ("sure", "maybe", "never"):
        for phrase in lists.get(kind, ()):
            if fault := faulty_phrase(phrase):
                _refuse(path, where, f"{kind}: {phrase!r} {fault}; mend it")


def _words(path: Path, where: str, name: str, given: Any) -> Words:
    if not isinstance(given, Mapping) or any(not str(given.get(language, "")).strip() for language in LANGUAGES):
        _refuse(path, where, f"{name} is not there in all of {', '.join(LANGUAGES)}; write the others")
    return {language: str(given[language]) for language in LANGUAGES}


def _as_list(values: object) -> list[Any]:
    return list(values) if isinstance(values, list) else [values]


def _one_of(path: Path, where: str, name: str, value: object, known: Collection[str]) -> None:
    if value not in known:
        _refuse(path, where, f"{name} = {value!r} is not one of {', '.join(known)}")


def _keys(path: Path, where: str, table: Any, known: Collection[str], needed: Collection[str]) -> None:
    if not isinstance(table, Mapping):
        _refuse(path, where, "is no table; write it as one")
    lacking, beyond = sorted(set(needed) - table.keys()), sorted(table.keys() - set(known))
    if lacking:
        _refuse(path, where, f"lacks {', '.join(lacking)}; add it")
    if beyond:
        _refuse(
            path,
            where,
            f"has {', '.join(beyond)}, which nothing reads; remove it, or write one of {', '.join(sorted(known))}",
        )
    if fault := other_kinds(table):
        _refuse(path, where, fault)


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        # Windows' editors put a mark before UTF-8, and end lines in their own way.
        return cast(dict[str, Any], tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadReferenceData(f"{path}: this is no TOML ({error}); mend that line") from None


def _refuse(path: Path, where: str, what: str) -> NoReturn:
    raise BadReferenceData(f"{path}, {where}: {what}")
