"""Our own Message-IDs: made for a reply, and read back only under the shop's key."""

from __future__ import annotations

import secrets
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.db.ids import uuid7
from service.inbox.reply_ids import quoted_threads, reply_message_id

KEY = secrets.token_bytes(32)
THREAD, REPLY = UUID(int=1), UUID(int=2)
OURS = reply_message_id(THREAD, REPLY, key=KEY, mailbox="support@shop.example")


def test_reply_message_id_when_made_then_it_is_a_storable_id_of_the_mailboxs_domain() -> None:
    assert OURS.endswith("@shop.example")
    assert len(OURS) < 250
    assert not set(OURS) & set("<> \t")


def test_quoted_threads_when_the_id_is_ours_then_its_thread_in_any_case() -> None:
    assert quoted_threads(["other@x", OURS, OURS.upper()], key=KEY) == (THREAD,)


def test_quoted_threads_when_there_are_several_then_in_their_order() -> None:
    other = uuid7()

    assert quoted_threads([reply_message_id(other, REPLY, key=KEY, mailbox="a@b"), OURS], key=KEY) == (other, THREAD)


@pytest.mark.parametrize("key", [None, b"", secrets.token_bytes(32)])
def test_quoted_threads_when_the_key_is_another_then_none(key: bytes | None) -> None:
    assert quoted_threads([OURS], key=key) == ()


@pytest.mark.parametrize("position", range(3, len("dd.") + 32 + 1 + 32 + 1 + 16, 7))
def test_quoted_threads_when_a_character_is_changed_then_none(position: int) -> None:
    changed = "a" if OURS[position] != "a" else "b"

    assert quoted_threads([OURS[:position] + changed + OURS[position + 1 :]], key=KEY) == ()


@given(st.lists(st.text(max_size=150), max_size=5))
def test_quoted_threads_when_ids_are_any_then_none(ids: list[str]) -> None:
    assert quoted_threads(ids, key=KEY) == ()
