"""Draft complaints to a data-protection authority, one a party, as files that a person completes in a word processor."""
