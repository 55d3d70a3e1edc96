"""Identifiers: UUIDv7, so that a primary key is also the order of arrival (RFC 9562 section 5.7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7

NEWEST = UUID(int=2**128 - 1)
"""Above every identifier: the cursor of a first page."""


def uuid7() -> UUID:
    """Return a new time-ordered identifier."""
    return _uuid7()


def uuid7_floor(at: datetime) -> UUID:
    """Return the lowest identifier of a moment: everything made before it is lower."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
