import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.text.salutations import called_spans


def shown(text):
    out, done = [], 0
    for start, end in called_spans(text):
        out += [text[done:start], "⟨", text[start:end], "⟩"]
        done = end
    return "".join(out) + text[done:]


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour ⟨Ahmed⟩, votez",
        "Salam ⟨Fatima⟩ nhar 8 sawto",
        "السلام عليكم ⟨فاطمة⟩، لائحة الأفق",
        "Cher M. ⟨Alami⟩, votre bureau a changé",
        "Dear Mr. ⟨J. Alaoui⟩, vote for us",
        "عزيزي ⟨أحمد⟩ ندعوك",
        "سي ⟨محمد⟩ كيداير",
        "lalla ⟨Fatima⟩ wach sjelti",
        "BONJOUR ⟨FATIMA EL IDRISSI⟩, VOTEZ LE PONT",
        "Bonjour 👋🏽 ⟨Fatima⟩😊 votez",
        "Bonjour⟨Fatima⟩ votez pour nous",
        "Bonjour Mme⟨Bennani⟩ votez pour",
        "Bonjour M.⟨Alami⟩, votez",
        "Bonjour, ⟨Fatima⟩ ! Votez bien",
        # Kunya, and a name of two words.
        "السلام عليكم ⟨أبو محمد⟩، ندعوكم",
        "السلام عليكم ورحمة الله تعالى وبركاته ⟨عبد الرحيم⟩ ندعوكم",
        "السلام عليكم سي ⟨علي⟩، صوتك",
        "يا⟨فاطمة⟩ صوتي",
        "يا ⟨أحمد⟩ لا تنس موعد 8",
        "slm 3zizti ⟨3aicha⟩, 3afak",
        "On compte sur vous, merci ⟨Fatima⟩",
        "شكرا ⟨فاطمة⟩ 🙏",
        "⟨Fatima⟩, ne rate pas le 8",
        "⟨محمد⟩، لا تنس",
        "Salam khouya ⟨Zerouali⟩, ntla9aw",
        "*Bonjour* *⟨Fatima⟩*, votez",
        "⟨F.a.t.i.m.a⟩, bonjour à vous",
        "Bonjour ⟨Fatima⟩, votre candidate Aicha vous invite",
        "Votez bien. Bonjour ⟨Fatima⟩ !",
    ],
)
def test_who_is_called_is_found(text):
    assert shown(text.replace("⟨", "").replace("⟩", "")) == text


@pytest.mark.parametrize(
    "text",
    [
        "Votez Ahmed Yacoubi le 8 septembre",
        "Ahmed Yacoubi, votre candidat, vous invite",
        "Bonjour, Ahmed Yacoubi, votre candidat",
        "Bonjour, Dr Salwa Bennis. J'ai soigné vos enfants",
        "Salam ana Ahmed Yacoubi lmorcha7",
        "سي بنعاشر الدغوغي، وكيل لائحة",
        "السيد عزيز العلمي يزور فاس",
        "الحمامة معاكم، سي أحمد، راه خدام",
        "لالة نزيهة، رئيسة تعاونية",
        "Si Ahmed gagne, tout change",
        "Merci à Lalla Itto pour l'accueil",
        "Sidi Slimane : la liste locale",
        "سيدي إفني: المجلس",
        "merci, Ahmed",
        "Chers habitants de Fès, votez",
        "Bonjour à tous",
        "Cher client, votre facture",
        "السلام عليكم إخوتي أخواتي، صوتوا",
        "سلام على من اتبع",
        "خويا الدين ماشي لحية",
        "Bonjour, votre voisine Khadija a rejoint notre équipe",
        "Bonjour [nom], votez",
        "MA TSAWTOCH 3LIH",
        "",
    ],
)
def test_who_is_spoken_of_stays(text):
    assert called_spans(text) == []


@given(st.text(alphabet="Salam Bonjour, يا محمد M.\n!٣\u0301\u202eFatima", max_size=60))
def test_parts_are_apart_and_within_the_message(text):
    spans = called_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
