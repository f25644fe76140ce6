"""A result by hand that has something to draw for every figure."""

import numpy as np
import pandas as pd
from frames import scored_frame

from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.grading import as_table
from tasrib.tracing.stats.share import profile_curve

OPERATORS = ("Maroc Telecom", "Orange", "Inwi")
INF, NAN = float("inf"), float("nan")


def finding(campaign_id, name, comparison="operators", **more):
    subject = by_key()[comparison].subject({"name": name})
    return dict(
        campaign_id=campaign_id, party="", comparison=comparison, name=name, hypothesis=f"{subject}:{name}", method="m", baseline="both",
        evidence="none", n_reached=100, observed=30, n_controls=400, controls_observed=120, expected=30.0, odds_ratio=1.0, ci_low=0.6,
        ci_high=1.6, p_value=0.5, p_adjusted=0.8, posterior=0.1, leak_share=0.05, leak_share_low=0.0, leak_share_high=0.2,
        detectable_share=0.54, caveats=(), within_people=False, confounded_with=(), compared_within=(), note="",
    ) | more  # fmt: skip


def shares(campaign_id, observed=(20, 20, 60), controls=(120, 180, 100), market=(0.4, 0.35, 0.25)):
    n, m = sum(observed), sum(controls)
    return [
        dict(
            campaign_id=campaign_id, operator=operator, observed=x, share=x / n, share_low=max(x / n - 0.08, 0), share_high=min(x / n + 0.08, 1),
            controls=y, controls_share=y / m if m else NAN, controls_low=max(y / m - 0.04, 0) if m else 0.0,
            controls_high=min(y / m + 0.04, 1) if m else 1.0, market_share=share,
        )
        for operator, x, y, share in zip(OPERATORS, observed, controls, market, strict=True)
    ]  # fmt: skip


def fits(campaign_id, operator="Inwi", low=0.36, high=0.57):
    at = np.union1d(np.linspace(0, 1, 81), [low, high])
    return pd.DataFrame(
        dict(
            campaign_id=campaign_id,
            operator=operator,
            share=at,
            fit=profile_curve(at, 60, 100, 100, 400, (20.9, 357.9)),
        )
    )


def node(campaign_id, places, cases, people, expected, llr=0.0):
    levels = ("country", "operator", "3-digit prefix", "4-digit prefix", "10,000-number block")
    return dict(
        level=levels[len(places) - 1], node=places[-1], places=places, cases=cases, people=people, expected=expected, llr=llr,
        relative_risk=1.0, p_value=0.01, campaign_id=campaign_id,
    )  # fmt: skip


def campaign(campaign_id, party="", tested=True, n_people=100):
    return dict(
        campaign_id=campaign_id, party=party, n_messages=n_people, n_people=n_people, n_valid=n_people, n_unknown=0,
        text="صوتوا", tested=tested, same_template="", strata=(), p_none=0.5, p_two=0.1,
    )  # fmt: skip


def pair(a, b, overlap=30, expected=10.5, p=0.001):
    return dict(
        campaign_a=a, campaign_b=b, n_a=100, n_b=80, overlap=overlap, expected=expected, ratio=overlap / expected, jaccard=0.2, p_value=p,
        p_adjusted=p, strata=1, method="activity, exact", party_a="PPS", party_b="",
    )  # fmt: skip


def a_result(findings=None, campaigns=None, with_shares=None, **tables):
    """A strong, a weak and two silent campaigns, unless told otherwise."""
    strong = dict(
        evidence="strong", observed=60, odds_ratio=4.5, ci_low=2.9, ci_high=7.1, p_value=1e-9, p_adjusted=1e-8, posterior=0.99,
        leak_share=0.4667, leak_share_low=0.36, leak_share_high=0.57,
    )  # fmt: skip
    if findings is None:
        findings = [
            finding("c-1", "Inwi", **strong), finding("c-1", "Orange", odds_ratio=0.0, ci_low=0.0, ci_high=0.4),
            finding("c-2", "Orange", evidence="weak", odds_ratio=INF, ci_low=1.3, ci_high=INF, p_adjusted=0.04, leak_share=0.3),
            finding("c-3", "Orange", detectable_share=0.7, party="حزب الوردة"),
            finding("c-3", "Inwi", detectable_share=NAN, party="حزب الوردة"),
            finding("c-4", "Orange", detectable_share=NAN, n_reached=12), finding("c-4", "Inwi", detectable_share=NAN, n_reached=12),
            finding("c-5", "Orange", detectable_share=0.66), finding("c-5", "Inwi", detectable_share=0.81),
        ]  # fmt: skip
    if campaigns is None:
        campaigns = [
            campaign("c-1", "PPS"),
            campaign("c-2"),
            campaign("c-3", "حزب الوردة"),
            campaign("c-4", n_people=12),
        ]
    if with_shares is None:
        with_shares = [*shares("c-1"), *shares("c-2"), *shares("c-3"), *shares("c-4", (4, 4, 4))]
    tree = [
        node("c-1", ("MA",), 100, 500, 100.0), node("c-1", ("MA", "Inwi"), 60, 160, 32.0, 20.0),
        node("c-1", ("MA", "Inwi", "060"), 40, 80, 16.0, 12.0), node("c-1", ("MA", "Inwi", "060", "0603"), 39, 70, 14.0, 11.0),
        node("c-1", ("MA", "Orange"), 20, 200, 40.0), node("c-1", ("MA", "Maroc Telecom"), 20, 140, 28.0),
        # 062 is not listed: all of Orange that was reached is in it.
        node("c-1", ("MA", "Orange", "062", "0621"), 12, 50, 10.0, 0.2),
    ]  # fmt: skip
    made = {
        "nodes": pd.DataFrame(tree), "fits": fits("c-1"),
        "overlaps": pd.DataFrame([pair("c-1", "c-2"), pair("c-1", "c-3", 3, 2.4, 0.6)]),
    }  # fmt: skip
    return TraceResult(
        as_table(findings),
        pd.DataFrame(campaigns),
        pd.DataFrame(with_shares),
        {"country": "MA"},
        made | tables,
    )


def a_scored(n=40, days=9):
    """Messages of two campaigns, and others."""
    kind = [
        ("political_campaign", "campaign", f"c-{1 + i % 2}")
        if i % 2 == 0 or i % 5 == 0
        else ("commercial", "not_campaign", "")
        for i in range(n)
    ]
    return scored_frame(
        n, category=[each[0] for each in kind], decision=[each[1] for each in kind], campaign_id=[each[2] for each in kind],
        party=["PPS" if i % 4 == 0 else "" for i in range(n)],
        received_at=pd.to_datetime([f"2021-09-{1 + i % days:02d}T10:00:00Z" for i in range(n)]),
    )  # fmt: skip
