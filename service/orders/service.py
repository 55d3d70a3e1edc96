"""Keep customers and orders as the shop tells them, in whatever order it tells them."""

from __future__ import annotations

from uuid import UUID

import msgspec

from service.db.engine import fetch, fetch_row
from service.db.ids import uuid7
from service.orders.types import CustomerRecord, OrderChange

_PUT_CUSTOMER = """
INSERT INTO customer (id, shop, email, name, vip, created_at) VALUES ($1, $2, $3, $4, $5, now())
ON CONFLICT (shop, email) DO UPDATE SET name = excluded.name, vip = excluded.vip
RETURNING id
"""

_PUT_ORDER = """
WITH buyer AS (
    INSERT INTO customer (id, shop, email, name, vip, created_at) VALUES ($1, $2, $3, '', false, now())
    ON CONFLICT (shop, email) DO UPDATE SET email = excluded.email
    RETURNING id
)
INSERT INTO orders (id, shop, external_id, number, customer, status, fulfilment, items, total, currency, carrier, tracking_number,
                    tracking_url, placed_at, source_updated_at)
SELECT $4, $2, $5, $6, buyer.id, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16 FROM buyer
ON CONFLICT (shop, external_id) DO UPDATE
SET number = excluded.number, customer = excluded.customer, status = excluded.status, fulfilment = excluded.fulfilment,
    items = excluded.items, total = excluded.total, currency = excluded.currency, carrier = excluded.carrier,
    tracking_number = excluded.tracking_number, tracking_url = excluded.tracking_url, placed_at = excluded.placed_at,
    source_updated_at = excluded.source_updated_at
WHERE excluded.source_updated_at > orders.source_updated_at
RETURNING id
"""


async def put_customer(shop_id: UUID, customer: CustomerRecord) -> UUID:
    """Create or replace a customer, known by the address in lower case. Commits."""
    row = await fetch_row(_PUT_CUSTOMER, uuid7(), shop_id, customer.email.lower(), customer.name, customer.vip)
    customer_id: UUID = row["id"]
    return customer_id


async def put_order(shop_id: UUID, change: OrderChange) -> bool:
    """Create or replace an order and, where it is new, its customer. Commits. False: we know a newer state, nothing was changed."""
    rows = await fetch(
        _PUT_ORDER,
        uuid7(),
        shop_id,
        change.customer_email.lower(),
        uuid7(),
        change.external_id,
        change.number,
        change.status,
        change.fulfilment,
        msgspec.json.encode(change.items).decode(),
        change.total,
        change.currency,
        change.carrier,
        change.tracking_number,
        change.tracking_url,
        change.placed_at,
        change.updated_at,
    )
    return bool(rows)
