"""What happened: the index of commits, events, blame, signatures, the audit, checkpoints."""
