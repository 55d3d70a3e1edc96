"""The files of a provider's batch: prompts go out one a line, answers come back one a line, in any order. Touches no network.

Source: openai 3.54, openai/types/batch_create_params.py; https://platform.openai.com/docs/guides/batch, November 2026.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from service.drafting.drafter import Answer
from service.drafting.types import Prompt

MAX_LINES = 50_000
MAX_BYTES = 190_000_000
"""The provider takes 200 MB; whether it counts them as we do is its secret."""

MAX_ANSWER_BYTES = 1_000_000
"""Of one line; 4,000 tokens and their frame are a tenth of it."""


class PromptFile:
    """Prompts in a temporary file without a name, as the provider takes them."""

    def __init__(
        self,
        url: str,
        body_of: Callable[[Prompt, str], dict[str, Any]],
        *,
        max_lines: int = MAX_LINES,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.content: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self.count = 0
        self._size_bytes = 0
        self._url = url
        self._body_of = body_of
        self._max_lines = max_lines
        self._max_bytes = max_bytes

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, exception_type: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Forget the prompts."""
        self.content.close()

    def add(self, custom_id: str, request: Prompt, *, model: str) -> bool:
        """Add a prompt; False, and not added, when the file is full."""
        line = {"custom_id": custom_id, "method": "POST", "url": self._url, "body": self._body_of(request, model)}
        raw = msgspec.json.encode(line) + b"\n"
        if self.count >= self._max_lines or self._size_bytes + len(raw) > self._max_bytes:
            return False
        self.content.write(raw)
        self.count += 1
        self._size_bytes += len(raw)
        return True


class _Response(msgspec.Struct, frozen=True):
    status_code: int
    body: msgspec.Raw
    request_id: str | None = None


class _Line(msgspec.Struct, frozen=True):
    custom_id: str
    response: _Response | None = None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of an output file: the answer to the prompt of this custom_id; None where there is none that can be read."""

    custom_id: str
    answer: Answer | None


_LINE = msgspec.json.Decoder(_Line)
_BODY = msgspec.json.Decoder(dict[str, Any])

_UNREADABLE = (AttributeError, TypeError, ValueError, LookupError, RecursionError)


def read_answers(content: IO[bytes], answer_of: Callable[[dict[str, Any]], Answer]) -> Iterator[AnswerLine]:
    """Return the answers in a file, one at a time; lines that are none are passed over.

    answer_of: reads the body of a response; what it raises makes an answer that cannot be read.
    """
    content.seek(0)
    while line := content.readline(MAX_ANSWER_BYTES):
        try:
            found = _LINE.decode(line)
        except _UNREADABLE:
            continue
        yield AnswerLine(found.custom_id, _answer(found.response, answer_of))


def _answer(response: _Response | None, answer_of: Callable[[dict[str, Any]], Answer]) -> Answer | None:
    if response is None or response.status_code != 200:
        return None
    try:
        answer = answer_of(_BODY.decode(response.body))
    except _UNREADABLE:
        return None
    return replace(answer, call=replace(answer.call, request_id=response.request_id, purpose="batch"))
