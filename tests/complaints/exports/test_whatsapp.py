"""Chats as WhatsApp exports them, in the shapes of five languages and two platforms, and what people and hostile texts do to them."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_files
from tasrib.complaints.exports import find_export
from tasrib.complaints.exports.whatsapp_lines import begun
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل: يوم 8 شتنبر"
LRM, RLM, LRE, PDF, NNBSP = "\u200e", "\u200f", "\u202a", "\u202c", "\u202f"
NUMBER = "+212 661-000001"

# Name → the head of a line on 7 September 2021, twenty-seven minutes before nine in the evening, and one six days later.
HEADS = {
    "android-fr": ("07/09/2021, 20:33 - ", "13/09/2021, 20:33 - "),
    "android-fr-a": ("07/09/2021 à 20:33 - ", "13/09/2021 à 20:33 - "),
    "android-ar": (f"7{RLM}/9{RLM}/2021، 8:33 م - ", f"13{RLM}/9{RLM}/2021، 8:33 م - "),
    "android-ar-digits": (f"٧{RLM}/٩{RLM}/٢٠٢١، ٨:٣٣ م - ", f"١٣{RLM}/٩{RLM}/٢٠٢١، ٨:٣٣ م - "),
    "android-ar-ma": ("7/9/2021, 20:33 - ", "13/9/2021, 20:33 - "),
    "android-us": (f"9/7/21, 8:33{NNBSP}PM - ", f"9/13/21, 8:33{NNBSP}PM - "),
    "android-us-old": ("9/7/21, 8:33 PM - ", "9/13/21, 8:33 PM - "),
    "android-gb": ("07/09/2021, 8:33 pm - ", "13/09/2021, 8:33 pm - "),
    "android-de": ("07.09.21, 20:33 - ", "13.09.21, 20:33 - "),
    "android-es": ("7/9/21 20:33 - ", "13/9/21 20:33 - "),
    "android-es-half": (f"7/9/2021, 8:33{NNBSP}p.{NNBSP}m. - ", f"13/9/2021, 8:33{NNBSP}p.{NNBSP}m. - "),
    "android-iso": ("2021-09-07, 20:33 - ", "2021-09-13, 20:33 - "),
    "ios-fr": ("[07/09/2021 20:33:00] ", "[13/09/2021 20:33:00] "),
    "ios-fr-a": ("[07/09/2021 à 20:33:00] ", "[13/09/2021 à 20:33:00] "),
    "ios-us": (f"[9/7/21, 8:33:00{NNBSP}PM] ", f"[9/13/21, 8:33:00{NNBSP}PM] "),
    "ios-de": ("[07.09.21, 20:33:00] ", "[13.09.21, 20:33:00] "),
    "ios-ar": (f"{RLM}[{RLM}7{RLM}/9{RLM}/2021، 8:33:00 م] ", f"{RLM}[{RLM}13{RLM}/9{RLM}/2021، 8:33:00 م] "),
    "ios-ar-digits": (f"[٧{RLM}/٩{RLM}/٢٠٢١, ٢٠:٣٣:٠٠] ", f"[١٣{RLM}/٩{RLM}/٢٠٢١, ٢٠:٣٣:٠٠] "),
    "web": ("[20:33, 07/09/2021] ", "[20:33, 13/09/2021] "),
    "web-us": ("[8:33 PM, 9/7/2021] ", "[8:33 PM, 9/13/2021] "),
    "android-ca": ("2021-09-07 à 20 h 33 - ", "2021-09-13 à 20 h 33 - "),
    "android-words": ("07/09/2021, 8:33 in the evening - ", "13/09/2021, 8:33 in the evening - "),
    "android-fr-words": ("07/09/2021 à 8:33 du soir - ", "13/09/2021 à 8:33 du soir - "),
    "android-es-words": ("07/09/2021, 8:33 de la tarde - ", "13/09/2021, 8:33 de la tarde - "),
    "android-ar-words": ("٧/٩/٢٠٢١، ٨:٣٣ مساءً - ", "١٣/٩/٢٠٢١، ٨:٣٣ مساءً - "),
    "android-de-um": ("07.09.21 um 20:33 - ", "13.09.21 um 20:33 - "),
    "ios-buddhist": ("[7/9/2564 BE, 20:33:00] ", "[13/9/2564 BE, 20:33:00] "),
    "ios-japanese": ("[7/9/R3, 20:33:00] ", "[13/9/R3, 20:33:00] "),
    "ios-old": ("07/09/21 20:33:00: ", "13/09/21 20:33:00: "),
}  # fmt: skip
MOMENTS = [pd.Timestamp("2021-09-07T19:33:00Z"), pd.Timestamp("2021-09-13T19:33:00Z")]
FIRST, LATER = HEADS["android-fr"]
ENCRYPTED = (
    "Les messages et les appels sont chiffrés de bout en bout. Aucun tiers, pas même WhatsApp, ne peut les lire."
)


@pytest.fixture
def read(tmp_path):
    def reading(*lines, name="_chat.txt", encoding="utf-8", **more):
        path = tmp_path / name
        path.write_bytes("\n".join(lines).encode(encoding))
        return read_files(path, **({"recipient": OWNER} | more))

    return reading


def left_out(found):
    done = found.cleaning[found.cleaning["kind"] == "left_out"]
    return dict(zip(done["code"], done["count"], strict=True))


@pytest.mark.parametrize("shape", HEADS)
@pytest.mark.parametrize("sender", [NUMBER, f"{LRE}{NUMBER}{PDF}", f"{LRE}+212 661\u2011000001{PDF}"])
def test_every_shape_of_a_head(read, shape, sender):
    first, later = HEADS[shape]
    found = read(
        f"{first}{sender}: {VOTE}",
        "deuxième ligne",
        "",
        "أخيرا",
        f"{later}Moi: non",
        f"{later}{sender}: Votez",
        name="_chat",
    )
    assert found.complaints["text"].tolist() == [f"{VOTE}\ndeuxième ligne\n\nأخيرا", "Votez"]
    assert found.complaints["received_at"].tolist() == MOMENTS
    assert found.complaints["source_row"].tolist() == [1, 6]
    assert found.complaints["sender"].str.replace("[- ]", "", regex=True).eq("+212661000001").all()
    assert found.complaints["channel"].eq("whatsapp").all()
    assert left_out(found) == {"sent": 1}


@pytest.mark.parametrize(("sender", "kept"), [
    (NUMBER, True), ("~ Hizb", True), ("~Hizb", True), (f"{LRM}~{NNBSP}Hizb", True), ("123456789012345@lid", True), ("٠٦٦١٠٠٠٠٠١", True),
    ("Ali", False), ("خالي علي", False), ("Parti Y", False), ("Ali 2", False),
])  # fmt: skip
def test_a_name_is_a_contact_and_a_number_none(read, sender, kept):
    found = read(f"{FIRST}{sender}: {VOTE}", f"{FIRST}{NUMBER}9: Votez", f"{FIRST}Moi: non")
    assert (VOTE in found.complaints["text"].tolist()) == kept


@pytest.mark.parametrize("line", [
    f"{FIRST}{ENCRYPTED}", f"{FIRST}Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
    f"{FIRST}{RLM}الرسائل والمكالمات مشفرة تمامًا بين الطرفين، بحيث لا يستطيع أحد قراءتها.", f"{FIRST}Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
    f"{FIRST}+212 661-000009 a quitté le groupe", f'{FIRST}Ali changed the subject from "A" to "B"', f"{FIRST}Ali added +212 661-000009", f"{FIRST}{NUMBER}: {LRM}Missed voice call",
    f"{FIRST}Famille: {LRM}{ENCRYPTED}", f"{FIRST}Votre code de sécurité avec {NUMBER} a changé. Appuyez pour en savoir plus.",
])  # fmt: skip
def test_lines_of_the_program_are_no_messages(read, line):
    found = read(line, f"{FIRST}{NUMBER}: {VOTE}")
    assert found.complaints["text"].tolist() == [VOTE]
    assert left_out(found) == {"of_the_program": 1}


@pytest.mark.parametrize(("program", "omitted", "deleted", "edited"), [
    ("I messaggi e le chiamate sono crittografati end-to-end. Nessuno al di fuori di questa chat può leggerne il contenuto.", "immagine omessa", "Questo messaggio è stato eliminato.", "Questo messaggio è stato modificato"),
    ("Berichten en oproepen worden end-to-end versleuteld. Niemand buiten deze chat kan ze lezen.", "afbeelding weggelaten", "Dit bericht is verwijderd.", "Dit bericht is bewerkt"),
    ("As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta.", "imagem ocultada", "Mensagem apagada", "Mensagem editada"),
])  # fmt: skip
def test_telephones_of_those_who_live_abroad(read, program, omitted, deleted, edited):
    head = HEADS["ios-fr"][0]
    found = read(
        f"{head}{NUMBER}: {LRM}{program}", f"{head}{NUMBER}: {LRM}{omitted}", f"{head}{NUMBER}: {LRM}{deleted}",
        f"{head}{NUMBER}: {VOTE} {LRM}<{edited}>", f"{head}{NUMBER}: {LRM}{program.split()[0]}: votez, toutes et tous, le 8 pour nous",
        keep_all=True,
    )  # fmt: skip
    assert found.complaints["source_row"].tolist() == [4, 5]
    assert found.complaints["text"].tolist()[0] == VOTE
    assert left_out(found) == {"of_the_program": 1, "no_text": 1, "deleted": 1}


@pytest.mark.parametrize("text", [
    "Votez, le parti a ajouté 3 promesses", "Le candidat a quitté le groupe, votez pour nous", "Hier : il a voté", "voici votre fichier joint, votez", "8/9/2021 : votez", "Transféré au 8 septembre, le vote",
    "the party added jobs: vote", "12:30 - votez", "Votez pour <nous>", "صوتوا: غادر الفساد", "https://x.ma/vote: ici",
])  # fmt: skip
def test_words_of_people_are_never_the_programs(read, text):
    assert read(f"{FIRST}{NUMBER}: {text}").complaints["text"].tolist() == [text]


@pytest.mark.parametrize("text", [
    "<Médias omis>", "<Media omitted>", "<تم استبعاد الوسائط>", "<Medien ausgeschlossen>", f"{LRM}image absente", f"{LRM}image omitted", f"{RLM}لم يتم إدراج الصورة", f"{LRM}<attached: 00000012-PHOTO-2021-09-07.jpg>",
    f"{LRM}<pièce jointe : 00000012-PHOTO.jpg>", "IMG-20210907-WA0001.jpg (fichier joint)", "location: https://maps.google.com/?q=33.971,-6.849", f"{LRM}الموقع: https://maps.google.com/?q=33.971,-6.849", "https://maps.app.goo.gl/abc", f"{LRM}IMG-20210907-WA0001.jpg (file attached)", f"{LRM}Tract.pdf • {LRM}3 pages {LRM}(fichier joint)", "null", "",
])  # fmt: skip
def test_what_has_no_words_is_counted(read, text):
    found = read(f"{FIRST}{NUMBER}: {text}", f"{FIRST}{NUMBER}: {VOTE}")
    assert found.complaints["text"].tolist() == [VOTE]
    assert left_out(found) == {"no_text": 1}


@pytest.mark.parametrize(("text", "words"), [
    (f"<Médias omis>\n{VOTE}", VOTE), (f"IMG-20210907-WA0001.jpg (fichier joint)\n{VOTE}", VOTE), (f"{VOTE} {LRM}<attached: 0001-PHOTO.jpg>", VOTE), (f"{VOTE} <Ce message a été modifié>", VOTE),
    (f"{VOTE} {LRM}<This message was edited>", VOTE), (f"{VOTE} <تم تعديل هذه الرسالة>", VOTE), (f"{LRM}Transféré\n{VOTE}", VOTE), (f"Forwarded\n{VOTE}", VOTE),
])  # fmt: skip
def test_marks_beside_words_are_taken_off(read, text, words):
    assert read(*f"{FIRST}{NUMBER}: {text}".split("\n")).complaints["text"].tolist() == [words]


def test_what_was_edited_is_said(read):
    assert "edited" in read(f"{FIRST}{NUMBER}: {VOTE} <This message was edited>").cleaning["code"].tolist()


@pytest.mark.parametrize(
    "text",
    [
        "Ce message a été supprimé",
        "This message was deleted",
        "تم حذف هذه الرسالة",
        "Diese Nachricht wurde gelöscht.",
        f"{LRM}This message was deleted.",
    ],
)
def test_what_was_deleted_is_counted(read, text):
    assert left_out(read(f"{FIRST}{NUMBER}: {text}", f"{FIRST}{NUMBER}: {VOTE}")) == {"deleted": 1}


@pytest.mark.parametrize(("name", "sender", "owner"), [
    ("WhatsApp Chat with Parti Y.txt", "Parti Y", "Samira"), ("Discussion WhatsApp avec Parti Y.txt", "Parti Y", "Samira"), ("محادثة واتساب مع حزب.txt", "حزب", "سميرة"),
    ("WhatsApp Chat - Parti Y (2).txt", "Parti Y", "Samira"), ("WhatsApp Chat mit +212 661-000001.txt", NUMBER, "Samira"), ("_chat.txt", NUMBER, "Samira"),
])  # fmt: skip
def test_the_owner_of_two_is_the_one_who_is_not_the_other_side(read, name, sender, owner):
    found = read(
        f"{FIRST}{owner}: Qui êtes-vous et pourquoi me parler du vote ?",
        f"{FIRST}{sender}: {VOTE}",
        name=name,
        keep_all=True,
    )
    assert found.complaints["text"].tolist() == [VOTE]
    assert left_out(found) == {"sent": 1}


def test_on_ios_the_first_line_tells_the_other_side(read):
    head = HEADS["ios-fr"][0]
    found = read(
        f"{head}Parti Y: {LRM}{ENCRYPTED}", f"{head}Samira: non merci", f"{head}Parti Y: {VOTE}", keep_all=True
    )
    assert found.complaints["text"].tolist() == [VOTE]


def test_who_deleted_a_message_on_this_phone_is_the_owner(read):
    lines = [f"{FIRST}{name}: salam tout le monde" for name in ("Ali", "Samira", "Omar")]
    found = read(*lines, f"{FIRST}Samira: Vous avez supprimé ce message", keep_all=True)
    assert found.complaints["sender"].tolist() == ["Ali", "Omar"]


def test_who_writes_from_the_number_of_the_owner_is_the_owner(read):
    found = read(f"{FIRST}{OWNER}: {VOTE}", f"{FIRST}{NUMBER}: {VOTE}", keep_all=True)
    assert found.complaints["sender"].tolist() == [NUMBER]


def test_a_business_is_no_contact(read):
    found = read(
        f"{FIRST}Cette discussion est avec un compte professionnel. Appuyez pour en savoir plus.",
        f"{FIRST}Parti Y: {VOTE}",
        f"{FIRST}Moi: stop",
        name="Discussion WhatsApp avec Parti Y.txt",
    )
    assert found.complaints["sender"].tolist() == ["Parti Y"]


def test_in_a_group_talk_is_left_and_campaign_kept(read):
    talk = "Bonjour à tous, quelqu'un connaît un bon plombier dans le quartier ?"
    found = read(
        f"{FIRST}Ali a créé le groupe « Quartier »",
        f"{FIRST}{NUMBER}: {talk}",
        f"{FIRST}+212 661-000002: {VOTE}",
        f"{FIRST}~ Nadia: {LRM}Transféré",
        talk,
    )
    assert found.complaints["text"].tolist() == [VOTE, talk]
    assert left_out(found) == {"of_the_program": 1, "personal": 1}


def days(*stamps):
    return [f"{stamp}, 20:33 - {NUMBER}: Votez {number}" for number, stamp in enumerate(stamps)]


@pytest.mark.parametrize(("stamps", "first"), [
    (["07/09/2021", "13/09/2021"], "2021-09-07"), (["9/7/21", "9/13/21"], "2021-09-07"),
    # No day above 12: the chat goes on in time one way only.
    (["01/09/2021", "02/09/2021", "01/10/2021"], "2021-09-01"), (["9/1/21", "9/2/21", "10/1/21"], "2021-09-01"), (["11/2/21", "12/1/21", "1/3/22"], "2021-11-02"),
    (["05/06/2021", "05/06/2021"], "2021-06-05"),
])  # fmt: skip
def test_day_and_month_are_told_on_the_whole_chat(read, stamps, first):
    found = read(*days(*stamps))
    assert str(found.complaints["received_at"].iloc[0].tz_convert("Africa/Casablanca").date()) == first


def test_american_heads_have_the_month_first(read):
    found = read(f"9/7/21, 8:33{NNBSP}PM - {NUMBER}: {VOTE}")
    assert str(found.complaints["received_at"].iloc[0].date()) == "2021-09-07"


def test_the_order_is_decided_by_lines_that_are_left_out_too(read):
    found = read("9/25/21, 20:33 - Ali: salut", f"10/2/21, 20:33 - {NUMBER}: {VOTE}", "10/2/21, 20:34 - Moi: ok")
    assert str(found.complaints["received_at"].iloc[0].date()) == "2021-10-02"


def test_a_chat_within_a_message_stays_within_it(read):
    text = f"{VOTE}\n[01/09/2021, 10:00:00] Ali: salut\n1/9/21, 10:00 AM - Omar: ok"
    assert read(*f"{FIRST}{NUMBER}: {text}".split("\n"), f"{LATER}{NUMBER}: Votez").complaints["text"].tolist() == [
        text,
        "Votez",
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("android-fr", "ios-fr"), ("android-us", "android-ar-ma"), ("ios-de", "web")]
)
def test_of_chats_that_were_put_into_one_file_each_message_is_its_own(read, first, second):
    one, other = HEADS[first], HEADS[second]
    private = [f"{head}{name}: Je t'aime, rentre vite" for head in other for name in ("Ali", "Samira")]
    found = read(f"{one[0]}{NUMBER}: {VOTE}", f"{one[1]}{NUMBER}: Votez", *private, f"{other[1]}{NUMBER}: Votez bien")
    assert found.complaints["text"].tolist() == [VOTE, "Votez", "Votez bien"]
    assert found.complaints["received_at"].tolist() == [*MOMENTS, MOMENTS[1]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_encodings_and_ends_of_lines(tmp_path, encoding, ending):
    (tmp_path / "c.txt").write_bytes(
        ending.join([f"{FIRST}{ENCRYPTED}", f"{FIRST}{NUMBER}: {VOTE}", "fin", ""]).encode(encoding)
    )
    assert read_files(tmp_path / "c.txt", recipient=OWNER).complaints["text"].tolist() == [f"{VOTE}\nfin"]


def test_what_was_cut_off_at_the_top_is_no_hindrance(read):
    assert len(read("la fin d'un message", f"{FIRST}{NUMBER}: {VOTE}", f"{FIRST}{NUMBER}: Votez").complaints) == 2


def test_the_number_in_the_name_of_a_chat_is_the_senders(read, tmp_path):
    lines = [f"{FIRST}{NUMBER}: {VOTE}", f"{FIRST}Samira: non"]
    for name in (f"WhatsApp Chat with {NUMBER}.txt", f"{NUMBER}.txt"):
        with pytest.raises(UnreadableInput, match="whose phone it is of; give --recipient NUMBER"):
            read(*lines, name=name, recipient=None)
    assert read(*lines, name="0612345678.txt", recipient=None).complaints["recipient"].tolist() == ["0612345678"]


@pytest.mark.parametrize("text", [
    "date,text,recipient\n07/09/2021,Votez,0612345678\n", "2021-09-07 10:00:00 INFO started\n2021-09-07 10:00:01 INFO x\n", "Bonjour\nvotez\n", "", "07/09/2021;20:33;Votez\n", "{\"a\": 1}", "07/09/2021, 20:33 - rien\n",
])  # fmt: skip
def test_anything_else_is_no_chat(text):
    assert find_export(Source("c.txt", "c.txt", text.encode())) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[",
        "[]",
        "1/1/1, 1:1 - a: b",
        "99/99/9999, 99:99 - a: b",
        "[" * 500,
        "1" * 500,
        f"{RLM}" * 500,
        "07/09/2021, 20:33 - ",
        "07/09/2021, 20:33 - :",
        f"{FIRST}{'a' * 500}: b",
    ],
)
def test_odd_lines_are_read_or_not_and_never_break(line):
    begun(line)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([NUMBER, "Ali", "~ X", "Moi"]),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40),
        ),
        max_size=10,
    ),
    st.sampled_from(list(HEADS)),
)
def test_each_line_is_kept_or_counted(read, messages, shape):
    head = HEADS[shape][0]
    found = read(f"{head}{NUMBER}: {VOTE}", *(f"{head}{sender}: {text}" for sender, text in messages))
    file = found.files[0]
    assert file.n_scored + file.n_quarantined + file.n_left_out == len(messages) + 1
    assert not set(found.complaints["sender"]) & {"Ali", "Moi"}
