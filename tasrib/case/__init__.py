"""A case on disk: what people decided, as a layer over what the model said, in a log that only grows."""

from tasrib.case.exporting import case_export
from tasrib.case.layer import decisions_file, read_decisions
from tasrib.case.overlay import decided
from tasrib.case.settling import Applied, label_apply

__all__ = ["Applied", "case_export", "decided", "decisions_file", "label_apply", "read_decisions"]
