"""From a snapshot to a prompt. Pure. The constant part comes first, so that the provider can cache it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from service.drafting.types import Draft, EarlierMessage, Finding, Prompt, Snapshot

CURRENT_VERSION = "reply-3"

MAX_PROMPT_LENGTH = 170_000
"""Characters of a whole prompt with its repair, at the very worst; the bounds of its parts, here and of the snapshot, see to it."""

MAX_TEXT_LENGTH = 6_000
"""Characters of the customer's message and of each earlier one, about 1,500 tokens."""

MAX_CONVERSATION_LENGTH = 40_000
"""Characters of all earlier messages as JSON; the newest count first."""

MAX_QUOTED_LENGTH = 2_000
"""Characters of what the customer's message quotes; the newest mail comes first in it."""

MAX_VOICE_LENGTH = 2_000
MAX_DRAFT_LENGTH = 8_000

_FOLDER = Path(__file__).parent / "prompts"
_TAGS = (
    "records", "articles", "conversation", "quoted_text", "attachments", "customer_message", "instruction", "previous_draft",
    "findings",
)  # fmt: skip
# Also those that look like one.
_BRACKETS = "<\uff1c\ufe64\u2039\u3008"
_FENCES = re.compile(rf"[{_BRACKETS}](\s*+/?\s*+(?:{'|'.join(_TAGS)})\b)", re.IGNORECASE)


class UnknownVersion(ValueError):
    """There is no prompt of this version; the message names those that there are."""


def render(snapshot: Snapshot, *, version: str | None = None) -> Prompt:
    """Return the request for one reply, under MAX_PROMPT_LENGTH.

    Text from outside cannot close its fence: forged tags lose their opening bracket. version: None for the current one.

    Raises:
        UnknownVersion: no prompt file has it.
    """
    version = version or CURRENT_VERSION
    shop = msgspec.structs.replace(snapshot.shop, voice=shortened(snapshot.shop.voice, MAX_VOICE_LENGTH))
    records = {
        "today": snapshot.today,
        "language": snapshot.language,
        "shop": shop,
        "customer": snapshot.customer,
        "orders": snapshot.orders,
        "promises": snapshot.promises,
    }
    quoted = shortened(snapshot.quoted, MAX_QUOTED_LENGTH)
    parts = (
        _fenced("records", _json(records)),
        _fenced("articles", _json(snapshot.articles)),
        _fenced("conversation", _json(_conversation(snapshot.conversation))),
        *([_fenced("quoted_text", quoted)] if quoted else []),
        *([_fenced("attachments", _json(snapshot.attachments))] if snapshot.attachments else []),
        _fenced("customer_message", f"Subject: {shortened(snapshot.subject, 500)}\n\n{shortened(snapshot.text)}"),
        *([_fenced("instruction", snapshot.instruction)] if snapshot.instruction else []),
    )
    return Prompt(version=version, instructions=_instructions(version), user_text="\n".join(parts))


def render_repair(request: Prompt, draft: Draft, findings: Iterable[Finding]) -> Prompt:
    """Return the request to mend a draft: the same prompt, so that the provider's cache serves it, and what is wrong at the end."""
    sentences = [each.sentence for each in findings if each.severity == "blocking"]
    parts = (
        request.user_text,
        _fenced("previous_draft", shortened(draft.reply, MAX_DRAFT_LENGTH)),
        _fenced("findings", _json(sentences)),
        "The previous draft broke the rules as the findings say. Write the whole reply again so that none of them holds any more. "
        "What you cannot say from the records or articles, leave out.",
    )
    return Prompt(version=request.version, instructions=request.instructions, user_text="\n".join(parts))


def shortened(text: str, max_length: int = MAX_TEXT_LENGTH) -> str:
    """Return the text, its end replaced by a mark when it is longer than max_length characters."""
    if len(text) <= max_length:
        return text
    return f"{text[:max_length]}\n[... {len(text) - max_length} more characters]"


def versions() -> tuple[str, ...]:
    """Return the versions of which there is a prompt, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.md")))


def _conversation(messages: tuple[EarlierMessage, ...]) -> list[EarlierMessage]:
    """Return the newest messages that have room, oldest first, each shortened."""
    kept: list[EarlierMessage] = []
    room = MAX_CONVERSATION_LENGTH
    for message in reversed(messages):
        short = msgspec.structs.replace(message, text=shortened(message.text))
        room -= len(_json(short))
        if room < 0:
            break
        kept.append(short)
    return kept[::-1]


def _fenced(tag: str, content: str) -> str:
    # To look for five characters first takes a tenth of the time, and most texts have none.
    harmless = _FENCES.sub(r"(\1", content) if any(each in content for each in _BRACKETS) else content
    return f"<{tag}>\n{harmless}\n</{tag}>"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@cache
def _instructions(version: str) -> str:
    """Return the text of a prompt file; its first line is `version: NAME`, the same as its own name."""
    known = versions()
    if version not in known:
        raise UnknownVersion(f"There is no prompt {version[:100]!r}: there are {', '.join(known)}")
    first_line, _, text = (_FOLDER / f"{version}.md").read_text("utf-8").partition("\n")
    if first_line.removeprefix("version:").strip() != version:
        raise UnknownVersion(f"The prompt file {version}.md says {first_line[:100]!r} in its first line")
    return text.strip()
