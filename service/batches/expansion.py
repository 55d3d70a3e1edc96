"""Messages turned into a batch's suggestions, in SQL. All runs in a transaction that holds the threads' locks.

The threads' rows are locked before their suggestions, in one order, as all who write to a thread do: nobody waits for another in a
ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.batches.rules import Asked
from service.db.engine import fetch
from service.db.ids import uuid7
from service.jobs import Priority

_IS_LIVE_DRAFT = "status = 'ready' AND outcome IS NULL AND claimed_by IS NULL"

_ASKED = f"""
SELECT asked.id, message.thread, message.direction = 'in' AND message.machine_class IS NULL AS is_from_customer,
       EXISTS (SELECT FROM message AS newer WHERE newer.thread = message.thread AND newer.id > message.id
               AND newer.direction = 'in' AND newer.machine_class IS NULL) AS has_newer_message,
       EXISTS (SELECT FROM message AS answer WHERE answer.thread = message.thread AND answer.id > message.id
               AND answer.direction = 'out' AND answer.in_reply_to = message.rfc_message_id) AS is_answered,
       coalesce(standing.is_resolved, false) AS is_resolved, coalesce(standing.is_held, false) AS is_held,
       coalesce(standing.has_other_live, false) AS has_other_live, coalesce(standing.is_in_work, false) AS is_in_work
FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (id, place)
LEFT JOIN message ON message.shop = $1 AND message.id = asked.id
LEFT JOIN LATERAL (
    SELECT bool_or(outcome IS NOT NULL AND suggestion.message = message.id) AS is_resolved,
           bool_or(status IN ('ready', 'failed') AND outcome IS NULL AND claimed_until > now()) AS is_held,
           bool_or({_IS_LIVE_DRAFT} AND suggestion.message <> message.id) AS has_other_live,
           bool_or(status IN ('pending', 'queued', 'drafting')) AS is_in_work
    FROM suggestion WHERE suggestion.thread = message.thread
) AS standing ON true
ORDER BY asked.place
"""

# A failed one keeps its reason: it names the failure. Its end is the moment at which the new one is made: see `restoring`.
_SUPERSEDE = """
UPDATE suggestion
SET status = 'superseded', reason_code = CASE WHEN status = 'failed' THEN reason_code ELSE 'superseded' END,
    claimed_by = NULL, claimed_until = NULL, recheck_at = NULL, finished_at = now(), version = version + 1
WHERE shop = $1 AND message = ANY($2::uuid[]) AND outcome IS NULL AND status IN ('ready', 'failed')
"""

# What is due at one moment is sent in this order: by microseconds. A provider's are due when its answer is of no use.
_ADD = f"""
INSERT INTO suggestion (id, shop, thread, message, status, priority, attempt, sends, missing_information, citations, version,
                        next_send_at, waiting_since, instruction, batch, created_at)
SELECT chosen.id, $1, message.thread, message.id, 'pending', {Priority.BATCH:d}, 0, 0, '{{}}', '[]', 1,
       CASE WHEN $6 THEN NULL ELSE now() + chosen.place * interval '1 us' END,
       coalesce(old.waiting_since, message.received_at), nullif($5, ''), $4, now()
FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS chosen (id, message, place)
JOIN message ON message.shop = $1 AND message.id = chosen.message
LEFT JOIN LATERAL (
    SELECT waiting_since FROM suggestion WHERE suggestion.message = message.id ORDER BY id DESC LIMIT 1
) AS old ON true
"""


async def read_asked(shop_id: UUID, message_ids: Sequence[UUID]) -> list[Asked]:
    """Return how these messages stand, in their order."""
    return [
        Asked(
            message_id=row["id"],
            thread_id=row["thread"],
            is_from_customer=row["is_from_customer"] or False,
            has_newer_message=row["has_newer_message"],
            is_answered=row["is_answered"],
            is_resolved=row["is_resolved"],
            is_held=row["is_held"],
            has_other_live=row["has_other_live"],
            is_in_work=row["is_in_work"],
        )
        for row in await fetch(_ASKED, shop_id, list(message_ids))
    ]


async def draft_again(
    shop_id: UUID, batch_id: UUID, message_ids: Sequence[UUID], *, instruction: str, is_provider_batch: bool
) -> None:
    """End the ready and failed suggestions for these messages and make the batch's in their place.

    is_provider_batch: they wait for the provider then, and no relay sends them.
    """
    if not message_ids:
        return
    await fetch(_SUPERSEDE, shop_id, list(message_ids))
    new_ids = [uuid7() for _ in message_ids]
    await fetch(_ADD, shop_id, new_ids, list(message_ids), batch_id, instruction, is_provider_batch)
