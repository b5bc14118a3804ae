"""The agenda as a calendar, read back by another hand than the one that wrote it."""
