"""Who filed: said, or shown by signs; and no sign where a file is sorted, sent in one minute, or without times."""

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

import tasrib
from tasrib.tracing.caveats import LANGUAGES, Caveat, caveat_text
from tasrib.tracing.filers import UNNAMED, filed_for_others, inferred_filers, one_each, said_filers
from tasrib.tracing.persons import persons

KEY = bytes(range(32))
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))
SENT = pd.Timestamp("2021-08-20 10:00", tz="UTC")
DAY = 24 * 60
PROSE = "Nous avons tous reçu ce message le même soir"


def names(n):
    return [f"p-{''.join(LETTERS[[i // 676 % 26, i // 26 % 26, i % 26]])}{'a' * 13}" for i in range(n)]


def case(rng, *, n=80, n_controls=240, minutes=None, filed_together=(), order="filed", own=None):
    """One campaign and other messages; of each person a moment of its own in twenty days, filed a day later or so."""
    everyone = n + n_controls
    reached = rng.integers(0, 20 * DAY, everyone)
    if minutes is not None:
        reached[:n] = minutes(rng, n)
    filed = reached + rng.exponential(DAY, everyone)
    for group in filed_together:
        reached[group], filed[group] = reached[group[0]], filed[group[0]]
    campaign = np.arange(everyone) < n
    text = np.where(campaign, "صوتوا", np.char.add("Soldes ", rng.integers(0, 12, everyone).astype(str)))
    rows = pd.DataFrame(
        {
            "recipient": names(everyone), "text": text, "campaign_id": np.where(campaign, "c1", ""), "decision": np.where(campaign, "campaign", "not_campaign"),
            "received_at": SENT + pd.to_timedelta(reached, unit="min"), "filed": filed, **(own or {}),
        }
    )  # fmt: skip
    keys = {"filed": ["filed"], "time": ["received_at", "filed"], "campaign and time": ["campaign_id", "received_at"]}
    rows = rows.sample(frac=1, random_state=1) if order == "random" else rows.sort_values(keys[order], kind="stable")
    rows = rows.drop(columns="filed")
    known = {name: rows[name].tolist() for name in rows if name not in (own or {}) or name == "known_to"}
    numbered = range(1, everyone + 1)
    frame = scored_frame(
        everyone, **known, complaint_id=[str(i) for i in numbered], source_file="a.csv", source_row=[i + 1 for i in numbered]
    )  # fmt: skip
    return frame.assign(**{name: rows[name].to_numpy() for name in own or {} if name != "known_to"})


def signs(scored):
    who = persons(scored, "MA")
    return filed_for_others(inferred_filers(scored, who), who)


def burst(rng, n):
    return 5 * DAY + rng.integers(0, 30, n)


def waves(rng, n):
    return 5 * DAY + 60 * rng.integers(0, 3, n)


def one_minute(rng, n):
    return np.full(n, 5 * DAY)


@pytest.mark.parametrize("order", ["filed", "time", "random", "campaign and time"])
@pytest.mark.parametrize("minutes", [None, burst, waves, one_minute])
def test_citizens_who_each_file_for_themselves_give_no_sign(order, minutes):
    for seed in range(3):
        assert signs(case(np.random.default_rng(seed), minutes=minutes, order=order)) == (0, 0)


def test_days_without_a_time_and_usual_hours_give_no_sign():
    frame = case(np.random.default_rng(1), filed_together=[np.arange(30)])
    assert signs(frame) == (30, 1)
    local = frame["received_at"].dt.tz_convert("Africa/Casablanca").dt.normalize()
    assert signs(frame.assign(received_at=local.dt.tz_convert("UTC"))) == (0, 0)
    assert signs(frame.assign(received_at=frame["received_at"].dt.normalize())) == (0, 0)
    assert signs(frame.assign(received_at=frame["received_at"].dt.normalize() + pd.Timedelta(hours=12))) == (0, 0)
    assert signs(frame.assign(received_at=pd.Series(pd.NaT, index=frame.index, dtype=frame["received_at"].dtype))) == (
        0,
        0,
    )


def test_hours_that_people_round_give_no_sign():
    for seed in range(3):
        frame = case(np.random.default_rng(seed), minutes=lambda rng, n: 5 * DAY + rng.integers(0, 2 * DAY, n))
        assert signs(frame.assign(received_at=frame["received_at"].dt.floor("h"))) == (0, 0)


