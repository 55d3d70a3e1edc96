"""A door before the stand-in model that gives its answers the name of a model that has a price: the stand-in's own has none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from service.embedded.standin.exchange import MODEL

LONGEST_S = 150.0
"""More than the stand-in holds any connection."""

_PASSED_ON = frozenset({"authorization", "content-type", "retry-after"})


@contextmanager
def priced_model(port: int, name: str) -> Iterator[int]:
    """Yield the port of a door to the model at `port`, whose answers say that `name` wrote them, until the block ends."""
    own, given = (f'"model":"{each}"'.encode() for each in (MODEL, name))

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_call(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {key: value for key, value in self.headers.items() if key.lower() in _PASSED_ON}
            onward = HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)
            try:
                onward.request(self.command, self.path, body, headers)
                response = onward.getresponse()
                answer = response.read().replace(own, given)
            except (OSError, HTTPException):
                # As the model has cut its answer, so do we.
                self.close_connection = True
                return
            finally:
                onward.close()
            self.send_response(response.status)
            for key, value in response.getheaders():
                if key.lower() in _PASSED_ON:
                    self.send_header(key, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            # Who asked may have given up meanwhile.
            with suppress(OSError):
                self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = handle_call  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
