"""A raw mail (RFC 5322) in the body, with a Standard Webhooks signature: for pipes from Cloudflare, Amazon SES or Postfix.

The pipe names whom the mail was for in `x-envelope-to`, and its MAIL FROM in `x-envelope-from` (`<>` for a bounce): no header of
the mail itself can be relied on for that.
"""

from __future__ import annotations

from service.providers.types import AuthenticCall, InboundMail, WebhookCall
from service.providers.wire.raw_mail import read_raw_mail
from service.providers.wire.signatures import verify_standard_webhook


def authenticate(call: WebhookCall, secrets: tuple[str, ...]) -> AuthenticCall:
    """Verify the call against each secret. Raises AuthenticationFailed."""
    return AuthenticCall(dedupe_key=verify_standard_webhook(call, secrets), payload=lambda: read(call))


def read(call: WebhookCall) -> InboundMail:
    """Map a call that is authentic; see read_raw_mail."""
    return read_raw_mail(
        call.body, recipient=call.headers.get("x-envelope-to", ""), envelope_sender=call.headers.get("x-envelope-from")
    )
