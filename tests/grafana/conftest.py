"""What the program exports, as both boards and alerts may ask for it."""

from __future__ import annotations

import httpx2
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from service.observability.metrics import create_model_series

Exported = dict[str, dict[str, set[str]]]


@pytest_asyncio.fixture(scope="session")
async def exported(client: httpx2.AsyncClient) -> Exported:
    """The series that the API's page shows: by name, the values of each label."""
    create_model_series("gpt-5.4-mini")
    page = (await client.get("/metrics")).text
    found: Exported = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            values = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                values.setdefault(label, set()).add(value)
    return found
