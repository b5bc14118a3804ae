"""Many cases at once: a sheet read and written, its rows taken into the register as one act."""
