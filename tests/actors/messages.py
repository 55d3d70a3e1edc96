"""Jobs, and what a consumer took."""

from __future__ import annotations

from dramatiq import MessageProxy

from service.db.ids import uuid7
from service.jobs import DraftJob


def jobs(count: int) -> list[DraftJob]:
    """Return so many, of suggestions that are not there."""
    return [DraftJob(uuid7()) for _ in range(count)]


def taken(message: MessageProxy | None) -> str:
    """Return the suggestion that a message names."""
    assert message is not None
    return str(message.kwargs["suggestion_id"])
