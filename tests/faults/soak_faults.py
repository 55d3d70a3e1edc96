"""The soak's faults: each is done to a running desk, lasts some seconds, and leaves all as it should be."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.embedded.supervisor import Part
from tests.embedded.running import is_running
from tests.faults.desk import FaultDesk
from tests.faults.program import Program
from tests.faults.waiting import wait_for
from tests.standin_control import Fault

OUTAGE_S = 5.0
THINKS_S = 0.3
"""How long the model takes when all is well."""

SPARED, STRUCK = 0, 1
"""Of two APIs and two workers the first of each is never ended: its memory is what is watched."""


@dataclass(slots=True)
class Fleet:
    """What runs. The load posts to whatever stands in `apis`.

    Attributes:
        ended_by_themselves: what ended without having been told to, by name.
    """

    desk: FaultDesk
    apis: list[Program]
    workers: list[Program]
    ended_by_themselves: list[str]

    async def start_again(self) -> None:
        """Start again whatever has ended, as a supervisor would."""
        for place, api in enumerate(self.apis):
            if api.child.poll() is not None:
                self.apis[place] = await self.desk.start_api()
        for place, worker in enumerate(self.workers):
            if worker.child.poll() is not None:
                self.workers[place] = await self.desk.start_worker()

    async def look_after(self) -> None:
        """Note and start again what has ended by itself."""
        dead = [each.name for each in (*self.apis, *self.workers) if each.child.poll() is not None]
        self.ended_by_themselves += dead
        if dead:
            await self.start_again()

    def all_ways(self, server: str, trouble: str, *arguments: float) -> None:
        """Let everybody's way to a server be in trouble."""
        for ways in (self.desk.api_ways, self.desk.worker_ways):
            getattr(getattr(ways, server), trouble)(*arguments)

    def cure(self) -> None:
        """Let everybody reach everything."""
        for ways in (self.desk.api_ways, self.desk.worker_ways):
            ways.pass_on()


Strike = Callable[[Fleet], Awaitable[None]]


async def _kill_working(fleet: Fleet) -> None:
    fleet.workers[STRUCK].kill_working()
    await fleet.workers[STRUCK].ended()
    await fleet.start_again()


async def _kill_worker(fleet: Fleet) -> None:
    fleet.workers[STRUCK].kill()
    await asyncio.sleep(1)
    await fleet.start_again()


async def _kill_master(fleet: Fleet) -> None:
    worker = fleet.workers[STRUCK]
    children = worker.children()
    worker.kill_master()

    async def have_ended() -> bool:
        return not any(is_running(pid) for pid in children)

    # As long as it may: the calls under way are finished first.
    with suppress(AssertionError):
        await wait_for(have_ended, "the worker's processes end", within_s=70)
    await worker.ended()
    await fleet.start_again()


async def _terminate_worker(fleet: Fleet) -> None:
    fleet.workers[STRUCK].terminate()
    await fleet.workers[STRUCK].ended()
    await fleet.start_again()


async def _pause_worker(fleet: Fleet) -> None:
    fleet.workers[STRUCK].pause()
    await asyncio.sleep(16)
    fleet.workers[STRUCK].go_on()


async def _kill_api(fleet: Fleet) -> None:
    fleet.apis[STRUCK].kill()
    await asyncio.sleep(2)
    await fleet.start_again()


async def _terminate_api(fleet: Fleet) -> None:
    fleet.apis[STRUCK].terminate()
    await fleet.apis[STRUCK].ended()
    await fleet.start_again()


def _restart(pick: Callable[[FaultDesk], Part], *, kill: bool, forget: str = "") -> Strike:
    async def strike(fleet: Fleet) -> None:
        servers, part = fleet.desk.servers, pick(fleet.desk)
        if kill:
            servers.kill(part)
        else:
            servers.stop(part)
        if forget:
            shutil.rmtree(Path(servers.folder, "servers", forget), ignore_errors=True)
        await asyncio.sleep(2)
        await servers.start(part)

    return strike


async def _wipe(fleet: Fleet) -> None:
    await asyncio.to_thread(fleet.desk.servers.wipe)


def _trouble(server: str, trouble: str, *arguments: float, seconds: float = OUTAGE_S) -> Strike:
    async def strike(fleet: Fleet) -> None:
        fleet.all_ways(server, trouble, *arguments)
        await asyncio.sleep(seconds)
        fleet.cure()

    return strike


def _script(fault: Fault) -> Strike:
    async def strike(fleet: Fleet) -> None:
        await asyncio.to_thread(fleet.desk.stand_in.script, fault)

    return strike


async def _slow_model(fleet: Fleet) -> None:
    await asyncio.to_thread(fleet.desk.stand_in.think, 4.0)
    await asyncio.sleep(8)
    await asyncio.to_thread(fleet.desk.stand_in.think, THINKS_S)


STRIKES: dict[str, Strike] = {
    "worker: kill -9 of the working process": _kill_working,
    "worker: kill -9 of all of it": _kill_worker,
    "worker: kill -9 of the master": _kill_master,
    "worker: SIGTERM": _terminate_worker,
    "worker: SIGSTOP for 16 s": _pause_worker,
    "API: kill -9": _kill_api,
    "API: SIGTERM": _terminate_api,
    "Valkey: kill -9, restart": _restart(lambda desk: desk.servers.valkey, kill=True),
    "Valkey: kill -9, restart empty": _restart(lambda desk: desk.servers.valkey, kill=True, forget="valkey/appendonlydir"),
    "Valkey: wiped": _wipe,
    "Valkey: hangs": _trouble("valkey", "hang"),
    "Valkey: refuses": _trouble("valkey", "refuse"),
    "Valkey: cuts answers off": _trouble("valkey", "cut"),
    "Valkey: slow": _trouble("valkey", "slow_down", 0.4),
    "Postgres: restart": _restart(lambda desk: desk.servers.postgres, kill=False),
    "Postgres: kill -9": _restart(lambda desk: desk.servers.postgres, kill=True),
    "Postgres: hangs": _trouble("postgres", "hang"),
    "model: 20 times 500": _script(Fault("server_error", times=20)),
    "model: 5 times 429, wait 5 s": _script(Fault("rate_limit", retry_after="5", times=5)),
    "model: 3 calls hang": _script(Fault("hang", times=3)),
    "model: 2 calls trickle": _script(Fault("trickle", times=2)),
    "model: slow for 8 s": _slow_model,
    "model: cannot be reached": _trouble("model", "refuse"),
}
