"""What was looked at counts, whether or not there was anything: families of p-values across campaigns."""

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from statsmodels.stats.multitest import multipletests

from tasrib.tracing import trace
from tasrib.tracing.caveats import Shown
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.grading import grade
from tasrib.tracing.stats.adjust import adjust_across


def test_campaigns_with_nothing_are_adjusted_for():
    p = [0.001, 0.02, 0.04]
    expected = multipletests([*p, *[1.0] * 17], method="fdr_bh")[1][:3]
    np.testing.assert_allclose(adjust_across(p, list("abc"), 20), expected)
    np.testing.assert_allclose(adjust_across(p, list("abc"), 2), adjust_across(p, list("abc")))


def test_blocks_and_prefixes_of_one_search_are_one_family():
    place = ("MA", "A", "066", "0661", "0661 23xxxx")
    rows = [
        {"campaign_id": f"c-{i}", "comparison": "tree", "name": place[: 4 + i % 2], "p_value": p, "p_within": p, "posterior": np.nan,
         "baseline": "controls", "n_reached": 40, "observed": 10}
        for i, p in enumerate([0.01, 0.02, 0.3, 0.9])
    ]  # fmt: skip
    names = [row["campaign_id"] for row in rows]
    graded = grade(rows, by_key(), pd.Series("", names), dict.fromkeys(names, Shown(n_strata=3)))
    assert graded["hypothesis"].str.startswith("block").sum() == 2
    adjusted = graded.set_index("campaign_id")["p_adjusted"]
    np.testing.assert_allclose(adjusted[names], multipletests([row["p_within"] for row in rows], method="fdr_bh")[1])


def with_canaries(n_campaigns):
    """As many campaigns, the first of which reached a canary."""
    n = 12 * n_campaigns
    campaigns = scored_frame(
        n, text="vote", recipient=[f"+2126612{i:05d}" for i in range(n)], category="political_campaign", decision="campaign",
        campaign_id=[f"c-{i % n_campaigns}" for i in range(n)], operator_allocated="A", channel="sms", received_at="2021-09-01",
    )  # fmt: skip
    shop = scored_frame(
        40, text="sale", recipient=[f"+2126702{i:05d}" for i in range(40)], category="commercial", operator_allocated="B",
        channel="sms", received_at="2021-09-01",
    )  # fmt: skip
    canaries = pd.DataFrame({"number": ["+212661200000", "+212671999999"], "holder": ["Fair", "Club"]})
    return trace(pd.concat([campaigns, shop], ignore_index=True), canaries=canaries, replicates=99)


@pytest.mark.parametrize("n", [1, 8])
def test_campaigns_that_reached_no_canary_are_in_the_family(n):
    findings = with_canaries(n).findings
    (hit,) = findings[findings["comparison"] == "canaries"].to_dict("records")
    # Adjusted for the two holders, and for all campaigns.
    assert hit["p_adjusted"] == pytest.approx(2 * n * hit["p_value"])
