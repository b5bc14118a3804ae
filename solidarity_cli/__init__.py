"""solidarity: a register of appeals for help, kept as text in git."""

__version__ = "0.1.0"
