"""The deployment that we ship: it follows the Compose Specification and the design's clocks and rules."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import jsonschema
import msgspec
import pytest
import yaml

from service.settings import ACTOR_TIME_LIMIT_S, SHUTDOWN_GRACE_S

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()

SECONDS = {"h": 3600, "m": 60, "s": 1}
SECRET = re.compile(r"(KEY|PASSWORD|SECRET|TOKEN|_AUTH)$")


class Healthcheck(msgspec.Struct, frozen=True):
    test: list[str]
    interval: str
    timeout: str
    retries: int


class Service(msgspec.Struct, frozen=True):
    image: str
    command: str | list[str] = ""
    healthcheck: Healthcheck | None = None
    stop_grace_period: str = "10s"
    restart: str = "no"
    user: str = ""
    read_only: bool = False
    cap_drop: list[str] = []
    security_opt: list[str] = []
    environment: dict[str, str | None] = {}
    ports: list[str] = []
    volumes: list[str] = []
    build: str = ""
    entrypoint: list[str] = []

    def arguments(self) -> list[str]:
        return shlex.split(self.command) if isinstance(self.command, str) else self.command

    def argument_of(self, name: str) -> str:
        return next(argument.partition("=")[2] for argument in self.arguments() if argument.startswith(f"{name}="))

    def argument(self, name: str) -> str:
        arguments = self.arguments()
        return arguments[arguments.index(name) + 1]


SERVICES = msgspec.convert(COMPOSE["services"], dict[str, Service])


def seconds(duration: str) -> int:
    return sum(int(number) * SECONDS[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def test_compose_when_checked_then_it_follows_the_specification() -> None:
    schema = msgspec.json.decode((ROOT / "tests/compose-spec.json").read_bytes())
    validator = jsonschema.Draft202012Validator(schema)

    assert [error.message for error in validator.iter_errors(COMPOSE)] == []


def test_worker_when_stopped_then_every_clock_leaves_time_for_the_one_inside() -> None:
    worker = SERVICES["worker"]
    shutdown_s = int(worker.argument("--worker-shutdown-timeout")) / 1000

    assert shutdown_s == SHUTDOWN_GRACE_S
    assert shutdown_s < ACTOR_TIME_LIMIT_S < seconds(worker.stop_grace_period)


def test_api_when_stopped_then_open_requests_may_end_first() -> None:
    api = SERVICES["api"]

    assert int(api.argument("--timeout-graceful-shutdown")) < seconds(api.stop_grace_period)


def test_worker_when_it_fetches_then_it_takes_no_more_than_its_threads_begin() -> None:
    worker = SERVICES["worker"]

    assert worker.environment["dramatiq_queue_prefetch"] == worker.argument("-t")


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_pulled_then_its_image_is_pinned(name: str) -> None:
    _, _, tag = SERVICES[name].image.rpartition("/")[2].partition(":")

    assert tag not in {"", "latest"}


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service.restart != "no"])
def test_service_when_it_runs_on_then_its_health_is_checked(name: str) -> None:
    check = SERVICES[name].healthcheck

    assert check is not None
    assert check.test[0] in {"CMD", "CMD-SHELL"}
    assert seconds(check.timeout) <= seconds(check.interval)


def test_worker_when_its_health_is_checked_then_its_threads_and_its_heartbeat_are() -> None:
    check = SERVICES["worker"].healthcheck

    assert check is not None
    assert check.test == ["CMD", "draftdesk", "healthcheck", "worker"]


def test_compose_when_listed_then_only_the_migration_ends() -> None:
    assert [name for name, service in SERVICES.items() if service.restart == "no"] == ["migrate"]
    assert SERVICES["worker"].restart == "always"


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_it_runs_then_it_can_neither_gain_rights_nor_write_its_image(name: str) -> None:
    service = SERVICES[name]

    assert service.read_only
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_published_then_only_on_loopback(name: str) -> None:
    assert [port for port in SERVICES[name].ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_it_takes_a_secret_then_compose_insists_on_one(name: str) -> None:
    environment = SERVICES[name].environment
    optional = [key for key, value in environment.items() if SECRET.search(key) and ":?" not in (value or "")]

    assert optional == []


@pytest.mark.parametrize("name", SERVICES)
def test_service_when_it_mounts_a_file_then_the_file_is_here_and_read_only(name: str) -> None:
    for volume in SERVICES[name].volumes:
        source, _, mode = volume.split(":") if volume.count(":") == 2 else (*volume.split(":"), "rw")
        if source.startswith("."):
            assert (ROOT / source).exists(), source
            assert mode == "ro"
        else:
            assert source in COMPOSE["volumes"]


def test_valkey_when_it_is_full_or_restarts_then_it_forgets_nothing() -> None:
    valkey = SERVICES["valkey"]

    assert valkey.argument("--appendonly") == "yes"
    assert valkey.argument("--appendfsync") == "everysec"
    assert valkey.argument("--maxmemory-policy") == "noeviction"
    assert valkey.argument("--requirepass").startswith("${VALKEY_PASSWORD:?")


def test_prometheus_when_it_scrapes_then_it_asks_the_ports_that_api_and_worker_listen_on() -> None:
    config = yaml.safe_load((ROOT / "grafana/prometheus.yml").read_text())
    targets = {target for job in config["scrape_configs"] for one in job["static_configs"] for target in one["targets"]}
    worker_port = SERVICES["worker"].environment["DRAFTDESK_METRICS_PORT"]

    assert targets == {f"api:{SERVICES['api'].argument('--port')}", f"worker:{worker_port}"}


def test_prometheus_when_it_starts_then_every_file_that_its_configuration_names_is_mounted() -> None:
    prometheus = SERVICES["prometheus"]
    folder = Path(prometheus.argument_of("--config.file")).parent
    config = yaml.safe_load((ROOT / "grafana/prometheus.yml").read_text())
    named = {str(folder / name) for name in ("prometheus.yml", *config["rule_files"])}

    assert named <= {volume.split(":")[1] for volume in prometheus.volumes}


def test_prometheus_when_it_starts_then_it_finds_the_token_where_it_looks_and_nobody_else_reads_it(tmp_path: Path) -> None:
    prometheus = SERVICES["prometheus"]
    config = yaml.safe_load((ROOT / "grafana/prometheus.yml").read_text())
    [token_file] = [job["authorization"]["credentials_file"] for job in config["scrape_configs"] if "authorization" in job]
    here = tmp_path / "token"
    shell, option, script, *rest = [part.replace("$$", "$") for part in prometheus.entrypoint]
    script = script.replace(token_file, str(here)).replace("/bin/prometheus", "printf '%s\n' \"${METRICS_TOKEN-}\"")
    ended = subprocess.run(
        [shell, option, script, *rest, *prometheus.arguments()],
        env={"METRICS_TOKEN": "a token with %s", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert here.read_text() == "a token with %s"
    assert here.stat().st_mode & 0o077 == 0
    assert ended.stdout.splitlines() == ["", *prometheus.arguments()]


def test_api_when_prometheus_asks_it_then_both_have_the_same_token() -> None:
    assert SERVICES["api"].environment["DRAFTDESK_METRICS_TOKEN"] == SERVICES["prometheus"].environment["METRICS_TOKEN"]
    assert "DRAFTDESK_METRICS_TOKEN" not in SERVICES["worker"].environment


def test_compose_when_it_insists_on_a_variable_then_its_first_lines_name_it() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    head = text.partition("\nname:")[0]
    insisted = set(re.findall(r"\$\{(\w+):\?", text))

    assert len(insisted) == 5
    assert insisted <= set(re.findall(r"\w+", head))


def test_image_when_it_runs_then_its_account_is_a_fixed_number_and_not_root() -> None:
    last_stage = DOCKERFILE[max(index for index, line in enumerate(DOCKERFILE) if line.startswith("FROM ")) :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER ")]

    assert users
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])


def test_image_when_built_then_what_it_copies_is_here_and_sent_to_the_builder() -> None:
    copies = [line.split()[1:-1] for line in DOCKERFILE if line.startswith("COPY ") and "--from" not in line]
    sources = {source.rstrip("/") for copy in copies for source in copy}
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert sources == {line[1:] for line in ignored if line.startswith("!")}
    assert {source for source in sources if not (ROOT / source).exists()} == set()
