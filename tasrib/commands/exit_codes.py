"""What tasrib tells the shell."""

DONE, DONE_WITH_QUARANTINE, WRONG_USE, DEFECT, INTERRUPTED = 0, 1, 2, 3, 130
