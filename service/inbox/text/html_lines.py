"""Visible HTML as lines of text, with `> ` before what is quoted. Pure; time and memory grow with the input.

inscriptis lays out blocks and lists. It gets nothing else: each row of its tables is as wide as the widest (100 kB of HTML make
312 million characters), a `margin` may be 100,000 lines, a list's `value` of 5,000 digits ends it, each line costs the depth that
it stands in, and of more than 250 elements within one another it finds no word.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display, WhiteSpace
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement

from service.inbox.text.visible import VOID_TAGS

MAX_QUOTE_MARKS = 9
"""A line that is quoted more often than this carries no more marks."""

MAX_LIST_DEPTH = 4
"""Lists within lists are indented this often."""

MAX_DEPTH = 20
"""Elements within one another that inscriptis gets; deeper ones only break lines."""

_TAG = re.compile(r"<(/?)([a-zA-Z_][\w.-]{0,99})([^>]*)>", re.ASCII)
_BLOCK_TAGS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "legend", "li",
        "listing", "main", "nav", "ol", "option", "p", "plaintext", "pre", "section", "summary", "table", "tbody", "textarea",
        "tfoot", "thead", "tr", "ul", "xmp",
    }
)  # fmt: skip
_LINE_ENDS = re.compile("\n+")
_PRE_TAGS = frozenset({"pre", "listing", "xmp", "plaintext", "textarea"})
_WHITE_SPACE = re.compile(r"white-space:\s{0,9}(pre|break|normal|nowrap)", re.IGNORECASE)
_NO_BORDER = re.compile(r"border:\s{0,9}(?:none|0)", re.IGNORECASE)
_QUOTE_START, _QUOTE_END = "\ufdd0", "\ufdd1"
"""Two of Unicode's noncharacters, which no mail may hold; the input's are taken out first."""


class _Open(NamedTuple):
    """An element that is open: what closes it, and whether line ends in it are kept."""

    tag: str
    end: str
    keeps_lines: bool


def html_lines(html: str) -> str:
    """Return the words of visible_html's output: a line for each block, row and break, without empty lines.

    A blockquote's lines begin with `> `, nested ones with more of them, so that split_reply() knows them.
    """
    # inscriptis reads entities a second time.
    bare = _bare(html.replace(_QUOTE_START, "").replace(_QUOTE_END, "").replace("&amp;", "&amp;amp;"))
    lines = _marked(get_text(bare, _layout()))
    # No HTML is known of which inscriptis gives nothing now; if it ever does, a customer's words are not lost for it.
    return lines or _marked(unescape(unescape(_TAG.sub("\n", bare))))


def _layout() -> ParserConfig:
    # inscriptis writes each document into the table's own entry for the body: a shared one would mix two threads' mails.
    return ParserConfig(css=STRICT_CSS_PROFILE | {"body": HtmlElement(display=Display.inline, whitespace=WhiteSpace.normal)})


def _bare(html: str) -> str:
    """Return the HTML with nothing but div, br, ul, ol and li, without attributes, and with marks around quotes."""
    out: list[str] = []
    opened = [_Open("", "", keeps_lines=False)]
    lists, depth, end, is_cell_start = 0, 0, 0, False
    for match in _TAG.finditer(html):
        text = html[end : match.start()]
        end = match.end()
        is_cell_start = is_cell_start and not text.strip()
        out.append(_LINE_ENDS.sub("<br>", text) if opened[-1].keeps_lines else text)
        slash, tag, attributes = match.groups()
        if slash:
            if len(opened) > 1:
                closed = opened.pop()
                out.append(closed.end)
                lists -= closed.tag in {"ul", "ol"}
                depth -= closed.end.startswith("</")
                is_cell_start = is_cell_start and closed.tag not in {"td", "th"}
        elif tag in VOID_TAGS:
            out.append("<br>" if tag in {"br", "hr"} else "")
        else:
            lists += tag in {"ul", "ol"}
            start, close = _written(tag, attributes, is_in_line=is_cell_start, lists=lists, depth=depth)
            depth += close.startswith("</")
            is_cell_start = tag in {"td", "th"} or (is_cell_start and not start)
            out.append(start)
            opened.append(_Open(tag, close, keeps_lines=_keeps_lines(tag, attributes, above=opened[-1].keeps_lines)))
    return "".join((*out, html[end:]))


def _written(tag: str, attributes: str, *, is_in_line: bool, lists: int, depth: int) -> tuple[str, str]:
    """Return what stands for an element's two tags. `is_in_line`: first in a cell, whose row is one line where it can be."""
    if tag == "blockquote" and _is_quote(attributes):
        return f"<div>{_QUOTE_START}</div>", f"<div>{_QUOTE_END}</div>"
    if tag in {"td", "th"}:
        return " ", ""
    if tag in {"ul", "ol", "li"} and lists <= MAX_LIST_DEPTH and depth < MAX_DEPTH:
        return f"<{tag}>", f"</{tag}>"
    if tag in _BLOCK_TAGS and is_in_line:
        return "", " "
    if tag in _BLOCK_TAGS:
        return ("<div>", "</div>") if depth < MAX_DEPTH else ("<br>", "<br>")
    return "", ""


def _is_quote(attributes: str) -> bool:
    """Whether a blockquote quotes: editors also indent with one, which has no border at all and cites nobody."""
    return "cite" in attributes or "border-left" in attributes or _NO_BORDER.search(attributes) is None


def _keeps_lines(tag: str, attributes: str, *, above: bool) -> bool:
    styled = _WHITE_SPACE.search(attributes)
    if styled is not None:
        return styled[1].lower() in {"pre", "break"}
    return above or tag in _PRE_TAGS


def _marked(text: str) -> str:
    """Return the lines that have words, each with a mark for every quote that it is in."""
    out: list[str] = []
    depth = 0
    for line in text.split("\n"):
        inside = depth + line.count(_QUOTE_START)
        depth = max(inside - line.count(_QUOTE_END), 0)
        words = line.replace(_QUOTE_START, "").replace(_QUOTE_END, "").rstrip()
        if words:
            out.append("> " * min(inside, MAX_QUOTE_MARKS) + words)
    return "\n".join(out)
