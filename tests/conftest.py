"""The fixtures that every test may ask for; they stand in `tests/support/`, by what they are about.

A folder has a conftest of its own only where its tests mean something of their own by `register`, `case` or `person`, or
where each of them needs a folder of identities.
"""

from __future__ import annotations

pytest_plugins = [
    "tests.support.program",
    "tests.support.people",
    "tests.support.signers",
    "tests.support.served",
    "tests.support.forge",
    "tests.support.reviewing",
    "tests.support.organisations",
    "tests.support.received_cases",
    "tests.support.calendar",
    "tests.support.rendering",
    "tests.support.terminal",
]
