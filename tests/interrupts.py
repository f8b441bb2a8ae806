"""Children that take Ctrl-C, however the tests were started."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the processes that are started within take SIGINT, even where the tests ignore it.

    A script starts what it puts into the background with SIGINT ignored. Children inherit that, and a command
    of ours keeps to it where Python does: the Ctrl-C of the script's terminal is not meant for it. Only the
    main thread may set handlers: what another one starts (the fault tests' supervisor) gets SIGTERM alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
