"""A record as one row of a sheet and back again: which cells it has, how a cell is written, what a cell says."""
