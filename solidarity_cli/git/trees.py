"""Trees and commits made beside the working tree: no ref, no file, and not the user's index is touched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from solidarity_cli.git.committer import Act
from solidarity_cli.git.process import beside_records, git


def merge_trees(root: Path, ours: str, theirs: str) -> tuple[str, list[str]]:
    """The tree that git makes of both, and the paths where it found a conflict."""
    # What both sides changed is merged by fields below: our own merge driver would start the program for every file.
    no_driver = ("-c", "merge.solidarity.driver=false")
    args = (*no_driver, "merge-tree", "--write-tree", "-z", "--no-messages", "--name-only", ours, theirs)
    answer = git(beside_records(root), *args, good_codes=(0, 1)).decode(errors="surrogateescape")
    tree, *paths = answer.split("\0")
    return tree.strip(), [path for path in paths if path]


def changes_of(root: Path, base: str, side: str) -> dict[str, tuple[str, str]]:
    """Path -> blob before and after, of what one side changed; zeros where there is none."""
    parts = (
        git(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, side)
        .decode(errors="surrogateescape")
        .split("\0")
    )
    rows = zip(parts[::2], parts[1::2], strict=False)
    return {path: (about.split(" ")[2], about.split(" ")[3]) for about, path in rows if about}


def with_files(root: Path, tree: str, texts: Mapping[str, bytes]) -> str:
    """The tree with some files set, and those without a text gone."""
    lines = []
    for path, text in texts.items():
        if not text:
            lines.append(f"0 {'0' * len(tree)}\t{path}")
            continue
        blob = git(root, "hash-object", "-w", "--stdin", stdin=text).decode().strip()
        lines.append(f"100644 {blob}\t{path}")
    with tempfile.TemporaryDirectory() as folder:
        env = {"GIT_INDEX_FILE": os.fspath(Path(folder) / "index")}
        git(root, "read-tree", tree, env=env)
        git(
            root,
            "update-index",
            "-z",
            "--index-info",
            stdin="".join(f"{line}\0" for line in lines).encode(),
            env=env,
        )
        return git(root, "write-tree", env=env).decode().strip()


def merge_commit(root: Path, tree: str, first: str, second: str, act: Act) -> str:
    """The commit of a merge, signed where the user signs."""
    is_signed = (
        git(root, "config", "--type=bool", "--get", "commit.gpgSign", quiet_codes=(1,)).decode().strip() == "true"
    )
    options = ["-S"] if is_signed else []
    return (
        git(root, "commit-tree", *options, tree, "-p", first, "-p", second, stdin=act.message.encode()).decode().strip()
    )
