"""Kafka's own tools for the Kafka of a data directory, under the names that its manual calls them by."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from embedded import ServerFailed

_TOOLS = {
    "kafka-topics.sh": "TopicCommand",
    "kafka-configs.sh": "ConfigCommand",
    "kafka-get-offsets.sh": "GetOffsetShell",
    "kafka-delete-records.sh": "DeleteRecordsCommand",
    "kafka-consumer-groups.sh": "consumer.group.ConsumerGroupCommand",
    "kafka-console-consumer.sh": "consumer.ConsoleConsumer",
    "kafka-transactions.sh": "TransactionsCommand",
}

_SCRIPT = """\
#!/bin/sh
# Written by kpis up. Without --bootstrap-server it is about the Kafka of this data directory.
case " $* " in *" --bootstrap-server "*) ;; *) set -- --bootstrap-server {address} "$@" ;; esac
exec {jvm} -Dorg.slf4j.simpleLogger.defaultLogLevel=error org.apache.kafka.tools.{tool} "$@"
"""


def write_tools(folder: Path, jvm: Sequence[str], address: str) -> None:
    """Write a script for each tool into a folder.

    Raises:
        ServerFailed: it cannot be written.

    """
    try:
        folder.mkdir(exist_ok=True)
        for name, tool in _TOOLS.items():
            script = folder / name
            script.write_text(_SCRIPT.format(address=address, jvm=shlex.join(jvm), tool=tool), "utf-8")
            script.chmod(0o755)
    except OSError as error:
        raise ServerFailed(f"{folder} cannot be written ({error.strerror}).") from None
