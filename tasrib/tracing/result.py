"""What tracing found."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from markupsafe import escape

_MOST_SHOWN = 20


@dataclass(frozen=True)
class TraceResult:
    """
    What `trace` found.

    Attributes
    ----------
    findings : pandas.DataFrame
        One row a campaign, comparison and hypothesis, with the columns of ``FINDING_COLUMNS``; strongest evidence first.
        ``comparison`` is a key of the registry (`tasrib.tracing.comparisons`), ``name`` what the finding points to (for a part of the
        numbering plan the tuple of its labels, from the country down), ``caveats`` a tuple of `Caveat`.
    campaigns : pandas.DataFrame
        One row a campaign: ``campaign_id``, ``party``, ``n_messages``, ``n_people``, ``n_valid``, ``n_unknown``
        (people whose prefix is of no known operator), ``first``, ``last``, ``text``, ``tested``, ``strata`` (what people
        were compared within), ``p_none`` and ``p_two`` (posterior of no leak, and of two operators).
    shares : pandas.DataFrame
        One row a tested campaign and operator: ``observed``, ``share``, ``share_low``, ``share_high`` (exact 95%),
        ``controls``, ``controls_share`` and its interval, ``market_share``.
    settings : dict
        Country, thresholds, priors, sources and how market shares were read: what the method section prints.
    tables : dict of str to pandas.DataFrame
        What comparisons keep beside their findings: ``overlaps`` (pairs of campaigns that reached the same people),
        ``generated`` (whether a campaign's numbers look dialled), ``nodes`` (the nodes of the numbering tree that stand out or hold many people),
        ``looks`` (how the evidence for each operator grew from week to week). ``set_aside``: senders of control messages that were left out,
        by campaign. ``fits``: how well each share of the list fits the counts of a finding above weak.
    """

    findings: pd.DataFrame
    campaigns: pd.DataFrame
    shares: pd.DataFrame
    settings: dict
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __repr__(self) -> str:
        """The count of what was found: the frames themselves fill pages."""
        return f"TraceResult({self._counts()})"

    def _repr_html_(self) -> str:
        """What a notebook shows: the count, and the findings that say something, strongest first."""
        found = self.findings[self.findings["evidence"] != "none"]
        names = [
            "campaign_id",
            "party",
            "comparison",
            "name",
            "observed",
            "n_reached",
            "expected",
            "odds_ratio",
            "p_adjusted",
            "evidence",
        ]
        shown = found[[name for name in names if name in found]].head(_MOST_SHOWN)
        more = f"<p>{len(found) - len(shown)} more in <code>findings</code>.</p>" if len(found) > len(shown) else ""
        # pandas escapes what stands in cells.
        table = shown.to_html(index=False, border=0, float_format="{:.3g}".format) if len(shown) else ""
        return f"<p>{escape(self._counts())}</p>{table}{more}"

    def _counts(self) -> str:
        tested = int(self.campaigns["tested"].sum()) if "tested" in self.campaigns else 0
        words = self.findings["evidence"].value_counts() if len(self.findings) else {}
        graded = ", ".join(f"{words[word]} {word}" for word in ("strong", "moderate", "weak") if word in words)
        return (
            f"{len(self.campaigns)} campaigns, {tested} large enough to test; findings: {graded or 'none above chance'}"
        )

    def table(self, name: str) -> pd.DataFrame:
        """A table of `tables`; an empty one where there is none of that name."""
        return self.tables.get(name, pd.DataFrame())

    @property
    def overlaps(self) -> pd.DataFrame:
        """Pairs of campaigns that reached the same people: see `campaign_overlap`."""
        return self.table("overlaps")

    @property
    def generated(self) -> pd.DataFrame:
        """One row a tested campaign: whether its numbers look dialled."""
        return self.table("generated")

    @property
    def nodes(self) -> pd.DataFrame:
        """Of each tested campaign the nodes of the numbering tree that stand out or hold many people: see `tree_scan`."""
        return self.table("nodes")
