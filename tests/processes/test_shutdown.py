"""Every program ends within its grace when it is told to, whatever its servers do meanwhile."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import httpx2
import pytest

from service.embedded.programs import API_GRACE_S, WORKER_GRACE_S, api_command, worker_command
from service.embedded.ready import answers_ok, free_port
from service.settings import Settings
from tests.embedded.running import eventually
from tests.processes.desk import Desk
from tests.processes.lone import LoneProgram, behind_proxy, lone
from tests.processes.running_up import LINUX, child_of, descendants, still_running, up
from tests.programs import running_api
from tests.proxy import Proxy
from tests.standin_control import Fault

Server = Literal["postgres", "valkey"]
Trouble = Literal["refuse", "hang"]

TROUBLES = pytest.mark.parametrize(
    ("server", "trouble"), [("postgres", "refuse"), ("postgres", "hang"), ("valkey", "refuse"), ("valkey", "hang")]
)
QUEUES_OF_ITS_OWN = "/7"
"""A database of Valkey that no other worker serves."""


@contextmanager
def through_proxy(settings: Settings, server: Server) -> Iterator[tuple[Proxy, Settings]]:
    """Yield settings that lead to one server through a proxy, with free ports and queues of their own."""
    alone = dataclasses.replace(
        settings, redis_url=settings.redis_url.removesuffix("/0") + QUEUES_OF_ITS_OWN, port=free_port(), metrics_port=free_port()
    )
    with behind_proxy(alone.database_url if server == "postgres" else alone.redis_url) as (proxy, url):
        if server == "postgres":
            yield proxy, dataclasses.replace(alone, database_url=url)
        else:
            yield proxy, dataclasses.replace(alone, redis_url=url)


@contextmanager
def lone_worker(settings: Settings, folder: Path) -> Iterator[LoneProgram]:
    with lone("worker", worker_command(), settings, folder) as worker:
        assert worker.says("Worker process is ready for action")
        yield worker


@pytest.mark.fault
@TROUBLES
async def test_worker_when_a_server_goes_while_it_drafts_then_it_ends_within_its_grace(
    desk: Desk, http: httpx2.AsyncClient, tmp_path: Path, server: Server, trouble: Trouble
) -> None:
    desk.stand_in.script(Fault("delay", seconds=3.0))
    with through_proxy(desk.settings, server) as (proxy, settings), lone_worker(settings, tmp_path) as worker:
        direct = dataclasses.replace(settings, database_url=desk.settings.database_url, redis_url=own_queues(desk.settings))
        with running_api(direct, tmp_path) as url:
            suggestion_id = await desk.post(http, url=url)
        assert eventually(lambda: desk.stand_in.seen().count > 0)
        getattr(proxy, trouble)()

        assert worker.ending(WORKER_GRACE_S) == 0

    (row,) = await desk.rows("SELECT status FROM suggestion WHERE id = $1", suggestion_id)
    assert row["status"] == ("ready" if server == "valkey" else "drafting")


def own_queues(settings: Settings) -> str:
    return settings.redis_url.removesuffix("/0") + QUEUES_OF_ITS_OWN


@LINUX
async def test_worker_when_it_drains_then_its_page_is_there_until_it_has_ended(
    desk: Desk, http: httpx2.AsyncClient, tmp_path: Path
) -> None:
    desk.stand_in.script(Fault("delay", seconds=4.0))
    settings = dataclasses.replace(desk.settings, redis_url=own_queues(desk.settings), metrics_port=free_port())
    with lone_worker(settings, tmp_path) as worker:
        with running_api(settings, tmp_path) as url:
            suggestion_id = await desk.post(http, url=url)
        assert eventually(lambda: desk.stand_in.seen().count > 0)
        assert eventually(lambda: answers_ok(settings.metrics_port, "/metrics"))
        assert own_metrics_directory(worker.child.pid).exists()

        os.kill(worker.child.pid, signal.SIGTERM)

        assert worker.says("Shutting down")
        page = (await http.get(f"http://127.0.0.1:{settings.metrics_port}/metrics")).text
        assert "draftdesk_worker_threads_expected 0.0" in page
        assert eventually(lambda: worker.child.poll() is not None, WORKER_GRACE_S)
        assert worker.child.returncode == 0
        assert not own_metrics_directory(worker.child.pid).exists()
    assert (await desk.suggestion(http, suggestion_id))["status"] == "ready"


def own_metrics_directory(master: int) -> Path:
    """Return where the processes of a worker keep their numbers while they run."""
    return Path(tempfile.gettempdir()) / f"draftdesk-metrics-{os.getuid()}-{master}"


@TROUBLES
def test_api_when_a_server_is_gone_then_it_ends_within_its_grace(
    desk: Desk, tmp_path: Path, server: Server, trouble: Trouble
) -> None:
    with (
        through_proxy(desk.settings, server) as (proxy, settings),
        lone("api", api_command(settings), settings, tmp_path) as api,
    ):
        assert eventually(lambda: answers_ok(settings.port, "/health/live"))
        getattr(proxy, trouble)()

        # Uvicorn passes the signal on to itself when it has ended well.
        assert api.ending(API_GRACE_S) in {0, -signal.SIGTERM}


@TROUBLES
def test_relay_when_a_server_is_gone_then_it_ends_within_its_grace(
    desk: Desk, tmp_path: Path, server: Server, trouble: Trouble
) -> None:
    with through_proxy(desk.settings, server) as (proxy, given):
        settings = dataclasses.replace(given, relay_interval_s=0.1)
        with lone("relay", ["service", "relay"], settings, tmp_path) as relay:
            assert relay.says("relay.started")
            getattr(proxy, trouble)()

            assert relay.ending(API_GRACE_S) == 0


# Dramatiq's master shows the log of a worker that has not begun, and listens to signals, only after its first 30 s.
@pytest.mark.fault
@pytest.mark.parametrize(
    ("command", "trouble"),
    [(worker_command(), "refuse"), (["service", "relay"], "refuse"), (["service", "relay"], "hang")],
    ids=["worker-refuse", "relay-refuse", "relay-hang"],
)
def test_program_when_it_still_waits_for_the_database_then_it_ends_at_once(
    desk: Desk, tmp_path: Path, command: list[str], trouble: Trouble
) -> None:
    with through_proxy(desk.settings, "postgres") as (proxy, settings):
        getattr(proxy, trouble)()
        with lone("program", command, settings, tmp_path) as program:
            assert program.says("db.waits_for_postgres")

            assert program.ending(20) == 0


@LINUX
@pytest.mark.fault
@pytest.mark.parametrize(("program", "number"), [("postgres", signal.SIGKILL), ("valkey-server", signal.SIGSTOP)])
def test_up_when_a_server_is_gone_then_it_ends_well_and_nothing_is_left(program: str, number: signal.Signals) -> None:
    folder = Path(tempfile.mkdtemp(prefix="draftdesk-"))
    folder.chmod(0o711)
    with up(folder, free_port()) as (process, _):
        pids = descendants(process.pid)
        os.kill(child_of(process.pid, program), number)

        process.terminate()

        assert process.wait(110) == 0
    assert eventually(lambda: not still_running(pids)), still_running(pids)
    shutil.rmtree(folder)
