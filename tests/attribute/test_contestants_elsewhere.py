"""The contestants of other countries: each has its own messages, and a name of one country's is nobody's in another."""

import tomllib

import pytest

from tasrib._resources import resource
from tasrib.attribute import attribute_party, load_contest
from tasrib.attribute.rules import without_contestants
from tasrib.errors import BadReferenceData

COUNTRIES = sorted(path.stem.removeprefix("parties_").upper() for path in resource("reference").glob("parties_*.toml"))
PARTIES = [(country, party) for country in COUNTRIES for party in load_contest(country).parties]


def party_of(text, country, sender=""):
    return attribute_party(text, sender, load_contest(country))[0]


def test_the_countries_that_were_asked_for_are_there():
    assert {"MA", "FR", "TN", "DZ", "SN", "CI", "EG", "LB", "BE"} <= set(COUNTRIES)


@pytest.mark.parametrize(("country", "party"), PARTIES, ids=[party.id for _, party in PARTIES])
def test_each_is_known_by_its_names(country, party):
    assert party_of(f"ندعوكم للتصويت لمرشحي {party.name_ar} يوم الأحد", country) == party.id
    assert party_of(f"Dimanche, votez pour {party.name_fr} !", country) == party.id


def test_ids_are_of_one_country_each():
    ids = [party.id for _, party in PARTIES]
    assert len(set(ids)) == len(ids)
    assert all(party.id.startswith(f"{country.lower()}-") for country, party in PARTIES if country != "MA")


@pytest.mark.parametrize(
    ("text", "abroad", "there"),
    [
        ("Dimanche, votez pour le Parti socialiste, la rose au poing !", "FR", "fr-ps"),
        ("La lettre aux électeurs du Rassemblement national est dans votre boîte. Votez !", "FR", "fr-rn"),
        ("Le 9 juin, votez Mouvement réformateur, la colombe bleue", "BE", "be-mr"),
        ("صوتوا على الحركة الشعبية الجزائرية يوم السبت", "DZ", "dz-mpa"),
        ("جبهة القوى الاشتراكية: صوتوا على مرشحينا يوم السبت", "DZ", "dz-ffs"),
        ("صوتوا لحزب المصريين الأحرار يوم الإثنين", "EG", "eg-ahrar"),
        ("صوتوا لحزب الإصلاح والتنمية، رمز الميزان", "EG", "eg-islah"),
        ("Votez PDS, le 17 novembre", "SN", "sn-pds"),
        ("مرشحو القوات اللبنانية يدعونكم إلى التصويت", "LB", "lb-lf"),
        ("صوتوا لجبهة العدالة والتنمية يوم السبت", "DZ", "dz-adala"),
    ],
)
def test_a_message_abroad_names_no_moroccan_contestant(text, abroad, there):
    assert party_of(text, abroad) == there
    assert party_of(text, "MA") == ""


@pytest.mark.parametrize(
    "text",
    [
        "صوتوا على الوردة يوم 8 شتنبر",
        "Le PPS et le MP à l'épi : votez le livre",
        "Votez PAM, le tracteur",
        "Le 8 septembre, votez pour l'USFP",
        "الحزب الاشتراكي الموحد: لائحة الشمعة",
        "حزب التجمع الوطني للأحرار يدعوكم إلى التصويت",
        "حزب القوات الشعبية، صوتوا على الوردة",
        "العدالة والتنمية تدعوكم إلى التصويت على المصباح",
        "صوتوا على جبهة القوى الديمقراطية",
        "الاتحاد الدستوري يدعوكم إلى التصويت",
    ],
)
@pytest.mark.parametrize("country", [country for country in COUNTRIES if country != "MA"])
def test_a_moroccan_message_names_no_contestant_abroad(text, country):
    assert party_of(text, country) == ""


