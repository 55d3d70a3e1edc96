"""Keep orders, refunds and customers as the shop tells them, in whatever order it tells them."""

from __future__ import annotations

from uuid import UUID

from service.orders import repository
from service.providers.records import OrderChange, Record, RefundChange
from service.providers.wire.storable import storable_customer, storable_order, storable_refund


async def apply(shop_id: UUID, change: Record) -> bool:
    """Store what a shop tells. One statement: inside a unit of work part of it, outside it commits.

    An order brings its customer, when new, and its refunds; it never changes a known name or rank. A refund may come before its
    order and never changes.

    Returns:
        False when a newer state is known, or the refund is, and nothing was changed.

    Raises:
        Unreadable: permanent, `bad_schema`: an address, amount or time that cannot be stored.
        DatabaseUnavailable: temporary.
    """
    if isinstance(change, OrderChange):
        put = await repository.put_orders(shop_id, [storable_order(change)])
        return put.orders + put.refunds > 0
    if isinstance(change, RefundChange):
        return await repository.put_refund(shop_id, storable_refund(change))
    return await repository.put_customer(shop_id, storable_customer(change))
