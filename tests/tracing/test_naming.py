"""Does the message call its recipient by name? A word that differs from person to person is told, and never which."""

import json
import random
import re

import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.report import write_report
from tasrib.report.narrative import narrate_verdict
from tasrib.tracing import trace
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.methods.slot_values import is_varied, kept_values, wordings_p
from tasrib.tracing.methods.slot_words import FAMILY, GREETING, MASK, TITLE, words_of
from tasrib.tracing.methods.slots import FEWEST, LOOKED_AT, find_slots
from training.naming_study import OTHERS, PEOPLE, WORDS, filled
from training.obfuscate import OBFUSCATIONS, obfuscate

NAMES = [*WORDS["men"][:40], *WORDS["women"][:40]]
ARABIC = [*WORDS["men_arabic"][:40], *WORDS["women_arabic"][:40]]
FRENCH = "Bonjour {}, le 8 septembre votez pour la liste Jossour, symbole le pont. Un dispensaire près de chez vous."
LANGUAGES = ("ar", "fr", "en")


def messages(template, n=30, names=NAMES, seed=0):
    return [template.format(name) for name in random.Random(seed).sample(names, n)]


def drawn(template, n, seed=0):
    rng = random.Random(seed)
    return [filled(rng, template) for _ in range(n)]


@pytest.mark.parametrize(
    ("template", "names", "context"),
    [
        (FRENCH, NAMES, "[greeting] … le #"),
        ("Mme {}, votre commune change le 8 septembre : votez Jossour, symbole le pont", NAMES, "[title] … votre commune"),
        ("السلام عليكم السيد {}، لائحة الأفق الجديد تدعوكم إلى التصويت يوم 8 شتنبر", ARABIC, "[greeting] … لايحه الافق"),
        ("عزيزتي {} صوتك أمانة، لائحة الأفق الجديد تدعوكم إلى التصويت", ARABIC, "[greeting] … صوتك امانه"),
        ("\u200fSalam khti {}\u200f nhar 8 chtanbir sawto 3la lista Jossour rmz l9entra", NAMES, "[greeting] … nhar #"),
        ("{}, le 8 septembre votez pour la liste Jossour, symbole le pont", NAMES, "… le #"),
        ("Le 8 septembre, pensez à votre fils {} : une école digne, cochez le pont", NAMES, "votre [family] … une ecole"),
    ],
)  # fmt: skip
def test_a_name_is_seen_in_each_language(template, names, context):
    found = find_slots(messages(template, names=names))
    assert (found.kind, found.context) == ("name-like", context)
    assert found.n == found.n_with_slot == 30
    assert found.n_values >= 20
    assert found.p_value < 1e-6


def test_a_polling_station_is_a_place_and_a_link_of_ones_own_is_a_link():
    for name, kind in (("polling station", "place-or-number"), ("link", "tracked link")):
        found = find_slots(drawn(PEOPLE[name], 40))
        assert found.kind == kind
        assert found.p_value < 0.001


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("n", [20, 50, 150])
def test_what_else_differs_is_no_name(name, n):
    found = find_slots(drawn(OTHERS[name], n))
    assert found.kind == "none" or found.p_value > 0.01


@pytest.mark.parametrize("name", OBFUSCATIONS)
def test_a_message_disguised_anew_for_each_person_calls_nobody(name):
    text = FRENCH.format("à tous") + " صوتوا على رمز الشراع من أجل المدرسة العمومية والشغل"
    assert find_slots([obfuscate(text, name, seed) for seed in range(60)]).kind == "none"


def test_greetings_in_turn_call_nobody_however_many_people():
    greetings = [
        "Bonjour",
        "Bonsoir",
        "Salam",
        "Cher ami",
        "Chère voisine",
        "Cher citoyen",
        "Bonjour voisin",
        "Salut camarade",
    ]
    for n in (10, 40, 200):
        texts = [FRENCH.replace("Bonjour {}", greetings[i % 8]) for i in range(n)]
        assert find_slots(texts).kind == "none"


def test_people_edit_their_messages_and_the_name_is_still_seen():
    texts = messages(FRENCH, 60)
    texts[:12] = [text.partition(", ")[2] for text in texts[:12]]  # the greeting cut out
    texts[12:24] = [f"J'ai reçu ceci hier : {text}" for text in texts[12:24]]
    texts[24:30] = [text[: 50 + i] for i, text in enumerate(texts[24:30])]
    found = find_slots(texts)
    assert found.kind == "name-like"
    assert 40 <= found.n_with_slot <= 48
    assert found.p_value < 1e-6


def test_a_hidden_name_counts_as_a_person_and_as_no_value():
    masks = ["***", "▮▮▮", "[nom]", "XXXX", "F.", "Moh****"]
    hidden = [FRENCH.format(mask) for mask in masks for _ in range(3)]
    found = find_slots(messages(FRENCH, 15) + hidden)
    assert found.kind == "name-like"
    assert found.n_with_slot == 15 + len(hidden)
    assert found.n_values <= 15
    # Where all hid it, the sender may have sent the stars.
    assert find_slots(hidden * 3).kind == "none"


