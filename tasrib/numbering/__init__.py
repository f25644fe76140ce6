"""From a telephone number to its operator, with portability and market shares."""

from __future__ import annotations

from tasrib.numbering.market import MarketShares, market_shares
from tasrib.numbering.numbers import UNKNOWN_PREFIX, NumberInfo, lookup, lookup_many
from tasrib.numbering.operators import canonical_operator, operators_of, serving_operator
from tasrib.numbering.plan import HOME_COUNTRIES
from tasrib.numbering.porting import Portability, portability
from tasrib.numbering.status import NUMBER_STATUSES, STATUS_MEANING, NumberStatus

__all__ = [
    "HOME_COUNTRIES",
    "NUMBER_STATUSES",
    "STATUS_MEANING",
    "UNKNOWN_PREFIX",
    "MarketShares",
    "NumberInfo",
    "NumberStatus",
    "Portability",
    "canonical_operator",
    "lookup",
    "lookup_many",
    "market_shares",
    "operators_of",
    "portability",
    "serving_operator",
]
