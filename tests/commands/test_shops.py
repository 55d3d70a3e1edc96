"""Shops, keys and sources by hand, and a mail sent to what they made."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from service.settings import Settings
from tests.factories import MAILGUN_KEY
from tests.programs import draftdesk, running_api

MAIL = Path(__file__).parents[1] / "mails" / "01-where-is-my-parcel.eml"


@pytest.fixture(scope="module")
def api(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_api(settings, tmp_path_factory.mktemp("api")) as url:
        yield url


@pytest.fixture
def slug() -> str:
    return f"shop-{secrets.token_hex(6)}"


def run(settings: Settings, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return draftdesk(*args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)


def succeed(settings: Settings, *args: str | Path) -> str:
    ended = run(settings, *args)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def assert_one_sentence(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("draftdesk: ")
    assert ended.stderr.count("\n") == 1
    for word in words:
        assert word in ended.stderr


def test_shop_create_when_new_then_its_id_is_printed(settings: Settings, slug: str) -> None:
    printed = succeed(settings, "shop", "create", slug, "--name", "A shop", "--language", "de")

    name, _, shop_id = printed.strip().partition(": ")
    assert name == f"shop {slug}"
    assert UUID(shop_id).version == 7


def test_shop_create_when_it_is_there_already_then_one_sentence(settings: Settings, slug: str) -> None:
    succeed(settings, "shop", "create", slug)

    assert_one_sentence(run(settings, "shop", "create", slug), slug, "already")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("shop", "create", "No Slug"), "slug"),
        (("shop", "create", "slug", "--language", "german"), "ISO 639-1"),
        (("key", "create", "--shop", "nowhere"), "nowhere"),
        (("source", "create", "--shop", "nowhere"), "draftdesk shop create nowhere"),
    ],
)
def test_create_when_it_cannot_be_then_one_sentence(settings: Settings, args: tuple[str, ...], words: str) -> None:
    assert_one_sentence(run(settings, *args), words)


def test_create_when_the_database_is_away_then_one_sentence_without_its_password() -> None:
    ended = draftdesk(
        "shop", "create", "shop", DATABASE_URL="postgresql://u:hunter2@127.0.0.1:9/d", REDIS_URL="redis://127.0.0.1:9"
    )

    assert_one_sentence(ended, "PostgreSQL")
    assert "hunter2" not in ended.stderr


def test_key_create_when_the_shop_is_there_then_the_key_opens_its_api(settings: Settings, api: str, slug: str) -> None:
    succeed(settings, "shop", "create", slug)

    key = succeed(settings, "key", "create", "--shop", slug).strip()

    assert key.startswith("dd_")
    found = httpx2.get(f"{api}/v1/suggestions", headers={"authorization": f"Bearer {key}"})
    assert (found.status_code, httpx2.get(f"{api}/v1/suggestions").status_code) == (200, 401)


def test_source_create_when_the_provider_chooses_the_key_then_it_is_asked_for(settings: Settings, slug: str) -> None:
    succeed(settings, "shop", "create", slug)

    assert_one_sentence(run(settings, "source", "create", "--shop", slug, "--provider", "mailgun"), "--secret")


@pytest.mark.parametrize(("provider", "secret"), [("standard", ()), ("mailgun", ("--secret", MAILGUN_KEY))])
def test_send_when_the_api_runs_then_the_mail_is_stored(
    settings: Settings, api: str, slug: str, provider: str, secret: tuple[str, ...]
) -> None:
    succeed(settings, "shop", "create", slug)
    printed = succeed(settings, "source", "create", "--shop", slug, "--provider", provider, *secret)
    path = printed.splitlines()[0].removeprefix("path: ")
    assert path.startswith(f"/webhooks/{provider}/")

    sent = [succeed(settings, "send", MAIL, "--source", path.rpartition("/")[2], "--url", api) for _ in range(2)]

    assert sent[0].startswith('200 {"outcome":"stored"')
    assert sent[1].startswith('200 {"outcome":"duplicate"')


def test_send_when_there_is_a_choice_of_sources_then_one_sentence(settings: Settings, api: str, slug: str) -> None:
    succeed(settings, "shop", "create", slug)
    for _ in range(2):
        succeed(settings, "source", "create", "--shop", slug)

    assert_one_sentence(run(settings, "send", MAIL, "--url", api), "--source")


def test_send_when_no_api_answers_then_one_sentence(settings: Settings, slug: str) -> None:
    succeed(settings, "shop", "create", slug)
    source_id = succeed(settings, "source", "create", "--shop", slug).splitlines()[0].rpartition("/")[2]

    ended = run(settings, "send", MAIL, "--source", source_id, "--url", "http://127.0.0.1:9")

    assert_one_sentence(ended, "http://127.0.0.1:9", "draftdesk up")


def test_send_when_the_source_is_unknown_then_one_sentence(settings: Settings) -> None:
    unknown = "01900000-0000-7000-8000-000000000000"

    assert_one_sentence(run(settings, "send", MAIL, "--source", unknown), unknown)


def test_send_when_the_file_is_missing_then_it_is_a_usage_error(settings: Settings) -> None:
    ended = run(settings, "send", "nowhere.eml")

    assert ended.returncode == 2
    assert "nowhere.eml" in ended.stderr
