"""The peer of the worker benchmark: Dramatiq as it comes and the SDK as it comes, with an actor that makes the same model call.

No database, no checks, no results, no metrics. `STOCK_PROMPT` names a file with the prompt.
"""

import os
from pathlib import Path

import dramatiq
import msgspec
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware
from openai import AsyncOpenAI

from benchmarks.calls import responses_arguments
from benchmarks.stock_names import ACTOR, NAMESPACE, QUEUE
from service.drafting.types import Prompt


class Client(Middleware):
    """Opens the SDK's client on Dramatiq's event loop."""

    openai: AsyncOpenAI

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Open it."""

        async def make() -> AsyncOpenAI:
            return AsyncOpenAI()

        loop_thread = get_event_loop_thread()
        assert loop_thread is not None
        self.openai = loop_thread.run_coroutine(make())


broker = RedisBroker(url=os.environ["REDIS_URL"], namespace=NAMESPACE)
broker.add_middleware(AsyncIO())
client = Client()
broker.add_middleware(client)
dramatiq.set_broker(broker)

_arguments = responses_arguments(msgspec.json.decode(Path(os.environ["STOCK_PROMPT"]).read_bytes(), type=Prompt))


@dramatiq.actor(actor_name=ACTOR, queue_name=QUEUE)
async def ask_model(number: int) -> None:  # noqa: ARG001 - it stands for the id of a row
    """Ask the model once."""
    response = await client.openai.responses.create(**_arguments)
    assert response.output_text
