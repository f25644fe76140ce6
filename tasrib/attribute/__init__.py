"""Whose message it is, and which campaign it belongs to."""

from tasrib.attribute.campaigns import campaign_ids, name_campaigns
from tasrib.attribute.contest import Contest, Party
from tasrib.attribute.loading import load_contest
from tasrib.attribute.rules import attribute_parties, attribute_party

__all__ = ["Contest", "Party", "attribute_parties", "attribute_party", "campaign_ids", "load_contest", "name_campaigns"]
