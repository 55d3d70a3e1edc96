"""The gate: who may call the model's provider now. Fails open: Redis is a hint, and without it every worker decides for itself."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Literal

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from service.errors import TemporaryError
from service.model_gate.scripts import ENTER, LEAVE, PAUSE, STATE_KEY, TRIP
from service.observability import metrics

BURST_MS = 10_000
"""So many milliseconds' worth of a minute's cap may go at once."""

FIRST_OPEN_MS = 30_000
MOST_OPEN_MS = 600_000
"""How long the breaker is open the first time, and at most, after failed probes."""

MAX_PAUSE_S = 600.0
REDIS_DEADLINE_S = 1.0
REDIS_AT_ONCE = 32
"""Scripts, and so connections, of a process at a time. Of 500 jobs at once the client's pool would refuse some."""

OPEN_KNOWN_S = 0.1
"""How long a gate without caps that was found open is taken for open: another worker's pause or breaker is heard of this late, as
it is by the calls that are under way."""

REDIS_REST_S = 2.0
"""After a failure Redis is left alone for so long: every call would wait for it."""

Reason = Literal["breaker", "paused", "requests", "tokens"]

log = structlog.get_logger()


class GateClosed(TemporaryError):
    """The provider is not to be called now. retry_after_s: when there may be room.

    Attributes:
        reason: the breaker is open, the provider asked for a pause, or one of our own caps is reached.
    """

    def __init__(self, reason: Reason, *, retry_after_s: float) -> None:
        super().__init__(f"The model's provider is not called just now: {reason}", retry_after_s=retry_after_s)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave for one call. is_probe: it is to find out whether the provider takes our calls again; tokens: taken from the cap."""

    is_probe: bool
    tokens: int


class ModelGate:
    """One gate for all workers. Belongs to the event loop of its client; every method takes at most a second.

    What this process hears of pauses and of the breaker it also remembers itself. Without Redis that alone decides: there are no
    caps then, and when the breaker's time is over all may try, not one.
    """

    def __init__(self, client: redis.asyncio.Redis, *, requests_per_minute: int = 0, tokens_per_minute: int = 0) -> None:
        self._client = client
        self._requests_per_minute = requests_per_minute
        self._tokens_per_minute = tokens_per_minute
        self._enter, self._leave, self._pause, self._trip = map(client.register_script, (ENTER, LEAVE, PAUSE, TRIP))
        self._turns = asyncio.Semaphore(REDIS_AT_ONCE)
        self._redis_rests_until = 0.0
        self._is_redis_away = False
        self._paused_until = 0.0
        self._open_until = 0.0
        self._is_open = False
        self._has_caps = bool(requests_per_minute or tokens_per_minute)
        self._free_until = 0.0

    async def enter(self, *, tokens: int) -> Pass:
        """Take leave for one call of about so many tokens. Raises GateClosed; then nothing was taken."""
        now = time.monotonic()
        if (left_s := self._paused_until - now) > 0:
            raise _refused("paused", left_s)
        wanted = max(tokens, 1)
        if self._open_until <= now < self._free_until:
            return Pass(is_probe=False, tokens=wanted)
        answer = await self._run(self._enter, self._requests_per_minute, self._tokens_per_minute, wanted, BURST_MS)
        if answer is None:
            return self._enter_alone()
        reason, wait_s, is_probe, is_open = answer[0].decode(), int(answer[1]) / 1000, bool(answer[2]), bool(answer[3])
        self._tell_breaker(is_open=is_open)
        if reason == "breaker":
            self._open_until = time.monotonic() + wait_s
        if reason:
            raise _refused(reason, wait_s)
        if not (self._has_caps or is_open):
            self._free_until = now + OPEN_KNOWN_S
        return Pass(is_probe=is_probe, tokens=wanted)

    async def leave(self, passed: Pass, *, tokens: int | None, is_answered: bool) -> None:
        """Say how a call ended: a probe that was answered closes the breaker, any other end lets another one try.

        tokens: those really used, which correct the cap; None: unknown. Asks Redis only where there is something to tell.
        """
        probe = ("closed" if is_answered else "again") if passed.is_probe else ""
        more = tokens - passed.tokens if tokens is not None and passed.tokens and self._tokens_per_minute else 0
        if probe or more:
            await self._run(self._leave, probe, self._tokens_per_minute if more else 0, more)
        if probe == "closed":
            self._tell_breaker(is_open=False)

    async def pause(self, seconds: float) -> None:
        """Let nobody call for so long: the provider asked for it. Never shortens a pause; at most ten minutes."""
        seconds = min(seconds, MAX_PAUSE_S)
        self._paused_until = max(self._paused_until, time.monotonic() + seconds)
        await self._run(self._pause, int(seconds * 1000))

    async def trip(self, passed: Pass, *, reason: Literal["auth", "quota"]) -> None:
        """Open the breaker: the provider refuses our key or our account. 30 s, and twice as long after each failed probe."""
        self._free_until = 0.0
        answer = await self._run(self._trip, int(passed.is_probe), FIRST_OPEN_MS, MOST_OPEN_MS)
        now = time.monotonic()
        open_ms, is_new = answer or (FIRST_OPEN_MS, now >= self._open_until)
        self._open_until = max(self._open_until, now + int(open_ms) / 1000)
        self._tell_breaker(is_open=True)
        # Once, not for each call that was under way.
        if is_new:
            log.error("model_gate.breaker_opened", reason=reason, open_s=int(open_ms) / 1000)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _enter_alone(self) -> Pass:
        """Decide without Redis. The pass took no tokens from any cap, so that none are given back."""
        left_s = self._open_until - time.monotonic()
        self._tell_breaker(is_open=left_s > 0)
        if left_s > 0:
            raise _refused("breaker", left_s)
        return Pass(is_probe=False, tokens=0)

    async def _run(self, script: Any, *arguments: object) -> Any:  # noqa: ANN401 - redis-py's scripts answer anything
        """Run a script; None when Redis is away, or its key holds what is not ours."""
        try:
            async with asyncio.timeout(REDIS_DEADLINE_S), self._turns:
                # Within the turn: those who waited for theirs meanwhile do not try what has just failed.
                if time.monotonic() < self._redis_rests_until:
                    return None
                answer = await script(keys=[STATE_KEY], args=arguments)
        except (RedisError, OSError, TimeoutError) as error:
            self._redis_rests_until = time.monotonic() + REDIS_REST_S
            if not self._is_redis_away:
                log.warning("model_gate.redis_away", error_type=type(error).__name__)
            self._is_redis_away = True
            return None
        self._is_redis_away = False
        return answer

    def _tell_breaker(self, *, is_open: bool) -> None:
        metrics.BREAKER_OPEN.labels("model").set(int(is_open))
        if self._is_open and not is_open:
            log.info("model_gate.breaker_closed")
        if not is_open:
            self._open_until = 0.0
        self._is_open = is_open


def _refused(reason: Reason, wait_s: float) -> GateClosed:
    """Return what to raise, and count it when it is a wait and no fault."""
    if reason != "breaker":
        metrics.MODEL_RATE_LIMITED.labels("held").inc()
    return GateClosed(reason, retry_after_s=wait_s)
