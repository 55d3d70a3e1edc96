"""The JSON API's shapes of messages and deliveries. Times are ISO 8601 in UTC, ids are UUIDs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec


class AttachmentOut(msgspec.Struct, kw_only=True):
    """A file of a message, without its content: GET /v1/attachments/{id}. `left_out` says why there is none.

    `content_type` and `filename` are the sender's words. `sha256` is in hex. `content_id` is what `cid:` links in the HTML name.
    """

    id: UUID
    filename: str
    content_type: str
    content_id: str | None
    size_bytes: int
    sha256: str | None
    left_out: Literal["too_many", "too_large", "too_large_together", "unreadable"] | None


class MessageOut(msgspec.Struct, kw_only=True):
    """One e-mail. `text` and `html` hold at most 100,000 characters each; `text_length` counts all that are stored.

    `html` is as the sender wrote it: do not show it unsanitised. `trust`: whether it is proven that the sender is who From says,
    and why. `same_id_as_id`: an earlier message has this one's Message-ID and other words. `bounced_message_id`: what this bounce
    gives back; `bounce_id`: the bounce that came back for this message.
    """

    id: UUID
    thread_id: UUID
    direction: Literal["in", "out"]
    rfc_message_id: str
    in_reply_to: str | None
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    text_length: int
    html: str | None
    machine_class: str | None
    trust: Literal["verified", "unverified"] | None
    trust_reasons: list[str]
    same_id_as_id: UUID | None
    bounced_message_id: UUID | None
    bounce_id: UUID | None
    attachments: list[AttachmentOut]
    received_at: datetime


class DeliveryOut(msgspec.Struct, kw_only=True):
    """One authentic webhook call, without its body. `reason` says why a failed one brought no message."""

    id: UUID
    source_id: UUID
    provider: str
    received_at: datetime
    outcome: Literal["stored", "duplicate", "ignored", "failed"]
    reason: str | None
    size_bytes: int


class DeliveryPage(msgspec.Struct, kw_only=True):
    """Deliveries, newest first. `next_cursor` is null on the last page."""

    items: list[DeliveryOut]
    next_cursor: str | None


_attachments = msgspec.json.Decoder(list[AttachmentOut])


def message_out(row: Mapping[str, Any]) -> MessageOut:
    """Build a message from its row."""
    return MessageOut(**{**row, "attachments": _attachments.decode(row["attachments"] or "[]")})
