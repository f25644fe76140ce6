"""Rule sets as files: what comes with tasrib is whole and accuses nobody, a slip in one's own is named, a new country is rows of data."""

import re

import pytest
from citizens import complaints

from tasrib import TasribError
from tasrib.compliance import load_rules, triage
from tasrib.compliance.loading import common, shipped
from tasrib.errors import BadReferenceData

# As of the report (tests/report/test_narrative.py): words that say more than an indication.
FORBIDDEN = re.compile(
    r"\b(proof|proofs|prov(e|es|ed|en|ing)|guilt\w*|culprit\w*|blame\w*|leak\w*|stole\w*|theft|thief|"
    r"preuve\w*|prouv\w*|coupab\w*|fuite\w*|vol|vols|volé\w*|voleur\w*|fautif\w*)\b"
    r"|دليل|أدلة|برهان|مذنب|مدان|متهم|جان[ٍي]|إثبات|ثبت|يثبت|تسريب|مسر[ّ]?ب|سرق|المسؤول عن",
    re.IGNORECASE,
)
LANGUAGES = ("ar", "fr", "en")
OWN = """
country = "TN"
time_zone = "Africa/Tunis"
title = { en = "Tunisia", fr = "Tunisie", ar = "تونس" }

[[election]]
id = "TN-2019"
label = { en = "Assembly", fr = "Assemblée", ar = "المجلس" }
source = "invented for this test"
date = "2026-11-29"
periods.silence = [["2019-10-05", "2019-10-06"]]

[[field]]
name = "in_silence"
from = "within"
with = { period = "silence" }
whom = "complainant"
label = { en = "on the day of silence", fr = "le jour du silence", ar = "يوم الصمت" }
ask = { en = "When?", fr = "Quand ?", ar = "متى؟" }

[[rule]]
id = "T01"
about = "sender"
title = { en = "Silence", fr = "Silence", ar = "الصمت" }
text = { en = "None then.", fr = "Aucun alors.", ar = "لا شيء حينها." }
law = { en = "invented", fr = "inventé", ar = "مخترع" }
sources = ["invented for this test"]
date = "2026-11-29"
confidence = "L"
fields = ["in_silence", "consent"]
[rule.test]
no_breach_indicated = [{ in_silence = "no" }, { consent = "yes" }]
breach_indicated = [{ in_silence = "yes", consent = "no" }]
"""


def written(tmp_path, content):
    path = tmp_path / "rules_tn.toml"
    path.write_text(content, "utf-8")
    return path


def test_a_country_of_rows_alone(tmp_path):
    path = written(tmp_path, OWN)
    received = ["2019-10-04T20:00:00Z", "2019-10-05T20:00:00Z", "2019-10-06T20:00:00Z", "2019-10-06T23:30:00Z"]
    frame = complaints(*({"received_at": moment} for moment in received), consent="no")
    assert list(triage(frame, path)["verdict"]) == [
        "no_breach_indicated", "breach_indicated", "breach_indicated", "no_breach_indicated",
    ]  # fmt: skip
    assert set(triage(frame, str(path))["confidence"]) == {"L"}


