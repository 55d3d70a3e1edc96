"""One program of ours alone, before servers that are reached through proxies."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from service.embedded.process import Child, start_child
from service.embedded.programs import ROOT, environment
from service.settings import Settings
from tests.embedded.running import eventually
from tests.programs import bare_environment
from tests.proxy import Proxy


@dataclass(frozen=True, slots=True)
class LoneProgram:
    """A running program and what it has logged."""

    child: Child
    log: Path

    def said(self, words: str) -> bool:
        """Whether it has logged these words."""
        return words in self.log.read_text()

    def says(self, words: str) -> bool:
        """Whether it logs them within a while."""
        return eventually(lambda: self.said(words), 60)

    def ending(self, grace_s: float) -> int | None:
        """Ask it to stop; return its exit status, negative when it had to be killed after so many seconds."""
        self.child.stop(grace_s)
        return self.child.returncode


@contextmanager
def lone(name: str, command: Sequence[str], settings: Settings, folder: Path) -> Iterator[LoneProgram]:
    """Run `python -m command` with these settings. Call it on the main thread."""
    log = folder / f"{name}.log"
    child = start_child(
        name, [sys.executable, "-m", *command], env={**bare_environment(), **environment(settings)}, log_path=log, cwd=ROOT
    )
    try:
        yield LoneProgram(child, log)
    finally:
        child.stop(grace_s=0)


@contextmanager
def behind_proxy(url: str) -> Iterator[tuple[Proxy, str]]:
    """Yield a proxy before the server that a URL names, and the URL that leads through it."""
    parts = urlsplit(url)
    assert parts.port is not None
    with Proxy(parts.port) as proxy:
        account = parts.netloc.rpartition("@")[0]
        yield proxy, parts._replace(netloc=f"{account}@127.0.0.1:{proxy.port}").geturl()
