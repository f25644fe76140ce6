"""Whether the people a campaign reached point to where the list of numbers came from."""

from tasrib.trace.adjust import adjust
from tasrib.trace.evidence import LEVELS, caveats, evidence_level
from tasrib.trace.exact import CaseControl, fisher_excess
from tasrib.trace.market import binomial_excess, share_interval
from tasrib.trace.mixture import LeakShare, leak_posterior
from tasrib.trace.tracer import FINDING_COLUMNS, TraceResult, trace

__all__ = [
    "FINDING_COLUMNS",
    "LEVELS",
    "CaseControl",
    "LeakShare",
    "TraceResult",
    "adjust",
    "binomial_excess",
    "caveats",
    "evidence_level",
    "fisher_excess",
    "leak_posterior",
    "share_interval",
    "trace",
]
