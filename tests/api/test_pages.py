"""Health, metrics, the documentation that works without the internet, and errors that are all of one kind."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest

import service
from service import __version__
from tests.api.receiving import assert_problem, deliver_mail
from tests.factories import ShopAtWork

OPERATIONS = {
    ("/v1/attachments/{attachment_id}", "get"): "get_attachment",
    ("/v1/batches", "post"): "create_batch",
    ("/v1/batches", "get"): "list_batches",
    ("/v1/batches/{batch_id}", "get"): "get_batch",
    ("/v1/batches/{batch_id}/cancel", "post"): "cancel_batch",
    ("/v1/dead-letters", "get"): "list_dead_letters",
    ("/v1/dead-letters/retry", "post"): "retry_dead_letters",
    ("/v1/deliveries", "get"): "list_deliveries",
    ("/v1/deliveries/{delivery_id}/replay", "post"): "replay_delivery",
    ("/webhooks/{provider}/{source_id}", "post"): "receive_webhook",
    ("/v1/suggestions", "get"): "list_suggestions",
    ("/v1/suggestions/{suggestion_id}", "get"): "get_suggestion",
    ("/v1/suggestions/{suggestion_id}/snapshot", "get"): "get_snapshot",
    ("/v1/suggestions/{suggestion_id}/claim", "post"): "claim_suggestion",
    ("/v1/suggestions/{suggestion_id}/release", "post"): "release_suggestion",
    ("/v1/suggestions/{suggestion_id}/resolve", "post"): "resolve_suggestion",
    ("/v1/suggestions/{suggestion_id}/regenerate", "post"): "regenerate_suggestion",
    ("/v1/threads/{thread_id}", "get"): "get_thread",
    ("/v1/threads/{thread_id}/messages", "post"): "create_message",
    ("/v1/articles", "get"): "list_articles",
    ("/v1/articles/{slug}", "get"): "get_article",
    ("/v1/articles/{slug}", "put"): "put_article",
    ("/v1/articles/{slug}", "delete"): "delete_article",
    ("/v1/stats", "get"): "get_stats",
    ("/health/live", "get"): "live",
    ("/health/ready", "get"): "ready",
}


class Addresses(HTMLParser):
    """Collects what a page loads: the value of every src and href."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.extend(value for name, value in attrs if name in {"src", "href"} and value)


async def test_live_when_the_process_runs_then_200(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "ok", "version": __version__})


async def test_ready_when_the_servers_are_there_then_200(client: httpx2.AsyncClient) -> None:
    response = await client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "broker": "ok", "version": __version__}


async def test_metrics_when_mail_has_come_then_it_is_counted(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await deliver_mail(client, shop)

    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert re.search(r'draftdesk_webhooks_received_total\{outcome="stored",provider="standard"\} [1-9]', response.text)
    assert str(shop.id) not in response.text


async def test_metrics_when_the_provider_is_made_up_then_no_label_is(client: httpx2.AsyncClient, shop: ShopAtWork) -> None:
    await client.post(f"/webhooks/made-up-provider/{shop.standard.id}")

    assert "made-up-provider" not in (await client.get("/metrics")).text


async def test_documentation_when_opened_then_it_loads_from_this_host_alone(client: httpx2.AsyncClient) -> None:
    page = await client.get("/schema")

    addresses = Addresses()
    addresses.feed(page.text)
    loaded = [address for address in addresses.found if not address.startswith("data:")]
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert re.findall(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}""", page.text) == []
    assert len(loaded) >= 3
    for address in loaded:
        assert address.startswith("/")
        assert (await client.get(address)).status_code == 200


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("swagger-ui-bundle.js", "javascript"), ("swagger-ui-standalone-preset.js", "javascript"), ("swagger-ui.css", "text/css")],
)
async def test_static_file_when_asked_for_then_it_is_ours(client: httpx2.AsyncClient, name: str, content_type: str) -> None:
    response = await client.get(f"/schema/static/{name}")

    assert response.status_code == 200
    assert content_type in response.headers["content-type"]
    assert response.content == (Path(service.__file__).parent / "api" / "static" / name).read_bytes()


async def test_openapi_when_read_then_each_operation_has_an_id_a_text_and_its_errors(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/schema/openapi.json")).json()

    operations = {
        (path, method): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert {key: operation["operationId"] for key, operation in operations.items()} == OPERATIONS
    for (path, _), operation in operations.items():
        assert operation["summary"]
        assert operation["tags"]
        if path.startswith("/v1"):
            assert operation["security"] == [{"api_key": []}]
            assert "application/problem+json" in operation["responses"]["401"]["content"]
    assert document["components"]["securitySchemes"]["api_key"]["scheme"] == "bearer"
    assert document["info"]["version"] == __version__


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/no-such-page", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/no-such-thing", 404),
        ("GET", "/%00", 404),
        ("GET", "/%FF", 404),
        ("GET", "/schema/static/no-such-file.js", 404),
        ("GET", "/schema/static/../../problems.py", 404),
        ("GET", "/schema/static/..%2f..%2fproblems.py", 404),
        ("GET", "/schema/no-such-page.json", 404),
        ("POST", "/v1/suggestions", 405),
        ("DELETE", "/v1/suggestions", 405),
        ("POST", "/health/live", 405),
        ("POST", "/metrics", 405),
        ("PUT", "/schema", 405),
    ],
)
async def test_error_when_path_or_method_is_wrong_then_a_problem(
    client: httpx2.AsyncClient, shop: ShopAtWork, method: str, path: str, status: int
) -> None:
    response = await client.request(method, path, headers=shop.auth)

    assert_problem(response, status)
    if status == 405:
        assert response.headers["allow"]
