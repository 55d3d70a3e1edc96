"""Links and e-mail addresses in a text, also those that are written so as not to look like one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Found = tuple[Literal["link", "email_address"], int, int, str]
"""Kind, place and the form that is compared."""

_ENDINGS = frozenset(
    """
    com net org info biz shop store online site website app dev page link click live xyz top io co eu de at ch fr es it nl be pt
    pl se dk
    no fi cz sk hu ro uk ie us ca au nz ru cn in tk ml ga cf cc tv ws ly me to gg ai so sh example invalid test help support
    cloud email
    club world today space pro vip win fun icu zip mov delivery express
    """.split()  # noqa: SIM905 - words read better so
)
"""Endings of hosts that are so well known that a word before one, even with a space between, is a host."""

_FILES = frozenset(["pdf", "jpg", "jpeg", "png", "gif", "webp", "heic", "doc", "docx", "xls", "xlsx", "csv", "txt", "eml"])

# A piece of text that holds a mark which only links, addresses and ends of sentences have.
_MARKED = re.compile(r"(?<!\S)[^\s.@:\\]*+[.@:\\]\S*+")
_LINK = re.compile(
    r"(?P<scheme>(?<![a-z0-9])[a-z][a-z0-9+.-]{1,15}+:[/\\]{1,3}[^\s<>\"]++|(?<!\w)(?:javascript|data|tel|sms|intent|file"
    r"|vbscript):[^\s<>\"]++)"
    r"|(?P<email>[\w.+%-]{1,64}+@[\w-]++(?:\.[\w-]++)*)"
    r"|(?P<host>(?<![\w-])[\w-]++(?:\.[\w-]++)+(?::\d{1,5})?(?P<path>[/?#][^\s<>\"]*+)?)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/])@[\w.]{3,40}")
_DOT = r"(?:\s?[\[({]\s?(?:\.|dot|punkt|point|punto)\s?[\])}]\s?|\s(?:dot|punkt)\s|\s?\.\s|\s\.|\.)"
_AT = r"(?:\s?[\[({]\s?(?:at|@|ät)\s?[\])}]\s?|\s(?:at|@)\s|@)"
_VEILS = (
    " . ",
    " .",
    "[.",
    "(.",
    "[dot",
    "(dot",
    "{dot",
    " dot ",
    "[at",
    "(at",
    "{at",
    " @ ",
    "[punkt",
    "(punkt",
    "(point",
    "(punto",
)
_VEILED_EMAIL = re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}+{_AT}[\w-]{{1,63}}+(?:{_DOT}[\w-]{{1,63}}+){{1,4}}", re.IGNORECASE)
_VEILED_HOST = re.compile(
    rf"(?<![\w.-])[\w-]{{2,63}}+(?:{_DOT}[\w-]{{2,63}}+){{0,3}}?{_DOT}(?P<ending>[a-z]{{2,10}})(?![\w-])(?P<path>/\S*+)?",
    re.IGNORECASE,
)
_PLAIN_DOT = re.compile(_DOT, re.IGNORECASE)
_PLAIN_AT = re.compile(_AT, re.IGNORECASE)
_SPOKEN_DOT = re.compile(r"\s(?:dot|punkt|point|punto)\s", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,15}:[/\\]{1,3}", re.IGNORECASE)
_END_MARKS = ".,;:!?)]}>\"'*_\u00bb\u201d-"


def find_links(text: str) -> list[Found]:
    """Return the links and addresses of a folded text, in order."""
    found = [each for match in _MARKED.finditer(text) for each in _links_in(text, *match.span())]
    if "@" in text:
        found += [("email_address", *match.span(), match[0].rstrip(".").casefold()) for match in _HANDLE.finditer(text)]
    if any(veil in text.lower() for veil in _VEILS):
        for each in _veiled(text):
            if not any(each[1] < end and start < each[2] for _, start, end, _ in found):
                found.append(each)
    return sorted(found, key=lambda each: each[1])


def link_of(text: str) -> str:
    """Return a link in the form that is compared: without its scheme and `www.`, its host in lower case, no end mark."""
    bare = text.strip()
    if scheme := _SCHEME.match(bare):
        bare = bare[scheme.end() :]
    host = re.match(r"[^/?#]*", bare)
    end = host.end() if host else 0
    return (bare[:end].casefold().removeprefix("www.") + bare[end:]).rstrip("/")


def _links_in(text: str, start: int, end: int) -> Iterator[Found]:
    for match in _LINK.finditer(text, start, end):
        stop = match.end()
        while stop > match.start() and text[stop - 1] in _END_MARKS:
            stop -= 1
        shown = text[match.start() : stop]
        if match["email"]:
            yield "email_address", match.start(), stop, shown.casefold()
        elif match["scheme"] or _is_host(match["host"], has_path=bool(match["path"])):
            yield "link", match.start(), stop, link_of(shown)


def _is_host(shown: str, *, has_path: bool) -> bool:
    """Whether words with dots between them are a host, and no abbreviation, number or file."""
    host = re.split(r"[/?#:]", shown, maxsplit=1)[0]
    labels = host.split(".")
    ending = labels[-1].lower()
    if all(map(str.isdigit, labels)):
        return len(labels) == 4
    if ending in _ENDINGS or ending.startswith("xn--"):
        return not all(map(str.isdigit, labels[:-1])) or has_path
    if len(ending) < 2 or not ending.isalpha() or ending in _FILES:
        return False
    # Of an unknown ending, what looks like an abbreviation or like two sentences without a space is no host.
    return has_path or (all(len(each) > 1 for each in labels) and not labels[-1][0].isupper() and not labels[-2].isdigit())


def _veiled(text: str) -> Iterator[Found]:
    for match in _VEILED_EMAIL.finditer(text):
        plain = _PLAIN_AT.sub("@", _PLAIN_DOT.sub(".", match[0]), count=1)
        # "Log in at shop . example" is a link.
        is_spoken = " at " in match[0].lower()
        if plain.rpartition(".")[2].lower() in _ENDINGS and (not is_spoken or _SPOKEN_DOT.search(match[0])):
            yield "email_address", *match.span(), plain.casefold()
    for match in _VEILED_HOST.finditer(text):
        between = match[0][: match.start("ending") - match.start()]
        # A new sentence that begins with such a word has a capital or no space before its dot.
        if match["ending"].lower() in _ENDINGS and not re.search(r"\w\.\s$", between):
            yield "link", *match.span(), link_of(_PLAIN_DOT.sub(".", match[0]))
