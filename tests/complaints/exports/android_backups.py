"""Backups as "SMS Backup & Restore" writes them, invented."""

from xml.sax.saxutils import quoteattr

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By SMS Backup & Restore v10.20.002 on 07/09/2021 16:15:00-->\n"
CAMPAIGN = "صوتوا على لائحة الأمل يوم 8 شتنبر"


def sms(body=CAMPAIGN, address="HIZB", kind="1", date="1631000000000", name="(Unknown)", **more):
    """One ``<sms>``; attributes that are None are not written, raw ones are written as they are."""
    given = {"protocol": "0", "address": address, "date": date, "type": kind, "subject": "null", "body": body,
             "toa": "null", "sc_toa": "null", "service_center": "null", "read": "1", "status": "-1", "locked": "0",
             "date_sent": "0", "sub_id": "1", "readable_date": "7 sept. 2021 08:33:20", "contact_name": name} | more  # fmt: skip
    return (
        "  <sms " + " ".join(f"{key}={quoteattr(value)}" for key, value in given.items() if value is not None) + " />\n"
    )


def mms(parts, addresses, box="1", address="3636", date="1631000005000", name="(Unknown)", **more):
    """One ``<mms>`` of parts, each a kind and a text or attributes, and of addresses with their kinds."""
    given = {"date": date, "ct_t": "application/vnd.wap.multipart.related", "msg_box": box, "address": address, "sub": "null",
             "m_type": "132", "read": "1", "contact_name": name} | more  # fmt: skip
    inner = "".join(
        "      <part " + " ".join(f"{key}={quoteattr(value)}" for key, value in ({"seq": "0", "ct": kind, "name": "null", "text": text} | data).items()) + " />\n"
        for kind, text, data in parts
    )  # fmt: skip
    to = "".join(f'      <addr address={quoteattr(each)} type="{kind}" charset="106" />\n' for each, kind in addresses)
    attributes = " ".join(f"{key}={quoteattr(value)}" for key, value in given.items())
    return f"  <mms {attributes}>\n    <parts>\n{inner}    </parts>\n    <addrs>\n{to}    </addrs>\n  </mms>\n"


def backup(*elements, count=None, head=HEAD, foot="</smses>"):
    n = len(elements) if count is None else count
    return (
        f'{head}<smses count="{n}" backup_set="a-b" backup_date="1631000000000" type="full">\n{"".join(elements)}{foot}'
    )
