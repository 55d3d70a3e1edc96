"""What a customer is called: as the shop says, else as the mail says."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from service.db.engine import fetch
from service.orders.service import apply
from service.providers.records import CustomerChange
from tests.api.receiving import deliver_mail
from tests.factories import ShopAtWork


async def names(shop: ShopAtWork) -> list[str]:
    rows: list[Any] = list(await fetch("SELECT name FROM customer WHERE shop = $1", shop.id))
    return [row["name"] for row in rows]


@pytest.mark.parametrize(
    ("known", "written", "expected"),
    [
        ("", "Ada Customer", "Ada Customer"),
        ("Ada L.", "Ada Customer", "Ada L."),
        ("", "", ""),
        (None, "Ada Customer", "Ada Customer"),
    ],
)
async def test_customer_when_he_writes_then_the_shops_name_for_him_counts_before_his_own(
    client: httpx2.AsyncClient, shop: ShopAtWork, known: str | None, written: str, expected: str
) -> None:
    if known is not None:
        await apply(shop.id, CustomerChange(email="ada@customer.example", name=known))

    await deliver_mail(client, shop, from_=f"{written} <ada@customer.example>".strip())

    assert await names(shop) == [expected]
