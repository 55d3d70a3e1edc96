"""If-Match: which versions it names, and what it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.preconditions import etag, expected_versions, required_versions
from service.errors import InvalidInput, PreconditionRequired


@pytest.mark.parametrize(
    ("if_match", "versions"),
    [
        ('"7"', {7}),
        (' "7" ', {7}),
        ('"7", "8"', {7, 8}),
        ('"7","8"', {7, 8}),
        ('W/"7"', set()),
        ('"abc"', set()),
        ('""', set()),
        ('"12345678901234567890"', set()),
        (None, None),
        ("*", None),
    ],
)
def test_if_match_when_it_is_read_then_only_our_strong_tags_count(if_match: str | None, versions: set[int] | None) -> None:
    assert expected_versions(if_match) == (None if versions is None else frozenset(versions))


@pytest.mark.parametrize("if_match", ["", "7", '"7', '"7" "8"', "x" * 600, '"7",' * 200, "w/7", '"7";"8"'])
def test_if_match_when_it_is_malformed_then_it_is_refused(if_match: str) -> None:
    with pytest.raises(InvalidInput):
        expected_versions(if_match)


def test_if_match_when_it_is_required_and_missing_then_it_is_asked_for() -> None:
    with pytest.raises(PreconditionRequired):
        required_versions(None)


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_etag_when_it_comes_back_then_it_names_its_version(version: int) -> None:
    assert required_versions(etag(version)) == frozenset({version})


@given(st.text(max_size=700))
def test_if_match_when_it_is_anything_then_it_is_read_or_refused(if_match: str) -> None:
    try:
        versions = expected_versions(if_match)
    except InvalidInput:
        return
    assert versions is None or all(version >= 0 for version in versions)
