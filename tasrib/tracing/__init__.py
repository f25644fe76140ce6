"""Whether the people a campaign reached point to where the list of numbers came from."""

from tasrib.tracing.comparisons.canaries import canary_evidence, read_canaries
from tasrib.tracing.comparisons.dialling import GeneratedNumbers, generated_numbers
from tasrib.tracing.comparisons.holders import Holders, holder_excess
from tasrib.tracing.comparisons.overlap import campaign_overlap
from tasrib.tracing.comparisons.pairs import paired_excess, paired_posterior
from tasrib.tracing.comparisons.tree import TreeScan, numbering_paths, tree_scan
from tasrib.tracing.engine import FINDING_COLUMNS, TraceResult, trace
from tasrib.tracing.evidence import LEVELS, caveats, evidence_level
from tasrib.tracing.stats.adjust import adjust_across
from tasrib.tracing.stats.exact import CaseControl, fisher_excess
from tasrib.tracing.stats.joint import JointTest, joint_excess
from tasrib.tracing.stats.market import binomial_excess
from tasrib.tracing.stats.mixture import LeakPosterior, LeakShare, leak_posterior
from tasrib.tracing.stats.ported import PortedBelief, update_ported
from tasrib.tracing.stats.share import ProfileShare, profile_share
from tasrib.tracing.stats.stratified import Stratified, stratified_excess

__all__ = [
    "FINDING_COLUMNS",
    "LEVELS",
    "CaseControl",
    "GeneratedNumbers",
    "Holders",
    "JointTest",
    "LeakPosterior",
    "LeakShare",
    "PortedBelief",
    "ProfileShare",
    "Stratified",
    "TraceResult",
    "TreeScan",
    "adjust_across",
    "binomial_excess",
    "campaign_overlap",
    "canary_evidence",
    "caveats",
    "evidence_level",
    "fisher_excess",
    "generated_numbers",
    "holder_excess",
    "joint_excess",
    "leak_posterior",
    "numbering_paths",
    "paired_excess",
    "paired_posterior",
    "profile_share",
    "read_canaries",
    "stratified_excess",
    "trace",
    "tree_scan",
    "update_ported",
]
