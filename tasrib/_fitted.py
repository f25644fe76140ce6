"""What was fitted, without the library that fitted it: settings and arrays, which alone are enough to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

Estimator = TypeVar("Estimator")


class Fitted:
    """
    The settings of an estimator, and what fitting set, as attributes.

    Parameters
    ----------
    settings : mapping of str to object
        Parameters of the estimator.
    fitted : mapping of str to object
        Its attributes, as fitting sets them.
    """

    def __init__(self, settings: Mapping[str, Any], fitted: Mapping[str, Any]):
        self.settings, self.fitted = dict(settings), dict(fitted)
        vars(self).update(self.settings | self.fitted)

    def made_into(self, kind: type[Estimator]) -> Estimator:
        """
        Make the estimator that this was fitted by.

        Parameters
        ----------
        kind : type
            Its class.

        Returns
        -------
        estimator
            Fitted.
        """
        made = kind(**self.settings)
        vars(made).update(self.fitted)
        return made
