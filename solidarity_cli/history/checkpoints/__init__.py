"""Checkpoints: what the history was at a moment, as a signed text."""
