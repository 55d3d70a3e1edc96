"""Read all that a draft may know, in one statement and so in one snapshot.

Orders are the sender's by customer, never by a number in the text.
"""

from __future__ import annotations

from datetime import date

import msgspec

from service.db.engine import fetch_row
from service.drafting.types import CustomerFacts, Direction, EarlierMessage, OrderFacts, ShopVoice, Snapshot
from service.errors import NotFound
from service.inbox.text import text_of
from service.suggestions.types import Claim

MAX_EARLIER = 20
MAX_ORDERS = 5
MAX_READ = 20_000
"""Characters of a text that are read at all; the prompt shortens further."""

MAX_HTML_READ = 100_000
"""Characters of an HTML part, whose words are few among its tags."""

_SNAPSHOT = f"""
SELECT shop.name AS shop_name, shop.language, shop.voice, shop.signature, customer.name, customer.vip,
       message.subject, left(message.text, {MAX_READ}) AS text,
       CASE WHEN message.text ~ '\\S' THEN NULL ELSE left(message.html, {MAX_HTML_READ}) END AS html,
       (SELECT json_agg(earlier ORDER BY earlier.id) FROM (
            SELECT id, direction, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS sent_at, left(text, {MAX_READ}) AS text,
                   CASE WHEN text ~ '\\S' THEN NULL ELSE left(html, {MAX_HTML_READ}) END AS html
            FROM message WHERE thread = $2 AND id < $1 ORDER BY id DESC LIMIT {MAX_EARLIER}) AS earlier) AS conversation,
       (SELECT json_agg(recent ORDER BY recent.placed_at DESC) FROM (
            SELECT placed_at, number, status, fulfilment, to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS placed_on,
                   total::text AS total, currency, items, carrier, tracking_number, tracking_url
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
    return Snapshot(
        today=today.isoformat(),
        shop=ShopVoice(name=row["shop_name"], language=row["language"], voice=row["voice"], signature=row["signature"]),
        customer=CustomerFacts(name=row["name"], vip=row["vip"]),
        orders=_orders.decode(row["orders"] or "[]"),
        conversation=tuple(
            EarlierMessage(direction=earlier.direction, sent_at=earlier.sent_at, text=text_of(earlier.text, earlier.html))
            for earlier in _conversation.decode(row["conversation"] or "[]")
        ),
        subject=row["subject"],
        text=text_of(row["text"], row["html"]),
    )
