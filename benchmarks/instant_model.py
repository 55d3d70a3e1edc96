"""A model that answers at once, a program of its own: the benchmark's stand-in, so that the worker is what is measured.

It reads no more of a request than its length and the first order number, and answers with one draft about that order, which passes
the checks. `GET` tells how many requests it has answered since the last `GET`, and in how many seconds from the first to the last.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from typing import cast

import msgspec
import uvloop

CODE = b"999999"
"""In the draft's place of an order's six digits, which its tracking number ends with as well."""

REPLY = (
    "Hello Ada,\n\nthank you for your message. Your order NW-999999 has been shipped with DHL. You can follow the parcel here: "
    "https://track.example/0034043416999999. Its tracking number is 0034043416999999.\n\nKind regards,\nThe benchmark"
)
DRAFT = {
    "reply": REPLY,
    "language": "en",
    "intent": "where_is_order",
    "needs_human": False,
    "missing_information": [],
    "citations": [{"source": "order:NW-999999", "quote": "0034043416999999"}],
}
_ANSWER = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1_700_000_000,
    "status": "completed",
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "model": "gpt-5.4",
    "output": [
        {
            "type": "message",
            "id": "msg_1",
            "status": "completed",
            "role": "assistant",
            "content": [
                {"type": "output_text", "text": msgspec.json.encode(DRAFT).decode(), "annotations": [], "logprobs": []},
            ],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "metadata": {},
    "usage": {
        "input_tokens": 3_000,
        "input_tokens_details": {"cached_tokens": 2_000, "cache_write_tokens": 0},
        "output_tokens": 120,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 3_120,
    },
}
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: req_1\r\nContent-Length: %d\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Seen(msgspec.Struct, frozen=True):
    """Requests answered, and the seconds from the first to the last."""

    count: int
    seconds: float


class _Counts:
    def __init__(self) -> None:
        self.count = 0
        self.first_ns = self.last_ns = 0

    def add(self) -> None:
        self.last_ns = time.monotonic_ns()
        self.first_ns = self.first_ns or self.last_ns
        self.count += 1

    def take(self) -> Seen:
        seen = Seen(self.count, (self.last_ns - self.first_ns) / 1e9)
        self.count = self.first_ns = self.last_ns = 0
        return seen


class _Connection(asyncio.Protocol):
    """One keep-alive connection; a client sends its next request when it has the answer to the last."""

    def __init__(self, counts: _Counts, answer: bytes) -> None:
        self._counts = counts
        self._answer = answer
        self._parts: list[bytes] = []
        self._missing_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET "):
            body = msgspec.json.encode(self._counts.take())
            self._transport.write(_HEAD % len(body) + body)
            return
        if not self._parts:
            # A client writes the head at once, and no more than a head may be too short to hold its own length.
            end, length = data.find(b"\r\n\r\n") + 4, _LENGTH.search(data)
            assert end >= 4, "the head came in two pieces"
            assert length is not None, "a request without its length"
            self._missing_bytes = end + int(length[1])
        self._parts.append(data)
        self._missing_bytes -= len(data)
        if self._missing_bytes <= 0:
            request = b"".join(self._parts)
            self._parts.clear()
            at = request.find(b"NW-") + 3
            self._counts.add()
            self._transport.write(self._answer.replace(CODE, request[at : at + len(CODE)]))


async def serve(port: int) -> None:
    """Serve until cancelled."""
    body = msgspec.json.encode(_ANSWER)
    counts, answer = _Counts(), _HEAD % len(body) + body
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(counts, answer), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
