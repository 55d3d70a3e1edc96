"""One run for all tests of it: it takes a minute and a half, and each test looks at a part of what was seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.embedded.files import temporary_directory
from tests.observe.__main__ import SCRATCH
from tests.observe.observation import Observation, observe


@pytest.fixture(scope="session")
def observation() -> Iterator[Observation]:
    """What was seen of a Draftdesk that was busy, broken and mended before a real Prometheus."""
    with temporary_directory(SCRATCH) as folder:
        yield observe(folder)
