"""Attachments over HTTP: listed with their message, got as they came, and never shown by a browser."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from service.api.attachments import content_disposition
from tests.api.receiving import assert_problem, deliver_mail
from tests.factories import ShopAtWork, make_shop

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def attachment(content: bytes = PICTURE, **fields: Any) -> dict[str, Any]:
    encoded = base64.b64encode(content).decode()
    return {"filename": "broken mug.png", "content_type": "image/png", "content": encoded, **fields}


async def listed(client: httpx2.AsyncClient, shop: ShopAtWork, *attachments: dict[str, Any]) -> list[dict[str, Any]]:
    """Deliver a mail with attachments; return how the API lists them."""
    receipt = await deliver_mail(client, shop, attachments=list(attachments))
    detail = await client.get(f"/v1/suggestions/{receipt['suggestion_id']}", headers=shop.auth)
    found: list[dict[str, Any]] = detail.json()["message"]["attachments"]
    return found


async def test_message_when_it_has_attachments_then_they_are_listed_in_order(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    first, second = await listed(client, shop, attachment(content_id="<mug@x>"), attachment(b"", filename="", content_type="x"))

    assert first == {
        "id": first["id"],
        "filename": "broken mug.png",
        "content_type": "image/png",
        "content_id": "mug@x",
        "size_bytes": len(PICTURE),
        "sha256": hashlib.sha256(PICTURE).hexdigest(),
        "left_out": None,
    }
    assert (second["filename"], second["content_type"], second["size_bytes"]) == ("", "application/octet-stream", 0)


async def test_content_when_got_then_it_is_whole_and_only_to_be_saved(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    [found] = await listed(client, shop, attachment())

    response = await client.get(f"/v1/attachments/{found['id']}", headers=shop.auth)

    assert (response.status_code, response.content) == (200, PICTURE)
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-disposition"].startswith('attachment; filename="broken mug.png"')
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/json", "text/plain"])
async def test_content_when_it_is_a_page_then_it_comes_as_bytes_to_be_saved(
    client: httpx2.AsyncClient, shop: ShopAtWork, content_type: str
) -> None:
    page = b"<script>alert(1)</script>\xff"
    [found] = await listed(client, shop, attachment(page, content_type=content_type, filename="page.html"))

    response = await client.get(f"/v1/attachments/{found['id']}", headers=shop.auth)

    assert response.content == page
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_attachment_when_it_is_too_large_then_it_is_listed_as_left_out(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    small, large = await listed(client, shop, attachment(bytes(10_000_001)), attachment())

    response = await client.get(f"/v1/attachments/{large['id']}", headers=shop.auth)

    assert (large["left_out"], large["sha256"], small["left_out"]) == ("too_large", None, None)
    assert large["size_bytes"] >= 10_000_000
    assert "too_large" in assert_problem(response, 404)["detail"]


async def test_attachments_when_there_are_too_many_then_the_rest_is_left_out(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    found = await listed(client, shop, *(attachment(bytes([each])) for each in range(30)))

    assert [each["left_out"] for each in found] == [None] * 25 + ["too_many"] * 5


@pytest.mark.parametrize("who", ["another_shop", "nobody", "unknown_id"])
async def test_content_when_it_is_not_the_callers_then_it_does_not_exist(
    client: httpx2.AsyncClient, shop: ShopAtWork, who: str
) -> None:
    [found] = await listed(client, shop, attachment())
    headers = {"another_shop": (await make_shop()).auth, "nobody": {}, "unknown_id": shop.auth}[who]
    attachment_id = uuid4() if who == "unknown_id" else found["id"]

    response = await client.get(f"/v1/attachments/{attachment_id}", headers=headers)

    assert_problem(response, 401 if who == "nobody" else 404)


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("a b.png", "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png"),
        ('"quoted";x.png', "attachment; filename=\"_quoted__x.png\"; filename*=UTF-8''%22quoted%22%3Bx.png"),
        ("Müll%.pdf", "attachment; filename=\"M_ll_.pdf\"; filename*=UTF-8''M%C3%BCll%25.pdf"),
        ("a\r\nSet-Cookie: x", "attachment; filename=\"a__Set-Cookie: x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x"),
    ],
)
def test_content_disposition_when_the_name_is_odd_then_it_stays_one_header(filename: str, expected: str) -> None:
    assert content_disposition(filename) == expected
