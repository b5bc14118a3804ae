"""What a server asks before it takes a push: all of it, or a sentence and a next step.

The verb, the jobs at a forge and this hook ask the same rules. What they rest on is the server's: its main branch as it
stood before the push, or what whoever keeps it has set; never anything that the push brings along.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from solidarity_cli.crypto.keyring.store import REF as KEYRING
from solidarity_cli.sync.server.commits import judge
from solidarity_cli.sync.server.context import keep, open_server
from solidarity_cli.sync.server.keys import judge_keyring
from solidarity_cli.sync.server.refs import Update, allow, updates

__all__ = ["receive"]


def receive(root: Path, hook_input: bytes, today: date) -> None:
    """Look at a push into the repository at `root`; `hook_input` is what git tells `pre-receive`: `old new ref` lines.

    Nothing is written into the repository but what is known of its own main branch. Raises Refused with what is wrong,
    and ExternalError when it cannot be looked at, or takes too long: then nothing is taken either.
    """
    ref_updates = updates(hook_input)
    with open_server(root, today) as server:
        for update in ref_updates:
            allow(server, update)
        tips: dict[str, Update] = {}
        for update in sorted(ref_updates, key=lambda update: update.branch != server.main):
            if update.ref != KEYRING and not update.is_deletion:
                tips.setdefault(server.commit(update.new), update)
        for commit in tips:
            judge(server, commit)
        for update in ref_updates:
            if update.ref == KEYRING:
                judge_keyring(server, update, tips)
        if not server.at and any(update.branch == server.main for update in tips.values()):
            keep(server)
