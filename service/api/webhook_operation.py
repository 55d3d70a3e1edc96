"""What a webhook's body looks like, for the OpenAPI description: the route itself takes raw bytes."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import Example, OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

_TEXT = Schema(type=OpenAPIType.STRING)

_STANDARD_FIELDS = ("message_id", "from", "to", "subject", "text", "html", "in_reply_to", "references")
_MAILGUN_FIELDS = (
    *("recipient", "sender", "from", "subject", "body-plain", "body-html", "message-headers"),
    *("timestamp", "token", "signature"),
)

_STANDARD = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.OBJECT,
        description="Provider `standard`; webhook-id, webhook-timestamp and webhook-signature sign it. `postmark`: its own.",
        properties={
            **dict.fromkeys(_STANDARD_FIELDS, _TEXT),
            "headers": Schema(
                type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.ARRAY, items=_TEXT), description="[name, value] pairs"
            ),
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
        )
    },
)
_MIME = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.STRING,
        format=OpenAPIFormat.BINARY,
        description="Provider `mime`: a raw mail (RFC 5322), signed as `standard`; the header x-envelope-to names the recipient.",
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
                "multipart/form-data": _MAILGUN,
            },
        )
