"""A worker ends with its master. After a kill -9 of the master its children would go on taking jobs, seen by nobody."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys

from dramatiq import Broker
from dramatiq.middleware import Middleware

PR_SET_PDEATHSIG = 1


class DieWithMaster(Middleware):
    """Asks Linux to send this process SIGTERM when its parent dies; elsewhere it does nothing."""

    def after_process_boot(self, broker: Broker) -> None:  # noqa: ARG002 - Dramatiq's signature
        """Ask."""
        die_with_parent()


def die_with_parent() -> None:
    """Tie this process's life to its parent's (Linux; prctl(2), PR_SET_PDEATHSIG)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have died before we asked; then no signal will ever come.
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        raise SystemExit("draftdesk: the master of this worker has died")
