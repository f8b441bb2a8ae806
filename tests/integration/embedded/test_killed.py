"""Whoever started the servers is killed: they end, keep their data, and can be started again at once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from embedded.kafka import start_kafka
from embedded.redis import start_redis
from tests.integration.embedded.looking import running, until

_PROGRAM = """
import sys, time
from pathlib import Path
import pytest

from embedded.kafka import start_kafka
from embedded.redis import start_redis

redis, kafka = start_redis(Path("redis")), start_kafka(Path("kafka"))
print(redis.child.pid, redis.child.reaper_pid, kafka.child.pid, kafka.child.reaper_pid, flush=True)
time.sleep(600)
"""


def test_servers_of_a_killed_program_end_and_start_again_at_once(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout
        pids = [int(pid) for pid in program.stdout.readline().split()]
        assert len(running(*pids)) == 4
        program.kill()
    with start_redis(tmp_path / "redis") as redis, start_kafka(tmp_path / "kafka") as kafka:
        until(lambda: not running(*pids), 5)
        assert redis.child.poll() is None
        assert kafka.child.poll() is None


@pytest.mark.skipif(sys.platform != "linux", reason="who holds a lock is known on Linux alone: run it there")
def test_servers_whose_reapers_were_killed_with_the_program_do_not_stand_in_the_way(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    program = "import sys, time\nfrom pathlib import Path\nfrom embedded.redis import start_redis\n"
    program += (
        "redis = start_redis(Path('redis'))\nprint(redis.child.pid, redis.child.reaper_pid, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{program}time.sleep(600)"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True,
    ) as killed:  # fmt: skip
        assert killed.stdout
        server, reaper = (int(pid) for pid in killed.stdout.readline().split())
        os.kill(reaper, signal.SIGKILL)
        killed.kill()
    assert running(server)
    with (tmp_path / "redis" / "lock").open(), start_redis(tmp_path / "redis") as redis:
        assert redis.child.poll() is None
        assert not running(server)
