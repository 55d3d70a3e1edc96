"""`POST /v1/files`: a multipart form that is written to disk as it comes, never held in memory.

Source: openai 3.54, openai/types/file_create_params.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from service.embedded.standin import exchange
from service.embedded.standin.asgi import ClientLeftError, Receive
from service.embedded.standin.exchange import ApiError, ErrorDetail
from service.embedded.standin.stored_files import FILE_LIMIT_BYTES, Draft, FileObject, StoredFiles

MOST_FIELDS = 10
FIELD_LIMIT_BYTES = 1_000
SHORTEST_LIFE_S, LONGEST_LIFE_S = 3_600, 2_592_000


@dataclass(slots=True)
class _Form:
    """What has come of a form so far."""

    draft: Draft
    filename: str | None = None
    fields: dict[str, bytes] = field(default_factory=dict)
    segment: MultipartSegment | None = None

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """Take one event of the parser."""
        if isinstance(event, MultipartSegment):
            self.segment = event
            if event.name == "file":
                self.filename = event.filename or ""
        elif event is not None and self.segment is not None:
            if self.segment.name == "file":
                self.draft.write(bytes(event))
            else:
                so_far = self.fields.get(self.segment.name, b"")
                self.fields[self.segment.name] = (so_far + event)[:FIELD_LIMIT_BYTES]

    def text(self, name: str) -> str | None:
        """Return a field, None when it did not come."""
        value = self.fields.get(name)
        return None if value is None else value.decode("utf-8", "replace")


async def upload(receive: Receive, content_type: str, files: StoredFiles) -> FileObject:
    """Read and keep one file.

    Raises:
        ApiError: 400 no such form, 413 too large.
        ClientLeftError: the client closed the connection first.
    """
    draft = Draft()
    try:
        form = await _read(receive, content_type, draft)
        purpose, lifetime_s = _checked(form)
    except BaseException:
        draft.drop()
        raise
    return files.keep(draft, filename=form.filename or "upload.jsonl", purpose=purpose, expires_after_s=lifetime_s)


async def _read(receive: Receive, content_type: str, draft: Draft) -> _Form:
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise exchange.invalid_request("Send the file as multipart/form-data.")
    form = _Form(draft)
    try:
        parser = PushMultipartParser(
            options["boundary"], max_segment_count=MOST_FIELDS, max_segment_size=FILE_LIMIT_BYTES + 1, strict=True
        )
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                raise ClientLeftError
            if chunk := event.get("body", b""):
                for part in parser.parse(chunk):
                    form.take(part)
            if not event.get("more_body", False):
                parser.close()
                return form
    except ParserLimitReached as error:
        raise ApiError(413, ErrorDetail(message="The file is too large.", type="invalid_request_error")) from error
    except MultipartError as error:
        raise exchange.invalid_request("We could not parse the form of your request.") from error


def _checked(form: _Form) -> tuple[str, int | None]:
    """Return the purpose and the lifetime in seconds, None: for ever. Raises ApiError, 400."""
    if form.filename is None:
        raise exchange.missing("file")
    purpose = form.text("purpose")
    if purpose is None:
        raise exchange.missing("purpose")
    if purpose != "batch":
        raise exchange.invalid_request("The stand-in takes files for batches only.", code="invalid_value", param="purpose")
    told = form.text("expires_after[seconds]")
    if told is None:
        return purpose, None
    if not told.isdecimal() or not SHORTEST_LIFE_S <= int(told) <= LONGEST_LIFE_S:
        raise exchange.invalid_request("A file lives from an hour to 30 days.", code="invalid_value", param="expires_after")
    return purpose, int(told)
