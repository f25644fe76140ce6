"""Each rule of Morocco, with at least one complaint for each verdict it can reach: a row is rule, complaint, answers, verdict, field asked."""

import pytest
from citizens import ONE_PERSON, PLAIN, verdict_of

from tasrib.compliance import load_rules
from tasrib.compliance.deciding import reaches

BREACH, NONE, OPEN, AWAY = "breach_indicated", "no_breach_indicated", "needs_information", "not_applicable"
NO_TIES = {"consent": "no", "member": "no"}
STOP = PLAIN["text"] + "\nSTOP au 36111"
LINK = PLAIN["text"] + " https://barnamaj.example"
POLL = "Si les élections avaient lieu dimanche, pour qui voteriez-vous ? Liste Horizon"
PATIENTS = "Chers patients, votre médecin est candidat de la liste Horizon"
CARD = "Mme, votre CIN AB123456 suffit pour voter liste Horizon le 8"
PHONE = {"sender": "+212612000342"}
FIVE = [{"recipient": f"p-{letter * 16}"} for letter in "bcdefg"]

ROWS = [
    ("S01", {}, {"declared_on": "2021-08-01"}, NONE, ""),
    ("S01", {}, {"declared_on": "2021-09-01"}, NONE, ""),
    ("S01", {}, {"declared_on": "2021-09-02"}, BREACH, ""),
    ("S01", {}, {"declared_on": "none"}, BREACH, ""),
    ("S01", {}, {}, OPEN, "declared_on"),
    ("S01", {"party": ""}, {}, OPEN, "party"),
    ("S01", {"received_at": ""}, {"declared_on": "2021-08-01"}, OPEN, "received_at"),
    ("S01", {"received_at": ""}, {"declared_on": "none"}, OPEN, "received_at"),
    ("S02", {"consent": "yes"}, {}, NONE, ""),
    ("S02", {"member": "yes"}, {"number_origin": "customer_file"}, NONE, ""),
    ("S02", NO_TIES, {"regular_contact": "no", "number_origin": "third_party_file", "vendor_consent": "yes"}, NONE, ""),
    ("S02", NO_TIES, {"regular_contact": "no", "number_origin": "operator_file"}, BREACH, ""),
    ("S02", NO_TIES, {"regular_contact": "no", "number_origin": "third_party_file", "vendor_consent": "no"}, BREACH, ""),
    ("S02", NO_TIES, {"number_origin": "operator_file"}, OPEN, "regular_contact"),
    ("S02", {"consent": "no"}, {"regular_contact": "no", "number_origin": "operator_file"}, OPEN, "member"),
    ("S02", NO_TIES, {"regular_contact": "no", "number_origin": "electoral_roll"}, OPEN, "number_origin"),
    ("S03", {}, {"number_origin": "given_to_party"}, NONE, ""),
    ("S03", {}, {"number_origin": "third_party_file", "vendor_consent": "yes"}, NONE, ""),
    ("S03", {}, {"number_origin": "customer_file"}, BREACH, ""),
    ("S03", {"known_to": "Magasin Azur"}, {}, OPEN, "number_origin"),
    ("S03", {}, {"number_origin": "third_party_file"}, OPEN, "vendor_consent"),
    ("S04", {"consent": "yes"}, {}, NONE, ""),
    ("S04", {"consent": "no", "member": "yes"}, {}, NONE, ""),
    ("S04", NO_TIES, {"regular_contact": "yes"}, NONE, ""),
    ("S04", NO_TIES, {"regular_contact": "no"}, BREACH, ""),
    ("S04", NO_TIES, {}, OPEN, "regular_contact"),
    ("S04", {"consent": "unknown", "member": "no"}, {"regular_contact": "no"}, OPEN, "consent"),
    ("S05", {}, {"number_origin": "members_and_contacts"}, AWAY, ""),
    ("S05", {}, {"number_origin": "third_party_file", "vendor_consent": "yes"}, NONE, ""),
    ("S05", {}, {"number_origin": "third_party_file", "vendor_consent": "no"}, BREACH, ""),
    ("S05", {}, {}, OPEN, "number_origin"),
    ("S06", {}, {}, NONE, ""),
    ("S06", {"party": "", "party_evidence": "", "sender": "INFO"}, {}, NONE, ""),
    ("S06", {"party": "", "party_evidence": "", "text": "Un candidat voudrait vous présenter ses arguments"}, {}, OPEN, "names_contestant"),
    ("S06", {"party": "RNI", "party_evidence": "", "text": "فيقو نهار 8 شتنبر", "sender": "مخفي"}, {}, OPEN, "names_contestant"),
    ("S06", {"party_evidence": "", "sender": "numéro masqué"}, {"names_contestant": "no"}, BREACH, ""),
    ("S06", {"party_evidence": "", "sender": "INFO2021"}, {"names_contestant": "no"}, BREACH, ""),
    ("S06", {"party_evidence": "", "sender": "inconnu"}, {"names_contestant": "no"}, OPEN, "sender"),
    ("S07", {"text": STOP}, {}, NONE, ""),
    ("S07", {}, {}, BREACH, ""),
    ("S07", {"text": STOP}, {"objection_works": "no"}, BREACH, ""),
    ("S07", {"text": LINK}, {}, OPEN, "objection_way"),
    ("S07", {"text": PLAIN["text"] + " 0522000011"}, {}, OPEN, "objection_way"),
    ("S07", {"text": LINK}, {"objection_way": "no"}, BREACH, ""),
    ("S07", {"channel": ""}, {}, OPEN, "channel"),
    ("S07", {"channel": "call"}, {}, AWAY, ""),
    ("S08", {}, {}, OPEN, "objected_at"),
    ("S08", {"objected_at": "2021-08-20"}, {}, BREACH, ""),
    ("S08", {"objected_at": "2021-09-05"}, {}, NONE, ""),
    ("S08", {"objected_at": "2021-08-31"}, {}, OPEN, "after_objection"),
    ("S08", {"objected_at": "2021-08-20", "received_at": ""}, {}, OPEN, "received_at"),
    ("S08", {}, {"objected_at": "none"}, AWAY, ""),
    ("S09", {"text": "توصلتم بهذه الرسالة لأنكم سجلتم رقمكم في لقائنا. لائحة الأفق"}, {}, NONE, ""),
    ("S09", {"source_stated": "yes"}, {}, NONE, ""),
    ("S09", {"source_stated": "no"}, {}, BREACH, ""),
    ("S09", {}, {}, OPEN, "source_stated"),
    ("S09", {"text": LINK, "source_stated": "no"}, {}, OPEN, "source_in_text"),
    ("S10", {"text": PLAIN["text"] + " معطياتكم الشخصية وحق الولوج"}, {}, NONE, ""),
    ("S10", {}, {"informed": "yes"}, NONE, ""),
    ("S10", {}, {"informed": "no"}, BREACH, ""),
    ("S10", {}, {}, OPEN, "informed"),
    ("S10", {"text": LINK}, {"informed": "no"}, OPEN, "notice_in_text"),
    ("S11", {}, {"request_on": "none"}, AWAY, ""),
    ("S11", {}, {"request_on": "2021-09-02", "answered_on": "2021-10-30"}, NONE, ""),
    ("S11", {}, {"request_on": "2021-09-02", "answered_on": "none"}, BREACH, ""),
    ("S11", {}, {"request_on": "2021-09-02"}, OPEN, "answered_on"),
    ("S11", {}, {}, OPEN, "request_on"),
    ("S12", {}, {}, NONE, ""),
    ("S12", {"received_at": ""}, {}, OPEN, "received_at"),
    ("S12", {"number_status": "spoiled"}, {}, OPEN, "recipient"),
    ("S13", {}, {}, NONE, ""),
    ("S13", {"party": ""}, {}, OPEN, "party"),
    ("S13", {"consent": "no"}, {"number_origin": "other_party"}, BREACH, ""),
    ("S13", {"consent": "yes"}, {"number_origin": "other_party"}, NONE, ""),
    ("S13", {}, {"number_origin": "other_party"}, OPEN, "consent"),
    ("S14", {}, {}, NONE, ""),
    ("S14", {"text": PATIENTS} | NO_TIES, {}, BREACH, ""),
    ("S14", {"text": PATIENTS, "member": "no", "consent": "yes"}, {"express_consent": "no"}, BREACH, ""),
    ("S14", {"text": PATIENTS, "member": "no", "consent": "yes"}, {"express_consent": "yes"}, NONE, ""),
    ("S14", {"text": PATIENTS, "member": "yes"}, {}, NONE, ""),
    ("S14", {"text": PATIENTS}, {}, OPEN, "member"),
    ("S14", {"text": "Votre religion et votre santé vous regardent, liste Horizon"} | NO_TIES, {}, OPEN, "targeting"),
    ("S15", {}, {}, NONE, ""),
    ("S15", {"text": "N'oubliez pas votre CIN le 8, liste Horizon"}, {}, NONE, ""),
    ("S15", {"text": CARD}, {"id_given": "no"}, BREACH, ""),
    ("S15", {"text": CARD}, {"id_given": "yes"}, NONE, ""),
    ("S15", {"text": CARD}, {}, OPEN, "id_given"),
    ("S15", {"text": "مكتب التصويت ديالكم ف مدرسة الخنساء، لائحة الأفق"}, {}, OPEN, "id_number"),
    ("S16", {}, {}, NONE, ""),
    ("S16", {"received_at": "2021-09-08T09:00:00Z"}, {}, BREACH, ""),
    ("S16", {"received_at": ""}, {}, OPEN, "received_at"),
    ("S16", {"received_at": "2022-04-21T09:00:00Z"}, {}, OPEN, "on_poll_day"),
    ("S16", {"received_at": "2026-09-23T12:00:00Z"}, {}, BREACH, ""),
    ("S17", {}, {}, NONE, ""),
    ("S17", {"received_at": "2021-08-20T10:00:00Z"}, {}, OPEN, "election_meant"),
    ("S17", {"received_at": "2021-08-20T10:00:00Z"}, {"election_meant": "within_a_campaign"}, NONE, ""),
    ("S17", {"received_at": "2021-08-20T10:00:00Z"}, {"election_meant": "outside_any"}, OPEN, "election_meant"),
    ("S17", {"received_at": "2021-08-01T10:00:00Z"}, {}, NONE, ""),
    ("S18", {}, {"sender_owner": "public_body"}, BREACH, ""),
    ("S18", {}, {"sender_owner": "party"}, NONE, ""),
    ("S18", {}, {}, OPEN, "sender_owner"),
    ("S19", {}, {}, OPEN, "content_referred"),
    ("S19", {}, {"content_referred": "yes"}, OPEN, "content_referred"),
    ("S20", {}, {}, AWAY, ""),
    ("S20", {"text": POLL}, {}, BREACH, ""),
    ("S20", {"text": POLL, "received_at": "2021-06-20T10:00:00Z"}, {}, NONE, ""),
    ("S20", {"text": POLL, "received_at": ""}, {}, OPEN, "received_at"),
    ("S20", {"text": "استطلاع لدقيقة واحدة: ما رأيك في أداء المجلس؟ لائحة الأفق"}, {}, OPEN, "poll_text"),
    ("S20", {"text": "Enquête de satisfaction : notez l'accueil. Liste Horizon"}, {}, AWAY, ""),
    ("S21", {}, {"sender_owner": "candidate"}, AWAY, ""),
    ("S21", {}, {"sender_owner": "company", "contract_shown": "yes"}, NONE, ""),
    ("S21", {}, {"sender_owner": "company", "contract_shown": "no"}, OPEN, "contract_shown"),
    ("S21", {}, {}, OPEN, "sender_owner"),
    ("S22", {}, {}, AWAY, ""),
    ("S22", {"channel": "whatsapp"} | PHONE, {}, AWAY, ""),
    ("S22", {"text": STOP} | PHONE, {}, NONE, ""),
    ("S22", PHONE, {"bulk": "yes"}, BREACH, ""),
    ("S22", PHONE, {}, OPEN, "bulk"),
    ("S22", PHONE, {"bulk": "no"}, AWAY, ""),
    ("S22", {"sender": ""}, {"bulk": "yes"}, OPEN, "sender"),
    ("S23", {}, {"data_abroad": "no"}, NONE, ""),
    ("S23", {}, {"data_abroad": "yes", "transfer_authorised": "no"}, BREACH, ""),
    ("S23", {}, {"data_abroad": "yes"}, OPEN, "transfer_authorised"),
    ("S23", {}, {}, OPEN, "data_abroad"),
    ("S24", {}, {"others_visible": "yes"}, BREACH, ""),
    ("S24", {}, {"others_visible": "no"}, NONE, ""),
    ("S24", {}, {}, OPEN, "others_visible"),
    ("E01", {}, {}, NONE, ""),
    ("E01", {"sender": ""}, {}, OPEN, "sender"),
    ("E01", {"text": LINK}, {}, OPEN, "link_owner"),
    ("E01", {"text": LINK}, {"link_owner": "the party's site, looked up 2021-09-03"}, NONE, ""),
    ("E01", {"text": "صوتوا على لائحة الأفق…"}, {}, OPEN, "text_whole"),
    ("E02", {"source_file": "sms.xml"}, {"file_sha256": "ab12", "device_time_zone": "Africa/Casablanca"}, NONE, ""),
    ("E02", {"source_file": "sms.xml"}, {}, OPEN, "file_sha256"),
    ("E03", {}, {"evidence_type": "export"}, NONE, ""),
    ("E03", {}, {"evidence_type": "screenshot"}, OPEN, "evidence_type"),
    ("E04", {}, {"consent_forward": "yes"}, NONE, ""),
    ("E04", {}, {"consent_forward": "no"}, OPEN, "consent_forward"),
    ("E05", {"decided_by": "AB"}, {}, NONE, ""),
    ("E05", {"decided_by": "model"}, {}, OPEN, "screened"),
    ("E06", {"objected_at": "2021-09-02"}, {}, NONE, ""),
    ("E06", {}, {"objected_at": "none"}, OPEN, "objected_at"),
    ("E06", {"objected_at": "hier"}, {}, OPEN, "objected_at"),
    ("E07", {"known_to": "Magasin Azur"}, {}, NONE, ""),
    ("E07", {}, {}, OPEN, "known_to"),
    ("E08", {}, {"statistics_shown": "yes"}, NONE, ""),
    ("E08", {}, {}, OPEN, "statistics_shown"),
]  # fmt: skip

