"""What `doctor` and `migrate` say of a good and of a bad installation."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from service.commands.doctor import Check
from service.db.readiness import known_migrations
from service.settings import Settings
from tests.programs import draftdesk

CHECKS = msgspec.json.Decoder(list[Check])


def checks_of(printed: str) -> dict[str, Check]:
    return {check.name: check for check in CHECKS.decode(printed)}


def test_doctor_when_all_is_there_then_every_check_is_ok(settings: Settings, tmp_path: Path) -> None:
    ended = draftdesk(
        "doctor",
        "--json",
        DATABASE_URL=settings.database_url,
        REDIS_URL=settings.redis_url,
        OPENAI_API_KEY="sk-hunter2",
        DRAFTDESK_DATA_DIR=str(tmp_path),
    )

    checks = checks_of(ended.stdout)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {name: check.state for name, check in checks.items()} == dict.fromkeys(
        ("python", "settings", "database", "broker", "model", "data"), "ok"
    )
    assert checks["database"].found.startswith("PostgreSQL ")
    assert "noeviction" in checks["broker"].found
    assert "hunter2" not in ended.stdout


def test_doctor_when_nothing_is_set_then_the_embedded_servers_and_the_stand_in_serve(tmp_path: Path) -> None:
    ended = draftdesk("doctor", "--json", DRAFTDESK_DATA_DIR=str(tmp_path))

    checks = checks_of(ended.stdout)
    assert ended.returncode == 0
    assert (checks["database"].state, checks["broker"].state, checks["model"].state) == ("ok", "ok", "stand-in")
    assert "OPENAI_API_KEY" in checks["model"].found


def test_doctor_when_the_servers_are_away_then_it_fails_and_says_what_to_do(tmp_path: Path) -> None:
    ended = draftdesk(
        "doctor",
        "--json",
        DATABASE_URL="postgresql://u:hunter2@127.0.0.1:9/d",
        REDIS_URL="redis://:hunter2@127.0.0.1:9/0",
        DRAFTDESK_DATA_DIR=str(tmp_path),
    )

    checks = checks_of(ended.stdout)
    assert ended.returncode == 1
    assert [name for name, check in checks.items() if check.state == "fail"] == ["database", "broker"]
    assert checks["database"].mend
    assert checks["broker"].mend
    assert "hunter2" not in ended.stdout + ended.stderr


def test_doctor_when_a_setting_is_bad_then_it_names_the_variable() -> None:
    ended = draftdesk("doctor", OPENAI_BASE_URL="http://far.example/v1")

    assert ended.returncode == 1
    assert "FAIL     settings: OPENAI_BASE_URL" in ended.stdout


def test_doctor_when_read_by_a_person_then_one_line_a_check(settings: Settings, tmp_path: Path) -> None:
    ended = draftdesk("doctor", DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, DRAFTDESK_DATA_DIR=str(tmp_path))

    lines = [line for line in ended.stdout.splitlines() if not line.startswith(" ")]
    assert [line.split()[0] for line in lines] == ["OK", "OK", "OK", "OK", "STAND-IN", "OK"]


async def test_migrate_when_the_database_is_empty_then_doctor_is_content_afterwards(
    settings: Settings, empty_database_url: str, tmp_path: Path
) -> None:
    given = {"DATABASE_URL": empty_database_url, "REDIS_URL": settings.redis_url, "DRAFTDESK_DATA_DIR": str(tmp_path)}
    before = await asyncio.to_thread(draftdesk, "doctor", "--json", **given)

    first = await asyncio.to_thread(draftdesk, "migrate", **given)
    second = await asyncio.to_thread(draftdesk, "migrate", **given)

    after = await asyncio.to_thread(draftdesk, "doctor", "--json", **given)
    assert (before.returncode, checks_of(before.stdout)["database"].mend) == (1, "Run `draftdesk migrate`.")
    assert first.stdout.splitlines() == [*(f"ran {each}" for each in sorted(known_migrations())), "The schema is up to date."]
    assert (second.stdout, second.stderr) == ("The schema is up to date.\n", "")
    assert (after.returncode, checks_of(after.stdout)["database"].state) == (0, "ok")
