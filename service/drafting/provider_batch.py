"""The provider's batches over the official SDK: many prompts in one file, answered within a day at half the price.

No retries here, and a deadline for every call. Whoever asks deletes the files: they hold customers' mail. What nobody deletes
the provider deletes itself after three days.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal, Self

import httpx2
import openai
from openai import AsyncOpenAI
from openai.types import Batch

from service.drafting.batch_file import MAX_LINES, AnswerLine, PromptFile, read_answers
from service.drafting.model import CONNECT_TIMEOUT_S, UNREADABLE, chat_answer_of, chat_body, responses_answer_of, responses_body
from service.drafting.retry_after import retry_after_s
from service.errors import PermanentError, TemporaryError
from service.settings import Settings

CALL_DEADLINE_S = 10.0
TRANSFER_DEADLINE_S = 25.0
"""For a whole file, up or down: a job has 70 s for everything."""

MAX_OUTPUT_BYTES = 1_000_000_000
FILES_LIVE_S = 3 * 86_400
MAX_LISTED = 100
LABEL = "draftdesk_batch"
"""The metadata by which a batch is found again that was made and not recorded."""

RETRIED_STATUS = frozenset({401, 403, 408, 409, 425, 429})
"""Besides the server's own errors. A key or an account is mended by somebody while the batch waits."""

State = Literal["running", "ended", "cancelling"]
_STATES: dict[str, State] = {
    "validating": "running",
    "in_progress": "running",
    "finalizing": "running",
    "cancelling": "cancelling",
}


class BatchUnavailable(TemporaryError):
    """The provider's batches cannot be reached, or it takes nothing from us just now.

    Attributes:
        error_type: `timeout`, `connection`, `unreadable_response` or `http_` and the status.
    """

    def __init__(self, error_type: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"The provider's batches are not to be had: {error_type}", retry_after_s=retry_after_s)
        self.error_type = error_type


class BatchRefused(PermanentError):
    """The provider has no such thing, or does not do batches.

    Attributes:
        error_type: `http_` and the status, or `too_large`.
    """

    def __init__(self, error_type: str) -> None:
        super().__init__(f"The provider refused a batch: {error_type}")
        self.error_type = error_type


@dataclass(frozen=True, slots=True)
class ProviderBatch:
    """A batch as the provider tells it.

    Attributes:
        state: `ended`, whichever way, is final; then there may be answers.
        output_file_id: None where not one line was answered.
        error: why it did not go well as a whole: `expired`, `cancelled`, or the provider's word for what is wrong with the file.
    """

    id: str
    state: State
    output_file_id: str | None = None
    error_file_id: str | None = None
    error: str | None = None


