"""Suggestions that have failed, as they lie in the database."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from service.db.engine import fetch
from tests.factories import ShopAtWork
from tests.storing import store_suggestion

_FAIL = """
UPDATE suggestion
SET status = 'failed', kind = 'fallback', reason_code = $2, error = $3, attempt = 4, sends = 2, body = 'We will write soon.',
    language = 'en', intent = 'other', needs_human = true, missing_information = '{order}',
    citations = '[{"source": "order:#1", "quote": ""}]', removed = '{display_none}', blocked_body = 'Never.',
    findings = '[{"check": "link", "severity": "blocking", "start": 0, "end": 0, "sentence": ""}]', disclosed = '{}',
    snapshot = '{}', order_hash = 'h', budget_step = 'full', model = 'm', prompt_version = 'reply-1', prompt_hash = 'p',
    instruction = 'Shorter', next_send_at = NULL, waiting_since = now() - make_interval(secs => $4), queued_at = now(),
    started_at = now(), finished_at = now(), held_back_since = now(), version = version + 1
WHERE id = $1
"""


async def dead_letter(
    shop: ShopAtWork,
    *,
    reason: str = "provider_down",
    error: str = "timeout",
    waited_s: float = 60,
    vip: bool = False,
    **fields: Any,
) -> UUID:
    """Store the mail of a customer of its own, whose suggestion has failed with all that a failure leaves; return its id."""
    sender = fields.pop("from_", f"{secrets.token_hex(6)}@customer.example")
    suggestion_id = await store_suggestion(shop, from_=sender, **fields)
    await fail(suggestion_id, reason=reason, error=error, waited_s=waited_s)
    if vip:
        await fetch("UPDATE customer SET vip = true WHERE shop = $1 AND email = $2", shop.id, sender)
    return suggestion_id


async def fail(suggestion_id: UUID, *, reason: str = "provider_down", error: str = "timeout", waited_s: float = 60) -> None:
    """Do as if a suggestion had failed."""
    await fetch(_FAIL, suggestion_id, reason, error, float(waited_s))
