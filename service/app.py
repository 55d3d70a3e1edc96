"""The API's composition root: every part is built here and handed down. `uvicorn service.app:create_app --factory` runs it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.static_files import create_static_files_router

from service import __version__
from service.allocator import keep_freed_memory
from service.api.articles import delete_one_article, get_one_article, list_article_page, put_one_article
from service.api.attachments import get_content
from service.api.batches import cancel_one, create_one, get_one_batch, list_batch_page
from service.api.dead_letters import list_dead_letter_causes, retry_dead_letters
from service.api.deliveries import list_delivery_page, replay_one
from service.api.guards import provide_reader
from service.api.health import live, ready
from service.api.json_request import JsonRequest
from service.api.metrics import get_metrics
from service.api.problems import on_http_error, on_service_error, on_unexpected_error
from service.api.stats import get_stats
from service.api.suggestion_actions import claim_one, regenerate_one, release_one, resolve_one
from service.api.suggestions import get_one, get_one_snapshot, list_page
from service.api.threads import create_message, get_one_thread
from service.api.webhooks import receive_webhook
from service.db.engine import START_PATIENCE_S, connection_pool
from service.deliveries.reading import Gate
from service.errors import ServiceError
from service.inbox.types import Schedule
from service.jobs import JobSender, Publisher
from service.monitoring import MetricsPage
from service.observability.logging import configure_logging
from service.relay import run_relay
from service.settings import Settings
from service.shops.source_cache import SourceCache
from service.suggestions.sending import mark_queued

STATIC_PATH = "/schema/static"
CLOSING_TIMEOUT_S = 2.0


def create_app(settings: Settings | None = None) -> Litestar:
    """Build the API. Connects to nothing until its lifespan begins; without settings it reads the environment."""
    settings = settings or Settings.for_server_process()
    configure_logging(settings.log_level)
    keep_freed_memory()

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        sender = JobSender(settings.redis_url)
        publisher = Publisher(sender, mark_queued)
        app.state.update({"sender": sender, "publisher": publisher})
        async with connection_pool(patience_s=START_PATIENCE_S):
            tasks = [asyncio.create_task(publisher.run())]
            if settings.has_relay:
                relay = run_relay(publisher, interval_s=settings.relay_interval_s, per_second=settings.relay_per_second)
                tasks.append(asyncio.create_task(relay))
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                # Bounded: a database that hangs can keep a cancelled task busy.
                await asyncio.wait(tasks, timeout=CLOSING_TIMEOUT_S)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(publisher.close(), CLOSING_TIMEOUT_S)

    api = Router(
        "/v1",
        route_handlers=[
            list_page,
            get_one,
            get_one_snapshot,
            claim_one,
            release_one,
            resolve_one,
            regenerate_one,
            list_dead_letter_causes,
            retry_dead_letters,
            create_one,
            list_batch_page,
            get_one_batch,
            cancel_one,
            get_one_thread,
            create_message,
            list_delivery_page,
            replay_one,
            get_content,
            list_article_page,
            get_one_article,
            put_one_article,
            delete_one_article,
            get_stats,
        ],
        dependencies={"caller": Provide(provide_reader)},
        security=[{"api_key": []}],
        request_class=JsonRequest,
    )
    return Litestar(
        route_handlers=[receive_webhook, api, live, ready, get_metrics, _static_files()],
        lifespan=[lifespan],
        state=State(
            {
                "sources": SourceCache(),
                "gate": Gate(),
                "schedule": Schedule(settings.relay_head_start_s, settings.coalesce_pause_s),
                "metrics_token": settings.metrics_token,
                "metrics_page": MetricsPage(settings.redis_url, settings.prometheus_dir),
            }
        ),
        exception_handlers={
            HTTPException: on_http_error,
            ServiceError: on_service_error,
            Exception: on_unexpected_error,
        },
        openapi_config=_openapi(),
        logging_config=None,
    )


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Draftdesk",
        version=__version__,
        description="Reply suggestions for a shop's support mail. Errors are problem+json (RFC 9457).",
        path="/schema",
        use_handler_docstrings=True,
        components=Components(security_schemes={"api_key": SecurityScheme(type="http", scheme="bearer")}),
        render_plugins=[
            SwaggerRenderPlugin(
                path="/",
                js_url=f"{STATIC_PATH}/swagger-ui-bundle.js",
                css_url=f"{STATIC_PATH}/swagger-ui.css",
                standalone_preset_js_url=f"{STATIC_PATH}/swagger-ui-standalone-preset.js",
                favicon="<link rel='icon' href='data:,'>",
            )
        ],
    )


def _static_files() -> Router:
    """Serve the documentation's page from here: it must work without the internet."""
    return create_static_files_router(
        path=STATIC_PATH, directories=[Path(__file__).parent / "api" / "static"], include_in_schema=False
    )
