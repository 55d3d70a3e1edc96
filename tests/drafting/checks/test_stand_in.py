"""The stand-in model's ordinary replies pass: over its intents and languages, and over orders in all states."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest

from service.drafting.checks import check_draft
from service.drafting.prompt import render
from service.drafting.types import Citation, Draft, OrderFacts, ShopVoice, Snapshot
from service.embedded.standin.words import KEYWORDS, LANGUAGES
from service.embedded.standin.writer import write_reply
from tests.drafting.snapshots_of import SHIPPED, snapshot

FULFILMENTS = ("unfulfilled", "partially_shipped", "shipped", "delivered", "returned", "cancelled")
STATUSES = ("pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "cancelled")


def in_state(fulfilment: str, status: str) -> OrderFacts:
    return msgspec.structs.replace(SHIPPED, fulfilment=fulfilment, status=status)


def answered(told: Snapshot) -> tuple[Draft, str]:
    """Return the stand-in's draft for a snapshot, and the instructions that it was given."""
    request = render(told)
    reply = write_reply(request.user_text)
    citations = tuple(Citation(each.source, each.quote) for each in reply.citations)
    missing = tuple(reply.missing_information)
    return Draft(reply.reply, reply.language, reply.intent, reply.needs_human, missing, citations), request.instructions


@pytest.mark.parametrize("language", LANGUAGES)
def test_check_when_the_stand_in_replies_as_it_should_then_there_is_nothing_to_find(language: str) -> None:
    mails = [words[language][0] for words in KEYWORDS.values() if language in words]
    mails += ["#1042?", "#9999?", "Hello."]
    shop = ShopVoice("Nordlicht", language, "warm", "Nordlicht")
    found = []

    for mail, fulfilment, status in product(mails, FULFILMENTS, STATUSES):
        for orders in ((in_state(fulfilment, status),), ()):
            told = snapshot(text=mail, orders=orders, language=language, conversation=(), shop=shop)
            draft, instructions = answered(told)
            found += [(mail, fulfilment, status, each.sentence) for each in check_draft(draft, told, instructions=instructions)]

    assert found == []
