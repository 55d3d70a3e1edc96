"""Odd mails through every provider: 200 for each, kept to the last byte, its words read, or the reason told."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from service.commands.mail_file import SignedCall, signed_call
from service.db.engine import fetch
from service.deliveries.queries import find_kept_call
from service.shops.sources import create_source
from service.shops.types import Provider, Source
from tests.api.receiving import deliver, deliveries, messages
from tests.factories import MAILGUN_KEY, ShopAtWork, mailgun_fields
from tests.odd_mails import ODD_MAILS, OddMail
from tests.providers.calls import Part, multipart

RAW_PROVIDERS: list[Provider] = ["mime", "mailgun"]
READING_PROVIDERS: list[Provider] = ["standard", "mailgun", "postmark"]
DRESSES = [*((each, True) for each in RAW_PROVIDERS), *((each, False) for each in READING_PROVIDERS)]


def dressed(odd: OddMail, source: Source, *, is_raw: bool) -> SignedCall:
    """Return the mail as its provider posts it: raw, with its envelope beside it, or in the provider's own fields."""
    secret = source.secrets[0]
    if not is_raw:
        return signed_call(odd.raw, provider=source.provider, secret=secret)
    if source.provider == "mime":
        call = signed_call(odd.raw, provider="mime", secret=secret)
        return SignedCall({**call.headers, "x-envelope-to": "support@shop.example"}, call.body)
    fields = mailgun_fields(key=secret)
    return multipart({name: fields[name] for name in ("recipient", "timestamp", "token", "signature")}, Part("body-mime", odd.raw))


@pytest.mark.parametrize(("provider", "is_raw"), DRESSES)
@pytest.mark.parametrize("odd", ODD_MAILS, ids=lambda odd: odd.name)
async def test_odd_mail_when_it_is_posted_then_it_is_kept_whole_and_its_words_are_read(
    client: httpx2.AsyncClient, shop: ShopAtWork, odd: OddMail, provider: Provider, is_raw: bool
) -> None:
    where = "raw" if is_raw else provider
    source = await create_source(shop.id, provider=provider, name="odd", secret=MAILGUN_KEY if provider == "mailgun" else "")
    call = dressed(odd, source, is_raw=is_raw)

    response = await deliver(client, f"/webhooks/{provider}/{source.id}", call)

    [delivery] = await deliveries(shop)
    kept = await find_kept_call(shop.id, delivery["id"])
    fate = odd.at(where)
    reason = fate.reason(where)
    assert response.status_code == 200
    assert (delivery["outcome"], delivery["reason"] if reason else None) == (("failed", reason) if reason else ("stored", None))
    assert kept is not None
    assert kept.call.body == call.body
    if reason:
        assert await messages(shop) == []
    else:
        assert_read(fate, await messages(shop), await attachments(shop))
        shown = await client.get(f"/v1/suggestions/{response.json()['suggestion_id']}", headers=shop.auth)
        assert shown.status_code == 200


def assert_read(fate: OddMail, found: list[Any], files: list[Any]) -> None:
    """Check the one message against the mail's fate."""
    [message] = found
    text = " ".join(f"{message['text']} {message['html'] or ''}".split())
    assert [each for each in fate.words if each not in text] == []
    assert message["sender"] == fate.sender
    assert fate.subject in (None, message["subject"])
    assert fate.files in (None, tuple(row["filename"] for row in files if row["left_out"] is None))


async def attachments(shop: ShopAtWork) -> list[Any]:
    """Return a shop's attachments in the order of their mails."""
    return list(await fetch("SELECT * FROM attachment WHERE shop = $1 ORDER BY message, position", shop.id))
