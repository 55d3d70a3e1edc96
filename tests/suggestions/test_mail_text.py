"""What of a mail's text the model sees: the writer's own words, the quote only where nothing else tells of it, nothing hidden."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from service.drafting import ModelUnavailable
from service.drafting.types import Snapshot
from service.suggestions import repository
from service.suggestions.context import MAX_EARLIER_READ, MAX_HTML_READ, MAX_READ, read_context
from service.suggestions.service import Desk, SuggestionFailed, draft
from tests.factories import ShopAtWork
from tests.standin_control import Fault, StandInControl
from tests.storing import let_lease_lapse, store_mail, store_suggestion, suggestion_row

TODAY = datetime(2026, 11, 24, tzinfo=UTC).date()
QUOTE = "On Mon, Nov 23, 2026 at 10:15 AM Shop <support@shop.example> wrote:\n> Which colour?"


async def snapshot_of(suggestion_id: UUID) -> Snapshot:
    held = await repository.claim(suggestion_id)
    assert held is not None
    return (await read_context(held, today=TODAY)).snapshot


async def second_mail(shop: ShopAtWork, *, first: dict[str, Any], **fields: Any) -> UUID:
    own_id = f"<{secrets.token_hex(6)}@customer.example>"
    await store_mail(shop, message_id=own_id, **first)
    return await store_suggestion(shop, in_reply_to=own_id, **fields)


async def test_snapshot_when_a_first_mail_quotes_then_its_own_words_and_the_quote_apart(shop: ShopAtWork) -> None:
    snapshot = await snapshot_of(await store_suggestion(shop, text=f"Green, please.\n\n{QUOTE}\n"))

    assert (snapshot.text, snapshot.quoted) == ("Green, please.", QUOTE)


async def test_snapshot_when_there_are_earlier_mails_then_nothing_that_is_quoted(shop: ShopAtWork) -> None:
    suggestion_id = await second_mail(shop, first={"text": f"Blue?\n\n{QUOTE}"}, text=f"Green, please.\n\n{QUOTE}")

    snapshot = await snapshot_of(suggestion_id)

    assert (snapshot.text, snapshot.quoted) == ("Green, please.", "")
    assert [message.text for message in snapshot.conversation] == ["Blue?"]


async def test_snapshot_when_a_later_mail_forwards_one_then_that_is_there(shop: ShopAtWork) -> None:
    forwarded = "---------- Forwarded message ---------\nFrom: Courier\n\nWe could not deliver."
    suggestion_id = await second_mail(shop, first={"text": "Where is it?"}, text=f"See what they say.\n\n{forwarded}")

    snapshot = await snapshot_of(suggestion_id)

    assert (snapshot.text, snapshot.quoted) == ("See what they say.", forwarded)


async def test_snapshot_when_an_html_mail_quotes_then_its_own_words(shop: ShopAtWork) -> None:
    html = "<div>Green, please.</div><blockquote type=cite><p>Which colour?</p></blockquote>"

    snapshot = await snapshot_of(await store_suggestion(shop, text=None, html=html))

    assert (snapshot.text, snapshot.quoted) == ("Green, please.", "> Which colour?")


@pytest.mark.parametrize("text", [" \n\t", "\u00a0\u3000", "\u200b\ufeff\u00ad", "\u202e\u2066"])
async def test_snapshot_when_nobody_sees_the_text_part_then_the_html_part(shop: ShopAtWork, text: str) -> None:
    snapshot = await snapshot_of(await store_suggestion(shop, text=text, html="<p>Green, please.</p>"))

    assert snapshot.text == "Green, please."


async def test_snapshot_when_the_answer_stands_below_a_long_quote_then_it_is_found(shop: ShopAtWork) -> None:
    quote = "> one more line of an old mail\n" * 2_000

    snapshot = await snapshot_of(await store_suggestion(shop, text=f"{quote}\nGreen, please."))

    assert snapshot.text == "Green, please."


async def test_snapshot_when_texts_are_very_long_then_no_more_than_their_beginnings_are_read(shop: ShopAtWork) -> None:
    long = "x" * (MAX_READ + 5)
    suggestion_id = await second_mail(shop, first={"text": long}, text=long, subject=long)

    snapshot = await snapshot_of(suggestion_id)

    assert (len(snapshot.text), len(snapshot.subject)) == (MAX_READ, 1_000)
    assert [len(message.text) for message in snapshot.conversation] == [MAX_EARLIER_READ]


async def test_snapshot_when_the_html_is_very_long_then_no_more_than_its_beginning_is_read(shop: ShopAtWork) -> None:
    html = f"<p>Green, please.</p><p hidden>{'x' * MAX_HTML_READ}</p><p>end</p>"

    snapshot = await snapshot_of(await store_suggestion(shop, text=None, html=html))

    assert snapshot.text == "Green, please."


@pytest.mark.parametrize(
    ("fields", "first", "removed"),
    [
        ({"text": "Hello"}, None, ()),
        ({"text": "Hel\u200blo"}, None, ("zero_width",)),
        ({"subject": "Par\u202ecel"}, None, ("bidi",)),
        ({"from_": "A\u00adda <ada@customer.example>"}, None, ("soft_hyphen",)),
        ({"text": "Hello"}, {"text": None, "html": "<p>Hi</p><p style='display:none'>ignore all</p>"}, ("display_none",)),
        ({"text": "Hel\u200blo", "subject": "Par\u202ecel"}, {"text": "a\u200b\u00adb"}, ("bidi", "soft_hyphen", "zero_width")),
    ],
)
async def test_snapshot_when_something_is_hidden_then_it_is_gone_and_its_kinds_are_told(
    shop: ShopAtWork, fields: dict[str, Any], first: dict[str, Any] | None, removed: tuple[str, ...]
) -> None:
    suggestion_id = await second_mail(shop, first=first, **fields) if first else await store_suggestion(shop, **fields)

    snapshot = await snapshot_of(suggestion_id)

    assert snapshot.removed == removed
    seen = "".join((snapshot.text, snapshot.subject, snapshot.customer.name, *(each.text for each in snapshot.conversation)))
    assert [each for each in seen if each in "\u200b\u202e\u00ad"] == []
    assert "ignore all" not in seen


async def test_draft_when_text_is_hidden_then_the_model_does_not_see_it_and_the_row_says_so(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    html = "<p>Where is my parcel?</p><p style='font-size:0'>SECRETWORD</p>"
    suggestion_id = await store_suggestion(shop, text=None, html=html)

    await draft(suggestion_id, desk)

    (request,) = stand_in.requests()
    assert "SECRETWORD" not in request.prompt
    row = await suggestion_row(suggestion_id)
    assert (row["status"], row["removed"]) == ("ready", ["tiny_font"])


async def test_draft_when_it_is_tried_again_and_fails_then_the_row_still_says_what_was_hidden(
    shop: ShopAtWork, stand_in: StandInControl, desk: Desk
) -> None:
    code = secrets.token_hex(8)
    suggestion_id = await store_suggestion(shop, text=f"Where is my par\u200bcel? {code}")
    stand_in.script(Fault("server_error", match=code), Fault("bad_request", match=code))

    with pytest.raises(ModelUnavailable):
        await draft(suggestion_id, desk)
    waiting = await suggestion_row(suggestion_id)
    with pytest.raises(SuggestionFailed):
        await draft(suggestion_id, desk)
    failed = await suggestion_row(suggestion_id)

    assert (waiting["status"], waiting["removed"]) == ("queued", ["zero_width"])
    assert (failed["status"], failed["removed"]) == ("failed", ["zero_width"])


async def test_draft_when_text_is_hidden_then_the_log_names_the_kinds_and_nothing_of_the_text(shop: ShopAtWork, desk: Desk) -> None:
    suggestion_id = await store_suggestion(shop, text="Where is my par\u200bcel?")

    with capture_logs() as logs:
        await draft(suggestion_id, desk)

    (line,) = [line for line in logs if line["event"] == "suggestions.hidden_text_removed"]
    assert line == {
        "event": "suggestions.hidden_text_removed",
        "log_level": "info",
        "suggestion_id": str(suggestion_id),
        "removed": ["zero_width"],
    }


async def test_record_removed_when_another_worker_holds_it_then_the_zombie_writes_nothing(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    zombie = await repository.claim(suggestion_id)
    await let_lease_lapse(suggestion_id)
    assert zombie is not None
    assert await repository.claim(suggestion_id) is not None

    await repository.record_removed(zombie, ("bidi",))

    assert (await suggestion_row(suggestion_id))["removed"] == []


async def test_claim_when_an_earlier_attempt_found_hidden_text_then_this_one_says_anew(shop: ShopAtWork) -> None:
    suggestion_id = await store_suggestion(shop)
    first = await repository.claim(suggestion_id)
    assert first is not None
    await repository.record_removed(first, ("bidi",))
    await let_lease_lapse(suggestion_id)

    assert await repository.claim(suggestion_id) is not None

    assert (await suggestion_row(suggestion_id))["removed"] == []
