"""A worker with few file descriptors, and clients that connect and do not leave."""

import contextlib
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.support import scrape
from tests.system.support.processes import Process, free_port, until

FEW = 128
ASK = b"GET /metrics HTTP/1.1\r\nHost: worker\r\n\r\n"
KINDS = (b"", ASK[:20], ASK, ASK.replace(b"/metrics", b"/livez"))
"""Silent, half-sent, never-reading, idle."""


@contextlib.contextmanager
def few_descriptors() -> Iterator[None]:
    """Let children have few file descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[tuple[Process, str]]:
    """Run a worker that waits for Kafka and Redis, and shows its page meanwhile."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "KPIS_METRICS_ADDRESS": address,
        "KPIS_KAFKA": f"127.0.0.1:{free_port()}",
        "KPIS_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
    }
    with few_descriptors():
        process = Process(["worker"], settings, tmp_path, "worker")
    until(lambda: answers(address), 30, "the worker shows its page")
    yield process, address
    assert process.stop() == 0


def answers(address: str) -> bool:
    with contextlib.suppress(OSError):
        return scrape.get(address, "/metrics").status == 200
    return False


def test_the_page_is_there_and_the_log_small_while_two_hundred_connect_and_stay(
    worker: tuple[Process, str],
) -> None:
    process, address = worker
    host, _, port = address.partition(":")
    with contextlib.ExitStack() as stack:
        for number in range(200):
            client = stack.enter_context(socket.create_connection((host, int(port)), 5))
            client.sendall(KINDS[number % len(KINDS)])
        for _ in range(10):
            began = time.monotonic()
            assert answers(address)
            assert time.monotonic() - began < 3
            time.sleep(0.5)
    assert process.errors.stat().st_size < 20_000, process.said()


def test_with_no_descriptor_left_little_is_logged_and_later_the_page_is_there_again(
    worker: tuple[Process, str],
) -> None:
    process, address = worker
    host, _, port = address.partition(":")
    before = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (4, before[1]))
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(socket.create_connection((host, int(port)), 5))
        time.sleep(3)
        assert "cannot be accepted: Too many open files" in process.errors.read_text()
        assert process.errors.stat().st_size < 20_000, process.said()
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, before)
        until(lambda: answers(address), 10, "the page is there again")
