"""The proxy's manners, as a client of an echoing server sees them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.proxy import Proxy

QUESTION = b"x" * 1_000


@pytest.fixture
def echo_port() -> Iterator[int]:
    """The port of a server that says what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(echo_port: int) -> Iterator[Proxy]:
    with Proxy(echo_port) as made:
        yield made


def serve(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            threading.Thread(target=echo, args=(client,), daemon=True).start()


def echo(client: socket.socket) -> None:
    with client, suppress(OSError):
        while chunk := client.recv(65_536):
            client.sendall(chunk)


def asked(proxy: Proxy, count: int = len(QUESTION)) -> bytes:
    """Ask over a new connection; return so much of the answer, or what came before its end."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
        client.sendall(QUESTION)
        answer = b""
        with suppress(ConnectionResetError):
            while len(answer) < count and (chunk := client.recv(65_536)):
                answer += chunk
        return answer


def test_proxy_when_it_passes_on_then_the_answer_is_whole(proxy: Proxy) -> None:
    assert asked(proxy) == QUESTION


def test_proxy_when_it_refuses_then_nobody_gets_in_until_it_passes_on_again(proxy: Proxy) -> None:
    proxy.refuse()

    with pytest.raises(ConnectionRefusedError):
        asked(proxy)
    proxy.pass_on()
    assert asked(proxy) == QUESTION


def test_proxy_when_it_hangs_then_the_answer_comes_when_it_passes_on_again(proxy: Proxy) -> None:
    proxy.hang()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.3) as client:
        client.sendall(QUESTION)
        with pytest.raises(TimeoutError):
            client.recv(1)

        proxy.pass_on()
        client.settimeout(10)

        assert client.recv(1) == b"x"


def test_proxy_when_it_cuts_then_the_connection_ends_in_the_middle_of_the_answer(proxy: Proxy) -> None:
    proxy.cut()

    assert 0 < len(asked(proxy)) < len(QUESTION)


def test_proxy_when_it_is_slow_then_the_answer_is_whole_all_the_same(proxy: Proxy) -> None:
    proxy.slow_down(0.05)

    assert asked(proxy) == QUESTION


def test_proxy_when_it_trickles_then_the_answer_comes_in_drops_and_the_rest_at_once_when_it_passes_on(proxy: Proxy) -> None:
    proxy.trickle(20)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
        client.sendall(QUESTION)
        drop = client.recv(65_536)

        proxy.pass_on()
        rest = b""
        while len(drop + rest) < len(QUESTION):
            rest += client.recv(65_536)

    assert len(drop) <= 20
    assert drop + rest == QUESTION


def test_proxy_when_its_server_is_gone_then_the_connection_ends() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        with Proxy(holder.getsockname()[1]) as lonely:
            assert asked(lonely) == b""
