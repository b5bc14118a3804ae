"""One register: read a snapshot, plan a change, check it, commit it."""
