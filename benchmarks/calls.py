"""Model calls alone, a program of its own: what the SDK and HTTP cost in one process without anything else.

It reads a `CallsOrder` from stdin and prints a `CallsMeasure`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

import msgspec
import uvloop
from openai import AsyncOpenAI

from benchmarks.instant import MODEL
from service.drafting.model import OpenAIModel, responses_body
from service.drafting.types import Prompt

WARM_UPS = 5
"""Calls on each connection before those that count."""


class CallsOrder(msgspec.Struct, frozen=True):
    """How many calls to make, so many of them at once. is_stock: with the SDK as it comes, else as the worker makes them."""

    base_url: str
    prompt: Prompt
    count: int
    at_once: int
    is_stock: bool


class CallsMeasure(msgspec.Struct, frozen=True):
    """Calls a second, and the process's own CPU time for each."""

    per_second: float
    cpu_ms: float


def responses_arguments(prompt: Prompt) -> dict[str, Any]:
    """Return the arguments of `responses.create` for a prompt."""
    return responses_body(prompt, MODEL)


async def call(order: CallsOrder) -> CallsMeasure:
    """Make the calls and return the measure."""
    if order.is_stock:
        client = AsyncOpenAI(api_key="any", base_url=order.base_url, max_retries=0)
        arguments = responses_arguments(order.prompt)

        close = client.close

        async def ask() -> None:
            assert (await client.responses.create(**arguments)).output_text
    else:
        model = OpenAIModel(
            api_key="any", base_url=order.base_url, model=MODEL, api="responses", deadline_s=30.0, read_timeout_s=20.0
        )

        close = model.close

        async def ask() -> None:
            assert (await model.ask(order.prompt)).text

    async def ask_many(count: int) -> None:
        for _ in range(count):
            await ask()

    each = order.count // order.at_once
    await asyncio.gather(*(ask_many(WARM_UPS) for _ in range(order.at_once)))
    started_ns, cpu_ns = time.perf_counter_ns(), time.process_time_ns()
    await asyncio.gather(*(ask_many(each) for _ in range(order.at_once)))
    seconds, cpu_ms = (time.perf_counter_ns() - started_ns) / 1e9, (time.process_time_ns() - cpu_ns) / 1e6
    await close()
    made = each * order.at_once
    return CallsMeasure(made / seconds, cpu_ms / made)


def main() -> None:
    """Do what stdin says."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=CallsOrder)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(call(order))))


if __name__ == "__main__":
    main()
