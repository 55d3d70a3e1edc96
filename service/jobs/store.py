"""How much room Redis has for the queues, and whether what it takes is safe on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.jobs.contents import TIMEOUT_S, redis_client


@dataclass(frozen=True, slots=True)
class StoreState:
    """Redis by its own account.

    Attributes:
        memory_limit_bytes: beyond it nothing more is taken; 0: there is none.
        disk_bytes: of the append-only file; 0 where there is none.
        is_persistent: whether the last write to disk succeeded. A disk that is full shows here, and Redis refuses all writes then.
    """

    memory_bytes: int
    memory_limit_bytes: int
    disk_bytes: int
    is_persistent: bool


def read_store(redis_url: str, *, timeout_s: float = TIMEOUT_S) -> StoreState:
    """Ask with INFO (valkey.io/commands/info). Blocks. Raises QueueAway, InvalidInput."""
    with redis_client(redis_url, timeout_s=timeout_s) as client:
        told: Any = client.info("everything")
    statuses = ("aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status")
    return StoreState(
        memory_bytes=int(told.get("used_memory", 0)),
        memory_limit_bytes=int(told.get("maxmemory", 0)),
        disk_bytes=int(told.get("aof_current_size", 0)),
        is_persistent=all(told.get(each, "ok") == "ok" for each in statuses),
    )
