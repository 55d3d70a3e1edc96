"""Identifiers: UUIDv7, so that a primary key is also the order of arrival (RFC 9562 section 5.7)."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """Return a new time-ordered identifier."""
    return _uuid7()
