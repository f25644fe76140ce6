"""What the demo case says beside the complaints: who has a number, other numbers, dialled blocks, canaries."""

import csv
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, fisher_exact

from tasrib.complaints import read_complaints
from tasrib.numbering import lookup_many
from tasrib.report.alias import read_alias

SHOP, BANK = "Magasin Azur", "Banque Oum Rabia"


@pytest.fixture(scope="module")
def letters(folder):
    return read_alias(folder / "operators.csv")


@pytest.fixture(scope="module")
def people(folder, truth, letters):
    """One row for each person and story."""
    frame = read_complaints(folder / "complaints.csv")[0]
    numbers = lookup_many(frame["recipient"])
    frame = frame.assign(
        story=frame["complaint_id"].map(truth["rows"]),
        person=numbers["e164"],
        letter=[letters.get(name, "") for name in numbers["operator_allocated"]],
    )
    return frame[numbers["number_status"] == "valid"].drop_duplicates(["person", "story"])


@pytest.fixture(scope="module")
def canaries(folder):
    with (folder / "canaries.csv").open(encoding="utf-8", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def of(people, *stories):
    return people[people["story"].isin(stories)].drop_duplicates("person")


def with_and_without(people, organisation):
    answers = people.loc[people["known_to"] != "", "known_to"].str.split(";")
    known = sum(organisation in names for names in answers)
    return [known, len(answers) - known]


def excess(people, story, organisation, letter=None):
    """One-sided p-value: do more people of a story than of the controls give an organisation?"""
    chosen = people if letter is None else people[people["letter"] == letter]
    cases = of(chosen, story)
    controls = of(chosen, "commercial", "scam")
    controls = controls[~controls["person"].isin(cases["person"])]
    table = [with_and_without(cases, organisation), with_and_without(controls, organisation)]
    return fisher_exact(table, alternative="greater").pvalue


def pairs(people, letters, story):
    """The letters of the number reached and of another number of the same person."""
    rows = of(people, story)
    return [
        (letter, letters.get(operator, ""))
        for letter, cell in zip(rows["letter"], rows["other_numbers"], strict=True)
        if cell
        for operator in lookup_many(cell.split(";"))["operator_allocated"]
    ]


def test_columns_are_recognised_by_their_french_names(folder):
    complaints, _ = read_complaints(folder / "complaints.csv")
    assert complaints.attrs["ignored_columns"] == []
    assert (complaints["known_to"] != "").mean() == pytest.approx(0.6, abs=0.05)
    assert (complaints["other_numbers"] != "").any()


def test_organisations_are_those_of_the_truth(people, truth):
    for story, counts in truth["known_to"]["people"].items():
        stories = (story,) if story != "other" else tuple(truth["wrongly_reported"])
        answers = of(people, *stories)["known_to"]
        answers = answers[answers != ""]
        assert len(answers) == counts["answers"]
        named = Counter(name for cell in answers for name in cell.split(";"))
        assert named == {name: count for name, count in counts.items() if name != "answers" and count}


def test_shop_is_behind_its_campaign_and_no_other(people, truth):
    assert truth["campaigns"]["SHOP_LIST"]["holder"] == {"organisation": SHOP, "share": 0.6, "people": 27}
    assert excess(people, "SHOP_LIST", SHOP) < 0.001
    for story in set(truth["campaigns"]) - {"SHOP_LIST"}:
        assert excess(people, story, SHOP) > 0.05


def test_bank_only_seems_to_be_behind_the_leak(people):
    customers = people[people["known_to"].str.split(";").map(lambda names: BANK in names)]
    assert (of(customers, "commercial", "scam")["letter"] == "A").mean() > 0.5
    assert excess(people, "LEAK", BANK) < 0.01
    # Among customers of one operator nothing of it is left.
    assert all(excess(people, "LEAK", BANK, letter) > 0.05 for letter in "ABC")


def test_other_numbers_are_valid_and_nobody_was_reached_there(people):
    cells = people.loc[people["other_numbers"] != "", "other_numbers"]
    others = lookup_many([number for cell in cells for number in cell.split(";")])
    assert set(others["number_status"]) == {"valid"}
    assert not set(others["e164"]) & set(people["person"])
    assert 0 < cells.str.contains(";").mean() < 0.15


@pytest.mark.parametrize("story", ["LEAK", "CLEAN_BIASED", "commercial", "scam"])
def test_a_third_give_other_numbers(people, truth, letters, story):
    told = truth["other_numbers"][story]
    assert told["people"] / len(of(people, story)) == pytest.approx(0.35, abs=0.06)
    found = pairs(people, letters, story)
    assert len(found) == told["pairs"]
    differing = [(reached, other) for reached, other in found if reached != other]
    for letter in "ABC":
        assert sum(reached == letter for reached, _ in differing) == told["reached_only"][letter]
        assert sum(other == letter for _, other in differing) == told["other_only"][letter]


def test_within_people_the_operator_of_the_leak_was_reached_more(truth):
    def mcnemar(story, letter):
        told = truth["other_numbers"][story]
        reached, other = told["reached_only"][letter], told["other_only"][letter]
        return binomtest(reached, reached + other, alternative="greater").pvalue

    assert mcnemar("LEAK", "A") < 0.01
    assert all(mcnemar("LEAK", letter) > 0.05 for letter in "BC")
    assert all(mcnemar("CLEAN_BIASED", letter) > 0.05 for letter in "ABC")


def test_dialled_numbers_are_evenly_spaced_in_three_blocks(people, truth):
    campaign = truth["campaigns"]["DIALLED"]
    rows = of(people, "DIALLED")
    blocks = rows.groupby(rows["person"].str[4:9])
    assert len(blocks) == len(campaign["dialled"]) == 3
    for told in campaign["dialled"]:
        block = blocks.get_group(told["block"][:5])
        numbers = np.sort(block["person"].str[9:].astype(int))
        assert len(numbers) == told["people"]
        assert set(block["letter"]) == {told["operator"]}
        assert (np.diff(numbers) % told["step"] == 0).all()
        assert np.median(np.diff(numbers)) == told["step"]


def test_elsewhere_hardly_two_numbers_share_a_block(people, truth):
    for story in set(truth["campaigns"]) - {"DIALLED"}:
        rows = of(people, story)
        assert rows["person"].str[4:9].nunique() > 0.95 * len(rows)


def test_dialled_people_are_of_no_one_operator_and_of_all_the_country(people, truth):
    shares = np.array([truth["controls"]["by_prefix"][letter] for letter in "ABC"])
    dialled = np.array([truth["campaigns"]["DIALLED"]["by_prefix"][letter] for letter in "ABC"])
    assert dialled / dialled.sum() == pytest.approx(shares / shares.sum(), abs=0.03)
    assert of(people, "DIALLED")["region"].nunique() > 6


def test_canaries_have_one_holder_and_only_those_of_the_leaked_file_were_hit(people, canaries, truth):
    assert len(canaries) == canaries["number"].nunique() == 12
    assert Counter(canaries["holder"]) == {name: told["numbers"] for name, told in truth["canaries"].items()}
    assert len(truth["canaries"]) == 3
    hits = people.merge(canaries, left_on="person", right_on="number")
    assert dict(Counter(zip(hits["holder"], hits["story"], strict=True))) == {("fichier clients A", "LEAK"): 3}
    assert {name: told["hit_in"] for name, told in truth["canaries"].items() if told["hit_in"]} == {
        "fichier clients A": {"LEAK": 3}
    }
    assert (hits["known_to"] == "").all()
    assert (hits["other_numbers"] == "").all()


def test_canaries_are_mobile_numbers_nobody_gives_as_another(people, canaries, letters):
    numbers = lookup_many(canaries["number"])
    assert set(numbers["number_status"]) == {"valid"}
    mine = numbers["operator_allocated"][(canaries["holder"] == "fichier clients A").to_numpy()]
    assert {letters[name] for name in mine} == {"A"}
    cells = people.loc[people["other_numbers"] != "", "other_numbers"]
    assert not set(lookup_many([one for cell in cells for one in cell.split(";")])["e164"]) & set(numbers["e164"])
