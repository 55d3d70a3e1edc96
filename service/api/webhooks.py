"""Webhooks in: raw bytes, verified, stored, answered. No model, queue or form parser between the mail and its COMMIT."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromPath

from service.api.problems import documented
from service.api.webhook_operation import WebhookOperation
from service.deliveries.reading import Gate, off_loop
from service.deliveries.service import receive
from service.deliveries.types import Receipt
from service.errors import AuthenticationFailed, NotFound, TemporaryError
from service.jobs import DraftJob, Priority, Publisher
from service.observability.metrics import WEBHOOK_DURATION, WEBHOOKS_RECEIVED
from service.providers.registry import FORMATS
from service.providers.types import WebhookCall
from service.settings import WEBHOOK_BODY_LIMIT_BYTES
from service.shops.source_cache import SourceCache
from service.shops.types import PROVIDERS


class WebhookReceipt(msgspec.Struct, omit_defaults=True):
    """What became of the call.

    outcome: `stored`, `duplicate` (we have it already), `ignored` (it changes nothing) or `failed` (authentic but unreadable); all
    but duplicates are kept, with the reason.
    """

    outcome: str
    message_id: UUID | None = None
    suggestion_id: UUID | None = None
    reason: str | None = None


@post(
    "/webhooks/{provider:str}/{source_id:uuid}",
    status_code=200,
    request_max_body_size=WEBHOOK_BODY_LIMIT_BYTES,
    summary="Receive one e-mail, or one record of the shop",
    tags=["webhooks"],
    operation_id="receive_webhook",
    operation_class=WebhookOperation,
    responses=documented(400, 401, 404, 413, 503),
)
async def receive_webhook(
    provider: FromPath[str], source_id: FromPath[UUID], request: Request[Any, Any, State]
) -> Response[WebhookReceipt]:
    """Store one signed e-mail and queue its suggestion, or one order. Answers 200 after COMMIT, also when the broker is away.

    401: the signature is wrong, missing or stale. 404: no such source. 413: over 50 MB; Mailgun is answered 406 and Postmark 403,
    which end their retries. 503: the database is away, try again.
    """
    started_at = time.perf_counter()
    label = provider if provider in PROVIDERS else "unknown"
    outcome = "error"
    try:
        receipt = await _receive(provider, source_id, request, request.app.state)
        outcome = receipt.outcome
    except AuthenticationFailed:
        outcome = "rejected_signature"
        raise
    except NotFound:
        outcome = "unknown_source"
        raise
    except HTTPException:
        outcome = "rejected_body"
        raise
    except TemporaryError:
        outcome = "unavailable"
        raise
    finally:
        WEBHOOKS_RECEIVED.labels(label, outcome).inc()
        WEBHOOK_DURATION.labels(label).observe(time.perf_counter() - started_at)
    return Response(receipt)


def publish(receipt: Receipt, state: State) -> None:
    """Hand a receipt's job to the publisher, if it has one. Returns at once."""
    publisher: Publisher = state.publisher
    if receipt.is_job and receipt.suggestion_id is not None:
        priority = Priority.VIP if receipt.is_vip else Priority.NORMAL
        publisher.publish(DraftJob(receipt.suggestion_id, priority), pause_s=receipt.pause_s)


def receipt_out(receipt: Receipt) -> WebhookReceipt:
    """Build the answer from a receipt."""
    return WebhookReceipt(
        outcome=receipt.outcome,
        message_id=receipt.message_id,
        suggestion_id=receipt.suggestion_id,
        reason=receipt.reason,
    )


async def _receive(provider: str, source_id: UUID, request: Request[Any, Any, State], state: State) -> WebhookReceipt:
    sources: SourceCache = state.sources
    source = await sources.get(source_id)
    if source is None or source.provider != provider:
        raise NotFound("There is no such source")
    call = WebhookCall(
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]},
        body=await _body(request, provider),
        received_at=datetime.now(UTC),
        query=request.scope["query_string"].decode("latin-1"),
    )
    gate: Gate = state.gate
    async with gate.place(len(call.body)):
        authentic = await off_loop(partial(FORMATS[provider].authenticate, call, source.secrets), len(call.body))
        receipt = await receive(source, call, authentic, schedule=state.schedule)
    publish(receipt, state)
    return receipt_out(receipt)


async def _body(request: Request[Any, Any, State], provider: str) -> bytes:
    """Return the raw body. Raises HTTPException with the provider's own "never again" when it is over the limit."""
    try:
        return await request.body()
    except RequestEntityTooLarge as error:
        told = {
            "key": "body",
            "message": f"larger than {WEBHOOK_BODY_LIMIT_BYTES // 1_000_000} MB; sending it again changes nothing",
        }
        raise HTTPException(status_code=FORMATS[provider].refusal_status, extra=[told]) from error
