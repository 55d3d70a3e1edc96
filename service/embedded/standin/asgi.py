"""The little of ASGI that the stand-in needs: its types, a bounded body, an answer, a pause that ends with the client.

Source: the ASGI specification, HTTP connection scope 2.5.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

BODY_LIMIT_BYTES = 10_000_000
"""A prompt is a few kilobytes; this leaves room for the longest thread and still bounds memory."""

JSON_TYPE = (b"content-type", b"application/json")

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]


class BodyTooLargeError(Exception):
    """The request's body is over BODY_LIMIT_BYTES."""


class ClientLeftError(Exception):
    """The client closed its connection before it had sent, or got, everything."""


async def read_body(receive: Receive) -> bytes:
    """Read the whole request body, at most BODY_LIMIT_BYTES.

    Raises:
        BodyTooLargeError: at the first chunk over the limit; the server discards the rest.
        ClientLeftError: the client closed the connection first.
    """
    chunks: list[bytes] = []
    size_bytes = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientLeftError
        chunk: bytes = event.get("body", b"")
        size_bytes += len(chunk)
        if size_bytes > BODY_LIMIT_BYTES:
            raise BodyTooLargeError
        chunks.append(chunk)
        if not event.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def pause(receive: Receive, seconds: float) -> None:
    """Wait so long; only after the body was read, for then the next event can only be the client's leaving.

    Raises:
        ClientLeftError: the client closed the connection meanwhile.
    """
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return
    raise ClientLeftError


async def begin(send: Send, status: int, size_bytes: int, headers: Headers = ()) -> None:
    """Send the status and headers of a JSON answer of this size."""
    length = (b"content-length", b"%d" % size_bytes)
    await send({"type": "http.response.start", "status": status, "headers": [JSON_TYPE, length, *headers]})


async def answer(send: Send, status: int, body: bytes, headers: Headers = ()) -> None:
    """Send a whole JSON answer."""
    await begin(send, status, len(body), headers)
    await send({"type": "http.response.body", "body": body})


async def answer_value(send: Send, status: int, value: object) -> None:
    """Send any value that msgspec can encode as a JSON answer."""
    await answer(send, status, msgspec.json.encode(value))
