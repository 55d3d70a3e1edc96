from __future__ import annotations

import socket
import subprocess
import sys
import time

import httpx2
import pytest
from click.testing import CliRunner

from service.embedded.standin.__main__ import main


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.com", ""])  # noqa: S104
def test_program_when_the_host_is_not_loopback_refuses(host: str) -> None:
    result = CliRunner().invoke(main, ["--host", host, "--port", "9"])

    assert result.exit_code == 2
    assert "loopback only" in result.output


def test_program_serves_until_it_is_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "service.embedded.standin", "--port", str(port)]
    with subprocess.Popen(command) as process:
        try:
            assert _wait_for_health(f"http://127.0.0.1:{port}/health", process) == 200
        finally:
            process.terminate()
        process.wait(10)


def _wait_for_health(url: str, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + 20
    while True:
        try:
            return httpx2.get(url, trust_env=False).status_code
        except httpx2.TransportError:
            assert process.poll() is None, "the stand-in ended at start"
            assert time.monotonic() < deadline, "the stand-in did not answer within 20 s"
            time.sleep(0.05)
