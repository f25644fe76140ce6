"""Files of any length scored some rows at a time, on the disk rather than in memory, so that a run that was broken off goes on."""
