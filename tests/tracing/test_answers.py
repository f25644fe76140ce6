"""Who else holds the number: answers as people write them."""

import pandas as pd
import pytest

from tasrib.tracing.answers import read_answers


def read(*cells, least=1):
    return read_answers(pd.Series(cells, dtype="str"), least)


@pytest.mark.parametrize(
    "nobody", ["none", "Nobody", "no one", "aucune", "Personne.", "à personne", "لا أحد", "لا احد", "ما كاين حد", "7ta wahed", "حتى واحد", "Non"],
)  # fmt: skip
def test_nobody_is_an_answer_and_no_organisation(nobody):
    found = read(nobody, "Azur")
    assert found.answered.tolist() == [True, True]
    assert list(found.named) == ["Azur"]
    assert found.named["Azur"].tolist() == [False, True]


@pytest.mark.parametrize(
    "unsaid", ["", "-", " - ", "?", "؟", "...", ";", "unknown", "je ne sais pas", "Je sais pas", "لا أعرف", "ما عرفتش", "n/a", "NSP"]
)  # fmt: skip
def test_what_says_that_nothing_is_known_is_no_answer(unsaid):
    found = read(unsaid, "Azur")
    assert found.answered.tolist() == [False, True]
    assert list(found.named) == ["Azur"]


def test_who_named_only_rare_organisations_has_answered():
    found = read(*["Azur"] * 3, "A shop", "Another shop", "", least=3)
    assert list(found.named) == ["Azur"]
    assert found.answered.tolist() == [True] * 5 + [False]
    assert found.named["Azur"].sum() == 3


def test_case_spaces_and_diacritics_do_not_split_an_organisation():
    found = read(
        "Crédit  Azur",
        "credit azur",
        "Crédit Azur",
        "Crédit Azur; CREDIT-AZUR",
        "بَنك الأطلس",
        "بنك الاطلس",
        "بنك الأطلس",
    )
    assert list(found.named) == ["Crédit Azur", "بنك الأطلس"]
    assert found.named.sum().tolist() == [4, 3]


def test_several_are_parted_by_either_semicolon_and_beside_a_dash():
    found = read("Azur; Mutuelle ;-", "Azur؛Mutuelle", "none; Azur")
    assert sorted(found.named) == ["Azur", "Mutuelle"]
    assert found.named[["Azur", "Mutuelle"]].to_numpy().tolist() == [[True, True], [True, True], [True, False]]
    assert found.answered.all()


def test_the_order_of_people_changes_no_name():
    cells = ["AZUR", "azur", "Azur", "Azur ", "b", "B"]
    assert list(read(*cells).named) == list(read(*cells[::-1]).named) == ["Azur", "B"]
