"""A message within an e-mail: passed on or answered, as each program marks it."""

import pytest
from mails import FRENCH, PLAIN, VOTE, reading

from tasrib.complaints.exports.mail_quoted import moment_of, passed_on, without_prefix


@pytest.fixture
def read(tmp_path):
    return reading(tmp_path)


MARKS = [
    "---------- Forwarded message ---------\nDe : {from}\nDate: mar. 7 sept. 2021 à 08:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "---------- Message transféré ----------\nDe : {from}\nDate : 7 septembre 2021 à 08:33\nObjet : Appel\nÀ : moi@exemple.ma\n\n{text}",
    "-----Message d'origine-----\nDe : {from}\nEnvoyé : mardi 7 septembre 2021 08:33\nÀ : moi\nObjet : Appel\n\n{text}",
    "________________________________\nDe : {from}\nEnvoyé : mardi 7 septembre 2021 08:33\nÀ : moi\nObjet : Appel\n\n{text}",
    "From: {from}\nSent: Tuesday, September 7, 2021 8:33 AM\nTo: me\nSubject: Appel\n\n{text}",
    "Begin forwarded message:\n\n> From: {from}\n> Date: September 7, 2021 at 8:33 AM\n> To: me\n> Subject: Appel\n>\n> {text}",
    "Début du message transféré :\n\nDe: {from}\nDate: 7 septembre 2021 à 08:33\nÀ: moi\nObjet: Appel\n\n{text}",
    "-------- Message transféré --------\nSujet : \tAppel\nDate : \tTue, 7 Sep 2021 08:33:00 +0100\nDe : \t{from}\nPour : \tmoi@exemple.ma\n\n\n{text}",
    "---------- الرسالة المُعاد توجيهها ---------\nمن: {from}\nالتاريخ: 7 سبتمبر 2021، 08:33\nالموضوع: Appel\nإلى: moi@exemple.ma\n\n{text}",
    "---------- Forwarded message ---------\nFrom: Ami <ami@exemple.ma>\nDate: Wed, Sep 8, 2021 at 9:00 AM\nSubject: Fwd: Appel\nTo: moi\n\n---------- Forwarded message ---------\nFrom: {from}\nDate: Tue, Sep 7, 2021 at 8:33 AM\nSubject: Appel\nTo: ami\n\n{text}",
    "   ----- Message transmis ----- De : {from}À : \"moi@exemple.ma\" <moi@exemple.ma>Cc : X <x@exemple.ma>Envoyé : mardi 7 septembre 2021, 08:33:20Objet : Appel\n {text}",
    "-----Message d'origine-----\nDe\u00a0: {from}\nDate\u00a0: 7 septembre 2021 08:33\nRépondre à\u00a0: x@y.ma\nObjet\u00a0: Appel\n\n{text}",
    "-------- Original message --------\nFrom: {from}\nDate: 07/09/2021 08:33 (GMT+01:00)\nTo: me\nSubject: Appel\n\n{text}",
]  # fmt: skip
# As the telephones and programs of those who live abroad write it, and those in Arabic do now.
MARKS += [
    "---------- Forwarded message ---------\nمن: {from}\n\u202aDate: الثلاثاء، ٧ سبتمبر ٢٠٢١ في ٨:٣٣ ص\u202c\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "بدء الرسالة المعاد توجيهها:\n\n> من: {from}\n> التاريخ: ٧ سبتمبر ٢٠٢١ في ٨:٣٣:٢٠ ص غرينتش+١\n> إلى: moi@exemple.ma\n> الموضوع: Appel\n> \n> {text}",
    "Da: {from}\nInviato: martedì 7 settembre 2021 08:33\nA: moi\nOggetto: Appel\n\n{text}",
    "Inizio messaggio inoltrato:\n\n> Da: {from}\n> Oggetto: Appel\n> Data: 7 settembre 2021 alle ore 08:33\n> A: moi@exemple.ma\n> \n> {text}",
    "---------- Forwarded message ---------\nVan: {from}\nDate: di 7 sep. 2021 om 08:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "Van: {from}\nVerzonden: dinsdag 7 september 2021 08:33\nAan: moi\nOnderwerp: Appel\n\n{text}",
    "---------- Forwarded message ---------\nDe: {from}\nDate: mar, 7 sept 2021 a las 8:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
    "---------- Forwarded message ---------\nDe: {from}\nDate: terça, 7/09/2021 à(s) 08:33\nSubject: Appel\nTo: <moi@exemple.ma>\n\n\n{text}",
]  # fmt: skip


# In which the sender's address stands beside a link, or behind a name with a comma; a date with "de" before the year, or run into the next label.
MARKS += [
    "De: {from}\nFecha: martes, 7 de septiembre de 2021, 8:33\nPara: moi@exemple.ma\nAsunto: Appel\n\n{text}",
    "De: {from}\nData: terça-feira, 7 de setembro de 2021, 8:33\nPara: moi@exemple.ma\nAssunto: Appel\n\n{text}",
    "   ----- Mensaje reenviado ----- De: {from}Para: \"moi@exemple.ma\" <moi@exemple.ma>Enviado: martes, 7 de septiembre de 2021 08:33:50 WESTAsunto: Appel\n {text}",
    "-------- Messaggio Inoltrato --------\nOggetto: \tAppel\nData: \tTue, 7 Sep 2021 08:33:30 +0100\nMittente: \t{from}\nA: \tmoi@exemple.ma\n\n\n{text}",
    "-------- İletilen İleti --------\nKonu: \tAppel\nTarih: \tTue, 7 Sep 2021 08:33:30 +0100\nKimden: \t{from}\nKime: \tmoi@exemple.ma\n\n\n{text}",
    "> Начало переадресованного сообщения:\n>\n> Отправитель: {from}\n> Тема: Appel\n> Дата: 07.09.2021 08:33\n> Кому: moi@exemple.ma\n>\n> {text}",
]  # fmt: skip