@pytest.mark.parametrize(
    ("text", "country", "party"),
    [
        # What Arabic and French write together with a name.
        ("كل الدعم لحركة النهضة يوم الأحد", "TN", "tn-ennahdha"),
        ("أصواتكم لجبهة التحرير الوطني أمانة", "DZ", "dz-fln"),
        ("نلتقي بمقر حزب الوفد، وبحزب الوفد ثقتنا", "EG", "eg-wafd"),
        ("محافظة الأفلان تدعوكم إلى التجمع", "DZ", "dz-fln"),
        ("انتخبوا مرشحي الكتائب", "LB", "lb-kataeb"),
        ("Meeting d'EELV vendredi 20h", "FR", "fr-verts"),
        ("Les candidats de l'UDI vous attendent samedi", "FR", "fr-udi"),
        ("Rejoignez la base du PDCI-RDA à Yopougon", "CI", "ci-pdci"),
        # A capital tells a party's name from a word, initials from letters.
        ("Samedi, les Verts tractent au marché", "FR", "fr-verts"),
        ("Signez la pétition – Les Républicains", "FR", "fr-lr"),
        ("Avec le MoDem, dimanche", "FR", "fr-modem"),
        ("Un bourgmestre DéFI pour Etterbeek", "BE", "be-defi"),
        ("Dîner du PS de Huy samedi", "BE", "be-ps"),
        # Dialects and their letters.
        ("Foutiw 3la Jabhat el Mostaqbal nhar 12 jouan", "DZ", "dz-moustakbal"),
        ("Harakat Ennahdha t9ollkom: sawwtou nhar la7ad", "TN", "tn-ennahdha"),
        ("ma3ak Carla mn beirut madinati", "LB", "lb-madinati"),
        # Disguises.
        ("صـوتوا لـحـركـة الـنـهـضـة", "TN", "tn-ennahdha"),
        ("v0tez R.H.D.P samedi", "CI", "ci-rhdp"),
        ("Votez ＰＡＳＴＥＦ dimanche", "SN", "sn-pastef"),
        ("صَوِّتُوا لِحِزْبِ ٱلْوَفْدِ", "EG", "eg-wafd"),
    ],
)
def test_names_as_people_write_them(text, country, party):
    assert party_of(text, country) == party


@pytest.mark.parametrize(
    ("text", "country", "party"),
    [
        ("Face à l'UNI, votez UNEF jusqu'à jeudi", "FR", "fr-unef"),
        ("24 ans de PS à Mons, et quel bilan ? Votez MR", "BE", "be-mr"),
        ("Ne votez pas RN. Votez PCF.", "FR", "fr-pcf"),
        ("BBY ? Non. Votez Yewwi Askan Wi", "SN", "sn-yaw"),
        ("لا تصوتوا للأرندي، صوتوا لحركة مجتمع السلم", "DZ", "dz-msp"),
        # Nobody signs.
        ("Ne votez pas pour le RHDP", "CI", ""),
        ("لا تنتخبوا نداء تونس، لا تصوتوا لنداء تونس", "TN", ""),
        ("Le 24, BBY dégage.", "SN", ""),
        ("لا تعطوا صوتكم لحزب الله", "LB", ""),
    ],
)
def test_a_rival_s_mention_is_no_authorship(text, country, party):
    assert party_of(text, country) == party


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("La renaissance de notre centre-ville commence dimanche", "FR"),
        ("De nouveaux horizons pour Carros : votez la liste 3", "FR"),
        ("PS : apportez vos chaises, votre voix compte", "FR"),
        ("La RN 12 coupe notre village, votez pour la déviation", "FR"),
        ("Tous les républicains sincères se retrouveront dimanche", "FR"),
        ("Votez pour des espaces verts et des écoles", "FR"),
        ("Relever le défi du climat : votez dimanche", "BE"),
        ("تحيا تونس، عاش الشعب", "TN"),
        ("نلتقي في قلب تونس العاصمة يوم الأحد", "TN"),
        ("من أجل مستقبل وطن أفضل شاركوا يوم الإثنين", "EG"),
        ("نواصل مسيرة البناء والتنمية معكم", "EG"),
        ("نناضل من أجل الحرية والعدالة، صوتوا يوم الإثنين", "EG"),
        ("Rewmi ñoo ko moom, votez dimanche", "SN"),
        ("القوات المسلحة تحمي حدودنا", "LB"),
    ],
)
def test_a_word_alone_names_no_party(text, country):
    assert party_of(text, country) == ""


def test_a_party_named_with_its_alliance_is_the_contestant():
    assert party_of("أمانة مستقبل وطن: صوتوا للقائمة الوطنية من أجل مصر", "EG") == "eg-mostaqbal"
    assert party_of("صوتوا للقائمة الوطنية من أجل مصر", "EG") == "eg-qaima"
    assert party_of("LFI avec le NFP, votez dimanche", "FR") == "fr-lfi"


