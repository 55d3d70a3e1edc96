"""Every table but the suggestions', which stand beside. Foreign keys cross features; only repositories import them.

Text is `Text`, never Varchar: a Message-ID or a subject may be of any length. Times are `timestamptz`. `shop` stands in every
table but its own; where another foreign key already leads to the shop it is a plain UUID, so that storing one mail does not
lock the shop's row against every other mail. Partial and multi-column indexes are raw SQL in `migrations/`.
"""

from __future__ import annotations

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    Numeric,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from service.db.ids import uuid7


class Shop(Table, tablename="shop"):
    """A tenant: nothing of one shop is ever seen by another."""

    id = UUID(primary_key=True, default=uuid7)
    slug = Text(unique=True, default=None)
    name = Text(default=None)
    language = Text(default="en")
    voice = Text(default="")
    signature = Text(default="")
    model = Text(null=True, default=None)
    monthly_budget_usd = Numeric(digits=(12, 2), null=True, default=None)
    reply_key = Bytea(null=True, default=None, secret=True)
    created_at = Timestamptz(default=TimestamptzNow())


class ApiKey(Table, tablename="api_key"):
    """A key of the JSON API; only its SHA-256 is kept."""

    id = UUID(primary_key=True, default=uuid7)
    shop = ForeignKey(Shop, on_delete=OnDelete.cascade, null=False, index=True)
    name = Text(default=None)
    prefix = Text(default=None)
    key_sha256 = Bytea(unique=True, default=None)
    scopes = Array(base_column=Text(), default=list)
    created_at = Timestamptz(default=TimestamptzNow())
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class Source(Table, tablename="source"):
    """One webhook endpoint of a shop. Both secrets verify while a rotation lasts."""

    id = UUID(primary_key=True, default=uuid7)
    shop = ForeignKey(Shop, on_delete=OnDelete.cascade, null=False, index=True)
    provider = Text(default=None)
    name = Text(default=None)
    secret = Text(default=None, secret=True)
    previous_secret = Text(null=True, default=None, secret=True)
    mailboxes = Array(base_column=Text(), default=list)
    trusted_hosts = Array(base_column=Text(), default=list)
    created_at = Timestamptz(default=TimestamptzNow())
    disabled_at = Timestamptz(null=True, default=None)


class Delivery(Table, tablename="delivery"):
    """One authentic webhook call, raw. `cuts`: where in the body the bytes belong that its attachments hold."""

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    source = ForeignKey(Source, on_delete=OnDelete.cascade, null=False, index=False)
    dedupe_key = Text(default=None)
    event_key = Text(null=True, default=None)
    fingerprint = Bytea(default=None)
    received_at = Timestamptz(default=TimestamptzNow())
    headers = JSONB(default="{}")
    body = Bytea(default=None)
    cuts = JSONB(null=True, default=None)
    outcome = Text(default=None)
    reason = Text(null=True, default=None)

    uq_delivery_source_dedupe_key = Unique([source, dedupe_key])


class Customer(Table, tablename="customer"):
    """Somebody who wrote to a shop or bought there; the address is in lower case."""

    id = UUID(primary_key=True, default=uuid7)
    shop = ForeignKey(Shop, on_delete=OnDelete.cascade, null=False, index=False)
    email = Text(default=None)
    name = Text(default="")
    vip = Boolean(default=False)
    created_at = Timestamptz(default=TimestamptzNow())
    source_updated_at = Timestamptz(null=True, default=None)

    uq_customer_shop_email = Unique([shop, email])


class Order(Table, tablename="orders"):
    """An order as the shop last told it. `orders`, since ORDER is a word of SQL."""

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    external_id = Text(default=None)
    number = Text(default=None)
    customer = ForeignKey(Customer, on_delete=OnDelete.cascade, null=False, index=False)
    status = Text(default=None)
    fulfilment = Text(default=None)
    items = JSONB(default="[]")
    total = Numeric(digits=(12, 2), null=True, default=None)
    currency = Text(default="")
    carrier = Text(null=True, default=None)
    tracking_number = Text(null=True, default=None)
    tracking_url = Text(null=True, default=None)
    placed_at = Timestamptz(default=TimestamptzNow())
    source_updated_at = Timestamptz(default=TimestamptzNow())

    uq_orders_shop_external_id = Unique([shop, external_id])