def test_a_word_that_a_region_shares_is_no_name_of_the_recipient():
    template = "Le 8 septembre nous comptons sur toi {} pour porter notre voix. Cochez le pont, liste Jossour."
    rng = random.Random(3)
    local = [rng.randrange(70) for _ in range(90)]
    texts = [template.format(NAMES[i]) for i in local]
    scattered = [f"r{rng.randrange(5)}" for _ in local]
    assert find_slots(texts, scattered).kind == "name-like"
    assert find_slots(texts, [f"r{i % 5}" for i in local]).kind == "none"


def test_volunteers_who_sign_and_chats_that_were_copied_call_nobody():
    signed = [
        f"Le 8 septembre votez Jossour, cochez le pont. Cordialement {name} de la liste Jossour" for name in NAMES[:40]
    ]
    copied = [f"{name} {name}i: le 8 septembre votez pour la liste Jossour, symbole le pont" for name in NAMES[:40]]
    last = [f"Le 8 septembre votez pour la liste Jossour, symbole le pont. {name}" for name in NAMES[:40]]
    for texts in (signed, copied, last):
        assert find_slots(texts).kind == "none"


@pytest.mark.parametrize("texts", [[], [""] * 20, ["ok"] * 20, [FRENCH] * 50, ["\u200f"] * 9, ["***"] * 30])
def test_without_enough_different_messages_there_is_nothing_to_see(texts):
    found = find_slots(texts)
    assert (found.kind, found.n_with_slot, found.p_value) == ("none", 0, 1.0)


def test_few_people_are_no_campaign_of_names():
    assert find_slots(messages(FRENCH, FEWEST - 1)).kind == "none"


# Values that no message has otherwise, so that any trace of one would be seen.
SECRET = st.text("bcdfgjklmnpqrtvwz", min_size=7, max_size=9).map(str.capitalize)


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(SECRET, min_size=12, max_size=40, unique=True),
    template=st.sampled_from([*PEOPLE.values(), "Votre école {n} ouvre, votez le pont le 8 septembre", "{n} {n} le pont, votez {n} le pont"]),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_order_changes_nothing_and_no_value_is_told(names, template, seed):
    rng = random.Random(seed)
    texts = [re.sub(r"\{[naf]\}", name, template) for name in names for _ in range(rng.choice([1, 1, 1, 6]))]
    found = find_slots(texts)
    shuffled = rng.sample(texts, len(texts))
    assert find_slots(shuffled) == found
    told = repr(found).casefold()
    assert not any(name.casefold() in told for name in names)
    assert 0 <= found.p_value <= 1
    assert found.n_values <= found.n_with_slot <= found.n


def test_greetings_titles_and_masks_become_one_word():
    assert words_of("Bonjour chère Mme Nadia")[1:-1] == (GREETING, "nadia")
    assert words_of("السلام عليكم ورحمة الله، الأستاذة نادية")[1:-1] == (GREETING, "ناديه")
    assert words_of("M. le maire et votre fille")[1:-1] == (TITLE, "le", "maire", "et", "votre", FAMILY)
    assert words_of("Bonjour Nad***, le 8/9 à 10h bureau 12 www.x.example/aB3")[1:-1] == (
        GREETING, MASK, "le", "DATE", "a", "TIME", "bureau", "number:12", "link:www.x.example/ab3",
    )  # fmt: skip


def test_spellings_of_one_word_are_one_value():
    fills = dict(
        enumerate(
            [("mohamed",), ("mohammed",), ("mouhamad",), ("votez",), ("votez",), ("vtoez",), ("votz",), (MASK,), ("f",)]
        )
    )
    kept = kept_values(fills)
    assert len({kept[i] for i in (0, 1, 2)}) == 1
    assert len({kept[i] for i in (3, 4, 5, 6)}) == 1
    assert {7, 8}.isdisjoint(kept)


def test_how_varied_values_are():
    assert is_varied([1] * 10)
    assert not is_varied([2] * 50)  # as many as names, and nobody has one alone
    assert not is_varied([10, 10, 10, 1, 1])
    assert not is_varied([])


def test_wordings_in_turn_are_the_occupancy_problem():
    # Feller 1968, II.7: seven balls in seven boxes, all occupied: 7! / 7^7 = 0.006120.
    assert wordings_p(7, 7, 7) == pytest.approx(0.006120, abs=1e-6)
    # The birthday problem (Feller, II.3): 23 people, all different: 0.493.
    assert wordings_p(23, 23, 365) == pytest.approx(0.4927, abs=1e-4)
    assert wordings_p(20, 13, 12) == 0
    assert wordings_p(20, 1, 12) == pytest.approx(1)


