"""`draftdesk articles` as a person runs it: what it prints, what it stores, and its exit code."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from service.settings import Settings
from tests.factories import ShopAtWork, make_shop
from tests.knowledge.writing import put, slugs
from tests.programs import draftdesk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a directory of two articles and of files that are none."""
    folder = tmp_path / "articles"
    written(folder / "returns" / "how-to.md", b"# How to return\n\nFree for 30 days.\n")
    written(folder / "shipping.md", b"We ship with DHL.\n")
    written(folder / "notes.txt", b"No article")
    written(folder / ".git" / "README.md", b"No article")
    return folder


def written(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


async def run(settings: Settings, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command beside this process's event loop."""
    return await asyncio.to_thread(draftdesk, "articles", *args, DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url)


async def load(settings: Settings, shop: ShopAtWork, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return await run(settings, "import", folder, "--shop", shop.slug, *options)


async def test_import_when_run_twice_then_the_second_changes_nothing(settings: Settings, shop: ShopAtWork, folder: Path) -> None:
    ended = [await load(settings, shop, folder) for _ in range(2)]

    assert [(each.returncode, each.stdout) for each in ended] == [
        (0, "2 new, 0 changed, 0 unchanged, 0 deleted, 0 bad files\n"),
        (0, "0 new, 0 changed, 2 unchanged, 0 deleted, 0 bad files\n"),
    ]
    assert await slugs(shop) == ["returns-how-to", "shipping"]


async def test_import_when_pruning_then_what_has_no_file_is_deleted_and_bad_files_keep_theirs(
    settings: Settings, shop: ShopAtWork, folder: Path
) -> None:
    other_shop = await make_shop()
    for slug in ("gone", "bad"):
        await put(shop, slug)
    await put(other_shop, "gone")
    written(folder / "bad.md", b"\xff")

    ended = await load(settings, shop, folder, "--prune")

    assert (ended.returncode, ended.stdout) == (1, "2 new, 0 changed, 0 unchanged, 1 deleted, 1 bad files\n")
    assert (await slugs(shop), await slugs(other_shop)) == (["bad", "returns-how-to", "shipping"], ["gone"])


async def test_import_when_not_pruning_then_what_has_no_file_stays(settings: Settings, shop: ShopAtWork, folder: Path) -> None:
    await put(shop, "gone")

    await load(settings, shop, folder)

    assert "gone" in await slugs(shop)


async def test_import_when_files_are_bad_then_each_is_told_with_its_reason(
    settings: Settings, shop: ShopAtWork, folder: Path, tmp_path: Path
) -> None:
    written(tmp_path / "secret.md", b"# Secret")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "folder.md").symlink_to(folder / "returns")
    (folder / "out").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.md")
    written(folder / "empty.md", b"# Only a title\n")
    written(folder / "large.md", b"x" * 200_001)
    written(folder / "latin.md", "Größe".encode("latin-1"))
    written(folder / "long.md", b"secret " * 8_000)
    written(folder / "returns-how-to.md", b"Twice")
    written(folder / "配送.md", b"No slug")

    ended = await load(settings, shop, folder)

    assert (ended.returncode, ended.stdout) == (1, "2 new, 0 changed, 0 unchanged, 0 deleted, 9 bad files\n")
    assert "secret" not in ended.stderr.lower()
    assert [line.partition(": ")[::2] for line in ended.stderr.splitlines()] == [
        ("empty.md", "The body is empty or over 50,000 characters"),
        ("large.md", "It is over 200,000 bytes"),
        ("latin.md", "It is not UTF-8"),
        ("link.md", "It is a link that leads out of the directory"),
        ("long.md", "The body is empty or over 50,000 characters"),
        ("loop.md", "It cannot be read: its link leads nowhere"),
        ("pipe.md", "It is no plain file"),
        ("returns-how-to.md", "It has the slug of returns/how-to.md; rename one"),
        ("配送.md", "Its path makes no slug of 1-100 letters a-z, digits and hyphens; rename it"),
    ]


async def test_import_when_many_files_are_bad_then_twenty_are_told(settings: Settings, shop: ShopAtWork, folder: Path) -> None:
    for number in range(25):
        written(folder / f"bad-{number}\x1b[31m.md", b"")

    ended = await load(settings, shop, folder)

    told = ended.stderr.splitlines()
    assert (ended.returncode, len(told), told[-1]) == (1, 21, "and 5 more")
    assert "\x1b" not in ended.stderr


async def test_import_when_a_link_leads_to_a_file_inside_then_it_is_read(
    settings: Settings, shop: ShopAtWork, folder: Path
) -> None:
    (folder / "copy.md").symlink_to(folder / "shipping.md")

    ended = await load(settings, shop, folder)

    assert ended.returncode == 0
    assert await slugs(shop) == ["copy", "returns-how-to", "shipping"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone", "Cannot read "),
        ("articles/shipping.md", "Cannot read "),
        ("articles/nothing", "There is no file *.md below "),
        ("many", "There are over 1,000 files *.md below "),
    ],
)
async def test_import_when_the_directory_cannot_be_used_then_one_sentence_and_nothing_is_deleted(
    settings: Settings, shop: ShopAtWork, folder: Path, name: str, sentence: str
) -> None:
    (folder / "nothing").mkdir()
    (folder.parent / "many").mkdir()
    if name == "many":
        for number in range(1_001):
            (folder.parent / "many" / f"{number}.md").touch()
    await put(shop)

    ended = await load(settings, shop, folder.parent / name, "--prune")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"draftdesk: {sentence}")
    assert ended.stderr.count("\n") == 1
    assert await slugs(shop) == ["returns"]


async def test_import_when_there_is_no_such_shop_then_one_sentence(settings: Settings, folder: Path) -> None:
    ended = await run(settings, "import", folder, "--shop", "nowhere")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "draftdesk: There is no shop nowhere; make one with `draftdesk shop create nowhere`\n"


async def test_list_when_there_are_articles_then_a_line_each(settings: Settings, shop: ShopAtWork) -> None:
    await put(shop, "b", title="Two", body="12345")
    await put(shop, "a", title="One", body="1")

    ended = await run(settings, "list", "--shop", shop.slug)

    lines = [line.split("  ") for line in ended.stdout.splitlines()]
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [(line[0], *line[2:]) for line in lines] == [("a", "1 characters", "One"), ("b", "5 characters", "Two")]
