"""What dies is started again, after pauses that grow, until it dies again and again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.embedded.errors import EmbeddedError
from service.embedded.process import Child, start_child
from service.embedded.supervisor import DEATHS_AT_MOST, LONGEST_PAUSE_S, WINDOW_S, Deaths, Part, Supervisor
from tests.embedded.running import eventually


@dataclass
class Scene:
    """A sleeper, a clock that a test turns, and what was told."""

    now: float = 0.0
    told: list[str] = field(default_factory=list)
    launched: list[Child] = field(default_factory=list)

    def launch(self) -> Child:
        child = start_child("sleeper", ["/bin/sleep", "300"], env={}, log_path=None)
        self.launched.append(child)
        return child

    def supervise(self, launch: Callable[[], Child] | None = None) -> tuple[Part, Supervisor]:
        part = Part(self.launch(), launch or self.launch)
        return part, Supervisor([part], self.told.append, clock=lambda: self.now)


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    for child in made.launched:
        child.stop(grace_s=5)


def kill(part: Part) -> None:
    os.kill(part.child.pid, signal.SIGKILL)
    assert eventually(lambda: part.child.poll() is not None)


def test_look_when_all_run_then_nothing_is_told(scene: Scene) -> None:
    _, supervisor = scene.supervise()

    supervisor.look()

    assert scene.told == []


def test_look_when_one_was_killed_then_it_is_started_after_the_pause(scene: Scene) -> None:
    part, supervisor = scene.supervise()
    first = part.child
    kill(part)

    supervisor.look()
    scene.now = 0.9
    supervisor.look()
    assert part.child is first
    scene.now = 1.0
    supervisor.look()

    assert part.child is not first
    assert part.child.poll() is None
    assert scene.told == ["sleeper ended by itself (SIGKILL); it is started again in 1 s.", "sleeper was started again."]


def test_look_when_it_ends_with_a_code_then_the_code_is_told(scene: Scene) -> None:
    part = Part(start_child("brief", ["/bin/sh", "-c", "exit 3"], env={}, log_path=None), scene.launch)
    supervisor = Supervisor([part], scene.told.append)
    assert eventually(lambda: part.child.poll() is not None)

    supervisor.look()

    assert scene.told == ["brief ended by itself (code 3); it is started again in 1 s."]


def test_look_when_one_dies_again_and_again_then_it_gives_up_with_a_sentence(scene: Scene) -> None:
    part, supervisor = scene.supervise()

    def die_and_wait() -> None:
        kill(part)
        supervisor.look()
        scene.now += 10
        supervisor.look()

    for _ in range(DEATHS_AT_MOST - 1):
        die_and_wait()

    with pytest.raises(EmbeddedError, match=r"^sleeper ended by itself \(SIGKILL\), 5 times within 60 s"):
        die_and_wait()


def test_look_when_it_cannot_be_started_then_that_counts_as_a_death(scene: Scene) -> None:
    def fail() -> Child:
        raise EmbeddedError("no room.")

    part, supervisor = scene.supervise(fail)
    kill(part)
    supervisor.look()
    scene.now = 1.0
    supervisor.look()

    assert scene.told[1:] == ["sleeper could not be started again (no room); it is started again in 2 s."]


def test_look_when_two_are_dead_then_neither_waits_for_the_other(scene: Scene) -> None:
    parts = [Part(scene.launch(), scene.launch) for _ in range(2)]
    supervisor = Supervisor(parts, scene.told.append, clock=lambda: scene.now)
    for part in parts:
        kill(part)

    supervisor.look()
    scene.now = 1.0
    supervisor.look()

    assert [part.child.poll() for part in parts] == [None, None]


@pytest.mark.parametrize(
    ("times", "pauses"),
    [
        ([0], [1]),
        ([0, 1, 3, 7], [1, 2, 4, 8]),
        ([0, 1, 3, 7, 15], [1, 2, 4, 8, None]),
        ([0, 21, 43, 67, 95, 131, 181, 231], [1, 2, 4, 8, 16, 30, 30, 30]),
        # After a life of more than a minute all is forgiven.
        ([0, 1, 3, 7, 75.1], [1, 2, 4, 8, 1]),
        ([0, 61], [1, 2]),
        ([0, 61.1], [1, 1]),
    ],
)
def test_deaths_when_added_then_the_pauses_double_and_begin_anew_after_a_long_life(
    times: list[float], pauses: list[float | None]
) -> None:
    deaths = Deaths()

    assert [deaths.add(time) for time in times] == pauses


@given(st.lists(st.floats(0, 300), min_size=1, max_size=50))
def test_deaths_when_they_come_at_any_time_then_it_gives_up_only_on_five_within_the_window(lives: list[float]) -> None:
    deaths, now, times = Deaths(), 0.0, []
    for life in lives:
        now += life
        times.append(now)
        pause_s = deaths.add(now)

        assert (pause_s is None) == (len(times) >= DEATHS_AT_MOST and now - times[-DEATHS_AT_MOST] <= WINDOW_S)
        if pause_s is None:
            return
        assert 1 <= pause_s <= LONGEST_PAUSE_S
        now += pause_s
