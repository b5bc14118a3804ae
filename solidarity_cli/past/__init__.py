"""The past of a register: its acts as they are stored, and an index of what each changed, kept beside git's own."""

from solidarity_cli.past.index import Index, Row
from solidarity_cli.past.objects import AS_STORED, Commit
from solidarity_cli.past.opening import with_index

__all__ = ["AS_STORED", "Commit", "Index", "Row", "with_index"]
