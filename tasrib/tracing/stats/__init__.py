"""Pure arithmetic of arrays: tests, likelihoods and intervals, each with its source."""
