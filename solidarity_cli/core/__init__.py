"""What the Group knows. Standard library only: no disk, no git, no screen, no clock."""
