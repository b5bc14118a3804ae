"""Find private values in places that anybody can read."""
