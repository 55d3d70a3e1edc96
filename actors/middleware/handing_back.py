"""On SIGTERM what has not begun goes back to Redis at once. Stock Dramatiq gives it back when the running jobs have ended."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dramatiq import MessageProxy, Worker
from dramatiq.common import iter_queue
from dramatiq.middleware import Middleware

if TYPE_CHECKING:
    from actors.broker import WorkerBroker


class HandBackUnstarted(Middleware):
    """Empties the worker's line before its threads are waited for, and lets its consumers take nothing more."""

    def before_worker_shutdown(self, broker: WorkerBroker, worker: Worker) -> None:  # type: ignore[override] # our broker
        """Give back."""
        broker.is_stopping = True
        by_queue: dict[str, list[MessageProxy]] = defaultdict(list)
        for item in iter_queue(worker.work_queue):
            by_queue[item.message.queue_name].append(item.message)
        for queue_name, messages in by_queue.items():
            worker.consumers[queue_name].requeue_messages(messages)