@pytest.mark.parametrize(
    ("sender", "country", "party"),
    [
        ("RN 34", "FR", "fr-rn"),
        ("Horizons 83", "FR", "fr-horizons"),
        ("BBY2016", "SN", "sn-bby"),
        ("جيل جديد", "DZ", "dz-jiljadid"),
        ("AfekTounes", "TN", "tn-afek"),
        # Words that a sender of anybody may hold.
        ("Nouveaux horizons", "FR", ""),
        ("Stop RN", "FR", ""),
        # Of another country.
        ("Parti socialiste", "MA", ""),
    ],
)
def test_the_sender_shows_it(sender, country, party):
    assert party_of("Rendez-vous vendredi à 20h", country, sender) == party


def test_a_country_without_contestants_has_none():
    assert load_contest("GA").parties == ()
    assert party_of("Votez Parti socialiste", "GA") == ""


def test_a_template_masks_who_is_from_elsewhere_too():
    one, other = (
        without_contestants(f"Dimanche votez pour {name} à Lyon", load_contest("FR"))
        for name in ("le Parti socialiste", "le Rassemblement national")
    )
    assert one == other


def test_an_id_that_two_parties_have_is_refused(tmp_path):
    file = tmp_path / "parties_ma.toml"
    table = '[[party]]\nid = "fr-ps"\ncountry = "MA"\nname_ar = "س"\nsource = "s"\ndate = "2021"\n'
    file.write_text(table, encoding="utf-8")
    with pytest.raises(BadReferenceData, match=r"two parties have the id fr-ps"):
        load_contest("MA", file)
    other = tmp_path / "other.toml"
    other.write_text(table.replace("fr-ps", "X").replace('name_ar = "س"\n', ""), encoding="utf-8")
    with pytest.raises(BadReferenceData, match=r"number 1 \(X\) lacks name_ar or name_fr"):
        load_contest("MA", other)


def test_a_country_in_small_letters_has_its_contestants():
    assert load_contest("ma").parties == load_contest("MA").parties != ()


@pytest.mark.parametrize(
    ("country", "everyday", "initials", "party"),
    [
        ("SN", "coucou bby tu viens ce soir", "Votez BBY dimanche", "sn-bby"),
        ("CI", "foyer de ppa: abattage des porcs à Ferké", "Votez PPA dimanche", "ci-ppaci"),
        ("LB", "formation en pnl et coaching, inscrivez-vous", "Votez PNL dimanche", "lb-pnl"),
        ("LB", "psp d'occasion à vendre, 50 dollars", "Votez PSP dimanche", "lb-psp"),
        ("FR", "votre fcpe a été crédité, épargne salariale", "Votez FCPE vendredi", "fr-fcpe"),
        ("FR", "nfp à 14h30, signal d'achat", "Votez NFP dimanche", "fr-nfp"),
        ("BE", "Alles kan anders met deze korting", "Stem op Anders, votez Anders", "be-openvld"),
    ],
)
def test_initials_and_words_of_other_things_need_a_cue_or_capitals(country, everyday, initials, party):
    assert party_of(everyday, country) == ""
    assert party_of(initials, country) == party


@pytest.mark.parametrize(
    ("text", "country", "party"),
    [
        ("Votez Open Vld dimanche", "BE", "be-openvld"),
        ("Le PCOT appelle à voter dimanche", "TN", "tn-pt"),
        ("Jamm ak Njariñ, avec le Parti socialiste du Sénégal: votez dimanche", "SN", "sn-ps"),
        ("Takku Wallu Sénégal : votez pour le parti Rewmi", "SN", "sn-rewmi"),
        ("القائمة الوطنية من أجل مصر: صوتوا لحزب مصر الحديثة", "EG", "eg-modern"),
        ("Votez Alternative pour une assemblée de rupture", "SN", "sn-aar"),
    ],
)
def test_names_and_members_that_were_looked_up(text, country, party):
    assert party_of(text, country) == party


@pytest.mark.parametrize("country", [each for each in COUNTRIES if each != "MA"])
def test_a_source_says_where_it_was_read_or_that_it_was_not(country):
    tables = tomllib.loads(resource("reference", f"parties_{country.lower()}.toml").read_text("utf-8"))["party"]
    assert [
        table["id"] for table in tables if not ("read in " in table["source"] or "no page read" in table["source"])
    ] == []
