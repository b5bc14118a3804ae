"""Papers that leave the desk, and the desk itself."""
