"""Mail as nobody should write it, through every provider, to a real API process with a real worker behind it."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest

from service.commands.mail_file import SignedCall
from service.shops.types import Provider, Source
from tests.api.test_odd_mails import DRESSES, dressed
from tests.faults.desk import FINAL, FaultDesk
from tests.faults.invariant import check, settle
from tests.faults.report import Report
from tests.odd_mails import ODD_MAILS, OddMail
from tests.programs import draftdesk

pytestmark = [pytest.mark.timeout(580), pytest.mark.fault]

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail and what became of it."""

    odd: OddMail
    call: SignedCall
    status: int
    receipt: dict[str, str]


def make_source(desk: FaultDesk, provider: Provider) -> Source:
    """Make a shop with one source."""
    settings = desk.servers.settings
    slug = f"odd-{secrets.token_hex(4)}"
    lines = []
    for arguments in (
        ("shop", "create", slug),
        ("source", "create", "--shop", slug, "--provider", provider, "--secret", secret_for(provider)),
    ):
        made = draftdesk(*arguments, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)
        assert made.returncode == 0, made.stderr
        lines += made.stdout.splitlines()
    shop, path, secret = (line.rpartition(" ")[2] for line in lines)
    return Source(UUID(path.rpartition("/")[2]), UUID(shop), provider, (secret,))


def secret_for(provider: Provider) -> str:
    """Return a signing key where the provider gives it out, "" where we do."""
    return secrets.token_hex(16) if provider == "mailgun" else ""


async def post_all(desk: FaultDesk, source: Source, *, is_raw: bool) -> Sequence[Posted]:
    """Post every odd mail, a few at once."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def post(odd: OddMail) -> Posted:
        async with turn:
            call = await asyncio.to_thread(dressed, odd, source, is_raw=is_raw)
            url = f"{desk.apis[0].url}/webhooks/{source.provider}/{source.id}"
            response = await desk.http.post(url, content=call.body, headers=call.headers)
            return Posted(odd, call, response.status_code, response.json())

    return await asyncio.gather(*(post(odd) for odd in ODD_MAILS))


@pytest.mark.parametrize(("provider", "is_raw"), DRESSES, ids=[f"{provider}{'-raw' * is_raw}" for provider, is_raw in DRESSES])
async def test_odd_mail_when_it_comes_then_it_is_answered_200_and_kept_and_ends_as_a_suggestion(
    desk: FaultDesk, report: Report, provider: Provider, is_raw: bool
) -> None:
    report.expect(
        15,
        f"{len(ODD_MAILS)} odd mails as {provider}{' (raw)' * is_raw}",
        "200 for each and its bytes kept; each that can be read ends as a suggestion",
    )
    source = make_source(desk, provider)

    posted = await post_all(desk, source, is_raw=is_raw)
    recovery_s = await settle(desk, within_s=180)
    well = await desk.send(1)
    await desk.until(well, ready=1)

    where = "raw" if is_raw else provider
    assert {each.odd.name: each.status for each in posted if each.status != 200} == {}
    outcomes = {each.odd.name: each.receipt["outcome"] for each in posted}
    assert outcomes == {odd.name: "failed" if odd.at(where).reason(where) else "stored" for odd in ODD_MAILS}
    kept = await desk.rows("SELECT body FROM delivery WHERE source = $1", source.id)
    assert Counter(row["body"] for row in kept) == Counter(each.call.body for each in posted)
    rows = await desk.rows(
        """SELECT message.id, array_agg(suggestion.status) AS statuses
           FROM message LEFT JOIN suggestion ON suggestion.message = message.id
           WHERE message.shop = $1 GROUP BY message.id""",
        source.shop_id,
    )
    stored = Counter(outcomes.values())["stored"]
    assert [len(row["statuses"]) for row in rows] == [1] * stored
    statuses = Counter(row["statuses"][0] for row in rows)
    assert set(statuses) <= FINAL
    assert await check(desk) == {"ready": 1}
    told = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    report.saw(
        f"{len(posted)} times 200; {stored} stored, {len(posted) - stored} kept as unreadable; {told}", recovery_s=recovery_s
    )
