"""A TCP proxy in threads of its own that can pass everything on, refuse every connection, or keep silent."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

CHUNK_BYTES = 65_536


class Proxy:
    """Stands before one server on the loopback interface; a context manager. It begins by passing everything on."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._may_pass = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self.pass_on()
        return self

    def __exit__(self, *_error: object) -> None:
        self.refuse()

    def pass_on(self) -> None:
        """Serve as if we were not there."""
        self._may_pass.set()
        self._listen()

    def refuse(self) -> None:
        """End every connection and take no new one, as when the server has died."""
        if self._listener is not None:
            # A thread that waits in accept() keeps the socket alive; a shutdown wakes it.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            ended, self._open = self._open, set()
        for each in ended:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        # Whoever was told to keep silent finds its connection gone.
        self._may_pass.set()

    def hang(self) -> None:
        """Take connections and bytes, and say nothing, as when the server's machine is gone."""
        self._may_pass.clear()
        self._listen()

    def _listen(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            with self._lock:
                self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK_BYTES):
                self._may_pass.wait()
                sink.sendall(chunk)
        # Each direction closes what it read from, once the other has been told that nothing more comes.
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._lock:
            self._open.discard(source)
        source.close()
