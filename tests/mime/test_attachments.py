"""Attachments within their limits, under names that are only names."""

from __future__ import annotations

import hashlib

import pytest

from service.mime.attachments import MAX_LEFT_OUT, AttachmentRoom, file_name, media_type


def offered(room: AttachmentRoom, size_bytes: int, *, reckoned_bytes: int | None = None) -> list[str]:
    """Offer an attachment; return what was decoded for it."""
    decoded: list[str] = []

    def content() -> bytes:
        decoded.append("decoded")
        return bytes(size_bytes)

    reckoned = size_bytes if reckoned_bytes is None else reckoned_bytes
    room.add("a.pdf", "application/pdf", content_id="", reckoned_bytes=reckoned, content=content)
    return decoded


def test_room_when_an_attachment_fits_then_it_is_kept_whole() -> None:
    room = AttachmentRoom()

    room.add("\u00fc.png", "IMAGE/PNG; name=x", content_id=" <a@x> ", reckoned_bytes=0, content=lambda: b"abc")

    [kept] = room.kept
    assert (kept.filename, kept.content_type, kept.content, kept.content_id) == ("\u00fc.png", "image/png", b"abc", "a@x")
    assert kept.sha256 == hashlib.sha256(b"abc").digest()


@pytest.mark.parametrize(
    ("sizes", "kept", "reasons"),
    [
        ([10_000_000], 1, []),
        ([10_000_001], 0, ["too_large"]),
        ([10_000_000, 10_000_000, 5_000_000], 3, []),
        ([10_000_000, 10_000_000, 5_000_001, 1], 3, ["too_large_together"]),
        ([0] * 25, 25, []),
        ([0] * 26, 25, ["too_many"]),
        ([10_000_001] + [0] * 25, 25, ["too_large"]),
    ],
)
def test_room_when_a_limit_is_passed_then_the_reason_is_told(sizes: list[int], kept: int, reasons: list[str]) -> None:
    room = AttachmentRoom()

    for size in sizes:
        offered(room, size)

    assert (len(room.kept), [each.reason for each in room.left_out]) == (kept, reasons)


def test_room_when_the_encoded_size_is_too_large_then_it_is_not_decoded() -> None:
    room = AttachmentRoom()

    decoded = offered(room, 1, reckoned_bytes=10_000_001)

    assert (decoded, [(each.reason, each.size_bytes) for each in room.left_out]) == ([], [("too_large", 10_000_001)])


def test_room_when_only_the_decoded_size_is_too_large_then_that_is_told() -> None:
    room = AttachmentRoom()

    offered(room, 10_000_001, reckoned_bytes=5)

    assert [(each.reason, each.size_bytes) for each in room.left_out] == [("too_large", 10_000_001)]


def test_room_when_content_cannot_be_read_then_it_is_left_out_and_takes_no_room() -> None:
    room = AttachmentRoom()

    room.add("a.pdf", "application/pdf", content_id="", reckoned_bytes=7, content=lambda: None)

    assert [(each.filename, each.reason, each.size_bytes) for each in room.left_out] == [("a.pdf", "unreadable", 7)]
    assert room.kept == []


def test_room_when_thousands_are_over_a_limit_then_a_thousand_are_named() -> None:
    room = AttachmentRoom()

    for _ in range(5_000):
        offered(room, 1)

    assert (len(room.kept), len(room.left_out)) == (25, MAX_LEFT_OUT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\a.dll", "a.dll"),
        ("C:\\Users\\ada\\a.pdf", "a.pdf"),
        ("/etc/cron.d/", "cron.d"),
        ("dir/..", ""),
        ("..", ""),
        (".", ""),
        ("/", ""),
        ("", ""),
        (" a.pdf ", "a.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("annexe\u202efdp.exe", "annexefdp.exe"),
        ("\u2066a\u200b\u2060\ufeff.pdf\u061c", "a.pdf"),
        ("a\ud800.pdf", "a?.pdf"),
        ("\u30d5\u30a1\u30a4\u30eb.txt", "\u30d5\u30a1\u30a4\u30eb.txt"),
        ("n" * 300 + ".pdf", "n" * 251 + ".pdf"),
        ("n" * 300, "n" * 255),
        ("n." + "x" * 300, "n." + "x" * 253),
        (".htaccess", ".htaccess"),
    ],
)
def test_file_name_when_it_is_odd_then_only_a_name_is_left(name: str, expected: str) -> None:
    assert file_name(name) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("image/PNG", "image/png"),
        (' application/vnd.ms-excel ; name="a.xls"', "application/vnd.ms-excel"),
        ("", "application/octet-stream"),
        ("image", "application/octet-stream"),
        ("image/png\r\nX: y", "application/octet-stream"),
        ("text/\u00fc", "application/octet-stream"),
        ("a/" * 200, "application/octet-stream"),
    ],
)
def test_media_type_when_it_is_none_then_octet_stream(value: str, expected: str) -> None:
    assert media_type(value) == expected
