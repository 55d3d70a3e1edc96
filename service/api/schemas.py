"""The JSON API's shapes. Times are ISO 8601 in UTC, ids are UUIDs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from service.drafting.types import Citation

StatusName = Literal["pending", "queued", "drafting", "ready", "failed", "superseded", "skipped"]


class SuggestionOut(msgspec.Struct, kw_only=True):
    """A reply suggestion.

    `body` is the draft when `kind` is `ai`, a holding text when it is `fallback`. `reason_code` says why there is no draft.
    `removed` names the kinds of hidden text, such as `display_none` or `zero_width`, that were kept from the model.
    """

    id: UUID
    thread_id: UUID
    message_id: UUID
    status: StatusName
    reason_code: str | None
    kind: Literal["ai", "fallback"] | None
    is_vip: bool
    attempt: int
    body: str | None
    language: str | None
    intent: str | None
    needs_human: bool | None
    missing_information: list[str]
    citations: list[Citation]
    removed: list[str]
    model: str | None
    prompt_version: str | None
    error: str | None
    version: int
    created_at: datetime
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


class SuggestionPage(msgspec.Struct, kw_only=True):
    """Suggestions, newest first. `next_cursor` is null on the last page."""

    items: list[SuggestionOut]
    next_cursor: str | None


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


class SuggestionDetail(msgspec.Struct, kw_only=True):
    """A suggestion with the message that it answers.

    Send the reply under `reply_message_id`, in angle brackets, as its Message-ID: the customer's answer then finds its thread.
    """

    suggestion: SuggestionOut
    message: MessageOut
    reply_message_id: str | None


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


_citations = msgspec.json.Decoder(list[Citation])
_attachments = msgspec.json.Decoder(list[AttachmentOut])


def suggestion_out(row: Mapping[str, Any]) -> SuggestionOut:
    """Build a suggestion from its row."""
    fields = {**row, "is_vip": row["priority"] == 0, "citations": _citations.decode(row["citations"])}
    del fields["priority"]
    return SuggestionOut(**fields)


def message_out(row: Mapping[str, Any]) -> MessageOut:
    """Build a message from its row."""
    return MessageOut(**{**row, "attachments": _attachments.decode(row["attachments"] or "[]")})


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
