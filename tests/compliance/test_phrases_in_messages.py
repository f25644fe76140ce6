"""What messages say, in three languages and many spellings: sure, maybe or nothing. Invented, after the ways in which people write."""

import pytest

from tasrib.compliance import load_rules
from tasrib.compliance.messages import read_message
from tasrib.compliance.phrases import Lexicon, faulty_phrase
from tasrib.text import normalise

SURE, MAYBE, NOTHING = "sure", "maybe", None
OBJECTION = {
    "Votez liste 5. STOP au 36111": SURE,
    "Votez liste 5. STOP36111": SURE,
    "Votez liste 5. StopSMS 36 105": SURE,
    "VOTEZ LISTE 5. STOP-36105": SURE,
    "Pour ne plus recevoir nos messages, répondez « STOP »": SURE,
    "Envoyez au 3636 le mot STOP": SURE,
    "S T O P au 4455": SURE,
    "Se désinscrire : écrivez-nous": SURE,
    "Désabonnement en bas de page": SURE,
    "لإلغاء الاشتراك أرسل STOP إلى 4455": SURE,
    "للإلغاء أرسلوا قف إلى 5050": SURE,
    "لِإِلْغَاءِ الاِشْتِرَاكِ أَرْسِلْ STOP": SURE,
    "للتوقف: STOP": SURE,
    "ما بغيتيش مساجات؟ صيفط STOP": SURE,
    "صيفطو ستوب ل 3606": SURE,
    "ila ma bghitich had les messages sift STOP": SURE,
    "Infos : https://liste.example/desinscription": SURE,
    "Reply STOP to opt out": SURE,
    "ou2stoptxt": MAYBE,
    "Refus : répondre NON": MAYBE,
    "Stop poussière noire, oui aux trottoirs": MAYBE,
    "للإلغاء اتصلوا بنا": MAYBE,
    # A slogan.
    "Le 23, dites stop à la majorité": NOTHING,
    "La Lampe dit stop. USFP": NOTHING,
    "Stop aux pannes, stop en 2026": NOTHING,
    "Votez pour stopper le gaspillage": NOTHING,
    "STOP aux pubs ! signez sur stopjeu.example": NOTHING,
    "المصباح يقترح إلغاء الساعة الزائدة": NOTHING,
    "شكون وقف معاكم فالسوق؟": NOTHING,
    "L'opposition n'a ni chiffres ni équipe": NOTHING,
    # The complainant's own words.
    "J'ai répondu STOP au 36111 et ils continuent : votez liste 5": NOTHING,
    "صيفطت ليهم STOP ووالو": NOTHING,
    "Votez liste 5": NOTHING,
}
SOURCE = {
    "Vous recevez ce message car vous avez signé notre pétition": SURE,
    "Vos coordonnées proviennent de notre caravane": SURE,
    "حصلنا على رقمكم من سجل منخرطي الحزب": SURE,
    "Vos coordonnées ne proviennent pas d'un fichier acheté": MAYBE,
    "رقمك عندنا حيت حضرتي للقاء": MAYBE,
    "Laissez votre numéro au gardien": MAYBE,
    "Votez liste 5": NOTHING,
}
TARGETING = {
    "Chers patients, votre médecin est candidat": SURE,
    "En tant que syndiqué, vous savez": SURE,
    "بصفتكم منخرطين في النقابة ندعوكم": SURE,
    "Quelle que soit votre religion, votez": MAYBE,
    "Chers sympathisants, merci": MAYBE,
    "Les militants du parti vous saluent": NOTHING,
    "Une clinique pour les patients de la région": NOTHING,
}
POLL = {
    "Si les élections avaient lieu demain, pour qui voteriez-vous ?": SURE,
    "لمن ستصوتون يوم الاقتراع؟ 1 الوردة 2 الميزان": SURE,
    "istitla3: lmen ghadi tsewet?": SURE,
    "Sondage express : quelle priorité pour votre rue ?": MAYBE,
    "شاركوا في استطلاع رضى زبناء بنكنا": NOTHING,
    "ماشي استطلاع انتخابي، غير سلام": MAYBE,
}
IDENTITY = {
    "Votre CIN AB123456, bureau 12": SURE,
    "بطاقتكم الوطنية رقم AB123456": SURE,
    "N'oubliez pas votre CIN": NOTHING,
    "خذ بطاقتك الوطنية وصوت": NOTHING,
    "Votre bureau de vote est l'école Al Khansa": MAYBE,
}
CONTESTANT = {
    "La liste Envol compte sur vous": SURE,
    "صوتوا على لائحة الأفق": SURE,
    "Un candidat voudrait vous présenter ses arguments. Si vous n'en voulez pas envoyez STOP": NOTHING,
    "فيقو يا ناس نهار 8": NOTHING,
}
LISTS = {
    "objection": OBJECTION, "source": SOURCE, "targeting": TARGETING, "poll": POLL, "identity": IDENTITY, "contestant": CONTESTANT,
}  # fmt: skip


