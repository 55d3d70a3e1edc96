"""What lies in Dramatiq's queues, changed and read as it lies in Valkey: by somebody who is no worker of ours."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from service.jobs import JOB_OF, Priority, Queue
from tests.faults.desk import FaultDesk


def push(desk: FaultDesk, queue: str, raw: bytes) -> None:
    """Put bytes into a queue, where a message should be."""
    redis_id = str(uuid4())
    desk.servers.client.hset(f"dramatiq:{queue}.msgs", redis_id, raw)
    desk.servers.client.rpush(f"dramatiq:{queue}", redis_id)


def push_job(desk: FaultDesk, kwargs: Mapping[str, Any]) -> None:
    """Put a job into the normal queue, well-formed, with these arguments."""
    redis_id = str(uuid4())
    message = {
        "queue_name": Queue.SUGGESTIONS,
        "actor_name": JOB_OF[Priority.NORMAL],
        "args": [],
        "kwargs": kwargs,
        "options": {"redis_message_id": redis_id},
        "message_id": str(uuid4()),
        "message_timestamp": int(time.time() * 1000),
    }
    desk.servers.client.hset(f"dramatiq:{Queue.SUGGESTIONS}.msgs", redis_id, json.dumps(message))
    desk.servers.client.rpush(f"dramatiq:{Queue.SUGGESTIONS}", redis_id)


def change_messages(
    desk: FaultDesk,
    queue: str,
    *,
    more_kwargs: Mapping[str, Any] | None = None,
    more_options: Mapping[str, Any] | None = None,
    **changes: Any,
) -> int:
    """Rewrite what waits in a queue, as another version of our API would have written it; return how many there were."""
    key = f"dramatiq:{queue}.msgs"
    messages: Any = desk.servers.client.hgetall(key)
    for redis_id, raw in messages.items():
        message = json.loads(raw)
        message["kwargs"] |= more_kwargs or {}
        message["options"] |= more_options or {}
        desk.servers.client.hset(key, redis_id, json.dumps(message | changes))
    return len(messages)


def dead_count(desk: FaultDesk) -> int:
    """Count what Dramatiq has given up, in all queues."""
    return sum(int(desk.servers.client.zcard(f"dramatiq:{queue}.XQ")) for queue in Queue)
