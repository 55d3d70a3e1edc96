"""A worker ends with its master, even when that died before the worker could ask to be told."""

from __future__ import annotations

import sys

import pytest

from tests.embedded.running import eventually, is_running, words_before_sudden_death

MASTER = """
import multiprocessing, os, sys, time
os.environ |= {"DATABASE_URL": "postgresql://db.example/d", "REDIS_URL": "redis://queue.example/0", "OPENAI_API_KEY": "any"}
from actors.middleware.orphans import die_with_parent

def work(master):
    if sys.argv[1] == "late":
        print(os.getpid(), flush=True)
        while os.getppid() == master:
            time.sleep(0.01)
        die_with_parent()
    else:
        die_with_parent()
        print(os.getpid(), flush=True)
    time.sleep(300)

multiprocessing.get_context("fork").Process(target=work, args=(os.getpid(),)).start()
time.sleep(300)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs prctl and /proc")
@pytest.mark.parametrize("asked", ["in_time", "late"])
def test_worker_when_its_master_is_killed_then_it_ends(asked: str) -> None:
    (pid,) = words_before_sudden_death(MASTER, asked)

    assert eventually(lambda: not is_running(int(pid)))
