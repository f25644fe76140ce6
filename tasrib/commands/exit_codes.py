"""What tasrib tells the shell."""

DONE, DONE_WITH_QUARANTINE, WRONG_USE = 0, 1, 2
