"""The past of a register: its acts as they are stored, and an index of what each changed, kept beside git's own."""

from solidarity_cli.git.objects import AS_STORED, Commit
from solidarity_cli.history.index.open import with_index
from solidarity_cli.history.index.store import Index, Row

__all__ = ["AS_STORED", "Commit", "Index", "Row", "with_index"]
