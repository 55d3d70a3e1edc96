"""A real Prometheus of our own: its programs, its configuration derived from ours, and what its API answers."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import yaml

from service.embedded.process import Child, start_child
from service.embedded.ready import answers_ok, start_on_free_port

MISSING = "needs the programs prometheus and promtool, which come with the Debian package prometheus: apt-get install prometheus"
CONFIG = Path(__file__).parents[2] / "grafana" / "prometheus.yml"
SCRAPE_S = 1
STOP_GRACE_S = 10.0
TIMEOUT_S = 30.0
POLL_S = 0.25


def is_installed() -> bool:
    """Return whether both of Prometheus' programs are here."""
    return all(shutil.which(name) for name in ("prometheus", "promtool"))


def promtool(*args: str | Path, page: str | None = None, timeout_s: float = TIMEOUT_S) -> str:
    """Run promtool, with a page on its standard input; return what it complains of, empty where it does not."""
    ended = subprocess.run(
        ["promtool", *map(str, args)], input=page, capture_output=True, text=True, check=False, timeout=timeout_s
    )
    return "" if ended.returncode == 0 else (ended.stdout + ended.stderr).strip() or f"status {ended.returncode}"


def derived_config(original: str, targets: Mapping[str, int], rules: Sequence[Path], token: Path) -> str:
    """Return our configuration with these ports of this machine by job, these files, and an interval of a second.

    token: what is sent to a job that wants one.

    Raises:
        AssertionError: the jobs are not those of the targets.
    """
    config: dict[str, Any] = yaml.safe_load(original)
    interval = f"{SCRAPE_S}s"
    config["global"] |= {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval}
    config["rule_files"] = [str(path) for path in rules]
    # Nobody is to be told of what is broken on purpose.
    config.pop("alerting", None)
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    assert jobs.keys() == targets.keys(), f"the configuration has the jobs {sorted(jobs)}"
    for name, job in jobs.items():
        job["static_configs"] = [{"targets": [f"127.0.0.1:{targets[name]}"]}]
        if "authorization" in job:
            job["authorization"]["credentials_file"] = str(token)
        for pace in ("scrape_interval", "scrape_timeout"):
            job.pop(pace, None)
    return yaml.safe_dump(config, sort_keys=False)


@dataclass(frozen=True, slots=True)
class Window:
    """The time that queries ask about, in seconds since 1970."""

    start_s: float
    end_s: float
    step_s: float

    @property
    def length_s(self) -> int:
        """Whole seconds, at least one."""
        return max(1, round(self.end_s - self.start_s))


@dataclass(frozen=True)
class Series:
    """One series of an answer. points: time and value, oldest first."""

    labels: Mapping[str, str]
    points: Sequence[tuple[float, float]]

    @cached_property
    def numbers(self) -> Sequence[tuple[float, float]]:
        """The points that are numbers: a ratio of nothing is none."""
        return [(at, value) for at, value in self.points if math.isfinite(value)]


class _Stream(msgspec.Struct):
    metric: dict[str, str] = {}
    values: list[tuple[float, str]] = []
    value: tuple[float, str] | None = None


class _Result(msgspec.Struct, rename="camel"):
    result_type: str
    result: msgspec.Raw


class _Answer(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    error: str = ""


class Refused(Exception):
    """Prometheus did not take a query; the message is its own."""


class Prometheus:
    """A running one, and its API. Blocking, and quick."""

    def __init__(self, port: int, child: Child, config: Path) -> None:
        self.config = config
        self.child = child
        # trust_env: a proxy variable must not catch loopback.
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{port}/api/v1/", trust_env=False, timeout=TIMEOUT_S)

    @classmethod
    @contextmanager
    def running(cls, folder: Path, targets: Mapping[str, int], rules: Sequence[Path], token: str) -> Iterator[Prometheus]:
        """Run one on loopback, with its files in a folder, until the block ends. Call it on the main thread."""
        config, token_file = folder / "prometheus.yml", folder / "metrics_token"
        token_file.write_text(token)
        config.write_text(derived_config(CONFIG.read_text(), targets, rules, token_file))
        child, port = start_on_free_port(partial(_launch, folder, config), lambda port: answers_ok(port, "/-/ready"))
        try:
            found = cls(port, child, config)
            yield found
            found._client.close()
        finally:
            child.stop(STOP_GRACE_S)

    def ask(self, expr: str, window: Window) -> list[Series]:
        """Evaluate over a window. Raises Refused."""
        asked = {"query": expr, "start": window.start_s, "end": window.end_s, "step": window.step_s}
        return _series(self._get("query_range", asked))

    def ask_now(self, expr: str, at_s: float | None = None) -> list[Series]:
        """Evaluate at one moment, now where none is given. Raises Refused."""
        return _series(self._get("query", {"query": expr} | ({} if at_s is None else {"time": at_s})))

    def label_values(self, label: str, selector: str, window: Window) -> list[str]:
        """Return the values of a label, of the series that a selector names. Raises Refused."""
        asked: dict[str, Any] = {"start": window.start_s, "end": window.end_s}
        if selector:
            asked["match[]"] = selector
        return msgspec.json.decode(self._get(f"label/{label}/values", asked), type=list[str])

    def fetch(self, name: str) -> Any:
        """Return the data of `rules`, `alerts` or `targets`."""
        return msgspec.json.decode(self._get(name, {}))

    def wait(self, holds: Callable[[], bool], what: str, *, within_s: float) -> float:
        """Return the seconds until it held; fail, saying what was waited for."""
        began_at = time.monotonic()
        while not holds():
            assert time.monotonic() - began_at < within_s, f"not within {within_s:.0f} s: {what}"
            time.sleep(POLL_S)
        return time.monotonic() - began_at

    def _get(self, path: str, asked: Mapping[str, Any]) -> msgspec.Raw:
        answer = msgspec.json.decode(self._client.get(path, params=asked).content, type=_Answer)
        if answer.error:
            raise Refused(answer.error)
        return answer.data


def _launch(folder: Path, config: Path, port: int) -> Child:
    args = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        "--storage.tsdb.retention.time=2h",
        f"--web.listen-address=127.0.0.1:{port}",
        f"--query.timeout={TIMEOUT_S:.0f}s",
        "--log.level=warn",
    ]
    return start_child("prometheus", args, env={"PATH": os.environ["PATH"]}, log_path=folder / "prometheus.log", cwd=folder)


def _series(data: msgspec.Raw) -> list[Series]:
    found = msgspec.json.decode(data, type=_Result)
    if found.result_type in {"scalar", "string"}:
        at, value = msgspec.json.decode(found.result, type=tuple[float, str])
        return [Series({}, [(at, float(value))])]
    streams = msgspec.json.decode(found.result, type=list[_Stream])
    return [
        Series(each.metric, [(at, float(value)) for at, value in (each.values if each.value is None else [each.value])])
        for each in streams
    ]
