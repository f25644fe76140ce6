"""What a way of reading a field is: a function of the complaints, the options it takes, and the values it gives."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from tasrib.compliance.answers import Answer


@dataclass(frozen=True)
class Reading:
    """
    A way of reading a field.

    Parameters
    ----------
    read : callable
        Takes what is known of the complaints (`tasrib.compliance.known.Known`), and options by name; gives an `Answer`.
    values : tuple of str
        What it may find, apart from nothing.
    fields : tuple of str
        Which of its options name another field.
    asks : tuple of str
        Fields that it asks for where it cannot be read without them.
    """

    read: Callable[..., Answer]
    values: tuple[str, ...] = ("yes", "no")
    fields: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, str]:
        """Options that it takes, each with its type as annotated."""
        return {each.name: str(each.annotation) for each in list(inspect.signature(self.read).parameters.values())[1:]}

    @property
    def required(self) -> frozenset[str]:
        """Options that it does not do without."""
        parameters = list(inspect.signature(self.read).parameters.values())[1:]
        return frozenset(each.name for each in parameters if each.default is inspect.Parameter.empty)
