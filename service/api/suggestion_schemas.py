"""Suggestions as the JSON API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from service.api.schemas import MessageOut
from service.drafting.types import Citation, Finding

StatusName = Literal["pending", "queued", "drafting", "ready", "failed", "superseded", "skipped"]


class SuggestionOut(msgspec.Struct, kw_only=True):
    """A reply suggestion.

    `body` is the draft when `kind` is `ai`, a holding text when it is `fallback`. `reason_code` says why there is no draft, or what
    has overtaken one that an agent holds. `findings`: what the checks say of the draft. `blocked_body`: the draft that the checks
    stopped; never send it unread. `removed` names the kinds of hidden text, such as `display_none` or `zero_width`, that were kept
    from the model. `budget_step`: how far the shop's budget let the attempt go. `claimed_by` is null once the claim has lapsed.
    `outcome` says what an agent did with it: `final_body` was sent as the message `reply_id`; `similarity`, 0 to 1, is how much of
    the draft is left in it.
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
    findings: list[Finding]
    blocked_body: str | None
    removed: list[str]
    instruction: str | None
    budget_step: str | None
    model: str | None
    prompt_version: str | None
    error: str | None
    claimed_by: str | None
    claimed_until: datetime | None
    outcome: Literal["accepted", "edited", "rejected", "ignored"] | None
    outcome_reason: str | None
    final_body: str | None
    similarity: float | None
    reply_id: UUID | None
    resolved_by: str | None
    resolved_at: datetime | None
    version: int
    created_at: datetime
    queued_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


class SuggestionPage(msgspec.Struct, kw_only=True):
    """Suggestions, newest first. `next_cursor` is null on the last page."""

    items: list[SuggestionOut]
    next_cursor: str | None


class DisclosedOrderOut(msgspec.Struct, kw_only=True):
    """An order that the model was told of, which fields, and why: `named_in_message` or `recent`."""

    id: UUID | None = None
    number: str = ""
    fields: list[str] = []
    why: str = ""


class DisclosedOut(msgspec.Struct, kw_only=True):
    """What the model was told. `tier`: how far it is proven that the sender is who From says; `articles`: their slugs."""

    tier: str = "unknown"
    trust_reasons: list[str] = []
    orders: list[DisclosedOrderOut] = []
    articles: list[str] = []


class SuggestionDetail(msgspec.Struct, kw_only=True):
    """A suggestion with the message that it answers, and what the model was told of the shop's records.

    Send the reply under `reply_message_id`, in angle brackets, as its Message-ID: the customer's answer then finds its thread.
    """

    suggestion: SuggestionOut
    message: MessageOut
    reply_message_id: str | None
    disclosed: DisclosedOut | None


_citations = msgspec.json.Decoder(list[Citation])
_findings = msgspec.json.Decoder(list[Finding])
_disclosed = msgspec.json.Decoder(DisclosedOut)


def suggestion_out(row: Mapping[str, Any]) -> SuggestionOut:
    """Build a suggestion from its row."""
    fields = {
        **row,
        "is_vip": row["priority"] == 0,
        "citations": _citations.decode(row["citations"]),
        "findings": _findings.decode(row["findings"]),
    }
    for unshown in ("priority", "disclosed"):
        fields.pop(unshown, None)
    return SuggestionOut(**fields)


def disclosed_out(row: Mapping[str, Any]) -> DisclosedOut | None:
    """Build the record of what the model was told; None where it was told nothing."""
    return _disclosed.decode(row["disclosed"]) if row["disclosed"] else None
