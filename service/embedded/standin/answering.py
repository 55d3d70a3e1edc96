"""From a request to the model to what it answers, in either of OpenAI's shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from service.embedded.standin import chat, responses
from service.embedded.standin.exchange import Answer, Ask
from service.embedded.standin.gullible import obey
from service.embedded.standin.writer import write_reply


@dataclass(frozen=True, slots=True)
class Dialect:
    """One of OpenAI's two request shapes."""

    read: Callable[[bytes], Ask]
    write: Callable[[Ask, Answer], bytes]


DIALECTS = {
    "/v1/responses": Dialect(responses.read, responses.write),
    "/v1/chat/completions": Dialect(chat.read, chat.write),
}


def reply_to(ask: Ask, *, is_gullible: bool) -> Answer:
    """Return the good answer to a request."""
    reply = obey(ask.instructions, ask.user_text) if is_gullible else write_reply(ask.user_text)
    return Answer(msgspec.json.encode(reply).decode() if ask.wants_json else reply.reply)
