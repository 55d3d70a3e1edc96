"""All that outsiders wrote into a prompt: the mail, names, articles, quotes. For the gullible mode. Pure.

A real model reads through a disguise: what is base64 is read too, letters of the Unicode tag block are letters, and characters
that nobody sees are none.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

import msgspec

from service.embedded.standin.facts import block

TEXT_LIMIT_CHARS = 20_000
MOST_TEXTS = 1_000
MOST_DEPTH = 10

_RAW_PARTS = ("quoted_text",)
_JSON_PARTS = ("records", "articles", "conversation", "attachments")
_OURS = frozenset(
    {
        *("today", "language", "shop", "slug", "direction", "sent_at", "tier", "number", "status", "fulfilment"),
        *("placed_on", "total", "refunded", "currency", "carrier", "tracking_number", "tracking_url"),
    }
)
"""Keys whose values the shop, its carrier or the program wrote."""

_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TAG_LETTERS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{24,4000}={0,2}(?![\w+/=])")


def untrusted_texts(user_text: str) -> list[str]:
    """List what outsiders wrote, the customer's message first, disguises taken off; at most 1,000 texts of 20,000 characters."""
    texts: list[str] = []
    for text in _found(user_text):
        if len(texts) >= MOST_TEXTS:
            break
        seen = _UNSEEN.sub("", text[:TEXT_LIMIT_CHARS].translate(_TAG_LETTERS))
        texts.extend((seen, *_decoded(seen)))
    return texts


def _found(user_text: str) -> Iterator[str]:
    opening = "<customer_message>\n"
    start = user_text.find(opening)
    if start < 0:
        yield user_text
        return
    message, _ = block(user_text[start:], "customer_message")
    yield message if message is not None else user_text[start + len(opening) :]
    before = user_text[:start]
    for tag in _RAW_PARTS:
        yield block(before, tag)[0] or ""
    for tag in _JSON_PARTS:
        yield from _strings(block(before, tag)[0])


def _strings(text: str | None) -> Iterator[str]:
    try:
        value = msgspec.json.decode(text or "null")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return
    yield from _walk(value, MOST_DEPTH)


def _walk(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, list):
        for each in value:
            yield from _walk(each, depth - 1)
    elif depth and isinstance(value, dict):
        for key, each in value.items():
            if key not in _OURS:
                yield from _walk(each, depth - 1)


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        try:
            plain = base64.b64decode(match[0], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        if plain.isprintable():
            yield plain
