"""The model that answers at once, run beside the servers of a benchmark in the stand-in's place."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import msgspec

from benchmarks.instant_model import Seen
from benchmarks.servers import Bench
from service.embedded.process import Child, start_child
from service.embedded.programs import ROOT
from service.embedded.ready import start_on_free_port

MODEL = "gpt-5.4"
"""One whose price is known, so that a call is priced as in real life."""


@contextmanager
def instant_model(bench: Bench) -> Iterator[Bench]:
    """Run it; give the bench that asks it, and that logs what a worker logs by default."""

    def launch(port: int) -> Child:
        command = [sys.executable, "-m", "benchmarks.instant_model", str(port)]
        return start_child("instant model", command, env=os.environ, log_path=bench.folder / "instant-model.log", cwd=ROOT)

    child, port = start_on_free_port(launch, _answers)
    settings = dataclasses.replace(
        bench.settings, openai_base_url=f"http://127.0.0.1:{port}/v1", openai_model=MODEL, log_level="info"
    )
    try:
        yield dataclasses.replace(bench, settings=settings)
    finally:
        child.stop(grace_s=2)


def read_seen(bench: Bench) -> Seen:
    """Return what the model has answered since this was last read."""
    url = bench.settings.openai_base_url.removesuffix("/v1")
    return msgspec.json.decode(httpx2.get(url, trust_env=False).content, type=Seen)


def _answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}", trust_env=False).status_code == 200
    except httpx2.HTTPError:
        return False
