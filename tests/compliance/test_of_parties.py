"""What letters tell of the law is counted, and is what the verdicts of each complaint would tell."""

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

from tasrib.compliance import load_rules
from tasrib.compliance.triaging import triage, triage_counts, triage_of_parties


def complaints(n, seed):
    rng = np.random.default_rng(seed)
    return scored_frame(
        n, text=rng.choice(["Votez le 8 septembre, STOP au 3030", "صوتوا على الوردة", "Réunion demain"], n), decision=rng.choice(["campaign", "review"], n),
        party=rng.choice(["USFP", "PAM", ""], n), campaign_id=rng.choice(["c-1", "c-2", ""], n), sender=rng.choice(["", "USFP", "+212661000101"], n),
        channel=rng.choice(["sms", "whatsapp", ""], n), received_at=rng.choice(["2021-09-01", "2021-09-08", ""], n),
    )  # fmt: skip


@pytest.mark.parametrize("rules", ["ma", "fr"])
@pytest.mark.parametrize(("n", "seed"), [(0, 0), (1, 1), (60, 2), (200, 3)])
def test_each_party_s_open_questions_are_counted_by_complaint(rules, n, seed):
    scored, known = complaints(n, seed), load_rules(rules)
    found, each = triage_of_parties(scored, known), triage(scored, known)
    assert len(found.party) == (scored["decision"] == "campaign").sum()
    open_ = each.assign(complaint=np.arange(len(each)) // len(known.rules))[each["verdict"] == "needs_information"]
    told = open_.astype({"field": "str"}).groupby(["party", "field"])["complaint"].nunique()
    assert found.waiting.set_index(["party", "field"])["complaints"].to_dict() == told.to_dict()
    pd.testing.assert_frame_equal(found.counts, triage_counts(scored, known))
