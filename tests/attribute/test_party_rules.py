import pytest

from tasrib.attribute import attribute_party, load_contest
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


@pytest.mark.parametrize(
    ("text", "party"),
    [
        # A symbol that nothing in a campaign message takes in its daily sense, in the spellings of each variety.
        ("Nakhla dialna, chabab w khedma. Nhar larb3a", "MDS"),
        ("ghda a drari, ssboula f lwer9a", "MP"),
        ("Trakteur f Mediouna, ma9oul w khedma nhar 8", "PAM"),
        ("ⵙⵜⵉⵢⴰⵜ ⵜⴰⵢⴷⵔⵜ ⴰⵙⵙ ⵏ ⵍⴰⵔⴱⵄ", "MP"),
        ("جرارنا كيزيد القدام، موعدنا نهار الأربعاء", "PAM"),
        ("Meeting vendredi 20h, place de la gare. 🐎", "UC"),
        ("Chers voisins, rien à ajouter, sauf ceci : la rose.", "USFP"),
        ("حط العلامة على الكتاب نهار الأربعاء", "PPS"),
        ("Cochez la colombe mercredi", "RNI"),
        # A short name where a name stands.
        ("شبيبة الأحرار تدعوكم إلى لقاء مفتوح مساء السبت", "RNI"),
        ("Ghda 18h l9a m3a chabab PAM f dar chabab", "PAM"),
        # Of two parties the one that the message speaks for, or that signs it.
        ("لا تصوتوا على الجرار، صوتوا على الميزان", "PI"),
        ("10 ans de PJD, zéro hôpital. Le 8, votez la balance", "PI"),
        ("الحمامة طارت بالوعود. السنبلة بقات مع ولاد البلاد", "MP"),
        ("قالو لينا الميزان عادل وما شفنا والو. حنا السنبلة", "MP"),
        ("Ils ont promis l'hôpital et fermé l'école. On ouvre l'avenir avec nous, FGD Témara", "FGD"),
    ],
)
def test_the_author_s_own_symbol(text, party):
    found, evidence = attribute_party(text)
    assert found == party
    assert evidence


@pytest.mark.parametrize(
    "text",
    [
        # Attacks whose author does not show.
        "الحمامة طارت وخلات غير الريش",
        "ma tsewtoch 3la jrrar, 3ye9na bihom",
        "La rose a fané au gouvernement. Plus jamais.",
        "قاطعوا حزب الحمامة نهار الأربعاء",
        "Un million d'emplois promis, et puis ? #MachiRNI",
        "الميزان ديالهم ما عمرو توزن",
        "15 DH LE LITRE : PENSEZ-Y AVANT DE COCHER LA COLOMBE",
        # Names and symbols in their daily sense.
        "اجتماع الدعم مساء الجمعة ف ساحة الاستقلال",
        "بحارة الداخلة الأحرار، شكرا على ثقتكم في لائحتنا المستقلة",
        "احتفظوا بهذه الرسالة وحاسبونا بعد مائة يوم",
        "زيت الزيتون ديال التعاونية خاصو ثمن، هادا برنامجنا",
        "Répondez avec la lettre A, B ou C, notre équipe vous lit",
        "tracteur massey 2009 à vendre, 170000 dh",
        "Merci pour vos 4 612 voix, il y a des mois que nous y pensons",
    ],
)
def test_an_attack_or_a_daily_word_is_no_author(text):
    assert attribute_party(text) == ("", "")


def test_a_sender_of_symbols_counts_and_a_newsletter_does_not():
    assert attribute_party("موعدنا غدا", sender="LMIZAN")[0] == "PI"
    assert attribute_party("موعدنا غدا", sender="lettre@ouarzazate.example") == ("", "")
    assert attribute_party("موعدنا غدا", sender="Stop RNI") == ("", "")


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
        load_contest("MA", file)
