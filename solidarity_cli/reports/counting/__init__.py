"""Counts of a period, made from the records."""
