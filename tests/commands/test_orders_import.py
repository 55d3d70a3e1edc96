"""`draftdesk orders import` as a person runs it: what it prints, and its exit code."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from service.embedded.programs import ROOT
from service.settings import Settings
from tests.factories import ShopAtWork
from tests.orders.changes import order_change, orders
from tests.programs import bare_environment, draftdesk


def written(folder: Path, *lines: bytes) -> Path:
    path = folder / "orders.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def three() -> list[bytes]:
    return [msgspec.json.encode(order_change(external_id=str(number))) for number in range(3)]


async def load(settings: Settings, shop: ShopAtWork, file: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command beside this process's event loop."""
    return await asyncio.to_thread(
        draftdesk,
        "orders",
        "import",
        file,
        "--shop",
        shop.slug,
        DATABASE_URL=settings.database_url,
        REDIS_URL=settings.redis_url,
    )


async def test_import_when_run_twice_then_the_second_changes_nothing(settings: Settings, shop: ShopAtWork, tmp_path: Path) -> None:
    path = written(tmp_path, *three())

    ended = [await load(settings, shop, path) for _ in range(2)]

    assert [(each.returncode, each.stdout, each.stderr) for each in ended] == [
        (0, "3 imported, 0 unchanged (a newer state is known), 0 bad lines\n", ""),
        (0, "0 imported, 3 unchanged (a newer state is known), 0 bad lines\n", ""),
    ]
    assert len(await orders(shop)) == 3


async def test_import_when_lines_are_bad_then_they_are_named_and_the_exit_code_is_one(
    settings: Settings, shop: ShopAtWork, tmp_path: Path
) -> None:
    path = written(tmp_path, *three(), *[b"secret"] * 25)

    ended = await load(settings, shop, path)

    told = ended.stderr.splitlines()
    assert (ended.returncode, ended.stdout) == (1, "3 imported, 0 unchanged (a newer state is known), 25 bad lines\n")
    assert (told[0], told[-1], len(told)) == ("line 4: The line is not JSON: JSONDecodeError", "and 5 more", 21)
    assert "secret" not in ended.stderr


@pytest.mark.parametrize("name", ["gone.jsonl", "."])
async def test_import_when_the_file_cannot_be_read_then_one_sentence(
    settings: Settings, shop: ShopAtWork, tmp_path: Path, name: str
) -> None:
    ended = await load(settings, shop, tmp_path / name)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("draftdesk: Cannot read ")
    assert ended.stderr.count("\n") == 1


def test_import_when_there_is_no_such_shop_then_one_sentence(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, *three())

    ended = draftdesk(
        "orders", "import", path, "--shop", "nowhere", DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "draftdesk: There is no shop nowhere; make one with `draftdesk shop create nowhere`\n"


def command(shop: ShopAtWork, file: str | Path) -> list[str]:
    return [sys.executable, "-m", "service", "orders", "import", str(file), "--shop", shop.slug]


def given(settings: Settings) -> dict[str, str]:
    return bare_environment(DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, TERM="xterm", COLUMNS="80")


async def test_import_when_the_file_is_standard_input_then_it_is_read(settings: Settings, shop: ShopAtWork) -> None:
    ended = await asyncio.to_thread(
        subprocess.run,
        command(shop, "-"),
        input=b"\n".join(three()),
        env=given(settings),
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.startswith(b"3 imported")


async def test_import_when_on_a_terminal_then_a_bar_shows_how_far_it_is(
    settings: Settings, shop: ShopAtWork, tmp_path: Path
) -> None:
    path = written(tmp_path, *three())
    ours, theirs = pty.openpty()

    ended = await asyncio.to_thread(
        subprocess.run,
        command(shop, path),
        env=given(settings),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
        check=False,
    )

    os.close(theirs)
    shown = os.read(ours, 1_000_000)
    os.close(ours)
    assert (ended.returncode, ended.stdout.startswith(b"3 imported")) == (0, True)
    assert b"100%" in shown