@pytest.mark.parametrize("mark", range(len(MARKS)))
def test_what_is_passed_on_is_the_message(read, mark):
    body = MARKS[mark].format(**{"from": "Parti Y <contact@espoir.ma>", "text": VOTE})
    mail = (
        PLAIN.replace("contact@espoir.ma", "citoyen@exemple.ma")
        .replace("Parti Y", "Citoyen")
        .replace("Appel", "Tr: Appel")
        .replace("7 Sep", "9 Sep")
        + f"Bonjour, voici ce que j'ai reçu.\n\n{body}\n"
    )
    found = read(mail).complaints
    assert found["text"].tolist() == [f"Appel\n{VOTE}"]
    assert found["sender"].tolist() == ["contact@espoir.ma"]
    assert found["received_at"].dt.tz_convert("Africa/Casablanca").dt.strftime("%d %H:%M").tolist() == ["07 08:33"]


@pytest.mark.parametrize("line", [
    "Le mar. 7 sept. 2021 à 08:33, Parti Y <contact@espoir.ma> a écrit :", "On Tue, Sep 7, 2021 at 8:33 AM Parti Y <contact@espoir.ma> wrote:", "Le 7 sept. 2021 à 08:33, Parti Y\n<contact@espoir.ma> a écrit :",
    "Am 07.09.2021 um 08:33 schrieb Parti Y <contact@espoir.ma>:".replace("schrieb Parti Y <contact@espoir.ma>", "Parti Y <contact@espoir.ma> schrieb"), "في الثلاثاء، 7 سبتمبر 2021 08:33 Parti Y <contact@espoir.ma> كتب:",
])  # fmt: skip
def test_what_is_answered_is_the_message(read, line):
    mail = (
        PLAIN.replace("contact@espoir.ma", "citoyen@exemple.ma").replace("Appel", "Re: Appel")
        + f"Comment avez-vous eu mon adresse ?\n\n{line}\n> {VOTE}\n> {FRENCH}\n"
    )
    found = read(mail).complaints
    assert found["text"].tolist() == [f"Appel\n{VOTE}\n{FRENCH}"]
    assert found["sender"].tolist() == ["contact@espoir.ma"]
    assert found["received_at"].dt.tz_convert("Africa/Casablanca").dt.strftime("%d").tolist() == ["07"]


def test_what_is_answered_may_have_no_address(read):
    mail = PLAIN.replace("Appel", "Re: Appel") + f"Qui êtes-vous ?\n\nOn 07/09/2021 08:33, Parti Y wrote:\n> {VOTE}\n"
    found = read(mail).complaints
    assert found[["text", "sender"]].values.tolist() == [[f"Appel\n{VOTE}", ""]]


@pytest.mark.parametrize("line", [
    "On September 7, 2021 at 8:33 AM, Parti Y wrote:", "On Sep 7, 2021, at 8:33 AM, Parti Y wrote:", "\ufeffIl giorno 07/09/2021, 08:33 Parti Y ha scritto:", "Op 07/09/2021 08:33 heeft Parti Y geschreven:",
])  # fmt: skip
def test_of_what_is_answered_the_moment_may_have_commas_in_it(read, line):
    mail = PLAIN.replace("Appel", "Re: Appel") + f"Qui êtes-vous ?\n\n{line}\n\n> {VOTE}\n"
    found = read(mail).complaints
    assert found["text"].tolist() == [f"Appel\n{VOTE}"]
    assert found["received_at"].dt.tz_convert("Africa/Casablanca").dt.strftime("%d %H:%M").tolist() == ["07 08:33"]


@pytest.mark.parametrize("sender", [
    "Parti Y [mailto:contact@espoir.ma]", "contact@espoir.ma[mailto:contact@espoir.ma]", "Parti, Y <contact@espoir.ma>", "Parti Y<mailto:contact@espoir.ma> <contact@espoir.ma<mailto:contact@espoir.ma>>",
    "*Parti Y* <contact@espoir.ma>", "contact@espoir.ma",
])  # fmt: skip
def test_the_address_is_found_in_whatever_stands_round_it(sender):
    found = passed_on(f"From: {sender}\nSent: Tuesday, September 7, 2021 8:33 AM\nTo: me\nSubject: Appel\n\n{VOTE}", "")
    assert found is not None
    assert (found.sender, found.text) == ("contact@espoir.ma", VOTE)


def test_of_a_zone_that_nobody_knows_only_the_day_counts():
    assert moment_of("7 September 2021 at 23:17:21 EEST") == "2021-09-07"


def test_an_sms_that_is_passed_on_by_mail_is_one(read):
    found = read(
        PLAIN + f"---------- Forwarded message ---------\nFrom: 3636\nDate: 07/09/2021 08:33\n\n{VOTE}"
    ).complaints
    assert found[["sender", "channel"]].values.tolist() == [["3636", "sms"]]


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: Fwd: TR : Appel", "Appel"), ("رد: صوتوا", "صوتوا"), ("Rappel: votez", "Rappel: votez"), ("", "")],
)
def test_subjects_without_what_was_put_before_them(subject, bare):
    assert without_prefix(subject) == bare


@pytest.mark.parametrize(
    "text",
    [
        VOTE,
        "De : la ville\nvotez",
        "---\nvotez",
        "Objet : votez\nDate : le 8",
        "le candidat a écrit :\nvotez",
        "-- \nForwarded",
        "",
    ],
)
def test_an_ordinary_text_passes_nothing_on(text):
    assert passed_on(text, "Appel") is None
