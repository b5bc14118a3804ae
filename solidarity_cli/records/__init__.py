"""Record files as text: read fast, edited in place, written in one canonical form. The only room that knows YAML."""

from solidarity_cli.records.editing import edit
from solidarity_cli.records.form import canonical, compose
from solidarity_cli.records.position import position
from solidarity_cli.records.reading import Fault, Unreadable, read

__all__ = ["Fault", "Unreadable", "canonical", "compose", "edit", "position", "read"]
