"""`draftdesk healthcheck worker`: a worker that works, and each way in which one does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from service.commands.healthcheck import Unhealthy, judge_worker
from service.embedded.ready import free_port
from tests.programs import draftdesk
from tests.queues import hanging_broker

NOW = 1_800_000_000.0


def page(*, heartbeat_at: float | None = NOW - 4, live: int = 5, expected: int = 5) -> str:
    lines = [f"draftdesk_worker_threads {live}.0", f"draftdesk_worker_threads_expected {expected}.0"]
    if heartbeat_at is not None:
        lines.append(f'draftdesk_worker_heartbeat_timestamp_seconds{{part="event_loop"}} {heartbeat_at!r}')
    return "\n".join([*lines, "draftdesk_jobs_in_progress 2.0", ""])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (page(), "The worker works: 5 threads live, its last heartbeat is 4 s old."),
        (page(heartbeat_at=NOW - 30), "The worker works: 5 threads live, its last heartbeat is 30 s old."),
        # A clock that is a little ahead of ours.
        (page(heartbeat_at=NOW + 2), "The worker works: 5 threads live, its last heartbeat is 0 s old."),
        # While it shuts down none is expected.
        (page(live=2, expected=0), "The worker works: 2 threads live, its last heartbeat is 4 s old."),
        (page(live=10, expected=10), "The worker works: 10 threads live, its last heartbeat is 4 s old."),
    ],
)
def test_judge_worker_when_it_works_then_it_says_so(said: str, sentence: str) -> None:
    assert judge_worker(said, now=NOW) == sentence


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "The worker has not begun yet."),
        (page(heartbeat_at=None), "The worker has not begun yet."),
        (page(heartbeat_at=NOW - 31), "The worker's last heartbeat is 31 s old: its event loop stands still."),
        (page(live=4), "Of the worker's 5 threads 4 live."),
        (page(live=0), "Of the worker's 5 threads 0 live."),
    ],
)
def test_judge_worker_when_it_cannot_work_then_it_says_why(said: str, sentence: str) -> None:
    with pytest.raises(Unhealthy) as caught:
        judge_worker(said, now=NOW)

    assert str(caught.value) == sentence


@contextmanager
def serving(status: int) -> Iterator[int]:
    """Serve empty pages of one status; yield the port."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def healthcheck(port: int) -> str:
    """Run it against a page that is no worker's; return its sentence."""
    ended = draftdesk("healthcheck", "worker", DRAFTDESK_METRICS_PORT=str(port))
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr


def test_healthcheck_when_nobody_listens_then_one_sentence_and_code_1() -> None:
    port = free_port()

    assert healthcheck(port) == (
        f"draftdesk: The worker's metrics page at 127.0.0.1:{port} does not answer (ConnectionRefusedError).\n"
    )


def test_healthcheck_when_the_page_hangs_then_one_sentence_and_code_1() -> None:
    with hanging_broker() as url:
        port = int(url.partition("127.0.0.1:")[2].partition("/")[0])

        assert healthcheck(port) == f"draftdesk: The worker's metrics page at 127.0.0.1:{port} does not answer (TimeoutError).\n"


def test_healthcheck_when_the_page_is_an_error_then_one_sentence_and_code_1() -> None:
    with serving(500) as port:
        assert healthcheck(port) == f"draftdesk: The worker's metrics page at 127.0.0.1:{port} answers 500.\n"


def test_healthcheck_when_the_worker_has_not_begun_then_one_sentence_and_code_1() -> None:
    with serving(200) as port:
        assert healthcheck(port) == "draftdesk: The worker has not begun yet.\n"


def test_healthcheck_when_the_worker_listens_everywhere_then_it_is_asked_on_loopback() -> None:
    with serving(200) as port:
        ended = draftdesk("healthcheck", "worker", DRAFTDESK_METRICS_HOST="0.0.0.0", DRAFTDESK_METRICS_PORT=str(port))  # noqa: S104

    assert ended.stderr == "draftdesk: The worker has not begun yet.\n"
