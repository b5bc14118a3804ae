"""Figures as pages of headings, tables and sentences in one language."""
