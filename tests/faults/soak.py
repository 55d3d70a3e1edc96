"""`python -m tests.faults.soak --minutes 10`: steady load, random faults, and at the end the books: nothing lost, nothing doubled.

Two APIs and two workers in processes of their own, Postgres, Valkey and the stand-in model, all reached through proxies. One API
and one worker are never ended, so that their memory can be watched; the others are. `--seed` repeats the faults and their order.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import random
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import httpx2

from service.settings import Settings
from tests.faults.desk import FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.servers import Servers, Ways
from tests.faults.soak_faults import STRIKES, THINKS_S, Fleet
from tests.faults.soak_load import Load
from tests.faults.soak_watch import Growth, Watch, growth_of

PAUSE_S = (8.0, 22.0)
"""Between two faults, which last some seconds themselves; a short run has shorter pauses, so that it has faults enough."""

SHORT_S, SHORT_PAUSE_S = 180.0, (2.0, 5.0)
SETTLE_S = 240.0
MANY = 1_000_000
"""Calls are held against attempts here, by the newest mail of each prompt: a thread's later prompts hold its earlier mails too."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ending:
    """What the books say. reasons: of dead letters; failure: what of the invariant does not hold, "" when all of it does."""

    statuses: Counter[str]
    reasons: Counter[str]
    failure: str
    settle_s: float


