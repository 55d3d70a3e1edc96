"""What a fault test reads from outside: when the model was asked, and what a process says of itself in its metrics."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime

import httpx2

from tests.faults.desk import WORD, FaultDesk
from tests.faults.program import Program


async def asked_at(desk: FaultDesk) -> dict[str, list[datetime]]:
    """Return when the model was asked for each mail, by the mail's word, oldest first; of the last 1,000 requests."""
    moments: dict[str, list[datetime]] = defaultdict(list)
    for request in await asyncio.to_thread(desk.stand_in.requests):
        # The mail itself stands behind those that came before it in its thread.
        if words := WORD.findall(request.prompt):
            moments[words[-1]].append(request.at)
    return moments


async def series_of(worker: Program, http: httpx2.AsyncClient) -> dict[str, float]:
    """Return a worker's metrics by series, as `name{label="value"}`; none while its page is away."""
    try:
        page = (await http.get(worker.metrics_url)).text
    except httpx2.TransportError:
        return {}
    lines = (line.rpartition(" ") for line in page.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}
