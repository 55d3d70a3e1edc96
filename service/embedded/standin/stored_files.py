"""The files that clients have uploaded and batches have written: on disk, without a name there, bounded in count and size.

For one event loop, not for threads. Source: openai 3.54, openai/types/file_object.py.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from typing import IO

import msgspec

from service.embedded.standin import exchange
from service.embedded.standin.asgi import BODY_LIMIT_BYTES
from service.embedded.standin.exchange import ApiError, ErrorDetail

FILE_LIMIT_BYTES = 200_000_000
ALL_FILES_LIMIT_BYTES = 400_000_000
MOST_FILES = 200


class FileObject(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a file. created_at, expires_at: Unix seconds."""

    id: str
    object: str = "file"
    bytes: int
    created_at: int
    expires_at: int | None
    filename: str
    purpose: str
    status: str = "processed"


class Draft:
    """A file that is being written: a batch's output, or an upload that may yet break off."""

    def __init__(self) -> None:
        # Without a name: whatever becomes of the stand-in, no customer's mail stays behind.
        self._content = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the file is kept
        self.size_bytes = 0

    def write(self, chunk: bytes) -> None:
        """Add to the end.

        Raises:
            ApiError: 413, the file is over FILE_LIMIT_BYTES.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > FILE_LIMIT_BYTES:
            raise ApiError(413, ErrorDetail(message="The file is too large.", type="invalid_request_error"))
        self._content.write(chunk)

    def drop(self) -> None:
        """Forget it."""
        self._content.close()

    def finish(self) -> IO[bytes]:
        """Return the whole content."""
        self._content.flush()
        return self._content


class StoredFiles:
    """The files of one stand-in, oldest first."""

    def __init__(self) -> None:
        self._told: dict[str, FileObject] = {}
        self._contents: dict[str, IO[bytes]] = {}

    def keep(self, draft: Draft, *, filename: str, purpose: str, expires_after_s: int | None = None) -> FileObject:
        """Keep a file that is written.

        Raises:
            ApiError: 400, there are too many, or they are too large together; then the draft is dropped.
        """
        kept_bytes = sum(each.bytes for each in self._told.values())
        if len(self._told) >= MOST_FILES or kept_bytes + draft.size_bytes > ALL_FILES_LIMIT_BYTES:
            draft.drop()
            raise exchange.invalid_request("The stand-in keeps no more files: delete some.", code="storage_limit_exceeded")
        now = int(time.time())
        told = FileObject(
            id=exchange.new_id("file").replace("_", "-"),
            bytes=draft.size_bytes,
            created_at=now,
            expires_at=None if expires_after_s is None else now + expires_after_s,
            filename=filename,
            purpose=purpose,
        )
        self._told[told.id] = told
        self._contents[told.id] = draft.finish()
        return told

    def get(self, file_id: str) -> FileObject:
        """Return what is known of a file. Raises ApiError, 404, when there is none."""
        if (told := self._told.get(file_id)) is None:
            raise _no_file(file_id)
        return told

    def list(self, *, purpose: str | None, limit: int) -> list[FileObject]:
        """Return up to limit files, newest first."""
        return [each for each in reversed(self._told.values()) if purpose is None or each.purpose == purpose][:limit]

    def delete(self, file_id: str) -> None:
        """Forget a file. Raises ApiError, 404, when there is none."""
        self.get(file_id)
        del self._told[file_id]
        self._contents.pop(file_id).close()

    def clear(self) -> None:
        """Forget every file."""
        for file_id in list(self._told):
            self.delete(file_id)

    def read(self, file_id: str, at: int, size_bytes: int) -> bytes:
        """Return a part of a file, b"" behind its end. Raises ApiError, 404, when it was deleted meanwhile."""
        self.get(file_id)
        content = self._contents[file_id]
        content.seek(at)
        return content.read(size_bytes)

    def line_spans(self, file_id: str) -> Iterator[tuple[int, int]]:
        """Return where each line that is not empty lies: its place and length in bytes. Raises ApiError, 404."""
        self.get(file_id)
        content = self._contents[file_id]
        at = 0
        while True:
            content.seek(at)
            line = content.readline(BODY_LIMIT_BYTES)
            if not line:
                return
            if line.strip():
                yield at, len(line)
            at += len(line)


def _no_file(file_id: str) -> ApiError:
    detail = ErrorDetail(message=f"No such File object: {file_id[:100]}", type="invalid_request_error", param="id")
    return ApiError(404, detail)
