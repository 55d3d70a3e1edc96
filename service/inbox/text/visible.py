"""What a reader sees of a mail, and nothing else: hidden markup and invisible characters are how a mail talks past its reader.

Pure, for the worker. The original stays stored. lxml is used as a stream of events: no tree is built, because a tree's depth
and the repairs of an HTML 5 parser cost the square of the input (69 kB of `<p><b id=1>` take lexbor 4 GB).
White on white and other tricks that need a layout are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]

from service.inbox.text.visible_characters import visible_text
from service.inbox.text.visible_css import hidden_by, inherits, rules_of, without_comments

__all__ = ["visible_html", "visible_text"]

MAX_DEPTH = 1_000
"""Elements within one another that are read; what lies deeper is cut, and `too_deep` says so."""

KEPT_DEPTH = 200
"""Elements within one another that are written: inscriptis finds nothing in more than 250."""

_CHUNK_BYTES = 8_192
VOID_TAGS = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_UNSEEN = frozenset({"iframe", "noembed", "noframes", "script", "style", "template", "title"})
_BLOCK = frozenset({"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre", "table", "tr"})
_OFFICE = re.compile(r"\[if [^\]]{1,60}\]>\s{0,20}<(?:style|xml|[ovw]:)", re.IGNORECASE)
_COMMENT_TAG = re.compile(r"\[if [^\]]{1,60}\]>?|<!\[endif\]>?|<[^<>]*>|<!(?:--)?")
_NAME = re.compile(r"[a-zA-Z_][\w.-]{0,99}", re.ASCII)


class _State(NamedTuple):
    """What holds inside an element. `hidden` names the kind that hides all of it, `inherited` one that a child may undo."""

    tag: str
    is_written: bool
    hidden: str
    inherited: Mapping[str, bool]


class _Reader:
    """The target of lxml's parser: writes down again what is seen."""

    def __init__(self, rules: Mapping[str, Mapping[str, str]]) -> None:
        self.out: list[str] = []
        self.kinds: set[str] = set()
        self.is_too_deep = False
        self._rules = rules
        self._open = [_State("", is_written=False, hidden="", inherited={})]
        self._written = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        above = self._open[-1]
        declared = self._declared(tag, attributes) if not above.hidden else {}
        hidden = above.hidden or ("unseen" if tag in _UNSEEN else "") or hidden_by(declared, attributes)
        is_written = not hidden and self._written < KEPT_DEPTH and bool(_NAME.fullmatch(tag))
        if is_written:
            written = "".join(f' {name}="{escape(value or "")}"' for name, value in attributes.items() if _NAME.fullmatch(name))
            self.out.append(f"<{tag}{written}>")
            self._written += 1
        elif not hidden and tag in _BLOCK:
            self.out.append("<br>")
        self._open.append(_State(tag, is_written, hidden, above.inherited if hidden else inherits(above.inherited, declared)))
        self.is_too_deep = self.is_too_deep or len(self._open) > MAX_DEPTH

    def end(self, tag: str) -> None:
        if len(self._open) == 1:
            return
        state = self._open.pop()
        if state.is_written:
            self._written -= 1
            if tag not in VOID_TAGS:
                self.out.append(f"</{state.tag}>")

    def data(self, text: str) -> None:
        state = self._open[-1]
        kind = state.hidden or next((name for name, is_on in state.inherited.items() if is_on), "")
        if not kind:
            self.out.append(escape(text, quote=False))
        elif text.strip():
            self.kinds.add(kind)

    def comment(self, text: str) -> None:
        # Every Outlook mail has style sheets in comments, and every newsletter empty ones: nobody hid anything there.
        if not _OFFICE.match(text) and _COMMENT_TAG.sub("", text).strip():
            self.kinds.add("comment")

    def close(self) -> None:
        self.out += [f"</{state.tag}>" for state in reversed(self._open) if state.is_written and state.tag not in VOID_TAGS]

    def _declared(self, tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
        """Merge what style sheets and the style attribute say of an element, the attribute last."""
        found: dict[str, str] = {}
        if self._rules:
            names = [f".{each}" for each in (attributes.get("class") or "").split()]
            names += [f"#{attributes['id']}"] if attributes.get("id") else []
            for name in ("*", tag, *names, *(f"{tag}{each}" for each in names)):
                found.update(self._rules.get(name, {}))
        found.update(rules_of(attributes.get("style") or ""))
        return found


def visible_html(html: str) -> tuple[str, tuple[str, ...]]:
    """Return the HTML without what a reader does not see, and the kinds of what was removed, sorted.

    The result is well formed and at most 200 elements deep, so it can be given to inscriptis. Scripts and style sheets are gone.
    Kinds: comment, display_none, hidden_attribute, mso_hide, off_screen, tiny_font, too_deep, transparent, visibility_hidden,
    zero_size; each only when it hid words.
    """
    if not html.strip():
        return "", ()
    reader = _Reader(_style_sheets(html))
    parser = etree.HTMLParser(target=reader, huge_tree=True, encoding="utf-8")
    content = html.encode("utf-8", "replace")
    for start in range(0, len(content), _CHUNK_BYTES):
        parser.feed(content[start : start + _CHUNK_BYTES])
        if reader.is_too_deep:
            # Going on would cost the depth for each stray end tag.
            reader.kinds.add("too_deep")
            reader.close()
            break
    else:
        parser.close()
    return "".join(reader.out), tuple(sorted(reader.kinds - {"unseen"}))


def _style_sheets(html: str) -> dict[str, dict[str, str]]:
    """Return the rules of all `<style>` elements outside of comments: a comment's are Outlook's alone."""
    lower = without_comments(html.lower(), "<!--", "-->")
    rules: dict[str, dict[str, str]] = {}
    end = 0
    while (start := lower.find("<style", end)) != -1 and (inside := lower.find(">", start)) != -1:
        end = lower.find("</style", inside)
        end = len(lower) if end == -1 else end
        for selector, declared in _sheet(lower[inside + 1 : end]):
            rules.setdefault(selector, {}).update(declared)
    return rules


def _sheet(css: str) -> list[tuple[str, dict[str, str]]]:
    """Return the plain rules of a sheet; those inside of @media and its kind hold on some screens only."""
    found: list[tuple[str, dict[str, str]]] = []
    depth, last, selector = 0, 0, ""
    for match in re.finditer("[{}]", css):
        if match[0] == "{":
            depth += 1
            selector = css[last : match.start()].strip() if depth == 1 else ""
        else:
            if depth == 1 and selector and not selector.startswith("@"):
                declared = rules_of(css[last : match.start()])
                found += [(each.strip(), declared) for each in selector.split(",")] if declared else []
            depth = max(depth - 1, 0)
        last = match.end()
    return found
