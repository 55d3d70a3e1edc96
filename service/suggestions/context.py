"""Read all that a draft may know: message, thread, customer and orders in one statement and so in one snapshot, then the articles.

Orders are the sender's by customer, never by a number in the text. No text is read without a bound, and none with hidden words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from service.db.engine import fetch_row
from service.drafting.checks import promised_sentences
from service.drafting.language import language_of
from service.drafting.shortening import shortened_snapshot
from service.drafting.types import CustomerFacts, Direction, EarlierMessage, Excerpt, Promise, ShopVoice, Snapshot
from service.errors import NotFound
from service.inbox.text.reading import ReadText, read_text
from service.inbox.text.visible import visible_text
from service.knowledge.queries import find_excerpts
from service.suggestions.disclosure import MAX_RECENT, OrderRow, Told, tell_orders
from service.suggestions.types import Claim, Context

MAX_EARLIER = 20
MAX_ORDERS_READ = 200
"""A customer's newest orders among which one may be named; a trader has thousands."""

MAX_ORDERS_TOLD = 15
"""Of those the newest that are recent or may be named; which are named indeed is for the disclosure to say."""

MAX_READ = 100_000
"""Characters of the message to answer that are read at all: an answer may stand below all that it quotes."""

MAX_EARLIER_READ = 20_000
"""Characters of each earlier message; the prompt shortens both further."""

MAX_HTML_READ = 100_000
"""Characters of an HTML part, whose words are few among its tags."""

MAX_LINE_READ = 1_000
"""Characters of a subject, a name or a signature."""

MAX_SEARCHED = 20_000
"""Characters of a message in which the database looks for order numbers."""

MAX_PROMISES = 10
MAX_INLINE_LENGTH = 20_000
"""Characters that are read on the event loop; more may take seconds, and the leases are renewed on that loop."""

# Anything but white space and characters that nobody sees: a text part without it is passed over for the HTML part.
_SEEN = "'[^\\s\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u180e\\u2000-\\u206f\\u3000\\u3164\\ufeff\\uffa0]'"

_HTML = f"CASE WHEN left(message.text, {MAX_READ}) ~ {_SEEN} THEN NULL ELSE left(message.html, {MAX_HTML_READ}) END"

_ORDERS = f"""
(SELECT json_agg(told ORDER BY told.place) FROM (
    SELECT id, place, place <= {MAX_RECENT} AS is_recent, number, status, fulfilment,
           to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS placed_on, total::text AS total, currency, items, carrier,
           tracking_number, tracking_url,
           (SELECT sum(amount)::text FROM refund WHERE refund.shop = ranked.shop
            AND order_external_id = ranked.external_id AND refund.currency IN ('', ranked.currency)) AS refunded
    FROM (
        SELECT *, row_number() OVER (ORDER BY placed_at DESC) AS place FROM (
            SELECT * FROM orders WHERE customer = thread.customer ORDER BY placed_at DESC LIMIT {MAX_ORDERS_READ}) AS newest
    ) AS ranked
    WHERE place <= {MAX_RECENT} OR (trim(number) <> '' AND position(lower(ltrim(number, '#')) IN
        lower(message.subject || ' ' || left(message.text, {MAX_SEARCHED}) || ' ' || coalesce({_HTML}, ''))) > 0)
    ORDER BY place LIMIT {MAX_ORDERS_TOLD}) AS told) AS orders
"""

_SNAPSHOT = f"""
SELECT shop.name AS shop_name, shop.language, shop.voice, left(shop.signature, {MAX_LINE_READ}) AS signature, customer.vip,
       left(customer.name, {MAX_LINE_READ}) AS name, left(message.subject, {MAX_LINE_READ}) AS subject,
       left(message.text, {MAX_READ}) AS text, {_HTML} AS html, message.trust, message.trust_reasons,
       EXISTS (SELECT FROM article WHERE article.shop = shop.id) AS has_articles,
       ARRAY(SELECT left(filename, 100) FROM attachment WHERE attachment.message = message.id AND filename <> ''
             ORDER BY position LIMIT 10) AS attachments,
       (SELECT json_agg(earlier ORDER BY earlier.id) FROM (
            SELECT id, direction, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS sent_at,
                   left(text, {MAX_EARLIER_READ}) AS text,
                   CASE WHEN left(text, {MAX_EARLIER_READ}) ~ {_SEEN} THEN NULL ELSE left(html, {MAX_HTML_READ}) END AS html
            FROM message AS other WHERE thread = $2 AND (id < $1 OR direction = 'out') ORDER BY id DESC LIMIT {MAX_EARLIER}
       ) AS earlier) AS conversation,
       {_ORDERS}
FROM message
JOIN thread ON thread.id = message.thread
JOIN customer ON customer.id = thread.customer
JOIN shop ON shop.id = message.shop
WHERE message.id = $1 AND message.thread = $2
"""

