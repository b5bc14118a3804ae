"""What leaves a register as paper: one case for a reader, a packet for an organisation, a text to start from."""