class ProviderBatches:
    """Belongs to the event loop that uses it; close it. model: the configured one; max_lines: of a file."""

    def __init__(self, *, api_key: str, base_url: str | None, model: str, api: str, max_lines: int = MAX_LINES) -> None:
        self.model = model
        self._max_lines = max_lines
        self._endpoint: Literal["/v1/chat/completions", "/v1/responses"]
        if api == "chat":
            self._endpoint, self._body_of, self._answer_of = "/v1/chat/completions", chat_body, chat_answer_of
        else:
            self._endpoint, self._body_of, self._answer_of = "/v1/responses", responses_body, responses_answer_of
        timeout = httpx2.Timeout(CALL_DEADLINE_S, connect=CONNECT_TIMEOUT_S)
        self._client = AsyncOpenAI(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout)

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: Settings) -> AsyncIterator[Self]:
        """Hold the configured provider's batches open."""
        made = cls(
            api_key=settings.openai_api_key,
            base_url=settings.openai_base_url or None,
            model=settings.openai_model,
            api=settings.openai_api,
        )
        try:
            yield made
        finally:
            await made.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def new_file(self) -> PromptFile:
        """Return an empty file for prompts."""
        return PromptFile(self._endpoint, self._body_of, max_lines=self._max_lines)

    async def upload(self, prompts: PromptFile, *, name: str) -> str:
        """Upload a file, up to 25 s; return its id. Raises BatchUnavailable, BatchRefused."""
        prompts.content.seek(0)
        with _translated():
            async with asyncio.timeout(TRANSFER_DEADLINE_S):
                file = await self._client.files.create(
                    file=(name, prompts.content, "application/jsonl"),
                    purpose="batch",
                    expires_after={"anchor": "created_at", "seconds": FILES_LIVE_S},
                    timeout=httpx2.Timeout(TRANSFER_DEADLINE_S, connect=CONNECT_TIMEOUT_S),
                )
            return file.id

    async def create(self, file_id: str, *, label: str) -> ProviderBatch:
        """Have the prompts of a file answered within 24 hours. Raises BatchUnavailable, BatchRefused."""
        with _translated():
            async with asyncio.timeout(CALL_DEADLINE_S):
                batch = await self._client.batches.create(
                    input_file_id=file_id,
                    endpoint=self._endpoint,
                    completion_window="24h",
                    metadata={LABEL: label},
                    output_expires_after={"anchor": "created_at", "seconds": FILES_LIVE_S},
                )
            return _told(batch)

    async def find(self, file_id: str, *, label: str) -> ProviderBatch | None:
        """Return the batch that was made of a file, among the newest hundred. Raises BatchUnavailable, BatchRefused."""
        with _translated():
            async with asyncio.timeout(CALL_DEADLINE_S):
                page = await self._client.batches.list(limit=MAX_LISTED)
            found = (each for each in page.data if each.input_file_id == file_id and (each.metadata or {}).get(LABEL) == label)
            batch = next(found, None)
            return _told(batch) if batch is not None else None

    async def find_files(self, name: str) -> list[str]:
        """Return the ids of uploaded files of a name, among the newest hundred. Raises BatchUnavailable, BatchRefused."""
        with _translated():
            async with asyncio.timeout(CALL_DEADLINE_S):
                page = await self._client.files.list(purpose="batch", order="desc", limit=MAX_LISTED)
            return [each.id for each in page.data[:MAX_LISTED] if each.filename == name]

    async def get(self, provider_batch_id: str) -> ProviderBatch:
        """Return how a batch stands. Raises BatchUnavailable, BatchRefused."""
        with _translated():
            async with asyncio.timeout(CALL_DEADLINE_S):
                return _told(await self._client.batches.retrieve(provider_batch_id))

    async def cancel(self, provider_batch_id: str) -> None:
        """Ask for a batch's end; one that has ended already stays as it is. Raises BatchUnavailable, BatchRefused."""
        with _translated(), suppress(openai.ConflictError):
            async with asyncio.timeout(CALL_DEADLINE_S):
                await self._client.batches.cancel(provider_batch_id)

    async def answers(self, file_id: str) -> AsyncGenerator[AnswerLine, None]:
        """Fetch an output file, up to 25 s, then return its answers one at a time. Raises BatchUnavailable, BatchRefused."""
        answer_of = partial(self._answer_of, model=self.model)
        with tempfile.TemporaryFile() as content:
            with _translated():
                async with asyncio.timeout(TRANSFER_DEADLINE_S):
                    async with self._client.files.with_streaming_response.content(file_id) as response:
                        size_bytes = 0
                        async for chunk in response.iter_bytes():
                            size_bytes += len(chunk)
                            if size_bytes > MAX_OUTPUT_BYTES:
                                raise BatchRefused("too_large")
                            content.write(chunk)
            for line in read_answers(content, answer_of):
                yield line

    async def delete(self, file_id: str) -> None:
        """Delete a file; one that is gone already is as good. Raises BatchUnavailable, BatchRefused."""
        with _translated(), suppress(openai.NotFoundError):
            async with asyncio.timeout(CALL_DEADLINE_S):
                await self._client.files.delete(file_id)


def _told(batch: Batch) -> ProviderBatch:
    """Return what matters of a batch."""
    problem = next(iter((batch.errors.data if batch.errors else None) or ()), None)
    error = (problem.code or "failed") if problem else batch.status
    state = _STATES.get(batch.status, "ended")
    return ProviderBatch(
        id=batch.id,
        state=state,
        output_file_id=batch.output_file_id,
        error_file_id=batch.error_file_id,
        error=error[:100] if state == "ended" and batch.status != "completed" else None,
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the SDK raises into our two errors."""
    try:
        yield
    except BatchRefused:
        raise
    except openai.APIStatusError as error:
        status = error.status_code
        if status >= 500 or status in RETRIED_STATUS:
            raise BatchUnavailable(f"http_{status}", retry_after_s=retry_after_s(error.response.headers)) from error
        raise BatchRefused(f"http_{status}") from error
    except (TimeoutError, openai.APITimeoutError) as error:
        raise BatchUnavailable("timeout") from error
    except (openai.APIConnectionError, httpx2.TransportError) as error:
        raise BatchUnavailable("connection") from error
    except (openai.OpenAIError, *UNREADABLE) as error:
        raise BatchUnavailable("unreadable_response") from error