def main() -> int:
    """Run it; return 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description="Random faults under steady load.")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None, help="of an earlier run, to repeat its faults")
    given = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if given.seed is None else given.seed
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # it is a text stream
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-soak-"))
    folder.chmod(0o711)
    settings = dataclasses.replace(Settings.from_env({}), data_dir=folder / "servers", port=0, pool_size=5)
    sys.stdout.write(f"seed {seed}, {given.minutes:g} minutes, logs in {folder}\n")
    with ExitStack() as stack:
        servers = stack.enter_context(Servers.running(folder, settings))
        ways = stack.enter_context(servers.ways()), stack.enter_context(servers.ways())
        is_well = asyncio.run(_run(servers, ways, minutes=given.minutes, seed=seed))
    if is_well:
        shutil.rmtree(folder)
    return 0 if is_well else 1


async def _run(servers: Servers, ways: tuple[Ways, Ways], *, minutes: float, seed: int) -> bool:
    headers = {"authorization": f"Bearer {servers.shop.api_key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30, limits=httpx2.Limits(max_connections=200), trust_env=False) as http:
        desk = FaultDesk(servers, *ways, http)
        try:
            return await _soak(desk, seconds=minutes * 60, seed=seed)
        finally:
            desk.remove_programs()
            await desk.close()


async def _soak(desk: FaultDesk, *, seconds: float, seed: int) -> bool:
    first_api, second_api, first_worker, second_worker = await asyncio.gather(
        desk.start_api(), desk.start_api(), desk.start_worker(), desk.start_worker()
    )
    fleet = Fleet(desk, [first_api, second_api], [first_worker, second_worker], [])
    load = Load(desk, fleet.apis, random.Random(seed))  # noqa: S311 - to be repeated, not to be secret
    await load.make_vips()
    await asyncio.to_thread(desk.stand_in.think, THINKS_S)
    watch, stop = Watch(fleet, load), asyncio.Event()
    watching = asyncio.create_task(watch.run())
    posting = asyncio.create_task(load.run(stop))

    struck = await _strike(fleet, seconds=seconds, chance=random.Random(seed))  # noqa: S311 - as above
    stop.set()
    await posting
    ending = await _settle(fleet, load, watch)
    if watching.done():
        # Only an error ends it.
        watching.result()
    watching.cancel()
    sys.stdout.write(_table(fleet, load, watch, struck, ending) + "\n")
    return not ending.failure


async def _strike(fleet: Fleet, *, seconds: float, chance: random.Random) -> Counter[str]:
    """Do one fault after the other, every kind once before any comes again; return what was done."""
    struck: Counter[str] = Counter()
    bag: list[str] = []
    pause_s = SHORT_PAUSE_S if seconds <= SHORT_S else PAUSE_S
    until = time.monotonic() + seconds
    while True:
        await asyncio.sleep(chance.uniform(*pause_s))
        if time.monotonic() >= until:
            return struck
        await fleet.look_after()
        if not bag:
            bag = sorted(STRIKES)
            chance.shuffle(bag)
        name = bag.pop()
        sys.stdout.write(f"        {name}\n")
        await STRIKES[name](fleet)
        struck[name] += 1


async def _settle(fleet: Fleet, load: Load, watch: Watch) -> Ending:
    """Let everything be well, and all that waits be finished; then look whether the books are right."""
    desk = fleet.desk
    fleet.cure()
    await desk.servers.start_all()
    await fleet.look_after()
    await asyncio.to_thread(desk.stand_in.think, 0.0)
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    failure = ""
    began_at = time.monotonic()
    try:
        await load.post_rest()
        await settle(desk, within_s=SETTLE_S)
        await watch.count_calls()
        letters = await desk.rows("SELECT reason_code, body FROM suggestion WHERE status = 'failed'")
        reasons = Counter(row["reason_code"] for row in letters)
        assert all(row["body"] for row in letters), "a dead letter without its holding text"
        statuses = await check(desk, calls_at_most=MANY)
        await _check_calls(desk, watch)
        assert len(desk.accepted) == load.told.written, f"{load.told.written} mails written, {len(desk.accepted)} taken"
    except AssertionError as error:
        failure = str(error) or "an assertion without words"
    return Ending(statuses, reasons, failure, time.monotonic() - began_at)


async def _check_calls(desk: FaultDesk, watch: Watch) -> None:
    """Each request to the model belongs to an attempt of its suggestion."""
    rows = await desk.rows(
        """SELECT substring(message.text FROM 'My code is ([0-9a-f]{16})') AS word, suggestion.attempt
           FROM message JOIN suggestion ON suggestion.message = message.id"""
    )
    attempts = {row["word"]: row["attempt"] for row in rows}
    beyond = {word: (len(at), attempts.get(word)) for word, at in watch.calls.items() if len(at) > attempts.get(word, 0)}
    assert not beyond, f"asked more often than tried (calls, attempts): {dict(list(beyond.items())[:5])}"


def _table(fleet: Fleet, load: Load, watch: Watch, struck: Counter[str], ending: Ending) -> str:
    told = load.told
    durations_ms = sorted(1000 * each for each in told.durations_s)
    answers = ", ".join(f"{count} times {status or 'no answer'}" for status, count in sorted(told.statuses.items()))
    rows = [
        ("faults", f"{struck.total()}, of {len(struck)} kinds"),
        *((f"- {name}", str(count)) for name, count in sorted(struck.items())),
        ("mails written, taken", f"{told.written}, {len(fleet.desk.accepted)}"),
        ("answers", answers),
        ("of the 200", ", ".join(f"{count} {outcome}" for outcome, count in sorted(told.outcomes.items()))),
        (
            "time to a 200, p50 / p99",
            f"{statistics.median(durations_ms):.0f} / {durations_ms[len(durations_ms) * 99 // 100]:.0f} ms",
        ),
        ("suggestions", ", ".join(f"{count} {status}" for status, count in sorted(ending.statuses.items())) or "not counted"),
        ("dead letters", ", ".join(f"{count} {reason}" for reason, count in sorted(ending.reasons.items())) or "none"),
        (
            "calls of the model",
            f"{watch.call_count} for {len(watch.calls)} mails, {max(map(len, watch.calls.values()), default=0)} at most for one",
        ),
        ("settled after the last fault", f"{ending.settle_s:.0f} s"),
        ("ended by themselves", ", ".join(fleet.ended_by_themselves) or "none"),
        ("memory of the API that was spared", _told(growth_of(watch.api_bytes))),
        ("memory of the worker that was spared", _told(growth_of(watch.worker_bytes))),
        ("nothing lost, nothing doubled", f"NO: {ending.failure}" if ending.failure else "yes"),
    ]
    return "\n".join(["", "| what | seen |", "|---|---|", *(f"| {what} | {seen} |" for what, seen in rows)])


def _told(growth: Growth | None) -> str:
    if growth is None:
        return "too short a run"
    flat = "flat" if growth.is_flat else "NOT FLAT"
    return f"first third {growth.first_mb:.0f} MB, last third {growth.last_mb:.0f} MB, most {growth.most_mb:.0f} MB: {flat}"


if __name__ == "__main__":
    sys.exit(main())
