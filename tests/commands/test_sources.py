"""Sources by hand: listed, their secrets changed without a gap, and disabled."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Iterator

import httpx2
import msgspec
import pytest

from service.settings import Settings
from service.shops.source_cache import TTL_S
from tests.commands.test_shops import assert_one_sentence, run, succeed
from tests.factories import mail_fields, standard_headers
from tests.programs import running_api


@pytest.fixture(scope="module")
def api(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_api(settings, tmp_path_factory.mktemp("api")) as url:
        yield url


@pytest.fixture
def slug(settings: Settings) -> str:
    name = f"shop-{secrets.token_hex(6)}"
    succeed(settings, "shop", "create", name)
    return name


def create(settings: Settings, slug: str, *options: str) -> tuple[str, str]:
    """Make a source; return its path and its secret."""
    path, secret = succeed(settings, "source", "create", "--shop", slug, *options).splitlines()
    return path.removeprefix("path: "), secret.removeprefix("secret: ")


def post(url: str, path: str, secret: str) -> int:
    """Post a new mail signed with this secret; return the status."""
    body = msgspec.json.encode(mail_fields())
    call_id, sent_at = f"msg_{secrets.token_hex(8)}", str(int(time.time()))
    return httpx2.post(
        url + path, content=body, headers=standard_headers(body, secret, call_id=call_id, sent_at=sent_at)
    ).status_code


def test_source_rotate_when_done_then_both_secrets_count_until_it_is_ended(settings: Settings, api: str, slug: str) -> None:
    path, old = create(settings, slug)
    source_id = path.rpartition("/")[2]

    new = succeed(settings, "source", "rotate", source_id).strip().removeprefix("secret: ")
    both = [post(api, path, old), post(api, path, new)]
    succeed(settings, "source", "rotate", source_id, "--end")
    time.sleep(TTL_S)
    after = [post(api, path, old), post(api, path, new)]

    assert new != old
    assert (both, after) == ([200, 200], [401, 200])


def test_source_disable_when_done_then_its_calls_are_not_found(settings: Settings, api: str, slug: str) -> None:
    path, secret = create(settings, slug)
    succeed(settings, "source", "disable", path.rpartition("/")[2])

    assert post(api, path, secret) == 404


def test_source_list_when_there_are_some_then_a_line_each_without_secrets(settings: Settings, slug: str) -> None:
    path, secret = create(settings, slug, "--mailbox", "Help@shop.example", "--trust", "mx.shop.example")
    create(settings, slug, "--provider", "shopify", "--secret", "shopify-secret")

    first, second = succeed(settings, "source", "list", "--shop", slug).splitlines()

    assert first.split("  ") == [
        path.rpartition("/")[2],
        "standard",
        "support",
        "enabled",
        "help@shop.example, trusts mx.shop.example",
    ]
    assert second.endswith("shopify  support  enabled  -")
    assert secret not in first


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--provider", "shopify"], ["Shopify", "--secret"]),
        (["--provider", "mailgun"], ["Mailgun", "--secret"]),
        (["--provider", "mailgun", "--secret", "sp ace key"], ["Mailgun"]),
        (["--mailbox", "no address"], ["mailbox"]),
        (["--trust", "no host!"], ["trusted host"]),
    ],
)
def test_source_create_when_an_option_is_wrong_then_one_sentence(
    settings: Settings, slug: str, args: list[str], words: list[str]
) -> None:
    assert_one_sentence(run(settings, "source", "create", "--shop", slug, *args), *words)


def test_source_rotate_when_it_is_unknown_then_one_sentence(settings: Settings) -> None:
    assert_one_sentence(run(settings, "source", "rotate", "01a2119c-0000-7000-8000-000000000000"), "no source")


def test_source_rotate_when_the_secret_is_the_same_then_one_sentence(settings: Settings, slug: str) -> None:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    path, _ = create(settings, slug, "--secret", secret)

    assert_one_sentence(run(settings, "source", "rotate", path.rpartition("/")[2], "--secret", secret), "already")
