"""What of a shop's suggestions can be replayed. Reads only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from service.db.engine import fetch
from service.drafting.types import Snapshot
from service.evals.comparing import Stored

MAX_REPLAYED = 1_000

# By the shop's index; few suggestions were never drafted and have no snapshot.
_NEWEST = """
SELECT id, snapshot::text AS snapshot, final_body FROM suggestion
WHERE shop = $1 AND snapshot IS NOT NULL ORDER BY id DESC LIMIT $2
"""


async def read_stored(shop_id: UUID, *, limit: int) -> list[Stored]:
    """Return the newest drafted suggestions of a shop, at most `limit`; those of an older form that reads no more are left out."""
    rows = await fetch(_NEWEST, shop_id, min(limit, MAX_REPLAYED))
    return [stored for row in rows if (stored := _stored(row))]


def _stored(row: Any) -> Stored | None:  # noqa: ANN401 - asyncpg's Record has no types of its own
    try:
        snapshot = msgspec.json.decode(row["snapshot"], type=Snapshot)
    except msgspec.ValidationError:
        return None
    return Stored(row["id"], snapshot, row["final_body"])
