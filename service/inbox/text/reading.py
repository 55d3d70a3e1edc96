"""What a mail says: its writer's words, apart from what they quote, without what a reader does not see. Pure, for the worker.

The original stays stored. Time and memory grow with the input, not with the square of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.inbox.text.html_lines import html_lines
from service.inbox.text.quotes import split_reply
from service.inbox.text.visible import visible_html, visible_text


@dataclass(frozen=True, slots=True)
class ReadText:
    r"""A mail's text in its three parts, line ends as "\n", and the kinds of what was hidden anywhere in it, sorted.

    `reply` is empty only where nothing is seen. The kinds are those of visible_html() and visible_text(). `has_forward`: a mark
    says that what is quoted is a forwarded mail.
    """

    reply: str
    quoted: str
    signature: str
    removed: tuple[str, ...]
    has_forward: bool = False


def read_text(text: str, html: str | None) -> ReadText:
    """Read the plain text part; where nothing is seen in it, the HTML part, of which only `removed` may then speak."""
    seen, kinds = visible_text(text)
    if not seen.strip() and html:
        shown, hidden = visible_html(html)
        seen, invisible = visible_text(html_lines(shown))
        kinds = tuple(sorted({*hidden, *invisible}))
    if not seen.strip():
        return ReadText("", "", "", kinds)
    split = split_reply(seen)
    return ReadText(split.reply, split.quoted, split.signature, kinds, split.has_forward)