def test_one_who_files_for_thirty_relatives_is_one_filer():
    frame = case(np.random.default_rng(2), filed_together=[np.arange(30)])
    who = persons(frame, "MA")
    found = inferred_filers(frame, who)
    mine = frame["recipient"].isin(names(30))
    assert found[mine].nunique() == 1
    assert found[mine].iloc[0].startswith(UNNAMED)
    assert found[~mine].tolist() == who[~mine].tolist()
    kept = one_each(frame.assign(person=who)[frame["campaign_id"] == "c1"], found[frame["campaign_id"] == "c1"])
    assert len(kept) == 51


def test_households_of_four_are_seen_one_by_one():
    frame = case(np.random.default_rng(3), filed_together=np.arange(40).reshape(10, 4), n_controls=400)
    assert signs(frame) == (40, 10)


def test_in_a_file_sorted_by_time_the_numbers_of_complaints_still_tell():
    frame = case(np.random.default_rng(4), filed_together=[np.arange(20)])
    by_time = (
        frame.sort_values("received_at", kind="stable").reset_index(drop=True).assign(source_row=frame["source_row"])
    )
    assert signs(by_time) == (20, 1)
    assert signs(by_time.assign(complaint_id=[f"PL-{i:05}" for i in range(len(frame))])) == (0, 0)


def test_a_filer_is_the_same_in_any_order_of_the_rows():
    frame = case(np.random.default_rng(5), filed_together=[np.arange(12)])
    mixed = frame.sample(frac=1, random_state=3)
    found, again = (inferred_filers(rows, persons(rows, "MA")) for rows in (frame, mixed))
    assert again.sort_index().tolist() == found.tolist()
    assert filed_for_others(found, frame["recipient"]) == (12, 1)


def test_a_person_who_complains_thrice_in_a_minute_files_for_nobody():
    frame = case(np.random.default_rng(6), filed_together=[np.arange(6)])
    one = frame["recipient"].mask(frame["recipient"].isin(names(6)), names(1)[0])
    assert signs(frame.assign(recipient=one)) == (0, 0)


HOLDERS = "Mutuelle générale du personnel;ColisVite;Banque du Détroit"


def test_a_long_list_of_organisations_copied_down_is_a_sign_and_a_leak_from_one_holder_is_none():
    rng = np.random.default_rng(7)
    lists = rng.choice(["ColisVite", "Banque du Détroit", "Syndicat des enseignants;ColisVite", "Autre"], 320).astype(
        object
    )
    together = np.where(np.arange(320) < 12, HOLDERS, lists)
    copied = case(np.random.default_rng(8), filed_together=[np.arange(12)], own={"known_to": together})
    dates = copied["received_at"].dt.normalize()
    assert signs(copied.assign(received_at=dates)) == (12, 1)
    held = np.where((np.arange(320) < 80) & (rng.random(320) < 0.6), HOLDERS, lists)
    assert signs(case(np.random.default_rng(8), own={"known_to": held})) == (0, 0)
    by_list = copied.assign(received_at=dates).sort_values("known_to").assign(source_row=copied["source_row"].tolist())
    assert signs(by_list.assign(complaint_id="")) == (0, 0)


def test_the_same_sentence_among_sentences_of_peoples_own_is_a_sign_and_a_form_letter_is_none():
    said = np.array([f"Je n'ai jamais donné mon numéro, plainte {i}" for i in range(320)], dtype=object)
    told = np.where(np.isin(np.arange(320), [3, 20, 41, 60]), PROSE, said)
    assert signs(case(np.random.default_rng(9), own={"remarks": told})) == (4, 1)
    letter = np.where(np.arange(320) % 5 == 0, PROSE, said)
    assert signs(case(np.random.default_rng(9), own={"remarks": letter})) == (0, 0)
    choices = np.array([PROSE, "Je ne sais pas d'où vient mon numéro"], dtype=object)[np.arange(320) % 2]
    assert signs(case(np.random.default_rng(9), own={"remarks": choices})) == (0, 0)


