"""A short memory of the sources: every webhook needs its secrets, and they hardly ever change."""

from __future__ import annotations

import time
from uuid import UUID

from service.shops.sources import find_source
from service.shops.types import Source

TTL_S = 5.0
"""How long a disabled source or a withdrawn secret may still count in one process."""

MAX_KEPT = 1_024


class SourceCache:
    """Sources by id, at most 1,024, each for 5 s. An unknown id is asked for each time: a new source works at once."""

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[float, Source]] = {}

    async def get(self, source_id: UUID) -> Source | None:
        """Return an enabled source, or None."""
        kept = self._kept.get(source_id)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        source = await find_source(source_id)
        self._kept.pop(source_id, None)
        if source is not None:
            if len(self._kept) >= MAX_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[source_id] = (time.monotonic() + TTL_S, source)
        return source
