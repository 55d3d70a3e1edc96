"""What the stand-in was asked: the latest requests, bounded in count and size. For one event loop, not for threads."""

from __future__ import annotations

from collections import deque
from datetime import datetime

import msgspec

MOST_REQUESTS = 1_000
MOST_CHARS = 50_000_000
"""All kept prompts together; the oldest go first."""

PROMPT_CHARS = 200_000
"""The end of a prompt that is kept: the customer's message stands last."""


class SeenRequest(msgspec.Struct, frozen=True):
    """One request to the model."""

    path: str
    model: str
    prompt: str
    at: datetime


class Seen(msgspec.Struct, frozen=True):
    """The journal as `GET /control/requests` answers it."""

    count: int
    """All requests since the start or the last clearing, also those no longer kept."""
    requests: list[SeenRequest]
    """Oldest first."""


class Journal:
    """The latest requests."""

    def __init__(self) -> None:
        self._kept: deque[SeenRequest] = deque()
        self._chars = 0
        self._count = 0

    def add(self, *, path: str, model: str, prompt: str, at: datetime) -> None:
        """Keep one request, and let go of the oldest where there are too many."""
        request = SeenRequest(path, model[:200], prompt[-PROMPT_CHARS:], at)
        self._kept.append(request)
        self._chars += len(request.prompt)
        self._count += 1
        while len(self._kept) > MOST_REQUESTS or self._chars > MOST_CHARS:
            self._chars -= len(self._kept.popleft().prompt)

    def clear(self) -> None:
        """Forget every request, and count from 0 again."""
        self._kept.clear()
        self._chars = 0
        self._count = 0

    def seen(self) -> Seen:
        """Return what was asked."""
        return Seen(self._count, list(self._kept))
