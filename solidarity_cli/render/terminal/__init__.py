"""What is shown on a terminal: pages, the desk, timelines."""