class Refund(Table, tablename="refund"):
    """Money that went back for an order. By the order's own id: a refund may come before its order."""

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    external_id = Text(default=None)
    order_external_id = Text(default=None)
    amount = Numeric(digits=(12, 2), default=None)
    currency = Text(default="")
    refunded_at = Timestamptz(default=TimestamptzNow())

    uq_refund_shop_external_id = Unique([shop, external_id])


class Thread(Table, tablename="thread"):
    """A conversation with one customer; its version rises with each message.

    `linked_thread`: the thread that its first mail quoted and could not join, since the sender is no part of it.
    """

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    customer = ForeignKey(Customer, on_delete=OnDelete.cascade, null=False, index=True)
    subject = Text(default="")
    version = Integer(default=1)
    linked_thread = UUID(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())


class Message(Table, tablename="message"):
    """One e-mail, in or out. `delivery` is no foreign key: raw calls are purged, messages stay.

    `same_id_as`: an earlier message has this one's Message-ID and other words. `bounced_message`: the message that this bounce
    gives back.
    """

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    thread = ForeignKey(Thread, on_delete=OnDelete.cascade, null=False, index=False)
    delivery = UUID(null=True, default=None)
    direction = Text(default=None)
    rfc_message_id = Text(default=None)
    in_reply_to = Text(null=True, default=None)
    reference_ids = Array(base_column=Text(), default=list)
    sender = Text(default=None)
    sender_name = Text(default="")
    recipient = Text(default=None)
    subject = Text(default="")
    text = Text(default="")
    html = Text(null=True, default=None)
    machine_class = Text(null=True, default=None)
    trust = Text(null=True, default=None)
    trust_reasons = Array(base_column=Text(), default=list)
    content_sha256 = Bytea(null=True, default=None)
    same_id_as = UUID(null=True, default=None)
    bounced_message = UUID(null=True, default=None)
    received_at = Timestamptz(default=TimestamptzNow())

    uq_message_shop_recipient_rfc_message_id = Unique([shop, recipient, rfc_message_id])


class Attachment(Table, tablename="attachment"):
    """A file that came with a message. `left_out` says why there is no content."""

    id = UUID(primary_key=True, default=uuid7)
    shop = UUID(default=None)
    message = ForeignKey(Message, on_delete=OnDelete.cascade, null=False, index=False)
    position = SmallInt(default=None)
    filename = Text(default="")
    content_type = Text(default=None)
    content_id = Text(null=True, default=None)
    size_bytes = BigInt(default=None)
    sha256 = Bytea(null=True, default=None)
    content = Bytea(null=True, default=None)
    left_out = Text(null=True, default=None)

    uq_attachment_message_position = Unique([message, position])


class Article(Table, tablename="article"):
    """What a shop knows beside its orders: a policy, an answer. Its full-text index is raw SQL in `migrations/`."""

    id = UUID(primary_key=True, default=uuid7)
    shop = ForeignKey(Shop, on_delete=OnDelete.cascade, null=False, index=False)
    slug = Text(default=None)
    title = Text(default=None)
    body = Text(default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())

    uq_article_shop_slug = Unique([shop, slug])


class IdempotentCall(Table, tablename="idempotent_call"):
    """The answer to a call of the JSON API that named an Idempotency-Key, kept for a day."""

    id = UUID(primary_key=True, default=uuid7)
    shop = ForeignKey(Shop, on_delete=OnDelete.cascade, null=False, index=False)
    key = Text(default=None)
    fingerprint = Bytea(default=None)
    answer = Bytea(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())

    uq_idempotent_call_shop_key = Unique([shop, key])
