"""What PostgreSQL takes of a value that came from outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import msgspec


def texts_in(value: object) -> Iterator[str]:
    """Return every text in a record, however deep: fields, items and keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from texts_in(pair)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from texts_in(item)
    elif dataclasses.is_dataclass(value):
        yield from texts_in([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif isinstance(value, msgspec.Struct):
        yield from texts_in([getattr(value, name) for name in value.__struct_fields__])


def assert_storable(value: object) -> None:
    """Fail when PostgreSQL would refuse a text of a record: one with NUL, or with half a surrogate pair."""
    for text in texts_in(value):
        assert "\x00" not in text
        text.encode()
