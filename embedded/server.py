"""Servers, and how to start one: run it and wait until it answers, or say what is wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from embedded import ServerFailed
from embedded.processes import Child

Progress = Callable[[str], None]

PATIENCE = 120.0


def silent(sentence: str) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Server:
    """A running server that answers; as a context manager it is stopped when the block ends.

    Attributes:
        address: HOST:PORT that it listens on.
        child: its process.

    """

    address: str
    child: Child

    def stop(self) -> None:
        """Stop it cleanly; calling it again does nothing."""
        self.child.stop()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True)
class Service:
    """How to run a server.

    Attributes:
        name: what users know it by.
        address: HOST:PORT that it listens on; empty where it does not listen.
        log: the file that its output goes to.
        spawn: starts its process; raises ServerFailed where it cannot.
        answers: whether this very process serves requests now; it may take two seconds to say.
        remedy: what to do where it fails again and again.
        grace: seconds that it may take to end in order.

    """

    name: str
    address: str
    log: Path
    spawn: Callable[[], Child]
    answers: Callable[[Child], bool]
    remedy: str
    grace: float = 10.0


def start(service: Service, progress: Progress) -> Server:
    """Run a server and wait until it answers.

    Raises:
        ServerFailed: it ended, or does not answer.

    """
    progress(f"{service.name}: starting…")
    child = service.spawn()
    try:
        _await_answer(service, child)
    except BaseException:
        child.kill()
        raise
    progress(f"{service.name}: answers at {service.address}.")
    return Server(service.address, child)


def _await_answer(service: Service, child: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        code = child.poll()
        if code is not None:
            raise ServerFailed(
                f"{service.name} ended with exit code {code} before it answered; {service.remedy}. "
                f"Its log {child.log} ends with:\n{child.last_lines()}"
            )
        if service.answers(child):
            return
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"{service.name} did not answer within {PATIENCE:.0f} s: free memory and CPU and try again. "
                f"Its log {child.log} ends with:\n{child.last_lines()}"
            )
        time.sleep(0.05)
