"""A batch's work: validate its file, answer its lines, write the output and the error file.

The lines are answered last first: their order in the output is nothing to rely on. Every few lines others get their turn.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from service.embedded.standin import batch_lines, faults
from service.embedded.standin.answering import DIALECTS, reply_to
from service.embedded.standin.batch_lines import Inspector, Line, LineError
from service.embedded.standin.batches import BatchError, Course, Errors, Status
from service.embedded.standin.control import State
from service.embedded.standin.exchange import ApiError, count_tokens
from service.embedded.standin.stored_files import Draft

LINES_AT_ONCE = 20
PATH = "/v1/batches"
"""How the journal names the path of a line's request: it came by no other."""


@dataclass(slots=True)
class _Outcome:
    """What is written of a batch so far."""

    output: Draft = field(default_factory=Draft)
    errors: Draft = field(default_factory=Draft)

    def drop(self) -> None:
        self.output.drop()
        self.errors.drop()


async def run(course: Course, state: State) -> None:
    """Work on a batch until it has ended, one way or the other."""
    outcome = _Outcome()
    try:
        await course.pause(course.script.seconds * 0.2)
        spans = await _validate(course, state)
        if spans is not None:
            await _work(course, state, spans, outcome)
    except ApiError as error:
        # Its file was deleted under way, or there is no room for what it writes.
        _fail(course, (BatchError(code="file_trouble", message=error.detail.message),))
    finally:
        if course.batch.output_file_id is None:
            outcome.output.drop()
        if course.batch.error_file_id is None:
            outcome.errors.drop()


async def _validate(course: Course, state: State) -> list[tuple[int, int]] | None:
    """Return where the lines lie; None when the batch has failed."""
    batch = course.batch
    inspector = Inspector(batch.endpoint)
    spans: list[tuple[int, int]] = []
    for number, (at, size_bytes) in enumerate(state.files.line_spans(batch.input_file_id), start=1):
        inspector.inspect(state.files.read(batch.input_file_id, at, size_bytes), number)
        if len(spans) < batch_lines.MOST_LINES:
            spans.append((at, size_bytes))
        if number % LINES_AT_ONCE == 0:
            await asyncio.sleep(0)
    inspector.finish()
    batch.model = inspector.model
    found = inspector.errors
    if not found and course.script.ending == "failed":
        found = [BatchError(code=course.script.code, message="The stand-in was told to fail this batch.", line=1)]
    if found:
        _fail(course, tuple(found))
        return None
    batch.request_counts.total = len(spans)
    return spans


def _fail(course: Course, errors: tuple[BatchError, ...]) -> None:
    course.batch.errors = Errors(errors)
    course.enter("failed")


async def _work(course: Course, state: State, spans: list[tuple[int, int]], outcome: _Outcome) -> None:
    if not course.is_cancelled:
        course.enter("in_progress")
    first, second = spans[len(spans) // 2 :], spans[: len(spans) // 2]
    reason = await _answer(course, state, first, outcome)
    await course.pause(course.script.seconds * 0.6)
    if course.script.ending == "expired":
        reason = reason or batch_lines.EXPIRED
    reason = await _answer(course, state, second, outcome, reason=reason)
    if reason is None:
        course.enter("finalizing")
        await asyncio.sleep(course.script.seconds * 0.2)
    _keep(course, state, outcome)
    course.enter(_ended(reason))


def _ended(reason: LineError | None) -> Status:
    if reason is None:
        return "completed"
    return "cancelled" if reason is batch_lines.CANCELLED else "expired"


async def _answer(
    course: Course, state: State, spans: list[tuple[int, int]], outcome: _Outcome, *, reason: LineError | None = None
) -> LineError | None:
    """Answer these lines, last first; return why some were not, None when all were. reason: they are not, to begin with."""
    for number, (at, size_bytes) in enumerate(reversed(spans), start=1):
        if course.is_cancelled:
            reason = batch_lines.CANCELLED
        line = batch_lines.read_line(state.files.read(course.batch.input_file_id, at, size_bytes))
        if reason is None:
            _answer_line(course, state, line, outcome)
        else:
            course.batch.request_counts.failed += 1
            outcome.errors.write(batch_lines.never_made(line.custom_id, reason))
        if number % LINES_AT_ONCE == 0:
            await asyncio.sleep(0)
    return batch_lines.CANCELLED if course.is_cancelled else reason


def _answer_line(course: Course, state: State, line: Line, outcome: _Outcome) -> None:
    """Answer one request as the endpoint would, with the faults that are scripted; those of the wire alone do not apply."""
    batch, dialect = course.batch, DIALECTS[course.batch.endpoint]
    try:
        ask = dialect.read(bytes(line.body))
        state.journal.add(path=PATH, model=ask.model, prompt=ask.prompt, at=datetime.now(UTC))
        fault = state.faults.take(ask.prompt)
        if fault is not None and (error := faults.error_of(fault)) is not None:
            raise error
    except ApiError as error:
        batch.request_counts.failed += 1
        outcome.errors.write(batch_lines.refused(line.custom_id, status=error.status, detail=error.detail))
        return
    good = reply_to(ask, is_gullible=state.is_gullible)
    answer = good if fault is None else faults.spoil(fault, good)
    batch.request_counts.completed += 1
    input_tokens, output_tokens = count_tokens(ask.prompt), count_tokens(answer.text)
    batch.usage.input_tokens += input_tokens
    batch.usage.output_tokens += output_tokens
    batch.usage.total_tokens += input_tokens + output_tokens
    if course.script.missing is None or course.script.missing not in ask.prompt:
        outcome.output.write(batch_lines.answered(line.custom_id, status=200, body=dialect.write(ask, answer)))


def _keep(course: Course, state: State, outcome: _Outcome) -> None:
    """Keep the files that have a line, as the Batch API does: an empty one is none."""
    batch = course.batch
    for draft, name in ((outcome.output, "output"), (outcome.errors, "error")):
        if draft.size_bytes == 0:
            continue
        kept = state.files.keep(
            draft, filename=f"{batch.id}_{name}.jsonl", purpose="batch_output", expires_after_s=course.files_live_s
        )
        setattr(batch, f"{name}_file_id", kept.id)
