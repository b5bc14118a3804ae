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


def receive(root: Path, asked: bytes, today: date) -> None:
    """Look at a push into the repository at `root`; `asked` is what git tells `pre-receive`: `old new ref` lines.

    Nothing is written into the repository but what is known of its own main branch. Raises Refused with what is wrong,
    and ExternalError when it cannot be looked at, or takes too long: then nothing is taken either.
    """
    wanted = updates(asked)
    with open_server(root, today) as server:
        for one in wanted:
            allow(server, one)
        tips: dict[str, Update] = {}
        for one in sorted(wanted, key=lambda one: one.branch != server.main):
            if one.ref != KEYRING and not one.is_deletion:
                tips.setdefault(server.commit(one.new), one)
        for commit in tips:
            judge(server, commit)
        for one in wanted:
            if one.ref == KEYRING:
                judge_keyring(server, one, tips)
        if not server.at and any(one.branch == server.main for one in tips.values()):
            keep(server)
