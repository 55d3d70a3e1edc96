"""How long an actor asks to wait before it is tried again."""

from __future__ import annotations

from types import ModuleType

import pytest

from service.errors import TemporaryError


@pytest.mark.parametrize(
    ("asked_s", "at_least_ms", "at_most_ms"),
    [(None, None, None), (0.0, 2_000, 4_000), (1.5, 2_000, 4_000), (30.0, 30_000, 30_000), (600.0, 600_000, 600_000)],
)
def test_delay_when_the_provider_asks_then_it_is_the_longer_of_both(
    actors_package: ModuleType, asked_s: float | None, at_least_ms: int | None, at_most_ms: int | None
) -> None:
    assert actors_package
    from actors.suggestions import _delay_ms  # noqa: PLC0415 - the package must be loaded by its fixture

    delay_ms = _delay_ms(TemporaryError("busy", retry_after_s=asked_s))

    if at_least_ms is None or at_most_ms is None:
        assert delay_ms is None
    else:
        assert delay_ms is not None
        assert at_least_ms <= delay_ms <= at_most_ms
