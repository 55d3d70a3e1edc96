"""Message-IDs for our own replies, which lead the customer's answer back to its thread. Pure.

`dd.THREAD.REPLY.MAC@domain`: two UUIDs in hex and 80 bits of HMAC-SHA256 under the shop's key, in base32. Whoever quotes such an
id has seen it; a guessed one opens nothing. That the quoting sender is the thread's customer is for the caller to check.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from uuid import UUID

MAC_BYTES = 10

_REPLY_ID = re.compile(r"dd\.([0-9a-f]{32})\.([0-9a-f]{32})\.([a-z2-7]{16})@", re.IGNORECASE)


def reply_message_id(thread_id: UUID, reply_id: UUID, *, key: bytes, mailbox: str) -> str:
    """Return the Message-ID, without brackets, for the reply of that id. mailbox: the address it is sent from, for the domain."""
    domain = mailbox.rpartition("@")[2] or "draftdesk.invalid"
    return f"dd.{thread_id.hex}.{reply_id.hex}.{_mac(thread_id.hex, reply_id.hex, key)}@{domain}"


def quoted_threads(message_ids: Iterable[str], *, key: bytes | None) -> tuple[UUID, ...]:
    """Return the threads that our own ids among these name, in order, each once; those of another key count for nothing."""
    found: dict[UUID, None] = {}
    for each in message_ids:
        match = _REPLY_ID.match(each)
        if key and match and _is_ours(match, key):
            found[UUID(match[1])] = None
    return tuple(found)


def _is_ours(match: re.Match[str], key: bytes) -> bool:
    expected = _mac(match[1].lower(), match[2].lower(), key)
    return hmac.compare_digest(expected.encode(), match[3].lower().encode())


def _mac(thread: str, reply: str, key: bytes) -> str:
    digest = hmac.new(key, f"{thread}.{reply}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:MAC_BYTES]).decode().lower()
