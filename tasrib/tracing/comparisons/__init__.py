"""The comparisons that are made of each campaign, one file each."""
