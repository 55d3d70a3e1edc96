"""From a snapshot to a prompt. Pure. The constant part comes first, so that the provider can cache it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

from service.drafting.types import Prompt, Snapshot

MAX_TEXT_LENGTH = 6_000
"""Characters of the customer's message and of each earlier one, about 1,500 tokens."""

MAX_QUOTED_LENGTH = 2_000
"""Characters of what the customer's message quotes; the newest mail comes first in it."""

_FENCES = re.compile(r"<(\s*+/?\s*+(?:records|conversation|quoted_text|customer_message)\b)", re.IGNORECASE)


def render(snapshot: Snapshot) -> Prompt:
    """Return the request for one reply. Text from outside cannot close its fence: forged tags lose their opening bracket."""
    version, instructions = _template("reply")
    records = {
        "today": snapshot.today,
        "shop": snapshot.shop,
        "customer": snapshot.customer,
        "orders": snapshot.orders,
    }
    conversation = [msgspec.structs.replace(message, text=shortened(message.text)) for message in snapshot.conversation]
    quoted = shortened(snapshot.quoted, MAX_QUOTED_LENGTH)
    parts = (
        _fenced("records", _json(records)),
        _fenced("conversation", _json(conversation)),
        *([_fenced("quoted_text", quoted)] if quoted else []),
        _fenced("customer_message", f"Subject: {shortened(snapshot.subject, 500)}\n\n{shortened(snapshot.text)}"),
    )
    return Prompt(version=version, instructions=instructions, user_text="\n".join(parts))


def shortened(text: str, max_length: int = MAX_TEXT_LENGTH) -> str:
    """Return the text, its end replaced by a mark when it is longer than max_length characters."""
    if len(text) <= max_length:
        return text
    return f"{text[:max_length]}\n[... {len(text) - max_length} more characters]"


def _fenced(tag: str, content: str) -> str:
    harmless = _FENCES.sub(r"(\1", content)
    return f"<{tag}>\n{harmless}\n</{tag}>"


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=1).decode()


@cache
def _template(name: str) -> tuple[str, str]:
    """Return (version, text) of a prompt file; its first line is `version: NAME`."""
    first_line, _, text = (Path(__file__).parent / "prompts" / f"{name}.md").read_text("utf-8").partition("\n")
    return first_line.removeprefix("version:").strip(), text.strip()
