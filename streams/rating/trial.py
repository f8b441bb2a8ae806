"""A process that rates, started to hear whether it could."""

import asyncio
from subprocess import DEVNULL

import msgspec

from streams.rating.child import Child, Garbled
from streams.rating.messages import Greeting, read_greeting
from streams.rating.silence import LOADING_SECONDS


async def tried() -> Greeting:
    """Return the model that a worker would rate with, or why it cannot; what the model prints goes nowhere.

    Raises:
        OSError: there is no memory, or there are too many processes.

    """
    child = await Child.start(stderr=DEVNULL)
    try:
        async with asyncio.timeout(LOADING_SECONDS):
            return read_greeting(await child.message())
    except TimeoutError:
        return Greeting("", f"The model of sentiment did not load within {LOADING_SECONDS} s.")
    except (EOFError, msgspec.MsgspecError, Garbled):
        return Greeting("", "The process that rates texts ended before it could rate.")
    finally:
        await child.end(0.0)
