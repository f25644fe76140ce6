"""Ratios against a named peer of the same run."""
