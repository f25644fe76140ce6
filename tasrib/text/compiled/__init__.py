"""What numba compiles, with the extra `tasrib[fast]`: the same results to the bit as without it, sooner where there is much to read."""