_ORDERS_ALONE = f"""
SELECT left(message.subject, {MAX_LINE_READ}) AS subject, left(message.text, {MAX_READ}) AS text, {_HTML} AS html, message.trust,
       message.trust_reasons, {_ORDERS}
FROM message JOIN thread ON thread.id = message.thread WHERE message.id = $1 AND message.thread = $2
"""


class _EarlierRow(msgspec.Struct, frozen=True):
    direction: Direction
    sent_at: str
    text: str
    html: str | None


_conversation = msgspec.json.Decoder(tuple[_EarlierRow, ...])
_orders = msgspec.json.Decoder(tuple[OrderRow, ...])


async def read_context(held: Claim, *, today: date) -> Context:
    """Return the snapshot for a claimed suggestion. Raises NotFound, permanent, when its message is gone."""
    row = await fetch_row(_SNAPSHOT, held.message_id, held.thread_id)
    if row is None:
        raise NotFound(f"Message {held.message_id} is gone")
    length = len(row["text"]) + len(row["html"] or "") + len(row["conversation"] or "")
    if length <= MAX_INLINE_LENGTH:
        read = _read(row, today, held.instruction)
    else:
        read = await asyncio.to_thread(_read, row, today, held.instruction)
    if not row["has_articles"]:
        return read
    snapshot = read.snapshot
    query = f"{snapshot.subject}\n{snapshot.text}\n{snapshot.quoted}"
    excerpts = await find_excerpts(held.shop_id, language=row["language"], query=query)
    return _with_articles(read, excerpts)


def shortened_context(context: Context) -> Context:
    """Return the context with a short snapshot, and the record of what is left in it. The hash stays that of all orders."""
    snapshot, disclosed = shortened_snapshot(context.snapshot), context.disclosed
    slugs = tuple(dict.fromkeys(each.slug for each in snapshot.articles))
    told = msgspec.structs.replace(disclosed, orders=disclosed.orders[: len(snapshot.orders)], articles=slugs)
    return Context(snapshot, told, context.order_hash)


async def read_order_hash(message_id: UUID, thread_id: UUID) -> str | None:
    """Return the hash of what a draft for this message would be told of orders today; None when the message is gone."""
    row = await fetch_row(_ORDERS_ALONE, message_id, thread_id)
    if row is None:
        return None
    message = await asyncio.to_thread(read_text, row["text"], row["html"])
    return _tell(row, visible_text(row["subject"])[0], message).order_hash


def _read(row: Mapping[str, Any], today: date, instruction: str) -> Context:
    earlier = [(each, read_text(each.text, each.html)) for each in _conversation.decode(row["conversation"] or "[]")]
    message = read_text(row["text"], row["html"])
    (name, in_name), (subject, in_subject) = visible_text(row["name"]), visible_text(row["subject"])
    told = _tell(row, subject, message)
    conversation = tuple(EarlierMessage(each.direction, each.sent_at, read.reply) for each, read in earlier)
    snapshot = Snapshot(
        today=today.isoformat(),
        language=_language(message.reply, subject, conversation) or row["language"],
        shop=ShopVoice(name=row["shop_name"], language=row["language"], voice=row["voice"], signature=row["signature"]),
        customer=CustomerFacts(name=name, vip=row["vip"], tier=told.disclosed.tier),
        orders=told.orders,
        promises=_promises(conversation),
        conversation=conversation,
        subject=subject,
        text=message.reply,
        # What an earlier message quotes is in the thread already; so is what this one quotes, if there is an earlier one and it
        # forwards nothing.
        quoted="" if earlier and not message.has_forward else message.quoted,
        attachments=tuple(visible_text(each)[0] for each in row["attachments"]),
        instruction=instruction,
        removed=tuple(sorted({*message.removed, *in_name, *in_subject, *(kind for _, read in earlier for kind in read.removed)})),
    )
    return Context(snapshot, told.disclosed, told.order_hash)


def _tell(row: Mapping[str, Any], subject: str, message: ReadText) -> Told:
    return tell_orders(
        _orders.decode(row["orders"] or "[]"),
        trust=row["trust"],
        trust_reasons=row["trust_reasons"],
        text=f"{subject}\n{message.reply}\n{message.quoted}",
    )


def _language(text: str, subject: str, conversation: tuple[EarlierMessage, ...]) -> str | None:
    """Return the customer's language: of this message, or of the newest earlier one that tells."""
    own = (text, f"{subject}\n{text}", *(each.text for each in reversed(conversation) if each.direction == "in"))
    return next((found for each in own if (found := language_of(each))), None)


def _promises(conversation: tuple[EarlierMessage, ...]) -> tuple[Promise, ...]:
    return tuple(
        Promise(each.sent_at, sentence)
        for each in conversation
        if each.direction == "out"
        for sentence in promised_sentences(each.text)
    )[-MAX_PROMISES:]


def _with_articles(read: Context, excerpts: tuple[Excerpt, ...]) -> Context:
    slugs = tuple(dict.fromkeys(each.slug for each in excerpts))
    return Context(
        msgspec.structs.replace(read.snapshot, articles=excerpts),
        msgspec.structs.replace(read.disclosed, articles=slugs),
        read.order_hash,
    )
