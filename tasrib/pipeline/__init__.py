"""Complaints in, scored complaints out: every row read gets its label, party, campaign and operator."""

from __future__ import annotations

from tasrib.pipeline.joining import Joined, join_scored, regroup
from tasrib.pipeline.scoring import score

__all__ = ["Joined", "join_scored", "regroup", "score"]
