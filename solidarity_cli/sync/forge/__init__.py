"""What a forge needs from a register: files that set up its checks, a comment, line annotations, its approvals."""
