"""What a webhook's body looks like, for the OpenAPI description: the route itself takes raw bytes."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import Example, OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

from service.mime.attachments import MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_ATTACHMENTS_BYTES

_TEXT = Schema(type=OpenAPIType.STRING)
_LIMITS = (
    f"Up to {MAX_ATTACHMENTS} of {MAX_ATTACHMENT_BYTES // 1_000_000} MB each and {MAX_ATTACHMENTS_BYTES // 1_000_000} MB together "
    "are kept. What is over is told by name, and stays in the raw delivery."
)

_STANDARD_FIELDS = ("message_id", "from", "to", "subject", "text", "html", "in_reply_to", "references")
_MAILGUN_FIELDS = (
    *("recipient", "sender", "from", "subject", "body-plain", "body-html", "body-mime", "message-headers"),
    *("timestamp", "token", "signature", "content-id-map"),
)
_ATTACHMENT = Schema(
    type=OpenAPIType.OBJECT,
    properties={
        "filename": _TEXT,
        "content_type": _TEXT,
        "content": Schema(type=OpenAPIType.STRING, content_encoding="base64"),
        "content_id": Schema(type=OpenAPIType.STRING, description="What `cid:` links in the HTML name."),
    },
    required=["content"],
)

_STANDARD = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.OBJECT,
        description="Provider `standard`; webhook-id, webhook-timestamp and webhook-signature sign it. With a `type` it is an "
        "event, and `data` holds it. `postmark` and `shopify`: their own.",
        properties={
            **dict.fromkeys(_STANDARD_FIELDS, _TEXT),
            "headers": Schema(
                type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.ARRAY, items=_TEXT), description="[name, value] pairs"
            ),
            "envelope_sender": Schema(
                type=OpenAPIType.STRING, description="MAIL FROM, `<>` for a bounce: it tells machine mail from a person's."
            ),
            "attachments": Schema(type=OpenAPIType.ARRAY, items=_ATTACHMENT, description=_LIMITS),
        },
        required=["from", "to"],
    ),
    examples={
        "parcel": Example(
            value={
                "message_id": "<1@ada.example>",
                "from": "Ada <ada@ada.example>",
                "to": "support@shop.example",
                "subject": "Parcel",
                "text": "Where is my parcel?",
            }
        ),
        "refund": Example(
            value={
                "type": "refund.created",
                "data": {
                    "external_id": "r1",
                    "order_external_id": "1001",
                    "amount": "12.00",
                    "currency": "EUR",
                    "refunded_at": "2026-11-22T08:00:00Z",
                },
            }
        ),
    },
)
_MIME = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.STRING,
        format=OpenAPIFormat.BINARY,
        description="Provider `mime`: a raw mail (RFC 5322), signed as `standard`; the headers x-envelope-to and x-envelope-from "
        "hold RCPT TO and MAIL FROM.",
    )
)
_MAILGUN = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.OBJECT,
        description="Provider `mailgun`, as its routes forward a mail.",
        properties=dict.fromkeys(_MAILGUN_FIELDS, _TEXT),
        required=["timestamp", "token", "signature"],
    )
)
_MAILGUN_WITH_FILES = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.OBJECT,
        description=f"Provider `mailgun`, with attachments: any file part is one. {_LIMITS}",
        properties={
            **dict.fromkeys(_MAILGUN_FIELDS, _TEXT),
            "attachment-1": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, description="And so on, to attachment-N."),
        },
        required=["timestamp", "token", "signature"],
    )
)


@dataclass
class WebhookOperation(Operation):
    """The operation with its body."""

    def __post_init__(self) -> None:
        """Add the body: Litestar gives None, since the route declares none."""
        self.request_body = RequestBody(
            required=True,
            content={
                "application/json": _STANDARD,
                "message/rfc822": _MIME,
                "application/x-www-form-urlencoded": _MAILGUN,
                "multipart/form-data": _MAILGUN_WITH_FILES,
            },
        )
