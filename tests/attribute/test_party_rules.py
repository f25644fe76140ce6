import pytest

from tasrib.attribute import attribute_party, load_contest
from tasrib.attribute.parties import load_contest as load
from tasrib.errors import BadReferenceData


@pytest.mark.parametrize("party", load_contest().parties, ids=lambda party: party.id)
def test_each_contestant_is_known_by_its_names(party):
    assert attribute_party(f"ندعوكم للتصويت لمرشحي {party.name_ar} يوم الأربعاء")[0] == party.id
    assert attribute_party(f"Le 8 septembre, votez pour {party.name_fr} !")[0] == party.id


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("صوتوا على الوردة يوم 8 شتنبر", "USFP"),
        ("ص.و.ت.وا على الـمـيـزان", "PI"),
        ("Le 8 septembre votez le livre", "PPS"),
        ("sawto 3la l7mama nhar larb3a", "RNI"),
        ("رمزنا الرسالة، رقم اللائحة 4", "FGD"),
        ("معا من أجل مدينتنا #PJD2021", "PJD"),
        ("programme complet : https://www.usfp-fes.example", "USFP"),
    ],
)
def test_symbols_hashtags_and_links(text, party):
    found, evidence = attribute_party(text)
    assert found == party
    assert evidence


@pytest.mark.parametrize(
    "text",
    [
        "وصلتني هذه الرسالة دون إذني: لائحة الأفق الجديد تدعوكم إلى التصويت يوم الأربعاء",
        "كتاب ديال ولدي بقا فالمدرسة",
        "برنامجنا: كتاب مدرسي مجاني لكل طفل",
        "معرض يجمع بين الأصالة والمعاصرة في فن العمارة",
        "Déposez votre lettre de motivation avant lundi",
        "لا تصوتوا على الحمامة",
        "Ne votez pas pour le PJD",
        "الجرار والحمامة والميزان كلهم وعدوا، صوتوا على لائحة الأمل",
        "",
    ],
)
def test_a_word_alone_is_no_attribution(text):
    assert attribute_party(text) == ("", "")


def test_the_sender_counts_and_is_named_as_evidence():
    party, evidence = attribute_party("نلتقي مساء الجمعة بساحة الأمم", sender="RNI FES")
    assert party == "RNI"
    assert "sender: RNI FES" in evidence


def test_a_broken_table_is_named(tmp_path):
    file = tmp_path / "parties.toml"
    file.write_text(
        '[cues]\nwords=["a"]\nagainst=["b"]\n[[party]]\nid="X"\ncountry="MA"\nname_ar="x"\nname_fr="x"\ndate="2021"\n'
    )
    with pytest.raises(BadReferenceData, match=r"parties\.toml.*number 1 \(X\) lacks source"):
        load("MA", file)
