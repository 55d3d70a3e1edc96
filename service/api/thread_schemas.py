"""A thread as the JSON API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.api.schemas import MessageOut, message_out
from service.api.suggestion_schemas import SuggestionOut, suggestion_out


class CustomerOut(msgspec.Struct, kw_only=True):
    """Who wrote."""

    email: str
    name: str
    is_vip: bool


class ThreadOut(msgspec.Struct, kw_only=True):
    """A conversation: messages oldest first, the newest 100 of them; suggestions newest first.

    `linked_thread_id`: the thread that its first mail quoted without being part of it.
    """

    id: UUID
    subject: str
    version: int
    linked_thread_id: UUID | None
    created_at: datetime
    updated_at: datetime
    customer: CustomerOut
    messages: list[MessageOut]
    suggestions: list[SuggestionOut]


def thread_out(row: Mapping[str, Any], messages: list[Mapping[str, Any]], suggestions: list[Mapping[str, Any]]) -> ThreadOut:
    """Build a thread from its rows."""
    return ThreadOut(
        id=row["id"],
        subject=row["subject"],
        version=row["version"],
        linked_thread_id=row["linked_thread_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        customer=CustomerOut(email=row["customer_email"], name=row["customer_name"], is_vip=row["customer_vip"]),
        messages=[message_out(each) for each in messages],
        suggestions=[suggestion_out(each) for each in suggestions],
    )
