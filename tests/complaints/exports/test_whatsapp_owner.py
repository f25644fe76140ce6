"""Whose phone a chat is on: words that anybody may type must neither hide a sender nor make one the owner."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasrib.complaints import read_files

OWNER = "+212612345678"
VOTE = "صوتوا على لائحة الأمل: يوم 8 شتنبر"
LRM = "\u200e"
NUMBER = "+212 661-000001"
FIRST = "07/09/2021, 20:33 - "
IOS = "[07/09/2021 20:33:00] "
DELETED = {
    "en": "You deleted this message",
    "fr": "Vous avez supprimé ce message",
    "ar": "لقد حذفت هذه الرسالة",
    "de": "Du hast diese Nachricht gelöscht.",
    "es": "Eliminaste este mensaje",
    "it": "Hai eliminato questo messaggio",
    "nl": "Je hebt dit bericht verwijderd",
    "pt": "Você apagou esta mensagem",
}
CREATED = {"en": "Ali created group “Quartier”", "fr": "Ali a créé le groupe « Quartier »", "ar": "أنشأ علي المجموعة", "de": "Ali hat die Gruppe „Q“ erstellt"}  # fmt: skip
TALK = [f"{FIRST}{name}: salam tout le monde" for name in ("Ali", "Samira", "Omar")]


@pytest.fixture
def read(tmp_path):
    def reading(*lines, name="_chat.txt", **more):
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
        return read_files(tmp_path / name, **({"recipient": OWNER, "keep_all": True} | more))

    return reading


def senders(found):
    return sorted(set(found.complaints["sender"]))


def codes(found):
    return found.cleaning["code"].tolist()


@pytest.mark.parametrize("language", DELETED)
def test_in_a_group_who_deleted_a_message_is_taken_for_the_owner_and_that_is_said(read, language):
    found = read(*TALK, f"{FIRST}Samira: {DELETED[language]}")
    assert senders(found) == ["Ali", "Omar"]
    told = found.cleaning.set_index("code")
    assert told.loc["owner_by_deletion", "rows"] == "row 4"
    assert "--owner NAME says otherwise" in told.loc["owner_by_deletion", "said"]


@pytest.mark.parametrize("language", DELETED)
@pytest.mark.parametrize("sender", [NUMBER, "~ Hizb", "123456789012345@lid", "٠٦٦١٠٠٠٠٠١"])
def test_a_stranger_who_types_these_words_stays_a_sender(read, language, sender):
    lines = [*TALK, f"{FIRST}{sender}: {DELETED[language]}", f"{FIRST}{sender}: {VOTE}"]
    assert read(*lines, keep_all=False).complaints["text"].tolist() == [VOTE]
    assert len(senders(read(*lines))) == 4


@pytest.mark.parametrize("name", ["WhatsApp Chat with Parti Y.txt", "Discussion WhatsApp avec Parti Y.txt"])
def test_in_a_chat_of_two_the_name_of_the_file_goes_before_what_is_typed(read, name):
    found = read(
        f"{FIRST}Parti Y: You deleted this message", f"{FIRST}Parti Y: {VOTE}", f"{FIRST}Samira: non", name=name
    )
    assert senders(found) == ["Parti Y"]
    assert "owner_by_deletion" not in codes(found)


def test_on_ios_the_first_line_goes_before_what_is_typed(read):
    first = f"{IOS}Parti Y: {LRM}Les messages et les appels sont chiffrés de bout en bout."
    for typed in DELETED.values():
        found = read(first, f"{IOS}Parti Y: {typed}", f"{IOS}Parti Y: {VOTE}", f"{IOS}Samira: non")
        assert senders(found) == ["Parti Y"]


def test_on_ios_the_programs_words_bear_its_mark(read):
    lines = [f"{IOS}Quartier: {LRM}Messages and calls are end-to-end encrypted.", *(f"{IOS}{name}: salam" for name in ("Ali", "Samira", "Omar"))]  # fmt: skip
    found = read(*lines, f"{IOS}Ali: You deleted this message.")
    assert senders(found) == ["Ali", "Omar", "Samira"]
    assert "owner_not_told" in codes(found)
    assert senders(read(*lines, f"{IOS}Samira: {LRM}You deleted this message.")) == ["Ali", "Omar"]
    both = [f"{IOS}Ali: You deleted this message.", f"{IOS}Samira: {LRM}You deleted this message."]
    assert senders(read(*lines, *both)) == ["Ali", "Omar"]


def test_where_an_editor_took_all_marks_away_none_is_asked_for(read):
    lines = [f"{IOS}{name}: salam" for name in ("Ali", "Samira", "Omar")]
    assert senders(read(*lines, f"{IOS}Samira: You deleted this message.")) == ["Ali", "Omar"]


@pytest.mark.parametrize("phone", CREATED)
@pytest.mark.parametrize("typed", DELETED)
def test_the_program_speaks_one_language(read, phone, typed):
    found = read(f"{FIRST}{CREATED[phone]}", *TALK, f"{FIRST}Samira: {DELETED[typed]}")
    assert senders(found) == (["Ali", "Omar"] if typed == phone else ["Ali", "Omar", "Samira"])


@pytest.mark.parametrize("line", [
    f"{FIRST}Ali: This message was deleted", f"{FIRST}Ali added +212 661-000009", f"{FIRST}Ali left", f"{FIRST}Ali: This message was deleted\n{FIRST}Omar: salam", f"{FIRST}Ali: You deleted this message",
])  # fmt: skip
def test_where_something_speaks_against_it_nobody_is_taken_for_the_owner(read, line):
    found = read(*TALK, line, f"{FIRST}Ali: You deleted this message", f"{FIRST}Omar: You deleted this message")
    others = ["Ali", "Samira"] if line != f"{FIRST}Ali: You deleted this message" else ["Ali", "Omar", "Samira"]
    assert senders(found) == others


def test_where_two_names_are_told_none_is_taken(read):
    found = read(*TALK, f"{FIRST}Ali: You deleted this message", f"{FIRST}Samira: You deleted this message")
    assert senders(found) == ["Ali", "Omar", "Samira"]
    assert "owner_not_told" in codes(found)


@pytest.mark.parametrize(
    "text", ["You deleted this message, why?", "You deleted this message\nwhy?", "Ali: You deleted this message"]
)
def test_words_round_them_are_somebodys(read, text):
    found = read(*TALK, *f"{FIRST}Samira: {text}".split("\n"))
    assert "owner_not_told" in codes(found)
    assert text in found.complaints["text"].tolist()


@pytest.mark.parametrize("stated", ["Samira", "samira", "~ Samira", " Samira "])
def test_the_user_says_it(read, stated):
    lines = [*TALK, f"{FIRST}Ali: You deleted this message"]
    found = read(*lines, owner=stated)
    assert senders(found) == ["Ali", "Omar"]
    assert not {"owner_by_deletion", "owner_not_told"} & set(codes(found))


def test_a_name_that_is_not_in_the_chat_changes_nothing(read):
    found = read(*TALK, f"{FIRST}Ali: You deleted this message", owner="Zoé")
    assert senders(found) == ["Omar", "Samira"]


def test_the_command_takes_the_name_and_writes_it_nowhere(run, tmp_path, small_model_shipped):
    lines = [*TALK, f"{FIRST}{NUMBER}: {VOTE}"]
    (tmp_path / "_chat.txt").write_text("\n".join(lines), "utf-8")
    ended = run("score", "_chat.txt", "-o", "out.csv", "--recipient", OWNER, "--all", "--owner", "Samira")
    assert ended.exit_code == 0, ended.output
    assert "3 scored" in ended.output
    assert not any("Samira" in file.read_text("utf-8") for file in tmp_path.glob("out.*"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([NUMBER, "~ X", "Ali", "Omar", "Samira"]), st.sampled_from([*DELETED.values(), VOTE, "ok", "This message was deleted", f"{LRM}You deleted this message."])),
        max_size=12,
    ),
    st.sampled_from([FIRST, IOS]),
)  # fmt: skip
def test_whatever_is_typed_a_strangers_message_is_read(read, messages, head):
    lines = [f"{head}{sender}: {text}" for sender, text in messages]
    found = read(f"{head}{NUMBER}: {VOTE} 1", f"{head}Ali: salam", *lines, f"{head}~ X: {VOTE} 2", keep_all=False)
    assert {f"{VOTE} 1", f"{VOTE} 2"} <= set(found.complaints["text"])
