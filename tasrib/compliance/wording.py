"""Verdicts, reasons and questions in Arabic, French and English."""

from __future__ import annotations

from tasrib.compliance.deciding import DECIDED
from tasrib.compliance.looking_up import word
from tasrib.compliance.rules import A_DAY, ANYTHING, BUT, RuleSet
from tasrib.errors import WrongArgument
from tasrib.tracing.caveats import LANGUAGES


def verdict_words(verdict: str, about: str, confidence: str, language: str) -> str:
    """
    Say a verdict.

    Parameters
    ----------
    verdict : str
        One of the four.
    about : {"sender", "evidence"}
        What its rule is about.
    confidence : {"H", "M", "L"}
        Of its rule.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``a breach is indicated (to be confirmed)``.
    """
    said = word(f"verdict.{about}", verdict, language)
    return f"{said} ({word('heading', 'to_be_confirmed', language)})" if confidence == "L" else said


def because_words(because: str, rules: RuleSet, language: str) -> str:
    """
    Say what decided a verdict, or why it is open.

    Parameters
    ----------
    because : str
        The column ``because`` of `triage`.
    rules : RuleSet
        Whose fields it names.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``agreed beforehand: no; member: no``.
    """
    check_language(language)
    if "=" not in because:
        table = "heading" if because == DECIDED else "reason"
        return word(table, because, language) if because else ""
    said = []
    for condition in because.split("&"):
        name, _, value = condition.partition("=")
        field = rules.fields[name]
        said.append(f"{field.label[language]}{word('heading', 'colon', language)}{_value(value, language)}")
    return word("heading", "semicolon", language).join(said)


def _value(value: str, language: str) -> str:
    if value in (ANYTHING, A_DAY):
        return word("value", "known", language)
    if value.startswith(BUT):
        return word("heading", "not", language).format(value=word("value", value.removeprefix(BUT), language))
    return word("value", value, language)


def check_language(language: str) -> None:
    """
    Make sure that words are known in a language.

    Parameters
    ----------
    language : str
        ``ar``, ``fr`` or ``en``.

    Raises
    ------
    WrongArgument
        When it is none of these.
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        raise WrongArgument(f"language is one of {', '.join(LANGUAGES)}; got {str(language)[:20]!r}")
