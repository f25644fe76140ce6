"""What the model must reach: each goal, and how a figure is held against it."""

from __future__ import annotations

from dataclasses import dataclass

# The row of the shipped model in `docs/model_comparison.json`.
SHIPPED = "tasrib: as shipped, n-grams and the message as a whole"


@dataclass(frozen=True)
class Goal:
    """
    A bound on a figure.

    Attributes
    ----------
    name : str
        What is measured.
    bound : float
        What it must reach.
    at_least : bool
        Whether it must be at least or at most the bound.
    """

    name: str
    bound: float
    at_least: bool

    def line(self, value: float, low: float = float("nan"), high: float = float("nan")) -> dict:
        """
        Hold a figure against the goal.

        Parameters
        ----------
        value, low, high : float
            The figure and its 95% interval; NaN where there is none.

        Returns
        -------
        dict
            ``goal``, ``bound`` (as text), ``value``, ``low``, ``high``, ``met``, ``short`` (by how much it is missed; 0 when met).
        """
        gap = self.bound - value if self.at_least else value - self.bound
        return {
            "goal": self.name,
            "bound": f"{'≥' if self.at_least else '≤'} {self.bound:g}",
            "value": value,
            "low": low,
            "high": high,
            "met": bool(gap <= 1e-12),
            "short": max(0.0, float(gap)),
        }


PRECISION = Goal("campaign precision", 0.985, True)
RECALL = Goal("campaign recall", 0.88, True)
REVIEW = Goal("share sent to review", 0.06, False)
CALIBRATION = Goal("expected calibration error", 0.02, False)
VARIETY_F1 = Goal("campaign F1", 0.88, True)
OBFUSCATION = Goal("recall loss, worst disguise", 0.03, False)
PARTY_PRECISION = Goal("party precision", 0.99, True)
PARTY_RECALL = Goal("party recall", 0.93, True)
FALSE_ALARMS = {
    "darija_offensive.csv": Goal("false alarms, darija_offensive.csv", 0.003, False),
    "sms_spam_collection_fr.csv": Goal("false alarms, sms_spam_collection_fr.csv", 0.003, False),
    "MSAC.arff": Goal("false alarms, MSAC.arff", 0.015, False),
}
# Comments on an election, none of them a campaign's.
REVIEWED = {"MSAC.arff": Goal("sent to review, MSAC.arff", 0.08, False)}
# By the keys of `training.kept_aside.measure_by`.
ELSEWHERE = {
    "recall": Goal("campaign recall", 0.8, True),
    "with_review": Goal("campaign recall with review", 0.95, True),
    "false_alarms": Goal("false alarms", 0.02, False),
    "category": Goal("category right", 0.85, True),
}
