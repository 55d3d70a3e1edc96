"""The stand-in's own control endpoints: scripted faults, the journal, the thinking time, the gullible mode, batches' endings.

The journal holds customers' mail. A page in a browser must not read it, nor script faults: a request that names an
origin, or a host that is not this machine (DNS rebinding), is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.batches import Batches, Script
from service.embedded.standin.exchange import ApiError, ErrorDetail
from service.embedded.standin.faults import MOST_FAULTS, Fault, FaultScript, Seconds
from service.embedded.standin.journal import Journal
from service.embedded.standin.stored_files import StoredFiles

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class Latency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The constant thinking time of every model request."""

    seconds: Seconds


class Gullible(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether every model request is answered as the mail says; see gullible.py."""

    on: bool


@dataclass(slots=True)
class State:
    """One app's state: it ends with the app."""

    faults: FaultScript = field(default_factory=FaultScript)
    journal: Journal = field(default_factory=Journal)
    latency_s: float = 0.0
    is_gullible: bool = False
    files: StoredFiles = field(default_factory=StoredFiles)
    batches: Batches = field(default_factory=Batches)


_FAULTS = msgspec.json.Decoder(list[Fault])
_LATENCY = msgspec.json.Decoder(Latency)
_GULLIBLE = msgspec.json.Decoder(Gullible)
_SCRIPT = msgspec.json.Decoder(Script)


def control(state: State, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> object:
    """Do what a control request asks.

    Returns:
        The answer's JSON value.

    Raises:
        ApiError: 400 malformed or too many faults, 403 from a browser page, 404 no such endpoint.
    """
    if b"origin" in headers or _host_name(headers.get(b"host", b"")) not in LOOPBACK_NAMES:
        raise ApiError(403, ErrorDetail(message="Control is for programs on this machine.", type="permission_error"))
    route = _ROUTES.get((method, path))
    if route is None:
        raise not_found(method, path)
    return route(state, body)


def not_found(method: str, path: str) -> ApiError:
    """Build the 404 for an address that nothing answers."""
    detail = ErrorDetail(message=f"Invalid URL ({method} {path[:200]})", type="invalid_request_error", code="unknown_url")
    return ApiError(404, detail)


def _host_name(host: bytes) -> str | None:
    try:
        return urlsplit(f"//{host.decode('latin-1')}").hostname
    except ValueError:
        return None


def _add_faults(state: State, body: bytes) -> object:
    if not state.faults.add(exchange.decode(body, _FAULTS)):
        raise exchange.invalid_request(f"At most {MOST_FAULTS} faults can be due.")
    return {"due": len(state.faults)}


def _clear_faults(state: State, _body: bytes) -> object:
    state.faults.clear()
    return {"due": 0}


def _list_requests(state: State, _body: bytes) -> object:
    return state.journal.seen()


def _clear_requests(state: State, _body: bytes) -> object:
    state.journal.clear()
    return {"count": 0}


def _set_latency(state: State, body: bytes) -> object:
    state.latency_s = exchange.decode(body, _LATENCY).seconds
    return {"seconds": state.latency_s}


def _set_gullible(state: State, body: bytes) -> object:
    state.is_gullible = exchange.decode(body, _GULLIBLE).on
    return {"on": state.is_gullible}


def _set_script(state: State, body: bytes) -> object:
    state.batches.script = exchange.decode(body, _SCRIPT)
    return state.batches.script


def _clear_batches(state: State, _body: bytes) -> object:
    state.batches.clear()
    state.files.clear()
    return {"count": 0}


_ROUTES: dict[tuple[str, str], Callable[[State, bytes], object]] = {
    ("POST", "/control/faults"): _add_faults,
    ("DELETE", "/control/faults"): _clear_faults,
    ("GET", "/control/requests"): _list_requests,
    ("DELETE", "/control/requests"): _clear_requests,
    ("POST", "/control/latency"): _set_latency,
    ("POST", "/control/gullible"): _set_gullible,
    ("POST", "/control/batches"): _set_script,
    ("DELETE", "/control/batches"): _clear_batches,
}
