"""ETag and If-Match (RFC 9110, 8.8.3 and 13.1.1): a suggestion's version, so that nobody changes what they have not seen. Pure."""

from __future__ import annotations

import re

from service.errors import InvalidInput, PreconditionRequired

MAX_HEADER_LENGTH = 500

_TAGS = re.compile(r'(W/)?"([^"]*)"\s*(?:,\s*|$)')
_VERSION = re.compile(r"[0-9]{1,9}")


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def expected_versions(if_match: str | None) -> frozenset[int] | None:
    """Return the versions that If-Match names; None for any: without the header, and for `*`. Raises InvalidInput.

    Weak tags and such as we never gave out match nothing.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    text, found, at = if_match.strip()[: MAX_HEADER_LENGTH + 1], set[int](), 0
    while at < len(text) <= MAX_HEADER_LENGTH and (tag := _TAGS.match(text, at)):
        if not tag[1] and _VERSION.fullmatch(tag[2]):
            found.add(int(tag[2]))
        at = tag.end()
    if not text or at < len(text):
        raise InvalidInput("`If-Match` takes the ETag as it came, in its quotes")
    return frozenset(found)


def required_versions(if_match: str | None) -> frozenset[int] | None:
    """Do as expected_versions, but refuse a call without the header. Raises PreconditionRequired, InvalidInput."""
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the ETag of the suggestion as you have read it")
    return expected_versions(if_match)
