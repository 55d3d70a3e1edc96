"""A TCP proxy in threads of its own: it passes everything on, refuses, keeps silent, cuts answers off, or is slow."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

CHUNK_BYTES = 65_536
TRICKLES_PER_S = 10
"""A trickle comes in so many drops a second, where a drop has a byte at least."""


@dataclass(frozen=True, slots=True)
class _Manner:
    """How bytes are passed on. bytes_per_s: of answers; 0: as fast as they come."""

    passes: bool = True
    cuts: bool = False
    delay_s: float = 0.0
    bytes_per_s: float = 0.0


class Proxy:
    """Stands before one server on the loopback interface; a context manager. It begins by passing everything on."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._manner = _Manner()
        self._changed = threading.Condition()
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
        self._behave(_Manner())
        self._listen()

    def refuse(self) -> None:
        """End every connection and take no new one, as when the server has died."""
        if self._listener is not None:
            # A thread that waits in accept() keeps the socket alive; a shutdown wakes it.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._changed:
            ended, self._open = self._open, set()
        for each in ended:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        # Whoever was told to keep silent finds its connection gone.
        self._behave(_Manner())

    def hang(self) -> None:
        """Take connections and bytes, and say nothing, as when the server's machine is gone."""
        self._behave(_Manner(passes=False))
        self._listen()

    def cut(self) -> None:
        """End each connection in the middle of its next answer: the server has done what it was asked, and nobody knows."""
        self._behave(_Manner(cuts=True))
        self._listen()

    def slow_down(self, delay_s: float) -> None:
        """Hold back every chunk for so long, in both directions."""
        self._behave(_Manner(delay_s=delay_s))
        self._listen()

    def trickle(self, bytes_per_s: float) -> None:
        """Let answers come in drops, so many bytes a second; what clients say passes as it comes."""
        self._behave(_Manner(bytes_per_s=bytes_per_s))
        self._listen()

    def _behave(self, manner: _Manner) -> None:
        with self._changed:
            self._manner = manner
            self._changed.notify_all()

    def _listen(self) -> None:
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target)
            except OSError:
                # The server behind us is away: so are we.
                client.close()
                continue
            for each in (client, server):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self._open |= {client, server}
            for source, sink, is_answer in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pump, args=(source, sink), kwargs={"is_answer": is_answer}, daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, *, is_answer: bool) -> None:
        with suppress(OSError):
            while chunk := source.recv(CHUNK_BYTES):
                if not self._pass(chunk, sink, is_answer=is_answer):
                    # Both directions: the other pump must not wait for what never comes.
                    source.shutdown(socket.SHUT_RDWR)
                    break
        # Each direction closes what it read from, once the other has been told that nothing more comes.
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._changed:
            self._open.discard(source)
        source.close()

    def _pass(self, chunk: bytes, sink: socket.socket, *, is_answer: bool) -> bool:
        """Send a chunk in the manner of the moment, and go on in another when that changes. False: the connection is cut."""
        rest = chunk
        while rest:
            manner = self._manner
            if not manner.passes:
                self._wait(manner, None)
                continue
            if is_answer and manner.cuts:
                sink.sendall(rest[: len(rest) // 2])
                sink.shutdown(socket.SHUT_RDWR)
                return False
            if is_answer and manner.bytes_per_s:
                drop = max(1, int(manner.bytes_per_s / TRICKLES_PER_S))
                if self._wait(manner, drop / manner.bytes_per_s):
                    continue
                sink.sendall(rest[:drop])
                rest = rest[drop:]
                continue
            if manner.delay_s and self._wait(manner, manner.delay_s):
                continue
            sink.sendall(rest)
            rest = b""
        return True

    def _wait(self, manner: _Manner, within_s: float | None) -> bool:
        """Return True as soon as the manner is another, False when the time is over."""
        deadline = None if within_s is None else time.monotonic() + within_s
        with self._changed:
            while self._manner is manner:
                left_s = None if deadline is None else deadline - time.monotonic()
                if left_s is not None and left_s <= 0:
                    return False
                self._changed.wait(left_s)
        return True
