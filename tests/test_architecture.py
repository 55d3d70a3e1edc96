"""The contracts between the packages: who imports whom, and that each job has exactly one actor, with the options we promise."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from service.jobs import QUEUE_OF, BatchJob, DraftJob, Job, Priority, message_of
from service.settings import Settings

ROOT = Path(__file__).parents[1]

DESCRIBE = """
import inspect, json, sys
import actors
from dramatiq import get_broker

assert get_broker() is actors.broker
json.dump({
    "actors": [
        {
            "name": str(actor.actor_name),
            "queue": str(actor.queue_name),
            "patience_s": actor.patience_s,
            "parameters": {
                name: parameter.annotation for name, parameter in inspect.signature(inspect.unwrap(actor.fn)).parameters.items()
            },
            "options": {name: value for name, value in actor.options.items() if name != "throws"},
            "throws": [error.__name__ for error in actor.options["throws"]],
        }
        for actor in actors.broker.actors.values()
    ],
    "middleware": [type(each).__name__ for each in actors.broker.middleware],
}, sys.stdout)
"""


class Actor(msgspec.Struct):
    """One actor as the worker declares it."""

    name: str
    queue: str
    patience_s: int
    parameters: dict[str, str]
    options: dict[str, Any]
    throws: list[str]


class Worker(msgspec.Struct):
    """What `dramatiq actors` loads."""

    actors: list[Actor]
    middleware: list[str]


@pytest.fixture(scope="module")
def worker(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Worker:
    """Load the actors in a process of their own: they set Dramatiq's global broker and the event loop's policy."""
    ended = subprocess.run(
        [sys.executable, "-c", DESCRIBE],
        env={
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "OPENAI_API_KEY": settings.openai_api_key,
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path_factory.mktemp("metrics")),
        },
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(ended.stdout, type=Worker)


def actor_of(worker: Worker, job: Job) -> Actor:
    (actor,) = [actor for actor in worker.actors if actor.name == job]
    return actor


@pytest.mark.parametrize("job", list(Job))
def test_job_when_the_worker_is_loaded_then_it_has_exactly_one_actor_on_its_queue(worker: Worker, job: Job) -> None:
    assert actor_of(worker, job).queue == QUEUE_OF[job]


def test_worker_when_loaded_then_every_actor_is_a_job(worker: Worker) -> None:
    assert sorted(actor.name for actor in worker.actors) == sorted(Job)


@pytest.mark.parametrize("job", [*(DraftJob(UUID(int=7), priority) for priority in Priority), BatchJob(UUID(int=7))])
def test_message_when_sent_then_its_arguments_are_the_actors_parameters(worker: Worker, job: DraftJob | BatchJob) -> None:
    message = message_of(job)

    actor = actor_of(worker, Job(message.actor_name))
    assert message.queue_name == actor.queue
    # The last one takes what a newer API may send along.
    assert (message.args, [*message.kwargs, "newer"]) == ((), list(actor.parameters))


@pytest.mark.parametrize(
    ("job", "patience_s"),
    [
        (Job.DRAFT_SUGGESTION_VIP, 0),
        (Job.DRAFT_SUGGESTION, 30),
        (Job.DRAFT_SUGGESTION_OF_BATCH, 300),
        (Job.ADVANCE_BATCH, 300),
    ],
)
def test_actor_when_declared_then_its_options_are_those_we_promise(worker: Worker, job: Job, patience_s: int) -> None:
    actor = actor_of(worker, job)

    assert actor.patience_s == patience_s
    assert actor.options == {
        "max_retries": 3,
        "min_backoff": 2_000,
        "max_backoff": 16_000,
        "time_limit": 70_000,
        "store_results": True,
        "result_ttl": 24 * 60 * 60 * 1000,
    }
    assert actor.throws == ["PermanentError"]


def test_middleware_when_declared_then_the_time_limit_is_last(worker: Worker) -> None:
    # Reliability: its deadline must be disarmed before Retries enqueues, else a slow broker ends the thread.
    assert worker.middleware[-1] == "TimeLimit"
    assert worker.middleware.index("Retries") < worker.middleware.index("TimeLimit")


def test_middleware_when_declared_then_resources_live_inside_the_event_loop(worker: Worker) -> None:
    assert worker.middleware.index("AsyncIO") < worker.middleware.index("Resources")


def test_middleware_when_declared_then_nothing_is_there_twice(worker: Worker) -> None:
    assert len(set(worker.middleware)) == len(worker.middleware)
    assert {"Retries", "Results", "CurrentMessage", "ShutdownNotifications", "DieWithMaster"} <= set(worker.middleware)


def test_imports_when_linted_then_every_contract_is_kept() -> None:
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout
    assert "0 broken" in ended.stdout


def test_service_when_read_then_it_never_imports_actors() -> None:
    importing = [path for path in (ROOT / "service").rglob("*.py") if "actors" in imported(path)]

    assert importing == []


def test_openai_when_searched_for_then_only_the_model_and_the_providers_batches_import_it() -> None:
    importing = [path.relative_to(ROOT).as_posix() for path in (ROOT / "service").rglob("*.py") if "openai" in imported(path)]

    assert sorted(importing) == ["service/drafting/model.py", "service/drafting/provider_batch.py"]


def test_environment_when_searched_for_then_only_settings_reads_it() -> None:
    """Programs that start others hand the whole of theirs on; that is no reading."""
    reading = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "service").rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ("os.getenv", "os.environ.get", "environ["))
    ]

    assert reading in ([], ["service/commands/database.py"])


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
