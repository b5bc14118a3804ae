"""A client of the language server that editors run for YAML: JSON-RPC over its stdin and stdout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from filelock import FileLock

PACKAGE = "yaml-language-server@1.23.0"
"""The newest that runs on Node 20, which the oldest supported Debian-like machines have."""

_PATIENCE = 60.0
"""Seconds until a server that says nothing is given up."""


def installed() -> str:
    """The server's file, installed beside the tests' own environment on the first call; skips where that cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("node and npm are not installed: what editors show is not tested here")
    place = Path(sys.prefix) / "language-server"
    file = place / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    place.mkdir(exist_ok=True)
    with FileLock(place / "lock"):
        if not file.exists():
            ask = [npm, "install", "--prefix", str(place), "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE]
            done = subprocess.run(ask, check=False, capture_output=True, timeout=180)
            if done.returncode or not file.exists():
                pytest.skip("npm could not install the language server: what editors show is not tested here")
    return str(file)


class Server:
    """One server for one folder. Paths are those of files in it."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, settings: dict[str, Any]) -> None:
        self._process, self._folder, self._settings = process, folder, settings
        self._heard: Queue[dict[str, Any]] = Queue()
        self.asked_for: list[str] = []
        self._count = 0
        threading.Thread(target=self._listen, daemon=True).start()
        root = folder.as_uri()
        able = {"workspace": {"configuration": True}, "textDocument": {"publishDiagnostics": {}}}
        self.ask("initialize", processId=os.getpid(), rootUri=root, capabilities=able,
                 workspaceFolders=[{"uri": root, "name": "register"}])  # fmt: skip
        self._send("initialized")
        self._send("workspace/didChangeConfiguration", settings=self._nested())

    def diagnostics(self, path: str, text: str) -> list[dict[str, Any]]:
        """What an editor would underline in `text`, opened as the file at `path`."""
        uri = (self._folder / path).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", textDocument=document)
        while True:
            told = self._next()
            if told.get("method") == "textDocument/publishDiagnostics" and told["params"]["uri"] == uri:
                found: list[dict[str, Any]] = told["params"]["diagnostics"]
                return found

    def completion(self, path: str, line: int, character: int) -> list[str]:
        """What an editor would offer at a place of a file that was opened."""
        uri = (self._folder / path).as_uri()
        told = self.ask(
            "textDocument/completion",
            textDocument={"uri": uri},
            position={"line": line, "character": character},
        )
        return [item["label"] for item in told["items"]]

    def ask(self, method: str, **params: Any) -> Any:
        self._count += 1
        number = self._count
        self._send(method, number, **params)
        while True:
            told = self._next()
            if told.get("id") == number and "method" not in told:
                return told["result"]

    def _next(self) -> dict[str, Any]:
        """The next message that is not a question of the server's own, which are answered from the settings."""
        while True:
            try:
                told = self._heard.get(timeout=_PATIENCE)
            except Empty:
                raise AssertionError("the language server says nothing") from None
            if "id" in told and "method" in told:
                self._answer(told)
            else:
                return told

    def _answer(self, told: dict[str, Any]) -> None:
        result: Any = None
        if told["method"] == "workspace/configuration":
            result = [self._nested().get(item.get("section", ""), None) for item in told["params"]["items"]]
        elif told["method"].startswith(("http", "vscode/content", "custom/schema")):
            self.asked_for.append(str(told.get("params")))
        self._write({"jsonrpc": "2.0", "id": told["id"], "result": result})

    def _nested(self) -> dict[str, Any]:
        """`yaml.schemaStore.enable` as editors hand it over: `{"yaml": {"schemaStore": {"enable": …}}}`."""
        nested: dict[str, Any] = {}
        for name, value in self._settings.items():
            *above, last = name.split(".")
            place = nested
            for part in above:
                place = place.setdefault(part, {})
            place[last] = value
        return nested

    def _send(self, method: str, number: int | None = None, **params: Any) -> None:
        told = {"jsonrpc": "2.0", "method": method, "params": params}
        self._write(told if number is None else told | {"id": number})

    def _write(self, told: dict[str, Any]) -> None:
        data = json.dumps(told).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout
        while head := self._process.stdout.readline():
            length = 0
            while head.strip():
                name, _, value = head.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                head = self._process.stdout.readline()
            self._heard.put(json.loads(self._process.stdout.read(length)))


@contextmanager
def language_server(folder: Path, settings: dict[str, Any]) -> Iterator[Server]:
    """A server for a folder, with the settings that the folder's own `.vscode/settings.json` gives."""
    command = [str(shutil.which("node")), installed(), "--stdio"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder
    ) as process:
        try:
            yield Server(process, folder, settings)
        finally:
            process.kill()
