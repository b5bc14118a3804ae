"""What editors find in a register: which schema a file has, how lines end, and that no copies are to be kept of it."""

from __future__ import annotations

import json

_SCHEMAS = {
    "case": ["cases/**/*.yaml"],
    "action": ["actions/**/*.yaml"],
    "directory": ["directory/**/*.yaml"],
    "register": ["register.yaml"],
    "recipients": ["recipients.yaml"],
}
_RECORDS = ("cases/**", "actions/**", "directory/**")

_SETTINGS = {
    "yaml.schemas": {f"schemas/{kind}.schema.json": places for kind, places in _SCHEMAS.items()},
    # Asking a store on the internet for schemas would tell it the names of files.
    "yaml.schemaStore.enable": False,
    "yaml.kubernetesCRDStore.enable": False,
    # `solidarity fmt` knows the canonical form; another formatter would undo it at every save.
    "yaml.format.enable": False,
    "files.eol": "\n",
    # A copy of every version that was saved would outlive an erasure, in the person's own folder.
    "workbench.localHistory.exclude": dict.fromkeys(_RECORDS, True),
}
_EDITORCONFIG = """root = true

[*]
charset = utf-8
end_of_line = lf
insert_final_newline = true
trim_trailing_whitespace = true

[*.{yaml,json}]
indent_style = space
indent_size = 2
"""

FILES = {
    ".vscode/settings.json": json.dumps(_SETTINGS, indent=2) + "\n",
    ".editorconfig": _EDITORCONFIG,
}
"""Path -> text. VS Code reads the first, with the YAML extension by Red Hat; most editors read the second."""
