"""A worker ends with its master. After a kill -9 of the master its children would go on taking jobs, seen by nobody."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from dramatiq import Broker
from dramatiq.middleware import Middleware

PR_SET_PDEATHSIG = 1

Handler = Callable[[int, FrameType | None], Any] | int | signal.Handlers | None


class DieWithMaster(Middleware):
    """Asks Linux to send this process SIGTERM when its parent dies; elsewhere it does nothing.

    Linux may send it more than once, and at the second one Dramatiq would leave its main thread at once: the event loop's thread
    would keep the process alive for ever. So the first one drains, within the grace, and the others change nothing.
    """

    def after_process_boot(self, broker: Broker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Ask, once a second signal does no harm."""
        drain_once = _once(signal.getsignal(signal.SIGTERM))
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, drain_once)
        die_with_parent()


def _once(handler: Handler) -> Handler:
    """Return a handler that passes on the first signal only."""
    if not callable(handler):
        return handler
    is_told = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal is_told
        if not is_told:
            is_told = True
            handler(number, frame)

    return handle


def die_with_parent() -> None:
    """Tie this process's life to its parent's (Linux; prctl(2), PR_SET_PDEATHSIG)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have died before we asked; then no signal will ever come.
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        raise SystemExit("draftdesk: the master of this worker has died")
