"""Two parties, one text, two leaks."""

import numpy as np
import pandas as pd
import pytest
from invented import SHOPS, TEMPLATE

import tasrib

PREFIXES = {"Maroc Telecom": ["0661", "0662"], "Orange": ["0612", "0617"], "Inwi": ["0630", "0633"]}


@pytest.fixture(scope="module")
def traced():
    rng = np.random.default_rng(3)

    def number(operator):
        return f"{rng.choice(PREFIXES[operator])}{rng.integers(10**6):06d}"

    rows = [
        (TEMPLATE.format(symbol, town), number(operator))
        for symbol, operator in (("الوردة", "Maroc Telecom"), ("الحمامة", "Orange"))
        for town in ["سلا", "فاس", "مراكش"] * 8
    ]
    # Other advertising of several senders: beside the customers of one of them alone, no finding is strong.
    rows += [
        (SHOPS[i % len(SHOPS)], number(operator))
        for i, operator in enumerate(rng.choice(list(PREFIXES), 260, p=[0.4, 0.33, 0.27]))
    ]
    scored = tasrib.score(pd.DataFrame(rows, columns=["text", "recipient"]), key=bytes(32))
    # A shop that does not say its name may pass for a headline; what is tested is not how a model sees that.
    scored["category"] = scored["category"].mask(scored["text"].isin(SHOPS), "commercial")
    return tasrib.trace(scored)


def test_both_leaks_are_found(traced):
    found = traced.findings[traced.findings["evidence"] == "strong"]
    assert dict(zip(found["party"], found["hypothesis"], strict=True)) == {
        "USFP": "operator:Maroc Telecom",
        "RNI": "operator:Orange",
    }


def test_each_names_the_other_as_of_the_same_template(traced):
    campaigns = traced.campaigns.set_index("campaign_id")
    one, other = campaigns.index
    assert campaigns["same_template"].to_dict() == {one: other, other: one}
