"""Starts dead processes again, after pauses that grow, and gives up on one that dies again and again."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from service.embedded.errors import EmbeddedError
from service.embedded.process import Child
from service.embedded.ready import last_words

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0

WINDOW_S = 60.0
DEATHS_AT_MOST = 5
"""So many within the window mean that one more start would change nothing."""


@dataclass(slots=True)
class Part:
    """A process that has its place among others.

    Attributes:
        child: the one that runs, or ran last.
        launch: starts another one in its place, on the same port, without waiting until it answers.
    """

    child: Child
    launch: Callable[[], Child]

    def stop(self, grace_s: float) -> None:
        """Stop the one that runs."""
        self.child.stop(grace_s)


class Deaths:
    """When one process died, and what follows from it. Pure: it is told the time, in seconds of any clock that only rises."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=DEATHS_AT_MOST)
        self._pause_s = 0.0

    def add(self, now: float) -> float | None:
        """Return how long to wait before the next start, in seconds; None: give up.

        The pauses double, 1, 2, 4 ... 30 s; after a life of a minute they begin anew.
        """
        if self._times and now - self._times[-1] - self._pause_s > WINDOW_S:
            self._pause_s = 0.0
        self._times.append(now)
        if len(self._times) == DEATHS_AT_MOST and now - self._times[0] <= WINDOW_S:
            return None
        self._pause_s = min(max(2 * self._pause_s, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        return self._pause_s


@dataclass(slots=True)
class _Watched:
    part: Part
    deaths: Deaths = field(default_factory=Deaths)
    due_at: float | None = None
    """When it is started again; None while it runs."""


class Supervisor:
    """Watches parts; call `look` again and again, on the main thread. It waits for no answer: the others do that."""

    def __init__(self, parts: Iterable[Part], tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        """Watch these. tell: is given a sentence at each death and at each start."""
        self._watched = [_Watched(part) for part in parts]
        self._tell = tell
        self._clock = clock

    def look(self) -> None:
        """Notice who has died, and start those whose pause is over.

        Raises:
            EmbeddedError: one has died again and again.
        """
        for each in self._watched:
            if each.due_at is None:
                status = each.part.child.poll()
                if status is not None:
                    self._mourn(each, f"ended by itself ({_ending(status)})")
            elif self._clock() >= each.due_at:
                self._revive(each)

    def _revive(self, watched: _Watched) -> None:
        part = watched.part
        try:
            part.child = part.launch()
        except EmbeddedError as error:
            self._mourn(watched, f"could not be started again ({str(error).rstrip('.')})")
            return
        watched.due_at = None
        self._tell(f"{part.child.name} was started again.")

    def _mourn(self, watched: _Watched, what: str) -> None:
        now = self._clock()
        child = watched.part.child
        pause_s = watched.deaths.add(now)
        if pause_s is None:
            raise EmbeddedError(
                f"{child.name} {what}, {DEATHS_AT_MOST} times within {WINDOW_S:.0f} s: starting it once more would not help."
                f"{last_words(child.log_path)}"
            )
        watched.due_at = now + pause_s
        self._tell(f"{child.name} {what}; it is started again in {pause_s:.0f} s.")


def _ending(status: int) -> str:
    """Return how a process ended, as a person says it."""
    if status >= 0:
        return f"code {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
