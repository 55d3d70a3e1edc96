"""Attachments: what customers sent along. Nothing of it may run in a browser that shows our API's origin."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath

from service.api.problems import documented
from service.errors import NotFound
from service.inbox.queries import get_attachment
from service.shops.types import Caller

_SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@get(
    "/attachments/{attachment_id:uuid}",
    summary="Get an attachment's content",
    operation_id="get_attachment",
    tags=["threads"],
    responses={
        200: ResponseSpec(
            bytes, description="The bytes as they came.", media_type="application/octet-stream", generate_examples=False
        ),
        **documented(400, 401, 403, 404, 503),
    },
)
async def get_content(caller: NamedDependency[Caller], attachment_id: FromPath[UUID]) -> Response[bytes]:
    """Return an attachment to be saved, never shown: its type and its name are the sender's words. At most 10 MB."""
    row = await get_attachment(caller.shop_id, attachment_id)
    if row is None:
        raise NotFound(f"There is no attachment {attachment_id}")
    if row["content"] is None:
        raise NotFound(f"Attachment {attachment_id} was left out: {row['left_out']}")
    return Response(
        row["content"],
        media_type=row["content_type"],
        headers={**_SAFE_HEADERS, "Content-Disposition": content_disposition(row["filename"] or "attachment")},
    )


def content_disposition(filename: str) -> str:
    """Return the header's value: an ASCII name for old clients, and the whole one in UTF-8 (RFC 6266, RFC 8187)."""
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%;' else "_" for each in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