# What takes more than one complaint: the last one's verdict counts.
TOGETHER = [
    ("S08", [{"objected_at": "2021-08-28", "received_at": "2021-08-27T09:00:00Z"}, {"campaign_id": "c-2"}], {}, BREACH, ""),
    ("S08", [{"objected_at": "2021-08-28", "party": "PAM", "campaign_id": "c-2"}, {}], {}, OPEN, "objected_at"),
    ("S08", [{"objected_at": "2021-08-28", "recipient": "p-bbbbbbbbbbbbbbbb"}, {}], {}, OPEN, "objected_at"),
    ("S08", [{"objected_at": "2021-08-28", "number_status": "spoiled"}, {"number_status": "spoiled"}], {}, OPEN, "objected_at"),
    ("S12", [{}, {"received_at": "2026-09-12T10:00:00Z"} | NO_TIES], {"regular_contact": "no", "list_destroyed": "no"}, BREACH, ""),
    ("S12", [{}, {"received_at": "2026-09-12T10:00:00Z"} | NO_TIES], {"regular_contact": "no"}, OPEN, "list_destroyed"),
    ("S12", [{}, {"received_at": "2026-09-12T10:00:00Z", "member": "yes"}], {}, NONE, ""),
    ("S12", [{"party": "PAM"}, {"received_at": "2026-09-12T10:00:00Z"}], {}, NONE, ""),
    ("S13", [{"party": "PAM", "campaign_id": "c-2"}, {}], {}, OPEN, "number_origin"),
    ("S13", [{"party": "PAM", "recipient": "p-bbbbbbbbbbbbbbbb"}, {}], {}, NONE, ""),
    ("S22", [*(PHONE | each for each in FIVE), PHONE], {}, BREACH, ""),
    ("S22", [PHONE, PHONE | {"recipient": ONE_PERSON}], {}, OPEN, "bulk"),
    ("S07", [{"text": STOP, "recipient": "p-bbbbbbbbbbbbbbbb"}, {}], {}, OPEN, "objection_way"),
    ("S07", [{"text": STOP, "campaign_id": "c-2"}, {}], {}, BREACH, ""),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "complaint", "known", "verdict", "field"), ROWS)
def test_one_complaint(rule, complaint, known, verdict, field):
    assert verdict_of(rule, complaint, known=known)[:2] == (verdict, field)


@pytest.mark.parametrize(("rule", "several", "known", "verdict", "field"), TOGETHER)
def test_complaints_together(rule, several, known, verdict, field):
    assert verdict_of(rule, *several, known=known)[:2] == (verdict, field)


@pytest.mark.parametrize("rule", load_rules("ma").rules, ids=lambda rule: rule.id)
def test_every_verdict_of_every_rule_is_in_the_tables(rule):
    seen = {row[3] for row in (*ROWS, *TOGETHER) if row[0] == rule.id}
    assert seen == set(reaches(rule))


def test_all_rules_of_the_checklist_are_there():
    assert [rule.id for rule in load_rules("ma").rules] == [f"S{i:02}" for i in range(1, 25)] + [
        f"E{i:02}" for i in range(1, 9)
    ]


def test_what_a_rule_may_never_say():
    never = {"S17", "S19", "S21", *(f"E0{i}" for i in range(1, 9))}
    assert never == {rule.id for rule in load_rules("ma").rules if BREACH not in reaches(rule)}
