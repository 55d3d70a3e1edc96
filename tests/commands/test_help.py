"""The command line as a newcomer meets it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from service.embedded.programs import ROOT
from tests.programs import draftdesk

COMMANDS = [
    "up",
    "demo",
    "doctor",
    "relay",
    "healthcheck",
    "migrate",
    "shop",
    "key",
    "source",
    "dead-letters",
    "queue",
    "articles",
    "costs",
    "send",
]
HEAVY = ("openai", "piccolo", "asyncpg", "litestar", "dramatiq")


def imported_by(*args: str) -> set[str]:
    """Return the modules that a command has imported when it ends."""
    program = f"""
import sys
from service.cli import main
sys.argv = ["draftdesk", *{args!r}]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print(*sys.modules, file=sys.stderr)
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ended.stderr.split())


def test_help_when_asked_then_it_names_every_command() -> None:
    ended = draftdesk("--help")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Usage: draftdesk [OPTIONS] COMMAND")
    for name in COMMANDS:
        assert f"\n  {name} " in ended.stdout


def test_help_when_asked_then_nothing_heavy_is_imported() -> None:
    modules = imported_by("--help")

    assert "service.cli" in modules
    assert [name for name in HEAVY if name in modules] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_when_asked_then_openai_is_not_imported(command: str) -> None:
    assert "openai" not in imported_by(command, "--help")


def test_version_when_asked_then_it_is_one_line() -> None:
    ended = draftdesk("--version")

    assert (ended.returncode, ended.stdout.count("\n")) == (0, 1)
    assert ended.stdout.startswith("draftdesk, version ")


def test_command_when_unknown_then_it_is_a_usage_error() -> None:
    ended = draftdesk("dance")

    assert ended.returncode == 2
    assert "No such command 'dance'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_command_when_a_setting_is_bad_then_one_sentence() -> None:
    ended = draftdesk("migrate", DRAFTDESK_PORT="many")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("draftdesk: ")
    assert "DRAFTDESK_PORT" in ended.stderr
