"""What only sounds like a promise passes; what is one, whatever stands beside it, does not. Thirteen languages."""

from __future__ import annotations

import msgspec
import pytest

from service.drafting.checks import check_draft, promised_sentences
from service.drafting.types import Excerpt, Promise
from tests.drafting.checks.replies import ORDER, STATUS, blocking, draft, snapshot_in
from tests.drafting.checks.sentences import COMMITTING, HARMLESS

PROMPT = "You draft replies for the support team of an online shop."


@pytest.mark.parametrize(("language", "sentence"), [(each, told) for each, told_ones in HARMLESS.items() for told in told_ones])
def test_check_when_a_sentence_commits_to_nothing_then_nothing_blocks(language: str, sentence: str) -> None:
    findings = check_draft(draft(f"{STATUS[language]} {sentence}", language), snapshot_in(language), instructions=PROMPT)

    assert blocking(findings) == []


@pytest.mark.parametrize(("language", "sentence", "check"), COMMITTING)
def test_check_when_a_hedge_stands_beside_a_commitment_then_it_blocks(language: str, sentence: str, check: str) -> None:
    findings = check_draft(draft(f"{STATUS[language]} {sentence}", language), snapshot_in(language), instructions=PROMPT)

    assert check in blocking(findings)


@pytest.mark.parametrize(
    ("sentence", "severity"),
    [("You will get a refund.", "warning"), ("Your refund has been approved.", "blocking")],
)
def test_check_when_an_article_tells_of_refunds_then_it_supports_those_to_come_only(sentence: str, severity: str) -> None:
    told = snapshot_in("en", articles=(Excerpt("refunds", "Refunds", "Who returns an item gets a refund."),))

    findings = check_draft(draft(f"{STATUS['en']} {sentence}"), told, instructions=PROMPT)

    assert [each.severity for each in findings if each.check == "promise"] == [severity]


def test_check_when_an_article_refuses_what_is_promised_then_it_supports_nothing() -> None:
    told = snapshot_in("en", articles=(Excerpt("vouchers", "Rules", "We do not give vouchers."),))

    findings = check_draft(draft(f"{STATUS['en']} You get a voucher."), told, instructions=PROMPT)

    assert blocking(findings) == ["promise"]


def test_check_when_the_records_have_a_refund_then_it_may_be_told() -> None:
    told = snapshot_in("en", orders=(msgspec.structs.replace(ORDER, status="refunded", refunded="129.90"),))

    findings = check_draft(draft(f"{STATUS['en']} It has been refunded: 129.90 EUR."), told, instructions=PROMPT)

    assert blocking(findings) == []


def test_check_when_it_was_promised_before_then_it_only_warns() -> None:
    told = snapshot_in("en", promises=(Promise("2026-11-20", "Your refund has been approved."),))

    findings = check_draft(draft(f"{STATUS['en']} Your refund has been approved."), told, instructions=PROMPT)

    assert [(each.check, each.severity) for each in findings] == [("promise", "warning")]


@pytest.mark.parametrize(("language", "sentence"), [each[:2] for each in COMMITTING if each[2] == "promise"][:-2])
def test_promised_when_a_reply_commits_the_shop_then_the_sentence_is_found(language: str, sentence: str) -> None:
    assert promised_sentences(f"{STATUS[language]}\n\n{sentence}") == (sentence,)


@pytest.mark.parametrize(("language", "sentence"), [(each, told[0]) for each, told in HARMLESS.items()])
def test_promised_when_a_reply_tells_a_state_then_nothing_is_promised(language: str, sentence: str) -> None:
    assert promised_sentences(f"{STATUS[language]}\n\n{sentence}") == ()