def said(text, name):
    message = read_message(text)
    return load_rules("ma").lexicon.find(message.plain, message.links).get(name)


@pytest.mark.parametrize(
    ("name", "text", "how"), [(name, text, how) for name, table in LISTS.items() for text, how in table.items()]
)
def test_what_a_message_says(name, text, how):
    assert said(text, name) == how


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Message reçu : «Votez pour la liste Envol»", "Votez pour la liste Envol"),
        ("«صوتوا على لائحة الأفق» من أعطاهم رقمي؟", "صوتوا على لائحة الأفق"),
        ('svp agissez "votez liste Envol, symbole le cerf-volant"', "votez liste Envol, symbole le cerf-volant"),
        ("Je propose « dignité » aux artisans de la région", "Je propose « dignité » aux artisans de la région"),
        ("«Votez liste Envol", "«Votez liste Envol"),
    ],
)
def test_what_the_complainant_wrote_around_a_message_is_not_the_message(text, message):
    assert read_message(text).plain == normalise(message)
    assert read_message(text).quoted == (text != message)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Venez débattre, venez poser...", True), ("وصوتوا على لائحة…»", True), ("…et votez le 8", True), ("(1/2) Votez pour nous", True),
        ("Votez liste 5, le 8/9", False), ("لائحة 3، نهار 6/8", False), ("A vos marques... votez !", False),
        ("a " * 80, False), ("ab" * 80, True), ("صو" * 35, True), ("ab" * 35, False), ("صو" * 80, False),
    ],
)  # fmt: skip
def test_a_message_that_is_not_all_there(text, cut):
    assert read_message(text).cut == cut


def test_a_phrase_of_never_hides_only_what_begins_inside_it():
    lexicon = Lexicon(
        {"x": {"sure": ["répondez stop", "stop au <number>"], "maybe": ["stop"], "never": ["dites stop"]}}
    )
    assert lexicon.find("dites stop au gaspillage") == {}
    assert lexicon.find("dites stop. repondez stop") == {"x": "sure"}


def test_a_word_that_denies_reaches_three_words_and_no_further_sentence():
    lexicon = Lexicon({"x": {"sure": ["sondage"], "negations": ["pas"]}})
    assert lexicon.find("ce n'est pas un vrai sondage") == {"x": "maybe"}
    assert lexicon.find("pas de doute. sondage") == {"x": "sure"}
    assert lexicon.find("pas cher et pour toute la ville sondage") == {"x": "sure"}


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [("stop au <number>", ""), ("<number> stop", "begins with no word"), ("", "is no text"), (3, "is no text"),
     ("stop <digit>", "has the sign <digit>"), ("... stop", "begins with no word")],
)  # fmt: skip
def test_faults_of_phrases(phrase, fault):
    assert faulty_phrase(phrase).startswith(fault)
    assert bool(faulty_phrase(phrase)) == bool(fault)
