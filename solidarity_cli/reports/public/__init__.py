"""Public figures: one month, several months, small numbers suppressed, a month published again."""
