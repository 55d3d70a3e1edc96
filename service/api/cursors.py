"""Keyset cursors: the last id of a page, in an opaque form that may change. Pure."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from service.errors import InvalidInput


def encode_cursor(last_id: UUID) -> str:
    """Return the cursor of the page after this id."""
    return base64.urlsafe_b64encode(last_id.bytes).decode().rstrip("=")


def decode_cursor(cursor: str) -> UUID:
    """Return the id that a cursor stands for. Raises InvalidInput."""
    try:
        return UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise InvalidInput("`cursor` is not one that this API has given out; leave it away for the first page") from None