def test_a_file_that_was_changed_is_read_again(tmp_path):
    path = written(tmp_path, OWN)
    assert [rule.id for rule in load_rules(path).rules] == ["T01"]
    written(tmp_path, OWN.replace('"T01"', '"T001"'))
    assert [rule.id for rule in load_rules(path).rules] == ["T001"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('country = "TN"', "", r"the beginning of the file: lacks country; add it"),
        ('"TN"', '"XX"', r"the beginning of the file: country 'XX' is not one of the home countries"),
        ("Africa/Tunis", "Tunis", r"'Tunis' is not a time zone"),
        ('ar = "تونس"', 'ar = ""', r"title is not there in all of ar, fr, en; write the others"),
        ('confidence = "L"', 'confidence = "X"', r"\[\[rule\]\] T01: confidence = 'X' is not one of H, M, L"),
        ('about = "sender"', 'about = "both"', r"\[\[rule\]\] T01: about = 'both'"),
        ('sources = ["invented for this test"]', "sources = []", r"\[\[rule\]\] T01: names no source; name one"),
        ('"in_silence", "consent"]', '"in_silence", "consnt"]', r"T01: asks for the field 'consnt', which is not there; write a"),
        ('fields = ["in_silence", "consent"]', 'fields = ["in_silence"]', r"T01: tests 'consent', which is not among its fields; add it"),
        ('consent = "yes"', 'consent = "maybe"', r"T01, no_breach_indicated: consent = 'maybe' cannot be; it is one of yes, no"),
        ('consent = "yes"', 'consent = ""', r"consent = '': an unknown value decides nothing"),
        ('consent = "yes"', 'agreed = "yes"', r"tests the field 'agreed', which is not there"),
        ('{ consent = "yes" }', "{}", r"has an empty condition"),
        ("\nbreach_indicated", "\nbreach", r"T01, test: has breach, which nothing reads; remove it, or write one of"),
        ('date = "2026-11-29"\nconfidence', "confidence", r"\[\[rule\]\] T01: lacks date; add it"),
        ('from = "within"', 'from = "inside"', r"\[\[field\]\] in_silence: from = 'inside' is neither column nor answer nor one of"),
        ('{ period = "silence" }', '{ period = "silent" }', r"in_silence: period = 'silent' is not one of silence"),
        ('{ period = "silence" }', '{ days = 3 }', r"in_silence: within does not take days; it takes delay, period"),
        ('{ period = "silence" }', "{ }", r"in_silence: within needs period"),
        ('from = "within"\nwith = { period = "silence" }', 'from = "column"', r"in_silence: is no column of scored complaints"),
        ('whom = "complainant"', 'whom = "anyone"', r"in_silence: whom = 'anyone' is not one of"),
        ('"2019-10-05", "2019-10-06"', '"2019-10-06", "2019-10-05"', r"\[\[election\]\] TN-2019: silence ends before it begins"),
        ('"2019-10-05", "2019-10-06"', '"5/10/2019", "2019-10-06"', r"TN-2019: silence is no list of days; write"),
        ("[[rule]]", "[[rule]", r"this is no TOML .*; mend that line"),
        ('"Africa/Tunis"', "1", r"the beginning of the file: time_zone = 1 is of another kind; write a text"),
        ("[[rule]]", "[rule]", r"the beginning of the file: rule = .* is of another kind; write a list of tables"),
        ('id = "T01"', 'id = ["T01"]', r"id = \['T01'\] is of another kind; write a text"),
        ('sources = ["invented for this test"]', "sources = 5", r"T01: sources = 5 is of another kind; write a list of texts"),
        ('fields = ["in_silence", "consent"]', "fields = [3]", r"T01: fields = \[3\] is of another kind"),
        ('[{ in_silence = "yes", consent = "no" }]', '"yes"', r"T01, test: breach_indicated = 'yes' is of another kind; write a list of tables"),
        ('[{ in_silence = "yes", consent = "no" }]', "[3]", r"T01, test: breach_indicated = \[3\] is of another kind"),
        ('from = "within"', 'from = ["within"]', r"in_silence: from = \['within'\] is of another kind"),
        ('{ period = "silence" }', "3", r"in_silence: with = 3 is of another kind; write a table"),
        ('{ period = "silence" }', '{ period = "silence", delay = "soon" }', r"in_silence: delay = 'soon' is of another kind; write a whole number"),
        ('{ period = "silence" }', '{ period = "silence", delay = -60 }', r"in_silence: delay = -60 is of another kind"),
        ('from = "within"\nwith = { period = "silence" }', 'from = "answer"\nvalues = 3', r"in_silence: values = 3 is of another kind"),
        ('from = "within"\nwith = { period = "silence" }', 'from = "column_filled"\nwith = { column = "x" }', r"column = 'x' is no column of"),
        ('from = "within"\nwith = { period = "silence" }', 'from = "before"\nwith = { first = "in_silence", then = "objected_at" }',
         r"\[\[field\]\] in_silence: rests on itself \(in_silence on in_silence\); name another"),
        ('[["2019-10-05", "2019-10-06"]]', "3", r"TN-2019: silence is no list of days"),
        ('periods.silence = [["2019-10-05", "2019-10-06"]]', "periods = 3", r"TN-2019: periods = 3 is of another kind"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_file_and_table(tmp_path, right, wrong, said):
    assert right in OWN
    path = written(tmp_path, OWN.replace(right, wrong, 1))
    with pytest.raises(BadReferenceData, match=said) as error:
        load_rules(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_a_file_without_rules_and_lists_of_phrases_that_are_none(tmp_path):
    head = OWN[: OWN.index("[[election]]")]
    with pytest.raises(BadReferenceData, match=r"holds no rule; write a \[\[rule\]\]"):
        load_rules(written(tmp_path, f"rule = []\n{head}"))
    with pytest.raises(BadReferenceData, match=r"phrases = 3 is of another kind; write a table"):
        load_rules(written(tmp_path, f"phrases = 3\n{OWN}"))
    with pytest.raises(BadReferenceData, match=r"\[phrases.objection\]: sure = 3 is of another kind"):
        load_rules(written(tmp_path, OWN + '[phrases.objection]\nsure = 3\nsource = "x"\ndate = 2026-11-29\n'))


def test_fields_that_rest_on_each_other(tmp_path):
    words = '{ en = "a", fr = "b", ar = "ج" }'
    fields = "".join(
        f'[[field]]\nname = "{name}"\nfrom = "before"\nwith = {{ first = "{other}", then = "objected_at" }}\nwhom = "party"\n'
        f"label = {words}\nask = {words}\n"
        for name, other in (("one", "two"), ("two", "one"))
    )
    content = OWN.replace('"in_silence", "consent"', '"in_silence", "consent", "one"').replace(
        "[[rule]]", f"{fields}[[rule]]"
    )
    with pytest.raises(BadReferenceData, match=r"rests on itself \((one on two on one|two on one on two)\)"):
        load_rules(written(tmp_path, content))


def test_an_ending_in_capitals_and_a_day_without_quotation_marks(tmp_path):
    path = tmp_path / "RULES.TOML"
    path.write_text(OWN.replace('"2026-11-29"', "2026-11-29"), "utf-8")
    assert load_rules(path).rules[0].date == "2026-11-29"


def test_two_rules_of_one_name(tmp_path):
    path = written(tmp_path, OWN + OWN[OWN.index("[[rule]]") :])
    with pytest.raises(BadReferenceData, match=r"\[\[rule\]\] T01: stands there twice"):
        load_rules(path)


def test_a_faulty_phrase(tmp_path):
    path = written(
        tmp_path, OWN + '\n[phrases.objection]\nsure = ["<number> stop"]\nsource = "x"\ndate = "2026-11-29"\n'
    )
    with pytest.raises(BadReferenceData, match=r"\[phrases.objection\]: sure: '<number> stop' begins with no word"):
        load_rules(path)


@pytest.mark.parametrize("name", ["zz", "../ma", "", "m\0a"])
def test_an_unknown_country(name):
    with pytest.raises(TasribError, match=r"there are no rules for .*; known are fr, ma; or name a file"):
        load_rules(name)


@pytest.mark.parametrize("given", [None, 3, ["ma"]])
def test_what_is_no_rule_set(given):
    with pytest.raises(TasribError, match="expected the code of a country or a file of rules"):
        load_rules(given)


def test_an_absent_file(tmp_path):
    with pytest.raises(TasribError, match=r"absent.toml cannot be read"):
        load_rules(tmp_path / "absent.toml")


@pytest.mark.parametrize("country", shipped())
def test_what_comes_with_tasrib_says_its_sources_and_accuses_nobody(country):
    rules = load_rules(country)
    for rule in rules.rules:
        assert rule.sources
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rule.date)
        # The text of the deliberation was not read, so none of its articles may be named.
        assert not any(re.search(r"108-2015[^;؛،]*(art\.|article|المادة)", said) for said in rule.law.values())
        assert not FORBIDDEN.search(" ".join([*rule.title.values(), *rule.text.values(), *rule.law.values()])), rule.id
    for field in rules.fields.values():
        assert not FORBIDDEN.search(" ".join([*field.label.values(), *field.ask.values()])), field.name
        assert field.ask["en"].rstrip(".)").endswith("?") or "." in field.ask["en"], field.name


def test_all_shared_words_stand_in_three_languages_and_accuse_nobody():
    def leaves(table, path=""):
        if set(table) == set(LANGUAGES):
            yield path, table
        else:
            for name, part in table.items():
                yield from leaves(part, f"{path}.{name}")

    seen = 0
    for name in ("verdict", "confidence", "whom", "reason", "value", "heading", "title", "note"):
        for path, words in leaves(common()[name], name):
            seen += 1
            assert all(words.values()), path
            assert not FORBIDDEN.search(" ".join(words.values())), path
    assert seen > 100


@pytest.mark.parametrize("country", shipped())
def test_every_value_and_reason_has_words(country):
    values = common()["value"]
    for field in load_rules(country).fields.values():
        assert set(field.values) <= set(values), field.name
