"""What can go wrong by the user's hand: each error says in one line what happened and what to do."""

from __future__ import annotations


class TasribError(ValueError):
    """Base of all errors that a user can mend; the command line prints them in one line and exits with 2."""


class WrongArgument(TasribError, TypeError):
    """An argument of another kind than the function takes."""


class UnreadableInput(TasribError):
    """A file that cannot be read as complaints, or lacks a required column."""


class ModelRefused(TasribError):
    """A model folder that was changed, is incomplete or was made by something else."""


class InputNote(UserWarning):
    """Something about a file that its user should know, though it was read; the command line prints it."""


class BadReferenceData(TasribError):
    """A row of ``data/reference/`` that breaks its own rules."""
