"""Whether the people a campaign reached point to where the list of numbers came from."""

from tasrib.tracing.canary_lists import read_canaries
from tasrib.tracing.caveats import Caveat, caveat_text
from tasrib.tracing.engine import trace
from tasrib.tracing.evidence import LEVELS, evidence_level
from tasrib.tracing.grading import FINDING_COLUMNS
from tasrib.tracing.planting import CanaryPlan, plan_canaries
from tasrib.tracing.result import TraceResult

__all__ = [
    "FINDING_COLUMNS",
    "LEVELS",
    "CanaryPlan",
    "Caveat",
    "TraceResult",
    "caveat_text",
    "evidence_level",
    "plan_canaries",
    "read_canaries",
    "trace",
]
