"""When a message was received, by the clocks of the country: the edges of polling day, days without an hour, objections."""

import pytest
from citizens import verdict_of

BREACH, NONE, OPEN = "breach_indicated", "no_breach_indicated", "needs_information"


@pytest.mark.parametrize(
    ("received", "verdict"),
    [
        # Morocco is an hour ahead of UTC: polling day of 8 September 2021 begins at 23:00 UTC on the 7th.
        ("2021-09-07T22:59:59Z", NONE),
        # In the first hour nobody can tell whether it was sent before midnight.
        ("2021-09-07T23:00:01Z", OPEN),
        ("2021-09-07T23:59:59Z", OPEN),
        ("2021-09-08T00:00:00Z", BREACH),
        ("2021-09-08T22:59:59Z", BREACH),
        ("2021-09-08T23:00:01Z", OPEN),
        ("2021-09-09T00:00:00Z", NONE),
        # Midnight sharp is how a day without an hour is written.
        ("2021-09-07T23:00:00Z", OPEN),
        ("2021-09-08T23:00:00Z", NONE),
        ("2021-09-08T08:00:00+01:00", BREACH),
        ("2021-09-08T03:00:00+04:00", OPEN),
        ("2021-09-09T03:00:00+05:00", BREACH),
    ],
)
def test_polling_day_in_morocco(received, verdict):
    assert verdict_of("S16", received_at=received)[0] == verdict


def test_a_day_that_a_person_names_counts_by_the_clocks_of_the_country():
    assert verdict_of("S16", received_at="", known={"received_at": "2021-09-08T10:00"})[0] == BREACH
    assert verdict_of("S16", received_at="", known={"received_at": "2021-09-08T00:30"})[0] == OPEN
    assert verdict_of("S16", received_at="2021-09-07T23:00:00Z", known={"on_poll_day": "yes"})[0] == BREACH


@pytest.mark.parametrize(
    ("received", "verdict", "reason"),
    [
        ("2021-09-07T23:00:01Z", OPEN, "near_the_edge"),
        ("2022-03-01T10:00:00Z", OPEN, "no_calendar"),
        ("", OPEN, "unanswered"),
        ("2021-09-08T10:00:00Z", BREACH, "on_poll_day=yes"),
    ],
)
def test_the_reason_is_said(received, verdict, reason):
    found = verdict_of("S16", received_at=received)
    assert (found[0], found[2]) == (verdict, reason)


@pytest.mark.parametrize(
    ("received", "verdict"),
    [
        # Paris is two hours ahead of UTC in June; silence from the eve of each of two rounds.
        ("2024-06-28T21:59:59Z", NONE),
        ("2024-06-28T22:30:00Z", OPEN),
        ("2024-06-28T23:30:00Z", BREACH),
        ("2024-06-30T15:00:00Z", BREACH),
        ("2024-07-02T10:00:00Z", NONE),
        ("2024-07-07T15:00:00Z", BREACH),
        # And one in March.
        ("2026-03-13T22:30:00Z", NONE),
        ("2026-03-14T01:00:00Z", BREACH),
    ],
)
def test_the_eve_of_the_vote_in_france(received, verdict):
    assert verdict_of("F11", rules="fr", received_at=received)[0] == verdict


@pytest.mark.parametrize(
    ("objected", "received", "verdict"),
    [
        ("2021-09-01", "2021-08-31T22:30:00Z", NONE),
        # 23:30 UTC is the next day in Morocco.
        ("2021-09-01", "2021-08-31T23:30:00Z", OPEN),
        ("2021-09-01", "2021-09-02T20:00:00Z", OPEN),
        ("2021-09-01", "2021-09-02T23:30:00Z", BREACH),
        ("2021-09-01T22:30:00Z", "2021-09-03T10:00:00Z", BREACH),
        ("2021-09-01T23:30:00Z", "2021-09-03T10:00:00Z", OPEN),
        ("un jour", "2021-09-03T10:00:00Z", OPEN),
    ],
)
def test_after_an_objection(objected, received, verdict):
    assert verdict_of("S08", objected_at=objected, received_at=received)[0] == verdict


def test_the_first_objection_of_several_counts():
    first = {"objected_at": "2021-08-28", "received_at": "2021-08-27T09:00:00Z"}
    last = {"objected_at": "2021-09-06", "received_at": "2021-09-01T09:00:00Z"}
    assert verdict_of("S08", first, last)[0] == BREACH
    assert verdict_of("S08", last)[0] == NONE


def test_without_a_party_an_objection_holds_for_the_campaign():
    first = {"objected_at": "2021-08-28", "received_at": "2021-08-27T09:00:00Z", "party": ""}
    assert verdict_of("S08", first, {"party": ""})[0] == BREACH
    assert verdict_of("S08", first, {"party": "", "campaign_id": "c-2"})[0] == OPEN
    assert verdict_of("S08", first, {"party": "", "campaign_id": ""})[0] == OPEN


@pytest.mark.parametrize(
    ("answered", "verdict"), [("2024-07-02", NONE), ("2024-07-03", BREACH), ("none", BREACH), ("", OPEN)]
)
def test_a_month_to_answer_in_france(answered, verdict):
    known = {"request_on": "2024-06-01"} | ({"answered_on": answered} if answered else {})
    assert verdict_of("F08", rules="fr", known=known)[0] == verdict
