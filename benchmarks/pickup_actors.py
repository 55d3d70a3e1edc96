"""The worker's side of the pickup benchmark: an actor that notes when it starts, on our broker or on Dramatiq's own.

`PICKUP_BROKER` says which: `ours` (that of `dramatiq actors`, with all its middleware) or `stock`.
"""

from actors.environment import prepare_environment

# First, as in `actors`: prometheus_client reads the metrics' directory once, at import.
settings = prepare_environment()

import os  # noqa: E402
import time  # noqa: E402

import dramatiq  # noqa: E402
from dramatiq.brokers.redis import RedisBroker  # noqa: E402
from dramatiq.middleware import AsyncIO  # noqa: E402

from actors.broker import make_broker  # noqa: E402
from benchmarks.pickup_keys import STOCK_NAMESPACE, started_key  # noqa: E402
from service.jobs import Job, Queue  # noqa: E402
from service.observability.logging import configure_logging  # noqa: E402

configure_logging(settings.log_level)
kind = os.environ["PICKUP_BROKER"]
if kind == "ours":
    broker: RedisBroker = make_broker(settings)
else:
    broker = RedisBroker(url=settings.redis_url, namespace=STOCK_NAMESPACE)
    broker.add_middleware(AsyncIO())
dramatiq.set_broker(broker)


@dramatiq.actor(actor_name=Job.DRAFT_SUGGESTION, queue_name=Queue.SUGGESTIONS)
async def note_start(suggestion_id: str) -> None:  # noqa: ARG001 - what the program's own message carries
    """Tell the sender when this began, on the machine's one monotonic clock."""
    started_ns = time.monotonic_ns()
    broker.client.rpush(started_key(kind), started_ns)
