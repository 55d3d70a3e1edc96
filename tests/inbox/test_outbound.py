"""The subject of a reply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.inbox.outbound import reply_subject


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Parcel", "Re: Parcel"),
        ("Re: Parcel", "Re: Parcel"),
        ("RE : Parcel", "RE : Parcel"),
        ("AW: Paket", "AW: Paket"),
        ("Fwd: Parcel", "Re: Fwd: Parcel"),
        ("Return: my parcel", "Re: Return: my parcel"),
        ("", "Re:"),
    ],
)
def test_subject_when_it_is_answered_then_it_has_one_mark(subject: str, expected: str) -> None:
    assert reply_subject(subject) == expected


@given(st.text(max_size=200))
def test_subject_when_it_is_answered_twice_then_nothing_is_added(subject: str) -> None:
    once = reply_subject(subject)

    assert reply_subject(once) == once
