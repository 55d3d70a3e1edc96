"""What is read of deliveries: lists without bodies, and one whole call to be read again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.inbox.types import KeptCut
from service.mime.cuts import restore
from service.providers.types import WebhookCall

_COLUMNS = """
delivery.id, delivery.source AS source_id, source.provider, delivery.received_at, delivery.outcome, delivery.reason,
octet_length(delivery.body) + coalesce(
    (SELECT sum((each #>> '{cut,length}')::bigint) FROM jsonb_array_elements(delivery.cuts) AS each), 0)::bigint AS size_bytes
"""

_LIST = f"""
SELECT {_COLUMNS} FROM delivery JOIN source ON source.id = delivery.source
WHERE delivery.shop = $1 AND delivery.id < $2 ORDER BY delivery.id DESC LIMIT $3
"""

_LIST_FAILED = f"""
SELECT {_COLUMNS} FROM delivery JOIN source ON source.id = delivery.source
WHERE delivery.shop = $1 AND delivery.outcome = 'failed' AND delivery.id < $2 ORDER BY delivery.id DESC LIMIT $3
"""

_KEPT_CALL = """
SELECT outcome, dedupe_key, headers, body, cuts, received_at, source AS source_id
FROM delivery WHERE shop = $1 AND id = $2
"""

# By their hash: a duplicate's pictures are those of the message that it doubles.
_CUT_CONTENTS = """
SELECT DISTINCT ON (sha256) sha256, content FROM attachment WHERE shop = $1 AND sha256 = ANY($2::bytea[]) AND content IS NOT NULL
"""

_cuts = msgspec.json.Decoder(list[KeptCut])


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A stored call, ready to be read again."""

    outcome: str
    dedupe_key: str
    source_id: UUID
    call: WebhookCall


async def list_deliveries(shop_id: UUID, *, only_failed: bool, before: UUID, limit: int) -> list[Any]:
    """Return up to limit rows, newest first, those older than `before`; never the bodies."""
    return list(await fetch(_LIST_FAILED if only_failed else _LIST, shop_id, before, limit))


async def find_kept_call(shop_id: UUID, delivery_id: UUID) -> KeptCall | None:
    """Return a shop's delivery with its raw call, whole; None when there is none, or its message was deleted."""
    row = await fetch_row(_KEPT_CALL, shop_id, delivery_id)
    if row is None:
        return None
    headers: dict[str, str] = msgspec.json.decode(row["headers"])
    body: bytes = row["body"]
    if row["cuts"] is not None:
        kept = _cuts.decode(row["cuts"])
        rows = await fetch(_CUT_CONTENTS, shop_id, [bytes.fromhex(each.sha256) for each in kept])
        contents = {each["sha256"].hex(): each["content"] for each in rows}
        if not all(each.sha256 in contents for each in kept):
            return None
        body = restore(body, [each.cut for each in kept], [contents[each.sha256] for each in kept])
    return KeptCall(
        outcome=row["outcome"],
        dedupe_key=row["dedupe_key"],
        source_id=row["source_id"],
        call=WebhookCall(headers=headers, body=body, received_at=row["received_at"]),
    )