def test_an_address_of_a_family_is_a_sign_and_that_of_a_sender_or_a_clerk_is_none():
    own = np.array([f"a{i}@mail.example" for i in range(320)], dtype=object)
    family = np.where(np.arange(320) % 40 == 0, "Famille@mail.example", own)
    assert signs(case(np.random.default_rng(10), own={"e_mail": family})) == (8, 1)
    hidden = [
        f"p-{'a' * 13}{''.join(LETTERS[[i // 26, i % 26]])}a"
        for i in np.where(np.arange(320) % 40 == 0, 0, np.arange(320))
    ]
    assert signs(case(np.random.default_rng(10), own={"e_mail": hidden})) == (8, 1)
    sender = np.where(np.arange(320) < 80, "info@parti.example", own)
    assert signs(case(np.random.default_rng(10), own={"e_mail": sender})) == (0, 0)
    clerks = np.char.add(np.array(["x", "y", "z"])[np.arange(320) % 3], "@mail.example").astype(object)
    assert signs(case(np.random.default_rng(10), own={"e_mail": clerks})) == (0, 0)


def scored(people, numbers, **options):
    frame = pd.DataFrame({"text": "Soldes", "recipient": numbers, "complainant": people})
    return tasrib.score(frame, **(options or {"key": KEY}))


@pytest.mark.parametrize("options", [{"key": KEY}, {"keep_numbers": True}])
def test_the_complainant_files_where_one_is_named_and_else_the_person_reached(options):
    numbers = [f"066100010{i}" for i in range(7)]
    frame = scored(["06 61 00 01 00", "+212661000100", "", "Amina B", "amina  b", "Karim", ""], numbers, **options)
    who, found = persons(frame, "MA"), said_filers(frame, persons(frame, "MA"))
    assert found.index.tolist() == frame.index.tolist()
    # Who files by their number is the person of that number, for themself and for another.
    assert found[0] == found[1] == who[0]
    assert found[3] == found[4]
    assert found[3] not in set(who)
    # A name that speaks for one number only is the person of it.
    assert found[[2, 5, 6]].tolist() == who[[2, 5, 6]].tolist()
    assert filed_for_others(found, who) == (4, 2)


def test_without_complainants_everyone_files_for_themself():
    frame = scored("", ["0661000100", "0661000101", "####"])
    assert said_filers(frame, persons(frame, "MA")).tolist() == persons(frame, "MA").tolist()
    assert filed_for_others(said_filers(frame, persons(frame, "MA")), persons(frame, "MA")) == (0, 0)
    empty = frame.iloc[:0]
    assert (
        said_filers(empty, persons(empty, "MA")).tolist() == inferred_filers(empty, persons(empty, "MA")).tolist() == []
    )


def test_the_one_kept_depends_on_no_order_and_no_number():
    rows = pd.DataFrame({"person": names(300), "campaign_id": "c1", "operator": np.repeat(["A", "B", "C"], 100)})
    filer = pd.Series(np.arange(300) % 100).astype("str")
    kept = one_each(rows, filer)
    assert len(kept) == 100
    assert kept.index.is_monotonic_increasing
    mixed = rows.sample(frac=1, random_state=2)
    assert set(one_each(mixed, filer[mixed.index])["person"]) == set(kept["person"])
    # Of each filer's three the smallest name is with A: all operators are drawn alike (at 100 draws within 4 standard errors).
    assert kept["operator"].value_counts().between(33 - 19, 33 + 19).all()


def test_one_each_keeps_all_rows_of_the_person_kept_and_one_person_a_campaign():
    rows = pd.DataFrame(
        {"person": ["p-a", "p-a", "p-b", "p-c", "p-a", "p-b"], "campaign_id": ["c1", "c1", "c1", "c1", "c2", "c2"]}
    )
    filer = pd.Series(["f", "f", "f", "p-c", "f", "f"])
    kept = one_each(rows, filer)
    each = kept.groupby("campaign_id")["person"].unique()
    (one,) = set(each["c2"])
    assert set(each["c1"]) == {one, "p-c"}
    assert len(kept) == sum(rows["person"].isin([one])) + 1
    assert one_each(rows, rows["person"]) is rows


def test_what_is_said_of_filers_is_said_in_three_languages():
    for caveat in (Caveat("one_filer", {"n_filed": 30, "n_filers": 1}), Caveat("filers_unknown")):
        for language in LANGUAGES:
            assert ("30" in caveat_text(caveat, language)) == bool(caveat.values)
