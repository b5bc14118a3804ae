"""A snapshot read: its rows, its facts, its records, private parts only where a method says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from solidarity_cli.core.errors import ExternalError, Refused
from solidarity_cli.git.committer import Committer
from solidarity_cli.git.snapshot import Snapshot, name_of, record_kind
from solidarity_cli.records.read import UnreadableError, read
from solidarity_cli.register.blob_reader import BlobReader
from solidarity_cli.register.matching.id_lookup import find
from solidarity_cli.system.parallel import map_in_two_processes

# The rules, the model and the schemas take longer to load than a list takes to print: they come when asked for.
if TYPE_CHECKING:
    from solidarity_cli.core.facts import Facts
    from solidarity_cli.core.model import Charter, Erasure
    from solidarity_cli.crypto.keyring.keyring import Keyring
    from solidarity_cli.reports.case_row import Row


class Reader(BlobReader):
    """Everything that one snapshot says. Private parts are read only where a method says so."""

    def __init__(
        self, snapshot: Snapshot, ledger: Committer, today: date, keyring: Callable[[], Keyring] | None = None
    ) -> None:
        super().__init__(snapshot, ledger)
        self.today = today
        self._keyring = keyring

    @cached_property
    def charter(self) -> Charter:
        """`register.yaml`. Raises Refused when it cannot be read."""
        from solidarity_cli.core.model import Charter

        try:
            plain = read(self.snapshot.text("register.yaml") or b"")
        except KeyError:
            raise Refused("this commit holds no register.yaml", hint="--as-of a later date") from None
        except UnreadableError as error:
            at = f" (line {error.fault.line})" if error.fault.line else ""
            raise Refused(f"register.yaml: {error.fault.message}{at}", hint=error.fault.hint) from None
        # To load the schema takes longer than all else here, and the cache is one of these schemas and this program.
        key = f"register {self.snapshot.blobs['register.yaml']}"
        if self._cache.is_whole(key):
            return Charter.from_plain(plain)
        if not self.schemas.fits("register", plain):
            fault = self.schemas.explain("register", plain)[0]
            raise Refused(f"register.yaml: {fault.safe_field}: {fault.message}", hint="solidarity explain register")
        self._cache.remember_whole([key])
        return Charter.from_plain(plain)

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of its records; one that opens nothing where the register was read without a keyring."""
        from solidarity_cli.crypto.keyring.keyring import Keyring

        return self._keyring() if self._keyring else Keyring(self.snapshot.root, ())

    # What its records say

    def rows(self, where: Mapping[str, str], *, since: str = "", until: str = "") -> list[Row]:
        """The cases of `list` by the columns it filters on, without opening a record."""
        from solidarity_cli.reports.case_row import Row

        entries = self.cache.rows(where, since=since, until=until)
        present = self._present
        return [Row(*map(_hashable, values)) for blob, values in entries if blob in present]

    def facts(self, only: Iterable[str] | None = None, *, without: Callable[[Any], bool] | None = None) -> Facts:
        """All valid records without their private part; with `only`, those cases or actions and their neighbours.

        The plain cases of which `without` is true are passed over: to build ten thousand takes longer than to count.
        """
        from solidarity_cli.core.facts import Facts
        from solidarity_cli.core.model import Action, Case, Organisation

        blobs = None if only is None else self._neighbour_blobs(list(only))
        cases, actions, directory = {}, {}, {}
        present = self._present
        for blob, kind, plain in self.cache.open_parts(blobs):
            path = present.get(blob)
            # A file named unlike its id is a finding, and counts nowhere until it is put right.
            if path is None or record_kind(path) != kind or name_of(path) != plain["id"]:
                continue
            match kind:
                case "case" if without and without(plain):
                    continue
                case "case":
                    cases[plain["id"]] = Case.from_plain(plain)
                case "action":
                    actions[plain["id"]] = Action.from_plain(plain)
                case _:
                    directory[plain["id"]] = Organisation.from_plain(plain)
        return Facts(
            charter=self.charter,
            today=self.today,
            words=self.schemas.words,
            cases=dict(sorted(cases.items())),
            actions=dict(sorted(actions.items())),
            directory=directory,
            known=frozenset(self.paths),
            whose=lambda: self._signers(case.id for case in cases.values() if case.assessments),
        )

    def _signers(self, cases: Iterable[str]) -> Mapping[tuple[str, str, str], str]:
        from solidarity_cli.history.approval_signers import signers

        return signers(self.snapshot.root, self.commit, cases)

    def _neighbour_blobs(self, ids: list[str]) -> list[str]:
        """The blobs of records, of the actions that name them, of the cases these name, and of the directory."""
        paths = self.paths
        blob_ids = {self.snapshot.blobs[paths[record]] for record in ids if record in paths}
        naming = self.cache.naming(ids)
        blob_ids |= {blob for blobs in naming.values() for blob in blobs if blob in self._present}
        for _, _, plain in self.cache.open_parts(blob_ids):
            others = [*plain.get("cases", ()), *(link["case"] for link in plain.get("links", ()))]
            blob_ids |= {self.snapshot.blobs[paths[other]] for other in others if other in paths}
        blob_ids |= {blob for _, blob in self.snapshot.records("directory") if blob in self._present}
        return sorted(blob_ids)

    def actions_naming(self, cases: Iterable[str]) -> dict[str, list[str]]:
        """Case id -> ids of the actions that name it."""
        blobs_by_case = self.cache.naming(cases)
        # Of thousands of paths a few are wanted: to look through them once is quicker than to make `_present`.
        blob_ids = {blob for blobs in blobs_by_case.values() for blob in blobs}
        excluded, entries = self.snapshot.links | self.snapshot.unmerged, self.snapshot.blobs.items()
        present = {
            blob: path for path, blob in entries if blob in blob_ids and path not in excluded and record_kind(path)
        }
        return {
            case: sorted(name_of(present[blob]) for blob in blobs if blob in present)
            for case, blobs in blobs_by_case.items()
        }

    def plain(self, record: str) -> dict[str, Any]:
        """One record whole, its private part opened as far as there are keys: what is sealed to us stays in tokens.

        Raises Refused, or ExternalError, when its file cannot be read.
        """
        from solidarity_cli.crypto.keyring.sealer import Seals

        return Seals(lambda: self.keyring).opened(record, self.stored_record(record))

    def stored_record(self, record: str) -> dict[str, Any]:
        """One record as it is in its file. Raises as `plain` does."""
        path = self.paths[record]
        if path in self.snapshot.links:
            raise Refused(f"{path} is a link, and links are not followed", hint=f"put the file itself at {path}")
        if path in self.snapshot.unmerged:
            raise ExternalError(
                f"two versions of {path} wait to be merged", hint="git merge --continue, or git merge --abort"
            )
        try:
            return read(self.snapshot.text(path) or b"")
        except UnreadableError as error:
            at = f", line {error.fault.line}" if error.fault.line else ""
            raise Refused(f"{path}{at}: {error.fault.message}", hint=error.fault.hint) from None

    def valid(self, record: str) -> dict[str, Any]:
        """One record whole, of valid shape. Raises Refused with the first fault otherwise."""
        plain, path = self.plain(record), self.paths[record]
        kind = record_kind(path) or ""
        if not self.schemas.fits(kind, plain):
            fault = self.schemas.explain(kind, plain)[0]
            raise Refused(
                f"{path}: {fault.safe_field}: {fault.message}", hint=fault.hint or f"solidarity edit {record}"
            )
        return plain

    def privates(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(case id, private part) of every readable case: for a search by name. Never kept anywhere."""
        from solidarity_cli.core.token_format import readable
        from solidarity_cli.crypto.keyring.sealer import Seals

        paths = {blob: path for blob, path in self._present.items() if record_kind(path) == "case"}
        seals = Seals(lambda: self.keyring, ahead=map(name_of, paths.values()))
        stored = dict(map_in_two_processes(self._read_privates, list(paths), "records looked through"))
        # A key may ask for a passphrase: what is sealed is opened here, and not in another process.
        for blob, path in paths.items():
            if blob in stored:
                plain = seals.opened(name_of(path), stored[blob])
                yield name_of(path), readable(plain["private"])

    def _read_privates(self, blobs: list[str]) -> list[tuple[str, dict[str, Any]]]:
        """(blob id, version of the schema and private part as stored) of the records that can be read and have one."""
        rows = []
        for blob, data in self.snapshot.read(blobs):
            with suppress(UnreadableError):
                plain = read(data or b"")
                if isinstance(plain.get("private"), dict):
                    rows.append((blob, {key: plain.get(key) for key in ("schema_version", "private")}))
        return rows

    def erasures(self) -> dict[str, Erasure]:
        """Record id -> its tombstone, for every record whose private part was destroyed."""
        from solidarity_cli.core.model import Erasure

        return {
            plain["id"]: Erasure.from_plain(plain["erasure"])
            for blob, plain in self.cache.erased_records()
            if blob in self._present
        }

    def find(self, text: str, kind: str = "case") -> str:
        """The id that `text`, any unambiguous part of an id, means. Raises Refused with the next step."""
        whole = text.strip()
        if whole in self.paths and record_kind(self.paths[whole]) == kind:
            return whole
        return find(text, (record for record, path in self.paths.items() if record_kind(path) == kind), kind)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
