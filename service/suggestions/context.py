"""Read all that a draft may know, in one statement and so in one snapshot.

Orders are the sender's by customer, never by a number in the text. No text is read without a bound, and none with hidden words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from service.db.engine import fetch_row
from service.drafting.types import CustomerFacts, Direction, EarlierMessage, OrderFacts, ShopVoice, Snapshot
from service.errors import NotFound
from service.inbox.text.reading import read_text
from service.inbox.text.visible import visible_text
from service.suggestions.types import Claim

MAX_EARLIER = 20
MAX_ORDERS = 5
MAX_READ = 100_000
"""Characters of the message to answer that are read at all: an answer may stand below all that it quotes."""

MAX_EARLIER_READ = 20_000
"""Characters of each earlier message; the prompt shortens both further."""

MAX_HTML_READ = 100_000
"""Characters of an HTML part, whose words are few among its tags."""

MAX_LINE_READ = 1_000
"""Characters of a subject or a name."""

# Anything but white space and characters that nobody sees: a text part without it is passed over for the HTML part.
_SEEN = "'[^\\s\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u180e\\u2000-\\u206f\\u3000\\u3164\\ufeff\\uffa0]'"

_SNAPSHOT = f"""
SELECT shop.name AS shop_name, shop.language, shop.voice, shop.signature, customer.vip,
       left(customer.name, {MAX_LINE_READ}) AS name, left(message.subject, {MAX_LINE_READ}) AS subject,
       left(message.text, {MAX_READ}) AS text,
       CASE WHEN left(message.text, {MAX_READ}) ~ {_SEEN} THEN NULL ELSE left(message.html, {MAX_HTML_READ}) END AS html,
       (SELECT json_agg(earlier ORDER BY earlier.id) FROM (
            SELECT id, direction, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS sent_at,
                   left(text, {MAX_EARLIER_READ}) AS text,
                   CASE WHEN left(text, {MAX_EARLIER_READ}) ~ {_SEEN} THEN NULL ELSE left(html, {MAX_HTML_READ}) END AS html
            FROM message WHERE thread = $2 AND id < $1 ORDER BY id DESC LIMIT {MAX_EARLIER}) AS earlier) AS conversation,
       (SELECT json_agg(recent ORDER BY recent.placed_at DESC) FROM (
            SELECT placed_at, number, status, fulfilment, to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS placed_on,
                   total::text AS total, currency, items, carrier, tracking_number, tracking_url,
                   (SELECT sum(amount)::text FROM refund WHERE refund.shop = orders.shop
                    AND order_external_id = orders.external_id AND refund.currency IN ('', orders.currency)) AS refunded
            FROM orders WHERE customer = thread.customer ORDER BY placed_at DESC LIMIT {MAX_ORDERS}) AS recent) AS orders
FROM message
JOIN thread ON thread.id = message.thread
JOIN customer ON customer.id = thread.customer
JOIN shop ON shop.id = message.shop
WHERE message.id = $1 AND message.thread = $2
"""


class _EarlierRow(msgspec.Struct, frozen=True):
    direction: Direction
    sent_at: str
    text: str
    html: str | None


_conversation = msgspec.json.Decoder(tuple[_EarlierRow, ...])
_orders = msgspec.json.Decoder(tuple[OrderFacts, ...])


async def read_snapshot(held: Claim, *, today: date) -> Snapshot:
    """Return the snapshot for a claimed suggestion. Raises NotFound, permanent, when its message is gone."""
    row = await fetch_row(_SNAPSHOT, held.message_id, held.thread_id)
    if row is None:
        raise NotFound(f"Message {held.message_id} is gone")
    # In a thread: twenty hostile HTML parts take seconds, and the leases are renewed on this loop.
    return await asyncio.to_thread(_snapshot, row, today)


def _snapshot(row: Mapping[str, Any], today: date) -> Snapshot:
    earlier = [(each, read_text(each.text, each.html)) for each in _conversation.decode(row["conversation"] or "[]")]
    message = read_text(row["text"], row["html"])
    (name, in_name), (subject, in_subject) = visible_text(row["name"]), visible_text(row["subject"])
    return Snapshot(
        today=today.isoformat(),
        shop=ShopVoice(name=row["shop_name"], language=row["language"], voice=row["voice"], signature=row["signature"]),
        customer=CustomerFacts(name=name, vip=row["vip"]),
        orders=_orders.decode(row["orders"] or "[]"),
        # What an earlier message quotes is in the thread already; so is what this one quotes, if there is an earlier one and it
        # forwards nothing.
        conversation=tuple(
            EarlierMessage(direction=each.direction, sent_at=each.sent_at, text=read.reply) for each, read in earlier
        ),
        subject=subject,
        text=message.reply,
        quoted="" if earlier and not message.has_forward else message.quoted,
        removed=tuple(sorted({*message.removed, *in_name, *in_subject, *(kind for _, read in earlier for kind in read.removed)})),
    )
