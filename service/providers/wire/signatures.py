"""Standard Webhooks signatures (standardwebhooks.com, specification 1.0.0), over bytes that may be no text.

The signature covers id, timestamp and body; the tolerance is five minutes both ways, and a retry is signed anew. The tests hold
this against the specification's own library, which is not used here: it takes only UTF-8, and copies a body of 25 MB four times.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time

from service.errors import AuthenticationFailed
from service.providers.types import WebhookCall

TOLERANCE_S = 300
MAX_SIGNATURES = 20
"""In one header: a sender signs with each secret of a rotation, and in each version that it knows."""


def verify_standard_webhook(call: WebhookCall, secrets: tuple[str, ...]) -> str:
    """Verify a call against each secret; return its id, which is the same for every retry.

    Raises:
        AuthenticationFailed: a header is missing, too old or too new, or no signature matches.
    """
    call_id, sent_at = call.headers.get("webhook-id", ""), call.headers.get("webhook-timestamp", "")
    given = _signatures(call.headers.get("webhook-signature", ""))
    if not call_id or not given or not _is_fresh(sent_at):
        raise AuthenticationFailed("The webhook has no id, no signature, or a timestamp that is missing or over 5 minutes off")
    expected = [_signature(call.body, secret, call_id=call_id, sent_at=sent_at) for secret in secrets]
    # Each is compared with each, whatever matches first.
    matches = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in given]
    if not any(matches):
        raise AuthenticationFailed("The webhook's signature does not match the source's secret")
    return call_id


def sign_standard_webhook(body: bytes, secret: str, *, call_id: str) -> dict[str, str]:
    """Return the headers that sign a body now."""
    sent_at = str(int(time.time()))
    signature = base64.b64encode(_signature(body, secret, call_id=call_id, sent_at=sent_at)).decode()
    return {"webhook-id": call_id, "webhook-timestamp": sent_at, "webhook-signature": f"v1,{signature}"}


def _signature(body: bytes, secret: str, *, call_id: str, sent_at: str) -> bytes:
    key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    signed = hmac.new(key, f"{call_id}.{sent_at}.".encode(), hashlib.sha256)
    signed.update(body)
    return signed.digest()


def _signatures(header: str) -> list[bytes]:
    """Return the symmetric signatures (`v1`) of a header; what is no base64 is left out."""
    found: list[bytes] = []
    for each in header.split(" ", MAX_SIGNATURES)[:MAX_SIGNATURES]:
        version, _, signature = each.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(signature, validate=True))
            except (ValueError, binascii.Error):
                continue
    return found


def _is_fresh(sent_at: str) -> bool:
    return sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12 and abs(time.time() - int(sent_at)) <= TOLERANCE_S
