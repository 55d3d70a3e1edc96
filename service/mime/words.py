"""From the bytes of a mail's parts and header fields to text: transfer encodings, charsets, encoded words, format=flowed.

Pure and total: whatever the bytes are, text comes out that PostgreSQL takes. Each function's time grows with its input, not
with the square of it; the standard library's decode_header and get_params do not promise that.
"""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

import pybase64

from service.mime.charsets import clean, is_charset

_WIDER = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
}
"""Labels that senders put on text of a larger charset; browsers read them the same way (encoding.spec.whatwg.org)."""

_UTF_8 = frozenset({"utf-8", "utf8"})
_BASE64_OTHER = bytes(each for each in range(256) if not chr(each).isalnum() or each > 127).translate(None, b"+/")
_MAX_PIECES = 10_000
_WORD = re.compile(r"=\?([^?\s]{1,75})\?([bBqQ])\?([^?]*+)\?=")
_SPECIALS = re.compile(r'[()<>@,;:\\".\[\]]')
_ESCAPED = re.compile(r'([()\\"])')
_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*+))')
_QUOTED_PAIR = re.compile(r"\\(.)")


def transfer_decoded(content: bytes, encoding: str, *, is_text: bool) -> tuple[bytes, str | None]:
    """Undo base64 or quoted-printable (RFC 2045 section 6). The second value names a defect, None when there is none."""
    encoding = encoding.strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content), None
    if encoding == "base64":
        return _base64(content, is_text=is_text)
    return content, None if encoding in {"", "7bit", "8bit", "binary"} else "unknown_encoding"


def _base64(content: bytes, *, is_text: bool) -> tuple[bytes, str | None]:
    try:
        return pybase64.b64decode(content.translate(None, b"\t\r\n" if is_text else b" \t\r\n"), validate=True), None
    except binascii.Error:
        return _broken_base64(content, is_text=is_text)


def _broken_base64(content: bytes, *, is_text: bool) -> tuple[bytes, str | None]:
    letters = content.translate(None, _BASE64_OTHER)
    strangers = len(content.translate(None, b" \t\r\n=")) - len(letters)
    first, padding, rest = content.partition(b"=")
    many = (len(first.translate(None, b"\t\r\n")) - len(first.translate(None, _BASE64_OTHER))) * 20 > len(first)
    if is_text and many and not _is_words(_unpadded(first[:1_000].translate(None, _BASE64_OTHER))):
        # Plain words under a wrong label: decoded they would be noise, as they stand they can be read.
        return content, "bad_base64"
    if padding and rest.translate(None, b"= \t\r\n"):
        if strangers or content.count(b"=") > _MAX_PIECES:
            # What follows the padding is a footer that a mailing list or a virus scanner added.
            return _unpadded(first.translate(None, _BASE64_OTHER)), "bad_base64"
        # Some programs encode piece by piece; each piece ends in its own padding.
        return b"".join(map(_unpadded, content.translate(None, b" \t\r\n").split(b"="))), "bad_base64"
    return _unpadded(letters), "bad_base64" if strangers or len(letters) % 4 == 1 else None


def _is_words(decoded: bytes) -> bool:
    """Whether it is text beyond doubt. Words that were never encoded come out as noise: a dozen bytes are never all letters."""
    text = decoded.decode("utf-8", "ignore")
    return len(decoded) >= 12 and len(text.encode()) > len(decoded) - 3 and "".join(text.split()).isprintable()


def _unpadded(letters: bytes) -> bytes:
    """Decode base64 letters alone; one left over at the end, which holds no whole byte, is dropped."""
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def charset_decoded(content: bytes, charset: str) -> tuple[str, str | None]:
    """Decode text: with the named charset, else as UTF-8, else as Windows-1252. The second value names a defect."""
    name = charset.strip().strip("'\"").lower()
    name = "utf-8" if name in {"utf-8-bom", "utf8mb4", "unicode-1-1-utf-8"} else name
    defect = None
    if name and not is_charset(name):
        name, defect = "", "unknown_charset"
    if name not in {"", "ascii", "us-ascii"}:
        try:
            return _storable(content.decode(_WIDER.get(name, name))), None
        except (LookupError, ValueError):
            defect = "bad_charset"
    try:
        return _storable(content.decode()), defect
    except UnicodeDecodeError:
        defect = defect or ("bad_charset" if name else None)
    try:
        text = content.decode(_WIDER.get(name, name or "cp1252"), "replace")
    except (LookupError, ValueError):
        return _storable(content.decode("cp1252", "replace")), defect
    if name in _UTF_8 and text.replace("\ufffd", "").isascii():
        # Not one letter beyond ASCII is UTF-8: the label is wrong, and not a byte here and there.
        text = content.decode("cp1252", "replace")
    return _storable(text), defect


