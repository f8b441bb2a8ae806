"""The drain: hands to the sender what stands in the spool, in its order, as far as there is room."""

import asyncio

from producers.collector.lots import Lot
from producers.collector.sender import Sender
from producers.collector.spool import Spool
from producers.collector.spool_files import SpoolFiles


async def drain(spool: Spool, files: SpoolFiles, sender: Sender) -> None:
    """Read on whenever there is something to read, and room, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await spool.arrived.wait()
        await sender.room.wait()
        taken = await files.take()
        if taken is None:
            spool.arrived.clear()
            continue
        records, segment = taken
        promised: asyncio.Future[None] = loop.create_future()
        promised.set_result(None)
        sender.hand(Lot(records, loop.time(), promised, segment=segment))
