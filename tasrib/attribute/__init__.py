"""Whose message it is, and which campaign it belongs to."""

from tasrib.attribute.campaigns import campaign_ids
from tasrib.attribute.parties import Contest, Party, load_contest
from tasrib.attribute.party import attribute_parties, attribute_party

__all__ = ["Contest", "Party", "attribute_parties", "attribute_party", "campaign_ids", "load_contest"]