def _storable(text: str) -> str:
    return clean(text.removeprefix("\ufeff"))


def field_text(value: bytes) -> str:
    """Return a header field's value as text: unfolded, UTF-8 or Windows-1252, encoded words left as they are."""
    unfolded = value.replace(b"\r", b"").replace(b"\n", b"").strip()
    return charset_decoded(unfolded, "")[0]


def words_decoded(value: str, *, is_address: bool = False) -> str:
    """Read the encoded words of a field (RFC 2047). A word that cannot be read stays as it is.

    is_address: the field is parsed after this, so what a word holds must not become syntax: it is put in quotes. Without them
    `=?utf-8?q?boss=40shop.example=2C?= <thief@evil.example>` would come from boss@shop.example.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    in_quotes = False
    end = 0

    def flush() -> None:
        if pending:
            text = charset_decoded(b"".join(pending), pending_charset)[0]
            out.append(_as_phrase(text, in_quotes=in_quotes) if is_address else text)
            pending.clear()

    for match in _WORD.finditer(value):
        charset = match[1].partition("*")[0].lower()
        gap = value[end : match.start()]
        if not pending or gap.strip() or charset != pending_charset:
            flush()
            # White space between two encoded words is not shown (RFC 2047 section 6.2).
            out.append(gap if gap.strip() or not end else "")
            in_quotes ^= is_address and (gap.count('"') - gap.count('\\"')) % 2 == 1
        pending.append(_word_bytes(match[2], match[3]))
        pending_charset = charset
        end = match.end()
    flush()
    out.append(value[end:])
    return "".join(out)


def _word_bytes(encoding: str, content: str) -> bytes:
    encoded = content.encode()
    return _base64(encoded, is_text=False)[0] if encoding in "bB" else binascii.a2b_qp(encoded, header=True)


def _as_phrase(text: str, *, in_quotes: bool) -> str:
    # Escaped as well as quoted, because the word may stand in a comment, where quotes protect nothing; and no second decoding.
    escaped = _ESCAPED.sub(r"\\\1", text.replace("=?", "= ?"))
    return f'"{escaped}"' if _SPECIALS.search(text) and not in_quotes else escaped


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a Content-Type or Content-Disposition, names in lower case, the first of each (RFC 2045, 2231)."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        text = _QUOTED_PAIR.sub(r"\1", match[2]) if match[2] is not None else match[3].strip()
        name, star, rest = match[1].lower().partition("*")
        if not star:
            found.setdefault(name, text)
            continue
        number = rest.rstrip("*")
        index = int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0
        pieces.setdefault(name, {}).setdefault(index, (text, not rest or rest.endswith("*")))
    for name, numbered in pieces.items():
        found[name] = _joined([numbered[index] for index in sorted(numbered)])
    return found


def _joined(pieces: list[tuple[str, bool]]) -> str:
    """Put the pieces of one parameter together; a piece marked True is percent-encoded, the first one names the charset."""
    charset, (first, is_extended) = "", pieces[0]
    if is_extended and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    encoded = b"".join(
        unquote_to_bytes(text) if is_percent else text.encode() for text, is_percent in [(first, is_extended), *pieces[1:]]
    )
    return charset_decoded(encoded, charset)[0]


def unflowed(text: str, *, del_sp: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 section 4); quotes keep their depth, "-- " stays a line."""
    done: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        line_depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        is_flowed = bare.endswith(" ") and bare != "-- "
        if pieces and (line_depth != depth or bare == "-- "):
            done.append(_quoted(depth, pieces))
            pieces = []
        depth = line_depth
        pieces.append(bare[:-1] if is_flowed and del_sp else bare)
        if not is_flowed:
            done.append(_quoted(depth, pieces))
            pieces = []
    if pieces:
        done.append(_quoted(depth, pieces))
    return "\n".join(done)


def _quoted(depth: int, pieces: list[str]) -> str:
    return f"{'>' * depth} {''.join(pieces)}" if depth else "".join(pieces)
