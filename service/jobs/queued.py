"""Dramatiq's messages as they lie in Redis, read without Dramatiq and without belief: anything may lie there. Pure."""

from __future__ import annotations

import re
from uuid import UUID

import msgspec

MAX_LINES = 2_000
"""Of a traceback; Dramatiq keeps thirty frames."""

MAX_NAME_LENGTH = 200
RETRY = "dramatiq.errors.Retry"
"""How an actor asks for another attempt; what it was for is the error before it."""

_NAME = re.compile(r"[A-Za-z_]\w*+(?:\.\w++)*+", re.ASCII)


class _Arguments(msgspec.Struct):
    suggestion_id: str = ""


class _Options(msgspec.Struct):
    retries: int = 0
    traceback: str = ""


class QueuedMessage(msgspec.Struct):
    """A message as far as it tells something. message_timestamp: when it was first sent, in ms since 1970; 0: unknown."""

    actor_name: str = ""
    message_timestamp: int = 0
    kwargs: _Arguments = msgspec.field(default_factory=_Arguments)
    options: _Options = msgspec.field(default_factory=_Options)

    @property
    def suggestion_id(self) -> UUID | None:
        """The suggestion to be drafted; None when it names none."""
        try:
            return UUID(self.kwargs.suggestion_id)
        except ValueError:
            return None

    @property
    def exception_type(self) -> str | None:
        """The type of the exception that its last retry came from; None when it was never retried."""
        return exception_type(self.options.traceback)


_messages = msgspec.json.Decoder(QueuedMessage)


def decode_message(raw: bytes | None) -> QueuedMessage | None:
    """Return a message; None for what is none."""
    try:
        return _messages.decode(raw) if raw else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def exception_type(traceback: str) -> str | None:
    """Return the dotted name of the exception that a traceback ends with, never a word of its message, which may hold mail.

    Only the line right after a frame names an exception; what follows it is the message.
    """
    found, is_after_frame = None, False
    for line in traceback.split("\n")[:MAX_LINES]:
        if line.startswith('  File "'):
            is_after_frame = True
        elif is_after_frame and not line.startswith("  "):
            is_after_frame = False
            name = line.partition(":")[0]
            if name != RETRY and len(name) <= MAX_NAME_LENGTH and _NAME.fullmatch(name):
                found = name
    return found
