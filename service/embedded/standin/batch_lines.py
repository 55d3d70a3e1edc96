"""The lines of a batch's files: a request in, an answer or an error out, each with its custom_id. Pure but for ids.

Source: openai 3.54, openai/resources/batches.py; https://platform.openai.com/docs/guides/batch, November 2026.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.batches import BatchError
from service.embedded.standin.exchange import ErrorBody, ErrorDetail

MOST_LINES = 50_000
MOST_ERRORS = 100


class _Named(msgspec.Struct, frozen=True):
    """What the lines of one batch must agree on."""

    model: str


class Line(msgspec.Struct, frozen=True):
    """One request of a batch; `body` is left as it came."""

    custom_id: Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
    method: str
    url: str
    body: msgspec.Raw


class LineResponse(msgspec.Struct, frozen=True):
    """What the endpoint would have answered."""

    status_code: int
    request_id: str
    body: msgspec.Raw


class LineError(msgspec.Struct, frozen=True):
    """Why a request was never made."""

    code: str
    message: str


class AnsweredLine(msgspec.Struct, frozen=True):
    """One line of an output or error file."""

    id: str
    custom_id: str
    response: LineResponse | None
    error: LineError | None


EXPIRED = LineError("batch_expired", "This request could not be executed before the completion window expired.")
CANCELLED = LineError("batch_cancelled", "This request was not executed because the batch was cancelled.")

_LINE = msgspec.json.Decoder(Line)
_NAMED = msgspec.json.Decoder(_Named)


class Inspector:
    """Reads the lines of one batch, one after the other, and remembers what is wrong with them."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._custom_ids: set[str] = set()
        self.model: str | None = None
        self.errors: list[BatchError] = []

    def inspect(self, raw: bytes, number: int) -> None:
        """Look at a line; numbers count from 1."""
        if len(self.errors) >= MOST_ERRORS:
            return
        if number > MOST_LINES:
            self._complain("too_many_tasks", f"A batch has at most {MOST_LINES} requests.", number)
            return
        try:
            line = read_line(raw)
            model = _NAMED.decode(line.body).model
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._complain("invalid_json_line", "This line is not parseable as a request.", number)
            return
        self.model = self.model or model
        if line.method != "POST":
            self._complain("invalid_method", "The method must be POST.", number, "method")
        if line.url != self._endpoint:
            self._complain("mismatched_endpoint", "The url must be the batch's endpoint.", number, "url")
        if model != self.model:
            self._complain("mismatched_model", "All requests of a batch must name one model.", number, "body.model")
        if line.custom_id in self._custom_ids:
            self._complain("duplicate_custom_id", "The custom_id is there already.", number, "custom_id")
        self._custom_ids.add(line.custom_id)

    def finish(self) -> None:
        """Say that there is no further line."""
        if not self._custom_ids and not self.errors:
            self.errors.append(BatchError(code="empty_file", message="The file holds no requests."))

    def _complain(self, code: str, message: str, line: int, param: str | None = None) -> None:
        self.errors.append(BatchError(code=code, message=message, line=line, param=param))


def read_line(raw: bytes) -> Line:
    """Read a request's line. Raises msgspec.DecodeError, UnicodeDecodeError or RecursionError."""
    return _LINE.decode(raw)


def answered(custom_id: str, *, status: int, body: bytes) -> bytes:
    """Write the line of a request that was made, whatever came of it."""
    response = LineResponse(status, exchange.new_id("req"), msgspec.Raw(body))
    return _write(AnsweredLine(exchange.new_id("batch_req"), custom_id, response, None))


def refused(custom_id: str, *, status: int, detail: ErrorDetail) -> bytes:
    """Write the line of a request that the endpoint answered with an error."""
    return answered(custom_id, status=status, body=msgspec.json.encode(ErrorBody(detail)))


def never_made(custom_id: str, error: LineError) -> bytes:
    """Write the line of a request that was never made."""
    return _write(AnsweredLine(exchange.new_id("batch_req"), custom_id, None, error))


def _write(line: AnsweredLine) -> bytes:
    return msgspec.json.encode(line) + b"\n"
