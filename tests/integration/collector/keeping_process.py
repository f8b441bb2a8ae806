"""Run as a process, which may be killed: keeps events and writes a ledger, until it is told to end.

python -m tests.integration.collector.keeping_process SETTINGS-AS-JSON LEDGER
"""

import asyncio
import signal
import sys
from pathlib import Path

from models.settings import Settings
from producers.collector.durable import open_durable
from tests.integration.collector.ledger import Client


async def run(settings: Settings, ledger: Path) -> None:
    """Send until SIGTERM, then stop in order."""
    async with open_durable(settings, lambda _: None) as durable:
        client = Client(durable, ledger)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, client.stop)
        await client.run(tasks=8, pause=0.002)


if __name__ == "__main__":
    asyncio.run(run(Settings.model_validate_json(sys.argv[1]), Path(sys.argv[2])))
