"""Steer a running stand-in model from a test: script faults, read what it was asked, let it think, make it gullible."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import httpx2
import msgspec

Kind = Literal[
    "rate_limit", "quota", "server_error", "auth", "bad_request",
    "hang", "trickle", "bad_json", "refusal", "truncated", "cut", "delay", "wrong_fact",
]  # fmt: skip


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault, used for `times` model requests whose prompt contains `match`."""

    kind: Kind
    retry_after: str | None = None
    seconds: float | None = None
    times: int = 1
    match: str | None = None


class SeenRequest(msgspec.Struct, frozen=True):
    """One model request that the stand-in got."""

    path: str
    model: str
    prompt: str
    at: datetime


class Seen(msgspec.Struct, frozen=True):
    """All model requests since the last reset; `requests` holds the last 1,000, oldest first."""

    count: int
    requests: list[SeenRequest]


class StandInControl:
    """The control side of a stand-in; `base_url` without `/v1`, as `http://127.0.0.1:9999`. Blocking, and quick."""

    def __init__(self, base_url: str) -> None:
        # No connection is kept, so that there is nothing to close; trust_env: a proxy variable must not catch loopback.
        self._client = httpx2.Client(
            base_url=f"{base_url.rstrip('/')}/control/",
            limits=httpx2.Limits(max_keepalive_connections=0),
            trust_env=False,
            timeout=10,
        )

    def script(self, *faults: Fault | Kind) -> None:
        """Add faults behind those that are due; a bare kind is that fault once."""
        wanted = [fault if isinstance(fault, Fault) else Fault(fault) for fault in faults]
        self._call("POST", "faults", msgspec.json.encode(wanted))

    def forget_faults(self) -> None:
        """Forget the faults that are due, and nothing else."""
        self._call("DELETE", "faults")

    def think(self, seconds: float) -> None:
        """Let every answer take so long from now on."""
        self._call("POST", "latency", msgspec.json.encode({"seconds": seconds}))

    def be_gullible(self) -> None:
        """Let every answer do what the mail says from now on, until a reset."""
        self._be_gullible(True)

    def script_batches(
        self,
        *,
        seconds: float = 0,
        ending: Literal["completed", "failed", "expired"] = "completed",
        code: str = "invalid_request",
        missing: str | None = None,
    ) -> None:
        """Let batches that are created from now on think so long, end so, and leave out lines whose prompt contains `missing`."""
        wanted = {"seconds": seconds, "ending": ending, "code": code, "missing": missing}
        self._call("POST", "batches", msgspec.json.encode(wanted))

    def seen(self) -> Seen:
        """Return the count and the requests."""
        return msgspec.json.decode(self._call("GET", "requests"), type=Seen)

    def requests(self) -> list[SeenRequest]:
        """Return the last 1,000 model requests, oldest first."""
        return self.seen().requests

    def reset(self) -> None:
        """Forget faults, requests, batches, files and the thinking time, and believe nobody."""
        self.forget_faults()
        self._call("DELETE", "requests")
        self._call("DELETE", "batches")
        self.think(0)
        self._be_gullible(False)

    def _be_gullible(self, on: bool) -> None:
        self._call("POST", "gullible", msgspec.json.encode({"on": on}))

    def _call(self, method: str, name: str, body: bytes | None = None) -> bytes:
        return self._client.request(method, name, content=body).raise_for_status().content
