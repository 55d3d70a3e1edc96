"""Standard Webhooks signatures (standardwebhooks.com, specification 1.0.0), over bytes that may be no text.

The signature covers id, timestamp and body; the tolerance is five minutes both ways, and a retry is signed anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from service.errors import AuthenticationFailed
from service.providers.types import WebhookCall

TOLERANCE_S = 300


def verify_standard_webhook(call: WebhookCall, secrets: tuple[str, ...]) -> str:
    """Verify a call against each secret; return its id, which is the same for every retry.

    Raises:
        AuthenticationFailed: a header is missing, too old or too new, or no signature matches.
    """
    if not any(_verifies(call, secret) for secret in secrets):
        raise AuthenticationFailed("The webhook's signature does not match, or its timestamp is over 5 minutes off")
    return call.headers["webhook-id"]


def sign_standard_webhook(body: bytes, secret: str, *, call_id: str) -> dict[str, str]:
    """Return the headers that sign a body now."""
    sent_at = int(time.time())
    signature = hmac.new(_key(secret), f"{call_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": call_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def _verifies(call: WebhookCall, secret: str) -> bool:
    try:
        Webhook(secret).verify(call.body, dict(call.headers), json_parse=False)
    except UnicodeDecodeError:
        return _verifies_bytes(call, secret)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def _verifies_bytes(call: WebhookCall, secret: str) -> bool:
    """Verify a body that is not UTF-8: the library decodes first, but such a mail is authentic all the same."""
    try:
        sent_at = int(call.headers.get("webhook-timestamp", ""))
        given = [
            base64.b64decode(signature)
            for version, _, signature in (each.partition(",") for each in call.headers["webhook-signature"].split(" "))
            if version == "v1"
        ]
        signed = f"{call.headers['webhook-id']}.{sent_at}.".encode() + call.body
        key = _key(secret)
    except (KeyError, ValueError, binascii.Error):
        return False
    expected = hmac.new(key, signed, hashlib.sha256).digest()
    is_fresh = abs(time.time() - sent_at) <= TOLERANCE_S
    return is_fresh and any(hmac.compare_digest(expected, each) for each in given)


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_") + "==")
