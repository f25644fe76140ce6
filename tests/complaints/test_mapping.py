"""What the user states: columns and values."""

import pytest

from tasrib.complaints.mapping import parse_values
from tasrib.errors import UnreadableInput


def test_values_are_read_in_any_language():
    assert parse_values(["channel=واتساب", "member = Non", "known_to=A=B;C", "recipient=0661000101"]) == {
        "channel": "whatsapp", "member": "no", "known_to": "A=B;C", "recipient": "0661000101",
    }  # fmt: skip
    assert parse_values([]) == {}


@pytest.mark.parametrize(
    ("pairs", "mapping", "words"),
    [
        (["channel"], {}, "write FIELD=VALUE"),
        (["=0661000101"], {}, "write FIELD=VALUE"),
        (["channel="], {}, "write FIELD=VALUE"),
        (["chanel=sms"], {}, "did you mean 'channel'"),
        (["channel=sms", "channel=call"], {}, "'channel' twice"),
        (["channel=sms"], {"Voie": "channel"}, "column 'Voie'"),
        (["text=a"], {}, "--map COLUMN=text"),
        (["complaint_id=1"], {}, "--map COLUMN=complaint_id"),
        (["channel=pigeon 0661000101"], {}, "sms, whatsapp, email, call"),
        (["consent=perhaps"], {}, "yes, no, unknown"),
    ],
)
def test_what_cannot_be_set_is_refused_without_its_value(pairs, mapping, words):
    with pytest.raises(UnreadableInput) as caught:
        parse_values(pairs, mapping)
    assert words in str(caught.value)
    assert "0661000101" not in str(caught.value)
