"""A loopback server that answers as a test says and keeps what it was sent: for answers that no stand-in would give."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True)
class Recorder:
    """What to answer next, and what came."""

    url: str = ""
    status: int = 200
    content_type: str = "application/json"
    body: bytes = b"{}"
    bodies: list[bytes] = field(default_factory=list)
    """Answered first, one a request; then `body`."""
    headers: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    seen_headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def recording() -> Iterator[Recorder]:
    """Run a recorder on a free port of the loopback interface."""
    recorder = Recorder()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            recorder.paths.append(self.path)
            recorder.seen.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            recorder.seen_headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(recorder.status)
            for name, value in {**recorder.headers, "Connection": "close"}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", recorder.content_type)
            body = recorder.bodies.pop(0) if recorder.bodies else recorder.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    recorder.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
