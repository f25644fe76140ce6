"""Ways to read a field from what complaints hold: one file each, registered here under the name by which rule files call it."""

from __future__ import annotations

from tasrib.compliance.readings.after_election import AFTER_ELECTION
from tasrib.compliance.readings.before import BEFORE
from tasrib.compliance.readings.column_filled import COLUMN_FILLED
from tasrib.compliance.readings.later_message import LATER_MESSAGE
from tasrib.compliance.readings.message_has import MESSAGE_HAS
from tasrib.compliance.readings.people_reached import PEOPLE_REACHED
from tasrib.compliance.readings.reading import Reading
from tasrib.compliance.readings.sender_is import SENDER_IS
from tasrib.compliance.readings.several_parties import SEVERAL_PARTIES
from tasrib.compliance.readings.text_says import TEXT_SAYS
from tasrib.compliance.readings.within import WITHIN

READINGS: dict[str, Reading] = {
    "after_election": AFTER_ELECTION,
    "before": BEFORE,
    "column_filled": COLUMN_FILLED,
    "later_message": LATER_MESSAGE,
    "message_has": MESSAGE_HAS,
    "people_reached": PEOPLE_REACHED,
    "sender_is": SENDER_IS,
    "several_parties": SEVERAL_PARTIES,
    "text_says": TEXT_SAYS,
    "within": WITHIN,
}

__all__ = ["READINGS", "Reading"]
