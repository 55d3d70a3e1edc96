"""The batches that clients have created, and how the next ones shall end. For one event loop, not for threads.

Source: openai 3.54, openai/types/batch.py and batch_create_params.py.
"""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Literal

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.exchange import ApiError, ErrorDetail
from service.embedded.standin.faults import LONGEST_S, Seconds
from service.embedded.standin.responses import InputDetails, OutputDetails

MOST_BATCHES = 200
WINDOW_S = 86_400
MOST_METADATA = 16

Endpoint = Literal["/v1/responses", "/v1/chat/completions"]
Status = Literal["validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"]
Metadata = Annotated[dict[str, Annotated[str, msgspec.Meta(max_length=512)]], msgspec.Meta(max_length=MOST_METADATA)]


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the batches that are created from now on go. Faults of single lines are scripted as those of any request."""

    seconds: Seconds = 0.0
    """The thinking time until a batch ends."""
    ending: Literal["completed", "failed", "expired"] = "completed"
    """`failed`: it does not pass validation. `expired`: when half of its lines are answered its time is over."""
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] = "invalid_request"
    """Why it does not pass validation."""
    missing: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)] | None = None
    """Lines whose prompt contains this are in neither file."""


class OutputExpiresAfter(msgspec.Struct, frozen=True):
    """How long the files that a batch writes are kept."""

    seconds: Annotated[int, msgspec.Meta(ge=3_600, le=2_592_000)]


class CreateRequest(msgspec.Struct, frozen=True):
    """What is read of a request for a batch; other keys are ignored."""

    input_file_id: str
    endpoint: Endpoint
    completion_window: Literal["24h"]
    metadata: Metadata | None = None
    output_expires_after: OutputExpiresAfter | None = None


class BatchError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a batch did not pass validation."""

    code: str
    message: str
    line: int | None = None
    param: str | None = None


class Errors(msgspec.Struct, frozen=True):
    """A list of them."""

    data: tuple[BatchError, ...]
    object: str = "list"


class RequestCounts(msgspec.Struct):
    """How many lines, and what has become of them so far."""

    total: int = 0
    completed: int = 0
    failed: int = 0


class Usage(msgspec.Struct):
    """Tokens of all its lines."""

    input_tokens: int = 0
    input_tokens_details: InputDetails = InputDetails()
    output_tokens: int = 0
    output_tokens_details: OutputDetails = OutputDetails()
    total_tokens: int = 0


class Batch(msgspec.Struct, kw_only=True):
    """A batch as it is told; times in Unix seconds."""

    id: str
    object: str = "batch"
    endpoint: Endpoint
    model: str | None = None
    errors: Errors | None = None
    input_file_id: str
    completion_window: str = "24h"
    status: Status = "validating"
    output_file_id: str | None = None
    error_file_id: str | None = None
    created_at: int
    in_progress_at: int | None = None
    expires_at: int
    finalizing_at: int | None = None
    completed_at: int | None = None
    failed_at: int | None = None
    expired_at: int | None = None
    cancelling_at: int | None = None
    cancelled_at: int | None = None
    request_counts: RequestCounts
    usage: Usage
    metadata: dict[str, str] | None = None


class Course:
    """A batch on its way: what is told of it, what was asked for it, and the task that works on it."""

    def __init__(self, batch: Batch, script: Script, *, files_live_s: int | None) -> None:
        self.batch = batch
        self.script = script
        self.files_live_s = files_live_s
        self.task: asyncio.Task[None] | None = None
        self._is_cancelled = asyncio.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether the client does not want it any more."""
        return self._is_cancelled.is_set()

    def enter(self, status: Status) -> None:
        """Put the batch into a status, and tell since when."""
        self.batch.status = status
        setattr(self.batch, f"{status}_at", int(time.time()))

    def cancel(self) -> None:
        """Let its work end soon. Raises ApiError, 409, when it has ended already."""
        if self.batch.status not in {"validating", "in_progress", "cancelling"}:
            message = f"Cannot cancel a batch with status '{self.batch.status}'."
            raise ApiError(409, ErrorDetail(message=message, type="invalid_request_error"))
        if not self.is_cancelled:
            self._is_cancelled.set()
            self.enter("cancelling")

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until it is cancelled."""
        try:
            async with asyncio.timeout(min(seconds, LONGEST_S)):
                await self._is_cancelled.wait()
        except TimeoutError:
            return


class Batches:
    """The batches of one stand-in, oldest first; for one more than MOST_BATCHES the oldest is forgotten."""

    def __init__(self) -> None:
        self.script = Script()
        self._courses: dict[str, Course] = {}

    def add(self, request: CreateRequest) -> Course:
        """Begin a batch that nobody works on yet."""
        now = int(time.time())
        batch = Batch(
            id=exchange.new_id("batch"),
            endpoint=request.endpoint,
            input_file_id=request.input_file_id,
            created_at=now,
            expires_at=now + WINDOW_S,
            request_counts=RequestCounts(),
            usage=Usage(),
            metadata=request.metadata,
        )
        while len(self._courses) >= MOST_BATCHES:
            self._forget(next(iter(self._courses)))
        files_live_s = request.output_expires_after.seconds if request.output_expires_after else None
        course = self._courses[batch.id] = Course(batch, self.script, files_live_s=files_live_s)
        return course

    def get(self, batch_id: str) -> Course:
        """Return a batch. Raises ApiError, 404, when there is none."""
        if (course := self._courses.get(batch_id)) is None:
            detail = ErrorDetail(message=f"No batch found with id '{batch_id[:100]}'.", type="invalid_request_error", param=None)
            raise ApiError(404, detail)
        return course

    def list(self, *, after: str | None, limit: int) -> tuple[list[Batch], bool]:
        """Return up to limit batches, newest first, those older than `after`; and whether there are more."""
        found = [each.batch for each in reversed(self._courses.values())]
        if after is not None:
            place = next((at for at, each in enumerate(found) if each.id == after), len(found))
            found = found[place + 1 :]
        return found[:limit], len(found) > limit

    def clear(self) -> None:
        """Forget every batch and how they were to end."""
        self.script = Script()
        for batch_id in list(self._courses):
            self._forget(batch_id)

    def _forget(self, batch_id: str) -> None:
        course = self._courses.pop(batch_id)
        if course.task is not None:
            course.task.cancel()
