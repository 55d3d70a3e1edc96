"""The text of a mail as a reader sees it. Pure; its time grows with the input, not with the square of it."""

from __future__ import annotations

from inscriptis import get_text
from selectolax.lexbor import LexborHTMLParser


def text_of(text: str, html: str | None) -> str:
    """Return the plain text part; where it is empty, the visible words of the HTML part."""
    if text.strip() or not html:
        return text
    # inscriptis gives tables and lists as a reader sees them, and nothing at all for some hundreds of nested tags.
    visible = get_text(html).strip() or _words(html)
    return "\n".join(line for line in (line.rstrip() for line in visible.splitlines()) if line)


def _words(html: str) -> str:
    body = LexborHTMLParser(html).body
    return body.text(separator=" ").strip() if body is not None else ""
