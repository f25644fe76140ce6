"""What tasrib tells the shell."""

# Done with quarantine: also where a value or a sheet could not be known. Ended by SIGTERM: 128 and the number of the signal.
DONE, DONE_WITH_QUARANTINE, WRONG_USE, DEFECT, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
# Of `tasrib verify`: something is not what the record says, or could not be checked.
DIFFERS = DONE_WITH_QUARANTINE
