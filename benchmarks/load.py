"""The load driver, a program of its own: keep-alive connections that each send the next request when the last is answered.

Requests are signed and built before the clock starts. It reads a `LoadOrder` from stdin and prints a `Measure`.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from typing import cast

import msgspec
import uvloop

from benchmarks.mails import RoundOrder, http_request, signed_headers
from benchmarks.measures import Measure, measure

TIMEOUT_S = 60
EXPECTED = b'"outcome":"stored"'

_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class LoadOrder(RoundOrder, frozen=True, kw_only=True):
    """What to send where."""

    port: int
    path: str


class _Round:
    """The requests still to be sent, and what has come back."""

    def __init__(self, requests: list[bytes], connections: int, warm_up: int) -> None:
        self.requests: Iterator[bytes] = iter(requests)
        self.started_ns = time.perf_counter_ns()
        self._uncounted = warm_up
        self.latencies_ns: list[int] = []
        self.errors = 0
        self.finished = asyncio.get_running_loop().create_future()
        self._open = connections

    def count(self, latency_ns: int) -> None:
        """Count an answer, unless it warms up; the last one that does starts the clock."""
        if self._uncounted:
            self._uncounted -= 1
            self.started_ns = time.perf_counter_ns()
        else:
            self.latencies_ns.append(latency_ns)

    def leave(self) -> None:
        """Count a connection out; the last one ends the round."""
        self._open -= 1
        if self._open == 0 and not self.finished.done():
            self.finished.set_result(None)


class _Connection(asyncio.Protocol):
    """One customer's provider: a request, its whole answer, the next request."""

    def __init__(self, current: _Round) -> None:
        self._round = current
        self._answer = b""
        self._sent_ns = 0
        self._is_waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send_next(self) -> None:
        """Send the next request; without one, close."""
        request = next(self._round.requests, None)
        if request is None:
            self._transport.close()
            return
        self._is_waiting = True
        self._sent_ns = time.perf_counter_ns()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head_length = self._answer.find(b"\r\n\r\n") + 4
        length = _CONTENT_LENGTH.search(self._answer)
        if head_length < 4 or length is None or len(self._answer) < head_length + int(length.group(1)):
            return
        self._round.count(time.perf_counter_ns() - self._sent_ns)
        if not self._answer.startswith(b"HTTP/1.1 200 ") or EXPECTED not in self._answer:
            self._round.errors += 1
        self._answer = b""
        self._is_waiting = False
        self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        if self._is_waiting:
            self._round.errors += 1
        self._round.leave()


async def drive(order: LoadOrder) -> Measure:
    """Send everything and return the measure. Raises TimeoutError after a minute."""
    requests = _requests(order)
    current = _Round(requests, order.connections, order.warm_up)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(TIMEOUT_S):
        connections = [
            (await loop.create_connection(lambda: _Connection(current), "127.0.0.1", order.port))[1]
            for _ in range(order.connections)
        ]
        current.started_ns = time.perf_counter_ns()
        for connection in connections:
            connection.send_next()
        await current.finished
    return measure(current.latencies_ns, (time.perf_counter_ns() - current.started_ns) / 1e9, current.errors)


def _requests(order: LoadOrder) -> list[bytes]:
    return [http_request(order.path, signed_headers(body, order.secret), body) for body in order.bodies()]


def main() -> None:
    """Do what stdin says."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=LoadOrder)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(drive(order))))


if __name__ == "__main__":
    main()
