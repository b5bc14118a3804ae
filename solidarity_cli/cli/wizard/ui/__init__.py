"""Ways to ask a question on a terminal."""
