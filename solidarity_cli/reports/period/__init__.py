"""The report of a period: its figures together, compared with an earlier one, as JSON."""
