"""Figures and pages, pure: a period, public figures, the desk, an agenda, a case, a review."""
