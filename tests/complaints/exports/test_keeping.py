"""Which messages of a phone are looked at: who wrote, and what a message shows."""

import pytest

from tasrib.complaints.exports.keeping import ENOUGH, is_ordinary_number, same_sender, signs, why_left
from tasrib.complaints.exports.message import Message

NUMBER = "+212661000001"
TALK = "rappelle moi"


def message(text, sender=NUMBER, **more):
    return Message(1, text, sender, "", "sms", **more)


@pytest.mark.parametrize(
    ("sender", "is_number"),
    [("+212 661-000001", True), ("0661000001", True), ("٠٦٦١٠٠٠٠٠١", True), ("\u202a+212\u00a0661\u2011000001\u202c", True), ("(0661) 00.00.01", True), ("a@b.ma", True),
     ("3636", False), ("123456", False), ("INWI", False), ("PARTI 2021", False), ("حزب", False), ("", False), ("Promo212661000001", False)],
)  # fmt: skip
def test_a_person_has_a_whole_number(sender, is_number):
    assert is_ordinary_number(sender) == is_number


def test_two_spellings_of_one_number_are_one():
    assert (
        len({same_sender(number) for number in ("+212 661-000001", "0661000001", "٠٠٢١٢٦٦١٠٠٠٠٠١", "212661000001")})
        == 1
    )
    assert same_sender("INWI") == same_sender("Inwi") != same_sender("3636")


@pytest.mark.parametrize(("text", "sign"), [
    ("صوتوا للأمل", "vote"), ("وصوّتوا بكثافة", "vote"), ("Votez !", "vote"), ("VOTÉ", "vote"), ("sewwet 3la l7izb", "vote"), ("Bureau de vote", "vote"), ("مرشحكم", "vote"),
    ("STOP au 3636", "opt_out"), ("لإلغاء الاشتراك", "opt_out"), ("hopon.ma", "link"), ("https://x", "link"), ("تخفيضات", "offer"), ("Votre code de vérification 1234", "own_affairs"),
    ("رمز التحقق 1234", "own_affairs"),
])  # fmt: skip
def test_signs(text, sign):
    assert sign in signs(text)


@pytest.mark.parametrize("text", ["salut ça va", "كيف حالك", "M.Ahmed est là", "3.ma", "", "12.5"])
def test_no_signs(text):
    assert signs(text) <= {"link"} if "ma" in text else not signs(text)


@pytest.mark.parametrize(("given", "reason"), [
    (message("Votez !"), ""), (message("Votez !", is_contact=True), "contact"), (message(TALK), "personal"), (message("x" * ENOUGH), ""), (message("x" * (ENOUGH - 1)), "personal"),
    (message(TALK, "3636"), ""), (message(TALK, "HIZB"), ""), (message("Votre code est 1234", "BANK"), "own_affairs"), (message("Votre code : votez 7, STOP 3636", "HIZB"), ""),
    (message("x" * ENOUGH, in_group=True), "personal"), (message("Votez", in_group=True), ""), (message(TALK, is_bulk=True), ""), (message(TALK, is_contact=True, is_handed_in=True), ""),
])  # fmt: skip
def test_why_a_message_is_left(given, reason):
    assert why_left(given) == reason


@pytest.mark.parametrize(
    "sender", ["", "\u200e", "0661000001~0662000002", "0661000001, 0662000002", "tel:+212661000001"]
)
def test_whoever_is_named_oddly_or_not_at_all_may_be_a_person(sender):
    assert why_left(message(TALK, sender)) == "personal"
    assert why_left(message("Votez", sender)) == ""


def test_of_a_sender_that_nobody_names_length_shows_nothing():
    assert why_left(message("x" * 200, "")) == "personal"


def test_in_a_conversation_length_shows_nothing():
    assert why_left(message("x" * 200), frozenset({same_sender("0661000001")})) == "personal"
    assert why_left(message("Qui ? votez !"), frozenset({same_sender("0661000001")})) == ""
