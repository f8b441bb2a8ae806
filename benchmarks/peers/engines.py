"""The engines: how each is run, what it promises in this setting, and what it does not do."""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers.apps.task import Task
from benchmarks.peers.counted import differences, read_counted
from benchmarks.peers.data import Data
from benchmarks.peers.environments import APPS, POM, ROOT, Say, jvm_classpath, python_environment
from benchmarks.peers.run import Place, Run, run_between
from benchmarks.peers.watching import EngineFailed, watched
from benchmarks.stage import PARTITIONS, Stage

_MARKS = {"begun", "done"}


@dataclass(frozen=True)
class Engine:
    """An engine beside ours."""

    key: str
    """As --engines takes it; also the name of its app."""
    package: str
    """What its version is that of."""
    name: str
    guarantee: str
    """What it promises after a crash, in the setting measured."""
    lacks: str
    """What of the work, or of ours, it does not do."""
    settings: str
    pinned: str = ""
    """The app whose environment it shares."""
    main: str = ""
    """The class, of an engine in Java."""
    slow: bool = False
    """Whether it gets the smaller part of the work."""

    def command(self, cache: Path, say: Say) -> list[str]:
        """Return what runs it but for its task; its environment is made where it is missing.

        Raises:
            NoEnvironment: that could not be made.

        """
        if self.main:
            return ["java", *_JAVA_OPTIONS, "-cp", jvm_classpath(cache, say), self.main]
        python = python_environment(APPS / f"{self.pinned or self.key}.txt", cache, say)
        return [str(python), "-m", f"benchmarks.peers.apps.{self.key}"]

    def version(self) -> str:
        """Return its version as it is pinned."""
        if self.main:
            found = re.search(f"<{self.package}>(.*)</{self.package}>", POM.read_text())
        else:
            pinned = APPS / f"{self.pinned or self.key}.txt"
            found = re.search(f"^{self.package}==(\\S+)", pinned.read_text(), re.MULTILINE)
        assert found
        return str(found[1])


_JAVA_OPTIONS = [
    "-Xms1g",
    "-Xmx2g",
    *(f"--add-opens=java.base/java.{part}=ALL-UNNAMED" for part in ("lang", "util", "time")),
]

IN_PYTHON = (
    Engine(
        key="hand_loop",
        package="confluent-kafka",
        name="by hand: confluent-kafka, msgspec",
        guarantee="none: a crash loses all",
        lacks="durable state, dead letters, orders, scopes below the campaign",
        settings="10 000 messages a call, fetch.queue.backoff.ms 10, a set of ids, sketches of 2¹² registers",
    ),
    Engine(
        key="bytewax_windows",
        package="bytewax",
        pinned="bytewax_flow",
        name="Bytewax",
        guarantee="state and offsets together, from the last snapshot",
        lacks="dead letters, orders, scopes below the campaign; its last snapshot is not in the time",
        settings="one worker, its windows by campaign and kind, msgspec, SQLite, snapshots each 10 s",
    ),
    Engine(
        key="bytewax_flow",
        package="bytewax",
        name="Bytewax, windows by hand",
        guarantee="state and offsets together, from the last snapshot",
        lacks="dead letters, orders, scopes below the campaign; its last snapshot is not in the time",
        settings="as above, but dicts in one stateful_batch by campaign: no window ever closes",
    ),
    Engine(
        key="quix_frames",
        package="quixstreams",
        name="Quix Streams",
        guarantee="at least once",
        lacks="durable people, dead letters, orders, scopes below the campaign",
        settings="RocksDB and changelogs, commit each second, msgspec, a window store a topic",
        slow=True,
    ),
    Engine(
        key="faust_table",
        package="faust-streaming",
        name="naive Faust",
        guarantee="at least once: a crash doubles",
        lacks="people, dead letters, orders, scopes below the campaign",
        settings="json, tables in memory with changelogs: one of counts by minute, one of ids",
        slow=True,
    ),
)
IN_JAVA = (
    Engine(
        key="kafka_streams",
        package="kafka.version",
        name="Kafka Streams",
        guarantee="at least once",
        lacks="dead letters, orders, scopes below the campaign",
        settings="DSL, Jackson's streaming parser, ids in a window store, commit each second, cache 10 MB",
        main="peers.KafkaStreamsApp",
    ),
    Engine(
        key="flink",
        package="flink.version",
        name="Flink, hashmap state",
        guarantee="exactly-once state",
        lacks="dead letters, orders, scopes below the campaign",
        settings="MiniCluster, the same parser, object reuse, checkpoint each second, ids by key with a TTL",
        main="peers.FlinkApp",
    ),
)


def run_peer(command: list[str], stage: Stage, data: Data, place: Place) -> Run:
    """Let an engine count all, from the first record to the last.

    Raises:
        EngineFailed: it did not come to the end.

    """
    result, folder = place.folder / "result.json", place.folder / "state"
    folder.mkdir()
    task = Task(stage.kafka, place.group, data.topics, PARTITIONS, data.records, str(result), str(folder))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    told = [*command, json.dumps(asdict(task))]
    with watched(told, environment, place.core, place.folder / "log", _mark_of) as run:
        begun, done = run.reach("begun", place.within), run.reach("done", place.within)
        run.reach("end", place.within)
        if not result.exists():
            raise EngineFailed(f"it wrote no result; {run.last_lines()}")
    wrong = differences(data.truth, read_counted(result))
    return run_between(begun, done, data.records, wrong)


def _mark_of(line: str) -> str | None:
    return line if line in _MARKS else None
