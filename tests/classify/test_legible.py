import codecs

import pytest

from tasrib.classify import choose_model, judge

TEXTS = [
    "????? ??? ???????? ??? ???",
    "本周末所有鞋子半价，欢迎光临我们的商店",
    codecs.encode("votez pour la liste de la balance le jour du scrutin", "rot13"),
]


@pytest.fixture(scope="module")
def judged():
    return judge(
        choose_model().model.classifier, [*TEXTS, "Soldes sur les chaussures ce samedi", "🍕🍕🍕"], reasons="all"
    )


def test_what_cannot_be_read_is_left_to_a_person_and_the_reasons_say_so(judged):
    assert list(judged.decision) == ["review"] * 3 + ["not_campaign"] * 2
    assert [each.decision for each in judged.explanations] == list(judged.decision)
    assert [each.heaviest().startswith("cannot be read") for each in judged.explanations] == [True] * 3 + [False] * 2


def test_the_weights_add_up_all_the_same(judged):
    for each in judged.explanations:
        assert each.base + each.whole + sum(piece.weight for piece in each.pieces) == pytest.approx(each.log_odds)


def test_reasons_do_not_change_what_is_decided(judged):
    plain = judge(choose_model().model.classifier, [*TEXTS, "Soldes sur les chaussures ce samedi", "🍕🍕🍕"])
    assert list(plain.decision) == list(judged.decision)
