"""From a telephone number to its operator, with portability and market shares."""

from __future__ import annotations

from tasrib.numbering.complainants import complainant_keys
from tasrib.numbering.hidden import hide_in_columns, hide_in_reasons, hide_numbers, is_person
from tasrib.numbering.in_texts import dialled_spans, may_hold_number, number_spans, received_in, without_numbers
from tasrib.numbering.lists import lookup_file
from tasrib.numbering.market import MarketShares, market_shares
from tasrib.numbering.mended import number_notes
from tasrib.numbering.numbers import UNKNOWN_PREFIX, NumberInfo, lookup, lookup_many
from tasrib.numbering.operators import canonical_operator, operators_of, serving_operator
from tasrib.numbering.persons import UNKNOWN_PERSON, person_keys
from tasrib.numbering.plan import HOME_COUNTRIES
from tasrib.numbering.porting import PORTED_UNKNOWN, Portability, portability
from tasrib.numbering.rounding import lookup_column
from tasrib.numbering.status import NUMBER_STATUSES, STATUS_MEANING, NumberStatus, number_warnings

__all__ = [
    "HOME_COUNTRIES",
    "NUMBER_STATUSES",
    "PORTED_UNKNOWN",
    "STATUS_MEANING",
    "UNKNOWN_PERSON",
    "UNKNOWN_PREFIX",
    "MarketShares",
    "NumberInfo",
    "NumberStatus",
    "Portability",
    "canonical_operator",
    "complainant_keys",
    "dialled_spans",
    "hide_in_columns",
    "hide_in_reasons",
    "hide_numbers",
    "is_person",
    "lookup",
    "lookup_column",
    "lookup_file",
    "lookup_many",
    "market_shares",
    "may_hold_number",
    "number_notes",
    "number_spans",
    "number_warnings",
    "operators_of",
    "person_keys",
    "portability",
    "received_in",
    "serving_operator",
    "without_numbers",
]
