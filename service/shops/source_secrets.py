"""The secrets of sources: made where the scheme lets us choose, checked where the provider chooses. Pure but for chance."""

from __future__ import annotations

import base64
import re
import secrets

from service.errors import InvalidInput
from service.shops.types import Provider

_URL_SECRET = re.compile(r"[A-Za-z0-9_-]{24,200}")
_GIVEN_SECRET = re.compile(r"[!-~]{8,200}")


def usable_secret(provider: Provider, given: str) -> str:
    """Return the secret for a source: the given one, or a new one where it is empty.

    Raises:
        InvalidInput: the provider chooses the secret and none is given, or the given one is not of the scheme's form.
    """
    if provider in ("standard", "mime"):
        return _standard(given or "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    if provider == "postmark":
        return _in_url(given or secrets.token_urlsafe(32))
    if not given:
        chosen = "its HTTP webhook signing key" if provider == "mailgun" else "the app's client secret"
        raise InvalidInput(f"{provider.capitalize()} chooses the key: give {chosen} with --secret")
    if not _GIVEN_SECRET.fullmatch(given):
        raise InvalidInput(f"{provider.capitalize()}'s key is 8-200 letters, digits and signs, without spaces")
    return given


def _standard(secret: str) -> str:
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not 24 <= size <= 64:
        raise InvalidInput("A Standard Webhooks secret is whsec_ and 24-64 bytes in base64")
    return secret


def _in_url(secret: str) -> str:
    if not _URL_SECRET.fullmatch(secret):
        raise InvalidInput("Postmark's secret stands in a URL: 24-200 letters, digits, hyphens and underscores")
    return secret
