"""The orders' statements: any number of records at once, so that a webhook and an import follow the same rules.

Of two states of one order the later counts. Shopify's clock ticks in seconds and an order is often created and paid within one:
of two states of one moment the one further on counts, so that it does not matter which comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.providers.records import CustomerChange, Fulfilment, OrderChange, OrderStatus, RefundChange


def _ranks(table: str, time: str) -> str:
    """Return the SQL by which two states of an order are compared."""
    words = {"status": get_args(OrderStatus), "fulfilment": get_args(Fulfilment)}
    steps = (f"array_position('{{{','.join(names)}}}'::text[], {table}.{column})" for column, names in words.items())
    return f"({table}.{time}, {', '.join(steps)})"


_COLUMNS = "number, status, fulfilment, items, total, currency, carrier, tracking_number, tracking_url, placed_at"

_PUT_REFUNDS = """
INSERT INTO refund (id, shop, external_id, order_external_id, amount, currency, refunded_at)
SELECT id, $1, external_id, order_external_id, amount, currency, refunded_at FROM jsonb_to_recordset($2::jsonb) AS told(
    id uuid, external_id text, order_external_id text, amount numeric, currency text, refunded_at timestamptz)
ORDER BY external_id
ON CONFLICT (shop, external_id) DO NOTHING
RETURNING id, order_external_id
"""

# Drafts that may rest on what has changed: the relay compares what they were told with what they would be told now.
_RECHECK = """
UPDATE suggestion SET recheck_at = now() FROM thread
WHERE thread.id = suggestion.thread AND suggestion.status IN ('drafting', 'ready') AND suggestion.outcome IS NULL
  AND thread.customer IN ({customers})
"""

_REFUNDED = """
SELECT orders.customer FROM orders JOIN paid_back ON paid_back.order_external_id = orders.external_id WHERE orders.shop = $1
"""

_PUT_REFUNDS_ALONE = f"""
WITH paid_back AS ({_PUT_REFUNDS}), rechecked AS ({_RECHECK.format(customers=_REFUNDED)})
SELECT id FROM paid_back
"""

# Customers and orders are written in one order, whoever writes them: two batches at once wait for each other and do not lock up.
# What is known already is only read, so that telling it again writes nothing. LIMIT 1 keeps the planner to the unique index: in a
# new table it would rather read all of a shop's customers for each order.
_PUT_ORDERS = f"""
WITH told AS (
    SELECT DISTINCT ON (external_id) * FROM jsonb_to_recordset($2::jsonb) AS told(
        id uuid, buyer_id uuid, external_id text, number text, customer_email text, customer_name text, status text,
        fulfilment text, items jsonb, total numeric, currency text, carrier text, tracking_number text, tracking_url text,
        placed_at timestamptz, updated_at timestamptz)
    ORDER BY external_id, {_ranks("told", "updated_at")} DESC
), later AS MATERIALIZED (
    SELECT told.*, known.customer AS old_customer FROM told LEFT JOIN LATERAL (
        SELECT source_updated_at, status, fulfilment, customer FROM orders
        WHERE shop = $1 AND external_id = told.external_id LIMIT 1
    ) AS known ON true
    WHERE known.source_updated_at IS NULL OR {_ranks("told", "updated_at")} > {_ranks("known", "source_updated_at")}
), people AS (
    SELECT DISTINCT ON (customer_email) buyer_id AS id, customer_email AS email, customer_name AS name
    FROM later ORDER BY customer_email, customer_name = '', updated_at DESC
), known AS MATERIALIZED (
    SELECT found.* FROM people CROSS JOIN LATERAL (
        SELECT id, email, name FROM customer WHERE shop = $1 AND email = people.email LIMIT 1
    ) AS found
), named AS (
    INSERT INTO customer (id, shop, email, name, vip, created_at)
    SELECT people.id, $1, people.email, people.name, false, now() FROM people LEFT JOIN known ON known.email = people.email
    WHERE known.id IS NULL OR (known.name = '' AND people.name <> '')
    ORDER BY people.email
    ON CONFLICT (shop, email) DO UPDATE SET name = CASE WHEN customer.name = '' THEN excluded.name ELSE customer.name END
    RETURNING id, email
), buyer AS (
    SELECT id, email FROM named UNION ALL SELECT id, email FROM known WHERE NOT EXISTS (SELECT FROM named WHERE named.id = known.id)
), put AS (
    INSERT INTO orders (id, shop, external_id, customer, source_updated_at, {_COLUMNS})
    SELECT later.id, $1, later.external_id, buyer.id, later.updated_at, {_COLUMNS}
    FROM later JOIN buyer ON buyer.email = later.customer_email
    ORDER BY later.external_id
    ON CONFLICT (shop, external_id) DO UPDATE
    SET customer = excluded.customer, source_updated_at = excluded.source_updated_at,
        {", ".join(f"{column} = excluded.{column}" for column in _COLUMNS.split(", "))}
    WHERE {_ranks("excluded", "source_updated_at")} > {_ranks("orders", "source_updated_at")}
    RETURNING id, customer
), paid_back AS ({_PUT_REFUNDS.replace("$2", "$3")}), rechecked AS (
    {_RECHECK.format(customers=f"SELECT customer FROM put UNION SELECT old_customer FROM later UNION {_REFUNDED}")}
)
SELECT (SELECT count(*) FROM put) AS orders, (SELECT count(*) FROM paid_back) AS refunds
"""

_PUT_CUSTOMER = """
INSERT INTO customer (id, shop, email, name, vip, created_at, source_updated_at)
VALUES ($1, $2, $3, $4, coalesce($5::boolean, false), now(), $6)
ON CONFLICT (shop, email) DO UPDATE
SET name = CASE WHEN excluded.name = '' THEN customer.name ELSE excluded.name END,
    vip = coalesce($5, customer.vip), source_updated_at = excluded.source_updated_at
WHERE customer.source_updated_at IS NULL OR excluded.source_updated_at IS NULL
   OR (excluded.source_updated_at, excluded.vip) > (customer.source_updated_at, customer.vip)
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Put:
    """How many rows a statement made or changed."""

    orders: int
    refunds: int


async def put_orders(shop_id: UUID, changes: Sequence[OrderChange]) -> Put:
    """Store the later states among these, with their customers, and the refunds that are new. One statement: all or none.

    changes: storable; of several states of one order the latest is taken.
    """
    orders = [{"id": uuid7(), "buyer_id": uuid7(), **asdict(change)} for change in changes]
    refunds = [_refund_row(refund) for change in changes for refund in change.refunds]
    row = await fetch_row(_PUT_ORDERS, shop_id, _json(orders), _json(refunds))
    return Put(orders=row["orders"], refunds=row["refunds"])


async def put_refund(shop_id: UUID, change: RefundChange) -> bool:
    """Store a refund. False: it is known."""
    return bool(await fetch(_PUT_REFUNDS_ALONE, shop_id, _json([_refund_row(change)])))


async def put_customer(shop_id: UUID, change: CustomerChange) -> bool:
    """Store a customer's state. False: a later one is known."""
    return bool(await fetch(_PUT_CUSTOMER, uuid7(), shop_id, change.email, change.name, change.vip, change.updated_at))


def _refund_row(change: RefundChange) -> dict[str, object]:
    return {"id": uuid7(), **asdict(change)}


def _json(rows: Sequence[dict[str, object]]) -> str:
    return msgspec.json.encode(rows).decode()
