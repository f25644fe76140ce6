"""The figures of the page, each with what it says: title, sentence, table, words for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from tasrib.report.catalogue import say
from tasrib.report.cells import interval_words, word_for
from tasrib.report.dates import day_words, span_words
from tasrib.report.figures import PALETTE, bars, by_day, operator_shares, to_svg
from tasrib.report.tables import NO_PARTY, count_tables
from tasrib.report.words import percent_words
from tasrib.tracing.caveats import isolated, one_line

# Names of fields steer a specification; all else in it is read by people.
_STEERS = ("field", "type", "mark", "timeUnit", "$schema")
_DECISIONS = ("campaign", "review", "not_campaign")


@dataclass(frozen=True)
class Drawn:
    """
    A figure as the page shows it.

    Attributes
    ----------
    svg : markupsafe.Markup
        The drawing.
    title, sentence, alt : str
        What it shows, what it says, and both for those who cannot see it.
    table : pandas.DataFrame
        What is drawn, its columns headed in the language.
    """

    svg: Markup
    title: str
    sentence: str
    alt: str
    table: pd.DataFrame


def figures_of_messages(scored: pd.DataFrame, language: str) -> list[Drawn]:
    """
    Draw the messages by category, party and day.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    list of Drawn
        Those of which there is something to draw.
    """
    counts = count_tables(scored)
    drawn = [_by_category(counts["by_category"], language)]
    if len(counts["by_party"]):
        drawn.append(_by_party(counts["by_party"], language))
    if scored["received_at"].notna().any():
        drawn.append(_by_day(scored, language))
    return drawn


def figure_of_shares(shares: pd.DataFrame, language: str) -> Drawn:
    """
    Draw a campaign's operators beside controls and market.

    Parameters
    ----------
    shares : pandas.DataFrame
        The rows of ``TraceResult.shares`` of one campaign.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    Drawn
        The figure.
    """
    words = {group: say(f"figures.{key}", language) for group, key in _GROUPS.items()}
    words["share of the people, with exact 95% interval"] = say("figures.shares.axis", language)
    apart = (shares["share"] - shares["controls_share"]).where(shares["controls"] > 0)
    if apart.notna().any():
        row = shares.loc[apart.idxmax()]
        reached, controls = (percent_words(row[name], language) for name in ("share", "controls_share"))
        name = isolated(row["operator"], language)
        sentence = say("figures.shares.sentence", language, name=name, reached=reached, controls=controls)
    else:
        sentence = say("figures.shares.alone", language)
    title = say("figures.shares.title", language)
    return _drawn(operator_shares(shares), words, title, sentence, _table_of_shares(shares, language))


_GROUPS = {"people reached": "reached", "controls": "controls", "market": "market"}


def _table_of_shares(shares: pd.DataFrame, language: str) -> pd.DataFrame:
    rows = []
    for row in shares.to_dict("records"):
        reached = interval_words(row["share"], row["share_low"], row["share_high"], percent_words, language)
        control = row["controls_share"] if row["controls"] > 0 else float("nan")
        beside = interval_words(control, row["controls_low"], row["controls_high"], percent_words, language)
        rows.append([row["operator"], reached, beside, percent_words(row["market_share"], language)])
    heads = ("column.operator", "figures.reached", "figures.controls", "figures.market")
    return pd.DataFrame(rows, columns=[say(head, language) for head in heads])


def _by_category(table: pd.DataFrame, language: str) -> Drawn:
    total, of = int(table["messages"].sum()), {name: int(table[name].sum()) for name in _DECISIONS}
    sentence = say(
        "figures.category.sentence", language, n=total, campaign=of["campaign"], review=of["review"],
        rest=of["not_campaign"],
    )  # fmt: skip
    names = [word_for(name, language) for name in table["category"]]
    counts = {say(f"word.{name}", language): table[name] for name in _DECISIONS}
    shown = pd.DataFrame(
        {say("column.category", language): names, **counts, say("column.messages", language): table["messages"]}
    )
    spec = bars(table.set_index("category")["messages"], "messages", PALETTE)
    return _drawn(spec, _words_of_messages(language), say("figures.category.title", language), sentence, shown)


def _by_party(table: pd.DataFrame, language: str) -> Drawn:
    names = table["party"].replace(NO_PARTY, say("word.no_party", language))
    shown = pd.DataFrame({say("column.party", language): names, say("column.messages", language): table["messages"]})
    spec = bars(pd.Series(table["messages"].to_numpy(), index=names.map(one_line)), "messages")
    title, sentence = say("figures.party.title", language), say("figures.party.sentence", language)
    return _drawn(spec, _words_of_messages(language), title, sentence, shown)


def _by_day(scored: pd.DataFrame, language: str) -> Drawn:
    dated = scored[scored["received_at"].notna()]
    days = dated["received_at"].dt.date
    counts = days.value_counts().sort_index()
    day = counts.idxmax()
    sentence = say(
        "figures.day.sentence", language, span=span_words(days.min(), days.max(), language), most=int(counts.max()),
        day=day_words(day, language),
    )  # fmt: skip
    heads = (say("column.day", language), say("column.messages", language))
    shown = pd.DataFrame({heads[0]: [day_words(at, language) for at in counts.index], heads[1]: counts.to_numpy()})
    # Days as numbers: names of months would be English ones.
    words = _words_of_messages(language) | {"%-d %b": "%d/%m"}
    return _drawn(by_day(scored), words, say("figures.day.title", language), sentence, shown)


def _words_of_messages(language: str) -> dict[str, str]:
    return {name: word_for(name, language) for name in PALETTE} | {"messages": say("figures.messages", language)}


def _drawn(spec: dict, words: dict[str, str], title: str, sentence: str, table: pd.DataFrame) -> Drawn:
    alt = f"{title}. {sentence}"
    # vl-convert escapes text itself, so the drawing is safe to put in as it is.
    svg = Markup(to_svg(_in_words(spec, words), one_line(alt)))
    return Drawn(svg, title, sentence, alt, table)


def _in_words(part: Any, words: dict[str, str]) -> Any:
    """A specification with what people read in another language."""
    if isinstance(part, dict):
        return {
            name: value if name in _STEERS and isinstance(value, str) else _in_words(value, words)
            for name, value in part.items()
        }
    if isinstance(part, list):
        return [_in_words(value, words) for value in part]
    return one_line(words[part]) if isinstance(part, str) and part in words else part
