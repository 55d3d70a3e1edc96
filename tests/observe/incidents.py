"""What is broken on purpose, the alert that must fire, and its end once all is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.observe import traffic
from tests.observe.alerts import is_firing
from tests.observe.desk import ObservedDesk
from tests.observe.prometheus import Prometheus
from tests.standin_control import Fault

FIRES_WITHIN_S = 60.0
CLEARS_WITHIN_S = 90.0
"""The breaker alone lets nobody try for 30 s."""

OFTEN = 1_000


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened. fired_after_s, cleared_after_s: since it was broken, and since it was mended; None: it did not."""

    told: str
    alert: str
    fired_after_s: float | None = None
    cleared_after_s: float | None = None
    was_quiet_before: bool = True

    @property
    def failures(self) -> list[str]:
        """What did not come about."""
        found = [] if self.was_quiet_before else [f"{self.alert} fired before anything was broken ({self.told})"]
        if self.fired_after_s is None:
            found.append(f"{self.alert} did not fire within {FIRES_WITHIN_S:.0f} s: {self.told}")
        if self.cleared_after_s is None:
            found.append(f"{self.alert} did not clear within {CLEARS_WITHIN_S:.0f} s after the mending: {self.told}")
        return found


def lose_worker(desk: ObservedDesk, prometheus: Prometheus) -> Incident:
    """Kill the worker while mail comes in; start it again."""

    def breaking() -> None:
        desk.kill_worker()
        asyncio.run(traffic.queue_up(desk))

    return _happen("the only worker was killed, then started again", "DraftdeskNoWorker", prometheus, breaking, desk.start_worker)


def block_provider(desk: ObservedDesk, prometheus: Prometheus) -> Incident:
    """Let the provider refuse our key; then let it take the key again."""

    def breaking() -> None:
        desk.stand_in.script(Fault("auth", times=OFTEN))
        asyncio.run(traffic.queue_up(desk))

    def mending() -> None:
        traffic.mend(desk)

    return _happen(
        "the model's provider refused the key, then took it again", "DraftdeskBreakerOpen", prometheus, breaking, mending
    )


def _happen(told: str, alert: str, prometheus: Prometheus, breaking: Callable[[], None], mending: Callable[[], None]) -> Incident:
    was_quiet = not is_firing(prometheus, alert)
    fired_after_s = cleared_after_s = None
    breaking()
    # What did not come about is a row of the result; the run goes on.
    with suppress(AssertionError):
        fired_after_s = prometheus.wait(lambda: is_firing(prometheus, alert), alert, within_s=FIRES_WITHIN_S)
    mending()
    with suppress(AssertionError):
        cleared_after_s = prometheus.wait(lambda: not is_firing(prometheus, alert), alert, within_s=CLEARS_WITHIN_S)
    return Incident(told, alert, fired_after_s, cleared_after_s, was_quiet)
