"""Which style declarations hide an element. Pure; reads the few properties that can, and nothing else of CSS."""

from __future__ import annotations

import re
from collections.abc import Mapping

TINY_PX = 1.0
FAR_OFF_PX = -500.0

_PROPERTIES = frozenset(
    {
        "display", "visibility", "mso-hide", "opacity", "font-size", "font", "overflow", "overflow-x", "overflow-y", "height",
        "max-height", "width", "max-width", "text-indent", "position", "left", "top", "margin-left",
    }
)  # fmt: skip
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))")
_LENGTH = re.compile(r"([+-]?\d{0,9}(?:\.\d{0,9})?)\s*(px|pt|em|rem|ex|ch|vw|vh|%|)")
_FONT_SIZE = re.compile(r"(?:^|\s)((?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:px|pt|em|rem|%|))(?=[\s/]|$)")
_PX = {"": 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 6.0, "vh": 6.0, "%": 0.16}


def rules_of(style: str) -> dict[str, str]:
    """Return the declarations that can hide, in lower case, the last of each property. Time grows with the length."""
    if ":" not in style:
        return {}
    style = without_comments(style.lower(), "/*", "*/")
    if "\\" in style:
        style = _ESCAPE.sub(_unescaped, style)
    found: dict[str, str] = {}
    for each in style.split(";"):
        name, _, value = each.partition(":")
        name = name.strip()
        if name in _PROPERTIES:
            found[name] = value.partition("!")[0].strip()
    if "font" in found and (match := _FONT_SIZE.search(found["font"][:200])):
        found.setdefault("font-size", match[1])
    return found


def hidden_by(declared: Mapping[str, str], attributes: Mapping[str, str]) -> str:
    """Return the kind of hiding that holds for an element and all in it, "" when it is seen."""
    kinds = {
        "display_none": declared.get("display") == "none",
        "hidden_attribute": "hidden" in attributes and "display" not in declared,
        "mso_hide": declared.get("mso-hide") == "all",
        "transparent": "opacity" in declared and _px(declared["opacity"], default=1) <= 0.01,
        "zero_size": _is_clipped_to_nothing(declared),
        "off_screen": _is_off_screen(declared),
    }
    return next((kind for kind, holds in kinds.items() if holds), "")


def inherits(above: Mapping[str, bool], declared: Mapping[str, str]) -> Mapping[str, bool]:
    """Return the kinds of hiding that hold for an element's own words; its children may say otherwise."""
    size, visibility = declared.get("font-size"), declared.get("visibility")
    if size is None and visibility is None:
        return above
    found = dict(above)
    if visibility in {"hidden", "collapse", "visible"}:
        found["visibility_hidden"] = visibility != "visible"
    if size is not None and not (above.get("tiny_font") and size.endswith(("em", "%")) and not size.endswith("rem")):
        # Newsletters set size 0 around table cells, to close gaps, and a size of its own on the text.
        found["tiny_font"] = _px(size, default=16) <= TINY_PX
    return found


def _is_clipped_to_nothing(declared: Mapping[str, str]) -> bool:
    if not any(declared.get(name) in {"hidden", "clip"} for name in ("overflow", "overflow-x", "overflow-y")):
        return False
    return any(
        name in declared and 0 <= _px(declared[name], default=16) <= TINY_PX
        for name in ("height", "max-height", "width", "max-width")
    )


def _is_off_screen(declared: Mapping[str, str]) -> bool:
    is_moved = declared.get("position") in {"absolute", "fixed"}
    names = ("text-indent", "margin-left", "left", "top") if is_moved else ("text-indent", "margin-left")
    return any(_px(declared.get(name, ""), default=0) <= FAR_OFF_PX for name in names)


def _px(value: str, *, default: float) -> float:
    """Return a length in pixels of a 16 px font; the default where it is a word or a sum."""
    match = _LENGTH.fullmatch(value.strip())
    if match is None or match[1] in {"", "+", "-", "."}:
        return default
    try:
        return float(match[1]) * _PX[match[2]]
    except ValueError:
        return default


def without_comments(text: str, opening: str, closing: str) -> str:
    """Take out what stands between these marks; a comment that does not end takes all that follows, as in a browser."""
    out: list[str] = []
    position = 0
    while (start := text.find(opening, position)) != -1:
        out.append(text[position:start])
        # Two characters on, so that `<!-->` is a whole comment.
        end = text.find(closing, start + 2)
        if end == -1:
            return "".join(out)
        position = end + len(closing)
    out.append(text[position:])
    return "".join(out)


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0xD800 else ""
