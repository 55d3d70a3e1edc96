"""Bytes, texts, JSON and forms as nobody should send them, for Hypothesis."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from tests.factories import urlencoded
from tests.providers.calls import BOUNDARY, Part, multipart

TRICKY = [
    *("=?", "?=", "?q?", "?b?", "utf-8", "utf-7", "idna", "\x00", "\ud800", "<", ">", "@", "a", ".", " ", "\r\n"),
    *("(", ")", '"', ",", "\\", "[", ":", ";", "\u202e", "\u0130", "\U0001f600"),
]
MAIL_KEYS = [
    *("to", "from", "type", "data", "message_id", "subject", "text", "html", "in_reply_to", "references", "headers"),
    *("envelope_sender", "attachments", "From", "To", "OriginalRecipient", "Subject", "TextBody", "HtmlBody", "MessageID"),
    *("Headers", "Attachments", "id", "email", "contact_email", "customer", "line_items", "fulfillments", "refunds", "tags"),
    *("name", "currency", "total_price", "created_at", "updated_at", "transactions", "order_id", "amount"),
]
INNER_KEYS = [
    *("Name", "Value", "Content", "ContentType", "ContentID", "filename", "content", "content_type", "content_id"),
    *("id", "name", "email", "amount", "quantity", "kind", "status", "a"),
]
FORM_FIELDS = [
    *("from", "sender", "recipient", "subject", "body-plain", "body-html", "body-mime", "message-headers", "Message-Id"),
    *("References", "content-id-map", "attachment-1"),
]
HEADERS = [
    *("webhook-id", "webhook-timestamp", "webhook-signature", "authorization", "content-type", "x-envelope-to"),
    *("x-envelope-from", "x-shopify-hmac-sha256", "x-shopify-topic", "x-shopify-webhook-id", "x-shopify-event-id", "x"),
]
CHARSETS = ["utf-8", "utf-7", "utf-16", "idna", "punycode", "unicode_escape", "hex", "cp1252", "x\x00", "utf-32-be", ""]
RIGHT = ["Ada <ada@customer.example>", "support@shop.example", "2026-11-23T10:00:00Z", "1.50", "QUJD", "<a@x>", "order.updated"]
"""Values that bring a random body past the first check."""

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
odd_text = st.one_of(any_text, st.lists(st.sampled_from(TRICKY), max_size=60).map("".join))
sendable_text = odd_text.map(lambda text: text.encode("utf-8", "replace").decode())
"""Text that JSON and forms can carry: without half surrogate pairs."""

header_text = st.text(st.characters(max_codepoint=255), max_size=100)
headers = st.dictionaries(st.sampled_from(HEADERS), header_text)
content_types = st.one_of(
    header_text,
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"]),
)
charsets = st.sampled_from(CHARSETS)

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False),
              sendable_text, st.sampled_from(RIGHT)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(INNER_KEYS), inner, max_size=4)),
    max_leaves=10,
)  # fmt: skip
json_bodies = st.dictionaries(st.sampled_from(MAIL_KEYS), json_values).map(msgspec.json.encode)
whole_json_bodies = st.dictionaries(st.sampled_from(MAIL_KEYS[2:]), json_values).map(
    lambda more: msgspec.json.encode(
        {"to": "a@b.example", "from": "c@d.example", "To": "a@b.example", "From": "c@d.example", "type": None, **more}
    )
)
"""Bodies that name a sender and a recipient in each provider's way, so that the other fields are read too."""

cut_json_bodies = st.tuples(whole_json_bodies, st.integers(0, 200)).map(lambda pair: pair[0][: -pair[1]])
surrogate_bodies = whole_json_bodies.map(lambda body: body.replace(b'"a"', b'"\\ud83d"').replace(b"QUJD", b"\\udc00"))

parts = st.builds(
    Part,
    name=st.sampled_from(FORM_FIELDS),
    value=st.binary(max_size=60),
    filename=st.one_of(st.none(), st.sampled_from(["", "a.txt", "../\u202ea.exe", "\u00fc"])),
    content_type=st.one_of(st.none(), charsets.map(lambda name: f"text/plain; charset={name}"), header_text.map(
        lambda text: text.replace("\r", "").replace("\n", ""))),
)  # fmt: skip
form_fields = st.dictionaries(st.sampled_from(FORM_FIELDS), sendable_text)
form_calls = st.one_of(form_fields.map(urlencoded), st.builds(multipart, form_fields), st.lists(parts, max_size=5).map(
    lambda each: multipart({}, *each)))  # fmt: skip

raw_mails = st.lists(
    st.sampled_from(
        [
            *(b"From: Ada <ada@customer.example>\r\n", b"To: support@shop.example\r\n", b"From: =?utf-8?q?=3Ca=40b=3E?=\r\n"),
            *(
                b"Content-Type: multipart/mixed; boundary=b\r\n",
                b"Content-Type: text/html; charset=x\r\n",
                b"--b\r\n",
                b"--b--\r\n",
            ),
            *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Disposition: attachment; filename*0*=utf-8''%00;\r\n"),
            *(b"\r\n", b"\n", b"\r", b"\x00", b"\xff", b"hello \xe9\r\n", b"QUJD\r\n", b"=3D=\r\n", b" folded\r\n"),
        ]
    ),
    max_size=25,
).map(b"".join)

bodies = st.one_of(st.binary(max_size=400), json_bodies, whole_json_bodies, cut_json_bodies, surrogate_bodies, raw_mails)
