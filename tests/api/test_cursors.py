"""Cursors: what was given out is read back, all else is refused."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.api.cursors import decode_cursor, encode_cursor
from service.errors import InvalidInput

BOUNDED = settings(max_examples=100, deadline=None)


@given(last_id=st.uuids())
@BOUNDED
def test_cursor_when_it_was_given_out_then_it_is_read_back(last_id: UUID) -> None:
    assert decode_cursor(encode_cursor(last_id)) == last_id


@given(cursor=st.text(st.characters(exclude_categories=()), max_size=100))
@BOUNDED
def test_cursor_when_it_is_any_text_then_an_id_or_invalid_input(cursor: str) -> None:
    try:
        found = decode_cursor(cursor)
    except InvalidInput:
        return
    assert encode_cursor(found)[:21] == cursor.rstrip("=")[:21]


@pytest.mark.parametrize(
    "cursor", ["", "A", "AAAA", "A" * 21, "A" * 23, "!" * 22, "A" * 22 + "!", " " + "A" * 22, "A" * 44, "\u00e9"]
)
def test_cursor_when_it_is_malformed_then_invalid_input(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(cursor)
