"""A shop's orders from a file of lines, for a first load of any size: memory is one batch, whatever the file or a line has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

import msgspec

from service.errors import InvalidInput, Unreadable
from service.orders.repository import put_orders
from service.providers.records import OrderChange
from service.providers.wire.json_bodies import read_json
from service.providers.wire.storable import storable_order

MAX_LINE_BYTES = 1_000_000
BATCH_ORDERS = 500
BATCH_BYTES = 8_000_000
"""A batch is this large at most, and its last line's length more: an order may be a thousand times as long as another."""

MAX_NAMED = 20
"""Bad lines that are told one by one."""

_decoder = msgspec.json.Decoder(OrderChange)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left away. `problem` names the field, never its content."""

    number: int
    problem: str


@dataclass(slots=True)
class Tally:
    """What became of the lines; empty ones do not count.

    Attributes:
        imported: orders made or brought to a newer state.
        unchanged: lines of a state that is known, or older than one that is.
        first_bad: the first 20 of the bad ones.
    """

    imported: int = 0
    unchanged: int = 0
    bad: int = 0
    first_bad: list[BadLine] = field(default_factory=list)


async def import_orders(shop_id: UUID, lines: BinaryIO, *, on_read: Callable[[int], None]) -> Tally:
    """Store one order a line, 500 at a time, each batch committed. Doing it again, or after a break, changes nothing twice.

    lines: JSON of an OrderChange each, at most 1 MB.
    on_read: is told how many bytes were read since it was last told.

    Raises:
        InvalidInput: the file cannot be read any further.
        DatabaseUnavailable: temporary. What was committed before stays.
    """
    tally = Tally()
    batch: list[OrderChange] = []
    batch_bytes = 0
    for number, line, size_bytes in _bounded_lines(lines):
        on_read(size_bytes)
        change = _read(number, line, tally)
        if change is not None:
            batch.append(change)
            batch_bytes += size_bytes
        if len(batch) >= BATCH_ORDERS or batch_bytes >= BATCH_BYTES:
            await _put(shop_id, batch, tally)
            batch, batch_bytes = [], 0
    if batch:
        await _put(shop_id, batch, tally)
    return tally


async def _put(shop_id: UUID, batch: list[OrderChange], tally: Tally) -> None:
    put = await put_orders(shop_id, batch)
    tally.imported += put.orders
    tally.unchanged += len(batch) - put.orders


def _read(number: int, line: bytes | None, tally: Tally) -> OrderChange | None:
    """Return the line's order, or None where it is empty or bad, which is counted."""
    if line == b"":
        return None
    problem = f"The line is over {MAX_LINE_BYTES:,} bytes"
    if line is not None:
        try:
            return storable_order(read_json(line, _decoder, what="an order", where="line"))
        except Unreadable as error:
            problem = str(error)
    tally.bad += 1
    if len(tally.first_bad) < MAX_NAMED:
        tally.first_bad.append(BadLine(number, problem))
    return None


def _bounded_lines(lines: BinaryIO) -> Iterator[tuple[int, bytes | None, int]]:
    """Yield each line's number, its text without white space around it, None where it is too long, and the bytes read."""
    number = 0
    while piece := _piece(lines):
        number += 1
        size_bytes, is_too_long = len(piece), len(piece) > MAX_LINE_BYTES and not piece.endswith(b"\n")
        while is_too_long and not piece.endswith(b"\n"):
            piece = _piece(lines)
            if not piece:
                break
            size_bytes += len(piece)
        # Windows programs begin a file with a byte order mark.
        yield number, None if is_too_long else piece.removeprefix(b"\xef\xbb\xbf").strip(), size_bytes


def _piece(lines: BinaryIO) -> bytes:
    try:
        return lines.readline(MAX_LINE_BYTES + 1)
    except OSError as error:
        raise InvalidInput(f"The file cannot be read any further: {error.strerror}") from error
