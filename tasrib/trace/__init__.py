"""Whether the people a campaign reached point to where the list of numbers came from."""

from tasrib.trace.adjust import across, adjust
from tasrib.trace.canaries import canary_evidence, read_canaries
from tasrib.trace.evidence import LEVELS, caveats, evidence_level
from tasrib.trace.exact import CaseControl, fisher_excess
from tasrib.trace.generated import GeneratedNumbers, generated_numbers
from tasrib.trace.holders import Holders, holder_excess
from tasrib.trace.joint import JointTest, joint_excess
from tasrib.trace.market import binomial_excess, share_interval
from tasrib.trace.mixture import LeakPosterior, LeakShare, leak_posterior
from tasrib.trace.overlap import campaign_overlap, permuted_overlap
from tasrib.trace.paired import paired_excess, paired_posterior
from tasrib.trace.portable import PortedBelief, update_ported
from tasrib.trace.scan import TreeScan, poisson_scan, tree_scan
from tasrib.trace.share import ProfileShare, profile_share
from tasrib.trace.stratified import Stratified, stratified_excess
from tasrib.trace.tracer import FINDING_COLUMNS, TraceResult, trace
from tasrib.trace.tree import numbering_paths

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
    "across",
    "adjust",
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
    "permuted_overlap",
    "poisson_scan",
    "profile_share",
    "read_canaries",
    "share_interval",
    "stratified_excess",
    "trace",
    "tree_scan",
    "update_ported",
]
