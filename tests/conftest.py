"""The fixtures that every test may ask for, and which tests are slow.

The fixtures stand in `tests/support/`, by what they are about. A folder has a conftest of its own only where its tests
mean something of their own by `register`, `case` or `person`, or where each of them needs a folder of identities.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

SLOW = ("attacks", "simulation", "scenarios/")
"""The folders whose tests are marked `slow`: `make check` leaves them out, `make check-all` and CI run them.

Of the scenarios these are the ones in sub-folders; those at the top of `scenarios/` are one walk through each verb.
"""

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--shuffle", type=int, metavar="SEED", help="run the tests in another order; none depends on it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    for item in items:
        if item.path.parent.relative_to(tests).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)
    seed = config.getoption("--shuffle")
    if seed is not None:
        random.Random(seed).shuffle(items)
