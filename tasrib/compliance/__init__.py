"""Which rule of the law looks broken: rules as data, held against campaign complaints. Indications for a person, who decides."""

from tasrib.compliance.counting import by_campaign, by_party, file_strength
from tasrib.compliance.facts import read_facts
from tasrib.compliance.loading import load_rules
from tasrib.compliance.questionnaire import law_questions
from tasrib.compliance.rules import CONFIDENCES, VERDICTS, Rule, RuleSet
from tasrib.compliance.tabling import ComplianceTable, compliance_tables
from tasrib.compliance.triaging import triage
from tasrib.compliance.wording import because_words, verdict_words
from tasrib.compliance.workbooks import law_rules, law_triage

__all__ = [
    "CONFIDENCES",
    "VERDICTS",
    "ComplianceTable",
    "Rule",
    "RuleSet",
    "because_words",
    "by_campaign",
    "by_party",
    "compliance_tables",
    "file_strength",
    "law_questions",
    "law_rules",
    "law_triage",
    "load_rules",
    "read_facts",
    "triage",
    "verdict_words",
]
