"""What `kpis up --status` says, of what was written down."""

from commands.local_status import ServerState, lines

_KAFKA = ServerState("Kafka", "127.0.0.1:9092", "running", 0.0, 12, 0, "", "/data/kafka/server.log")


def status(*servers: ServerState, running: bool = True) -> dict[str, object]:
    return {
        "running": running,
        "pid": 7,
        "data_dir": "/data",
        "disk_free_bytes": 3_000_000_000,
        "servers": [vars(server) for server in servers],
    }


def test_each_server_is_named_with_its_address_and_why_it_ended_last() -> None:
    ended = ServerState(**{**vars(_KAFKA), "restarts": 2, "reason": "was killed (SIGKILL)"})
    said = lines(status(_KAFKA, ended))
    assert said[0] == "`kpis up` (process 7) runs in /data; 3.0 GB are free there."
    assert said[1].startswith("Kafka: running at 127.0.0.1:9092, process 12, since ")
    assert said[2].endswith(
        "; started again twice, last because it was killed (SIGKILL) (log: /data/kafka/server.log)"
    )


def test_where_nothing_runs_it_is_said_why_something_had_ended() -> None:
    ended = ServerState(**{**vars(_KAFKA), "reason": "was killed (SIGKILL)"})
    assert lines(status(ended, running=False)) == [
        "No `kpis up` runs in /data.",
        "Kafka ended last because it was killed (SIGKILL).",
    ]
