"""The environment: what is taken, what is refused, and that nothing of it leaks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.settings import Settings, SettingsError

ROOT = Path(__file__).parents[1]

GOOD = [
    {},
    {"DATABASE_URL": "postgresql://u:p@db.example:5432/d", "REDIS_URL": "redis://:p@queue.example:6379/0"},
    {"DATABASE_URL": "postgres://u@db.example/d", "REDIS_URL": "rediss://queue.example/1"},
    {"REDIS_URL": "unix:///run/valkey.sock"},
    {"OPENAI_BASE_URL": "https://eu.api.openai.com/v1"},
    {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1"},
    {"OPENAI_BASE_URL": "http://localhost:11434/v1"},
    {"OPENAI_BASE_URL": "http://[::1]:11434/v1"},
    {"OPENAI_API": "chat", "OPENAI_MODEL": "llama"},
    {"DRAFTDESK_PORT": "0", "DRAFTDESK_METRICS_PORT": "65535"},
    {"DRAFTDESK_POOL_SIZE": "2", "DRAFTDESK_RELAY_INTERVAL_S": "0.1", "DRAFTDESK_RELAY_HEAD_START_S": "0"},
    {"DRAFTDESK_RELAY": "off", "DRAFTDESK_RELAY_PER_SECOND": "1"},
    {"UNKNOWN": "x", "HOME": "/root"},
]

BAD = [
    ("DATABASE_URL", "mysql://user:hunter2@db.example/d"),
    ("DATABASE_URL", "hunter2"),
    ("DATABASE_URL", "postgresql://u:hunter2@[db.example/d"),
    ("REDIS_URL", "http://:hunter2@queue.example"),
    ("REDIS_URL", "redis://:hunter2@[queue.example"),
    ("OPENAI_BASE_URL", "http://hunter2.example/v1"),
    ("OPENAI_BASE_URL", "http://10.0.0.7/hunter2"),
    ("OPENAI_BASE_URL", "http://127.0.0.1.hunter2.example/v1"),
    ("OPENAI_BASE_URL", "http://localhost@hunter2.example/v1"),
    ("OPENAI_BASE_URL", "ftp://localhost/hunter2"),
    ("OPENAI_BASE_URL", "hunter2"),
    ("OPENAI_BASE_URL", "https://[hunter2"),
    ("OPENAI_API", "hunter2"),
    ("DRAFTDESK_PORT", "hunter2"),
    ("DRAFTDESK_PORT", "65536"),
    ("DRAFTDESK_PORT", "-1"),
    ("DRAFTDESK_METRICS_PORT", "9191.5"),
    ("DRAFTDESK_LOG_LEVEL", "hunter2"),
    ("DRAFTDESK_POOL_SIZE", "1"),
    ("DRAFTDESK_POOL_SIZE", "1000000"),
    ("DRAFTDESK_RELAY_INTERVAL_S", "0"),
    ("DRAFTDESK_RELAY_INTERVAL_S", "nan"),
    ("DRAFTDESK_RELAY_HEAD_START_S", "-3"),
    ("DRAFTDESK_RELAY", "hunter2"),
    ("DRAFTDESK_RELAY_PER_SECOND", "0"),
    ("DRAFTDESK_RELAY_PER_SECOND", "1.5"),
]


@pytest.mark.parametrize("environ", GOOD)
def test_from_env_when_the_values_are_good_then_they_are_taken(environ: dict[str, str]) -> None:
    settings = Settings.from_env(environ)

    assert settings.openai_base_url == environ.get("OPENAI_BASE_URL", "")
    assert settings.port == int(environ.get("DRAFTDESK_PORT", "8000"))


@pytest.mark.parametrize(("name", "value"), BAD)
def test_from_env_when_a_value_is_bad_then_the_error_names_the_variable_and_never_the_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({name: value})

    sentence = str(caught.value)
    assert name in sentence
    assert "hunter2" not in sentence
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_from_env_when_nothing_is_set_then_the_defaults_serve_only_this_machine() -> None:
    settings = Settings.from_env({})

    assert (settings.host, settings.port, settings.metrics_host) == ("127.0.0.1", 8000, "127.0.0.1")
    assert (settings.database_url, settings.redis_url, settings.openai_api_key) == ("", "", "")
    assert (settings.openai_api, settings.relay_interval_s, settings.relay_head_start_s) == ("responses", 2.0, 5.0)
    assert (settings.has_relay, settings.relay_per_second) == (True, 500)


def test_from_env_when_a_data_folder_is_wished_for_then_it_is_taken(tmp_path: Path) -> None:
    assert Settings.from_env({"DRAFTDESK_DATA_DIR": str(tmp_path), "XDG_DATA_HOME": "/elsewhere"}).data_dir == tmp_path
    assert Settings.from_env({"XDG_DATA_HOME": str(tmp_path)}).data_dir == tmp_path / "draftdesk"


def test_settings_when_shown_hold_no_secret() -> None:
    settings = Settings.from_env(
        {
            "DATABASE_URL": "postgresql://u:hunter2@db.example/d",
            "REDIS_URL": "redis://:hunter2@queue.example/0",
            "OPENAI_API_KEY": "sk-hunter2",
        }
    )

    assert "hunter2" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "DATABASE_URL and REDIS_URL must be set"),
        ({"DATABASE_URL": "postgresql://db.example/d"}, "REDIS_URL must be set"),
        ({"DRAFTDESK_PORT": "hunter2"}, "DRAFTDESK_PORT"),
    ],
)
@pytest.mark.parametrize("program", ["import actors", "from service.app import create_app; create_app()"])
def test_server_process_when_a_setting_is_missing_then_it_ends_with_a_sentence(
    program: str, environ: dict[str, str], words: str
) -> None:
    bare = {"PATH": os.environ["PATH"], **environ}
    ended = subprocess.run([sys.executable, "-c", program], env=bare, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr
