"""Ports, and waiting until a child answers on one."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from service.embedded.errors import EmbeddedError
from service.embedded.process import Child

READY_WITHIN_S = 30.0
"""Many times what a start takes; beyond it something is wrong and waiting on would only hide it."""

_POLL_S = 0.02
_TAIL_LINES = 8
_TAIL_BYTES = 8192


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_port_free(host: str, port: int) -> bool:
    """Return whether a server could listen there now.

    Raises:
        EmbeddedError: the host is no address of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise EmbeddedError(f"{host!r} is not an address to listen on ({error.strerror}): set DRAFTDESK_HOST.") from error
    with socket.socket(family, kind, protocol) as probe:
        # As servers do it: connections that have just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def wait_until_ready(child: Child, answers: Callable[[], bool]) -> None:
    """Ask again and again until the child answers, for up to 30 s.

    Raises:
        EmbeddedError: it died or kept silent; holds the last lines of its log.
    """
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        # The child first: on its port somebody else may answer once it is dead.
        if (status := child.poll()) is not None:
            raise EmbeddedError(f"{child.name} ended with status {status} while starting.{last_words(child.log_path)}")
        if answers():
            return
        time.sleep(_POLL_S)
    raise EmbeddedError(f"{child.name} gave no answer within {READY_WITHIN_S:.0f} s.{last_words(child.log_path)}")


def answers_ok(port: int, path: str, host: str = "127.0.0.1") -> bool:
    """Return whether a GET of this path is answered with status 200 within 2 s."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def last_words(log_path: Path | None) -> str:
    """Return the end of a log as a part of an error message; empty when there is none."""
    if log_path is None:
        return ""
    with log_path.open("rb") as log:
        log.seek(max(0, log_path.stat().st_size - _TAIL_BYTES))
        lines = log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]
    return f" The end of {log_path}:\n" + "\n".join(lines)


def start_on_free_port(launch: Callable[[int], Child], answers: Callable[[int], bool]) -> tuple[Child, int]:
    """Start a server on a free port and wait until it answers; return it and the port.

    Between our choice of a port and the server's use of it another program may take it: then it is tried again, twice.

    Raises:
        EmbeddedError: it died or kept silent; nothing is left running.
    """
    for may_try_again in (True, True, False):
        port = free_port()
        child = launch(port)
        try:
            wait_until_ready(child, partial(answers, port))
        except BaseException as error:
            child.stop(grace_s=5.0)
            if may_try_again and isinstance(error, EmbeddedError) and not is_port_free("127.0.0.1", port):
                continue
            raise
        return child, port
    raise AssertionError("the last try returns or raises")
