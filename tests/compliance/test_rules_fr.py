"""The rules of France: the same form and readings, other rows. As for Morocco, at least one complaint for each verdict of each rule."""

import pytest
from citizens import verdict_of

from tasrib.compliance import load_rules
from tasrib.compliance.deciding import reaches

BREACH, NONE, OPEN, AWAY = "breach_indicated", "no_breach_indicated", "needs_information", "not_applicable"
TEXT = "Dimanche, votez pour la liste Envol menée par Claire Martin"
STOP = TEXT + " STOP 36111"
PATIENTS = "Chers patients, votre médecin est candidat de la liste Envol"
NO_TIES = {"consent": "no", "member": "no"}
ROWS = [
    ("F01", {"consent": "yes"}, {}, NONE, ""),
    ("F01", {"consent": "no"}, {"lawfulness_shown": "yes"}, NONE, ""),
    ("F01", {"consent": "no"}, {"lawfulness_shown": "no"}, BREACH, ""),
    ("F01", {"consent": "no"}, {}, OPEN, "lawfulness_shown"),
    ("F02", {}, {"number_origin": "customer_file"}, BREACH, ""),
    ("F02", {}, {"number_origin": "electoral_roll"}, NONE, ""),
    ("F02", {}, {}, OPEN, "number_origin"),
    ("F03", {}, {"number_origin": "staff_file"}, AWAY, ""),
    ("F03", {}, {"number_origin": "third_party_file", "vendor_consent": "yes"}, NONE, ""),
    ("F03", {}, {"number_origin": "third_party_file", "vendor_consent": "no"}, BREACH, ""),
    ("F03", {}, {"number_origin": "third_party_file"}, OPEN, "vendor_consent"),
    ("F04", {"text": "Vous recevez ce SMS car vous avez signé notre pétition. Liste Envol"}, {}, NONE, ""),
    ("F04", {"source_stated": "no"}, {}, BREACH, ""),
    ("F04", {}, {}, OPEN, "source_stated"),
    ("F05", {"text": TEXT + ". Données personnelles : liste-envol.example/rgpd"}, {}, NONE, ""),
    ("F05", {}, {"informed": "no"}, BREACH, ""),
    ("F05", {}, {}, OPEN, "informed"),
    ("F06", {"text": STOP}, {}, NONE, ""),
    ("F06", {}, {}, BREACH, ""),
    ("F06", {"text": TEXT + " https://liste-envol.example"}, {}, OPEN, "objection_way"),
    ("F06", {"channel": "call"}, {}, AWAY, ""),
    ("F07", {"objected_at": "2024-06-01"}, {}, BREACH, ""),
    ("F07", {"objected_at": "2024-06-20"}, {}, NONE, ""),
    ("F07", {}, {"objected_at": "none"}, AWAY, ""),
    ("F07", {}, {}, OPEN, "objected_at"),
    ("F08", {}, {"request_on": "none"}, AWAY, ""),
    ("F08", {}, {"request_on": "2024-06-01", "answered_on": "2024-06-20"}, NONE, ""),
    ("F08", {}, {"request_on": "2024-06-01", "answered_on": "none"}, BREACH, ""),
    ("F08", {}, {"answered_on": "none"}, OPEN, "request_on"),
    ("F09", {}, {"others_visible": "no"}, NONE, ""),
    ("F09", {}, {"others_visible": "yes"}, BREACH, ""),
    ("F09", {}, {}, OPEN, "others_visible"),
    ("F10", {}, {}, NONE, ""),
    ("F10", {"text": PATIENTS} | NO_TIES, {}, BREACH, ""),
    ("F10", {"text": PATIENTS, "member": "no"}, {}, OPEN, "consent"),
    ("F11", {}, {}, NONE, ""),
    ("F11", {"received_at": "2024-06-08T15:00:00Z"}, {}, BREACH, ""),
    ("F11", {"received_at": ""}, {}, OPEN, "received_at"),
    ("F12", {}, {"sender_owner": "candidate"}, AWAY, ""),
    ("F12", {}, {"sender_owner": "company", "contract_shown": "yes"}, NONE, ""),
    ("F12", {}, {"sender_owner": "company"}, OPEN, "contract_shown"),
    ("E01", {}, {}, NONE, ""),
    ("E01", {"sender": ""}, {}, OPEN, "sender"),
    ("E04", {}, {"consent_forward": "yes"}, NONE, ""),
    ("E04", {}, {}, OPEN, "consent_forward"),
    ("E06", {"objected_at": "2024-06-20"}, {}, NONE, ""),
    ("E06", {}, {}, OPEN, "objected_at"),
]


@pytest.mark.parametrize(("rule", "complaint", "known", "verdict", "field"), ROWS)
def test_one_complaint(rule, complaint, known, verdict, field):
    given = {"text": TEXT, "received_at": "2024-06-06T15:00:00Z", "party": "Envol"} | complaint
    assert verdict_of(rule, given, rules="fr", known=known)[:2] == (verdict, field)


@pytest.mark.parametrize("rule", load_rules("fr").rules, ids=lambda rule: rule.id)
def test_every_verdict_of_every_rule_is_in_the_table(rule):
    assert {row[3] for row in ROWS if row[0] == rule.id} == set(reaches(rule))


def test_a_country_has_only_the_fields_that_its_rules_rest_on():
    fields = load_rules("fr").fields
    assert "declared_on" not in fields
    assert "on_poll_day" not in fields
    assert {"request_on", "answered_on", "party", "received_at", "sender", "channel"} <= set(fields)