@pytest.fixture(scope="module")
def case():
    rng = random.Random(4)
    names = rng.sample(NAMES, 60)
    called = scored_frame(
        60, text=[FRENCH.format(name) for name in names], campaign_id="c-called", recipient=_numbers(rng, 60)
    )
    plain = scored_frame(60, text=FRENCH.format("à tous"), campaign_id="c-plain", recipient=_numbers(rng, 60))
    tiny = scored_frame(
        4, text=[FRENCH.format(name) for name in NAMES[-4:]], campaign_id="c-tiny", recipient=_numbers(rng, 4)
    )
    linked = scored_frame(40, text=drawn(PEOPLE["link"], 40), campaign_id="c-link", recipient=_numbers(rng, 40))
    shop = scored_frame(200, text="Soldes", category="commercial", recipient=_numbers(rng, 200))
    mine = pd.concat([called, plain, tiny, linked]).assign(category="political_campaign", decision="campaign")
    both = pd.concat([mine, shop], ignore_index=True)
    both["operator_allocated"] = [rng.choice(["Maroc Telecom", "Orange", "Inwi"]) for _ in range(len(both))]
    return both.assign(received_at=pd.Timestamp("2021-09-01", tz="UTC"), channel="sms"), names


def _numbers(rng, n):
    return [f"+2126610{x:05d}" for x in rng.sample(range(10**5), n)]


def test_a_campaign_that_calls_people_by_name_is_said_and_others_are_not(case):
    table = trace(case[0], replicates=99).table("naming").set_index("campaign_id")
    assert table["pattern"].to_dict() == {"c-called": "name-like", "c-plain": "none", "c-link": "tracked link"}
    assert table.loc["c-called", ["n", "n_with_slot"]].tolist() == [60, 60]
    side = by_key()["naming"].side
    assert [bool(side.is_found(row)) for row in table.reset_index().to_dict("records")] == [
        name == "c-called" for name in table.index
    ]


def test_order_of_rows_and_people_who_complain_again_change_nothing(case):
    scored, _ = case
    shorter = scored[scored["campaign_id"] == "c-called"].assign(text=lambda rows: rows["text"].str[:40])
    again = pd.concat([scored, scored.iloc[:100], shorter], ignore_index=True).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        trace(again, replicates=99).table("naming"), trace(scored, replicates=99).table("naming")
    )


def test_no_name_is_in_what_is_kept_or_told(case):
    scored, names = case
    result = trace(scored, replicates=99)
    table = result.table("naming")
    comparison = by_key()["naming"]
    told = [table.to_json(force_ascii=False)]
    told += [narrate_verdict(comparison, row, language) for row in table.to_dict("records") for language in LANGUAGES]
    told += [str(comparison.line(table[table["campaign_id"] == name])) for name in table["campaign_id"]]
    words = set(re.findall(r"\w+", " ".join(told).casefold()))
    assert not words & {name.casefold() for name in names}


def test_the_finding_argues_against_dialling_and_says_what_else_makes_it():
    row = {
        "campaign_id": "c-1",
        "party": "",
        "n": 60,
        "n_with_slot": 55,
        "n_values": 48,
        "pattern": "name-like",
        "p_adjusted": 1e-7,
    }
    text = narrate_verdict(by_key()["naming"], row, "en")
    for part in (
        "like a name",
        "55, of 60",
        "48",
        "consistent with",
        "against numbers dialled",
        "address books",
        "columns",
    ):
        assert part in text
    assert "against" not in narrate_verdict(by_key()["naming"], row | {"pattern": "none", "p_adjusted": 1.0}, "en")
    for language in LANGUAGES:
        for change in ({}, {"pattern": "place-or-number"}, {"pattern": "tracked link"}, {"p_adjusted": None}):
            told = narrate_verdict(by_key()["naming"], row | change, language)
            assert not re.search(r"[{}]|nan|None", told)
            assert 3 <= len(re.findall(r"\.(?= |$)", told)) <= 5


def test_the_report_shows_where_and_how_many(case, tmp_path):
    scored, _ = case
    write_report(scored, trace(scored, replicates=99), tmp_path / "out")
    written = json.loads((tmp_path / "out" / "findings.json").read_text("utf-8"))["naming"]
    assert {row["campaign_id"]: row["context"] for row in written}["c-called"] == "[greeting] … le #"
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Does the message call its recipient by name?" in page
    (row,) = re.findall(r'<tr role="row"><th[^>]*><a href="#c-called">.*?</tr>', page, re.S)[:1]
    assert "the file held more than numbers" in row


def test_of_a_large_campaign_some_are_looked_at_and_say_the_same():
    found = find_slots(drawn(PEOPLE["greeting, fr"], 2_000))
    assert found.n == LOOKED_AT
    assert found.n_with_slot >= 0.95 * LOOKED_AT
    assert found.kind == "name-like"
