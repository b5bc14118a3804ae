"""Real git over HTTP on the loopback: the repositories below a folder, served by git's own `http-backend`."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

_PIECE = 65_536
_PATIENCE = 300
"""Seconds after which a request that stands still is given up."""


@contextmanager
def http_server(base: Path, *, open_to_all: bool = True, largest: int = 256 * 1024 * 1024) -> Iterator[str]:
    """The address below which the bare repositories in `base` stand: `f"{address}/register.git"`.

    `open_to_all`: each takes pushes and push options, whatever its own settings say of them. A request body larger
    than `largest` bytes is refused. The environment is that of the moment of entry; it ends with all its requests.
    """
    world = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_DIR", "GIT_AUTHOR"))}
    world |= {"GIT_PROJECT_ROOT": str(base.resolve()), "GIT_HTTP_EXPORT_ALL": "1", "SERVER_PROTOCOL": "HTTP/1.1"}
    if open_to_all:
        world["GIT_CONFIG_COUNT"] = "2"
        for number, name in enumerate(("http.receivepack", "receive.advertisePushOptions")):
            world |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": "true"}
    server = _Server(("127.0.0.1", 0), partial(_Request, world, largest))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()  # waits for the requests under way


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is nobody's trouble."""


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def __init__(self, world: dict[str, str], largest: int, *around: object) -> None:
        self.world, self.largest = world, largest
        super().__init__(*around)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        self.close_connection = True
        with tempfile.TemporaryFile() as body:
            self._answer(body) if self._body(body) else self.send_error(413)

    do_POST = do_GET

    def _body(self, into: IO[bytes]) -> bool:
        """Whether the body is not too large; by then it lies in a file, so that git and we never wait for each other."""
        is_chunked = "chunked" in self.headers.get("Transfer-Encoding", "").casefold()
        while True:
            said = self.rfile.readline().split(b";")[0] if is_chunked else self.headers.get("Content-Length", "0")
            size = int(said, 16 if is_chunked else 10)
            if size < 0 or into.tell() + size > self.largest:
                return False
            left = size
            while left and (piece := self.rfile.read(min(left, _PIECE))):
                into.write(piece)
                left -= len(piece)
            if is_chunked:
                self.rfile.readline()
            if not (is_chunked and size):
                into.seek(0)
                return True

    def _answer(self, body: IO[bytes]) -> None:
        parts = urlsplit(self.path)
        world = {**self.world, "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1"}
        world |= {"PATH_INFO": unquote(parts.path), "QUERY_STRING": parts.query}
        told = self.headers.get
        world |= {"CONTENT_TYPE": told("Content-Type", ""), "CONTENT_LENGTH": str(os.fstat(body.fileno()).st_size)}
        world |= {"HTTP_CONTENT_ENCODING": told("Content-Encoding", ""), "GIT_PROTOCOL": told("Git-Protocol", "")}
        # Unbuffered: what a hook says goes on at once.
        pipes = {"stdin": body, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "bufsize": 0}
        with subprocess.Popen(["git", "http-backend"], env=world, **pipes) as process:  # type: ignore[call-overload]
            assert process.stdout  # closed on leaving: git hears by it that somebody left in the middle
            watch = threading.Timer(_PATIENCE, process.kill)
            watch.start()
            try:
                self._head(process.stdout)
                shutil.copyfileobj(process.stdout, self.wfile, _PIECE)
            finally:
                watch.cancel()

    def _head(self, said: IO[bytes]) -> None:
        heads: dict[str, str] = {}
        while line := said.readline().strip():
            name, _, value = line.decode().partition(":")
            heads[name] = value.strip()
        self.send_response(int(heads.pop("Status", "200" if heads else "500").split()[0]))
        for name, value in heads.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
