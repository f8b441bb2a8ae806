"""Servers, and how to start one: run it and wait until it answers, or say what is wrong."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from embedded import ServerFailed
from embedded.ports import LOOPBACK
from embedded.processes import Child, start_child

Progress = Callable[[str], None]

_PATIENCE = 120.0


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
class Recipe:
    """How to run a server.

    Attributes:
        name: what users know it by, with its version if known.
        command: run in the data directory.
        data_dir: holds its data and its log.
        port: what it will listen on.
        answers: whether it serves requests on a port now.

    """

    name: str
    command: Sequence[str]
    data_dir: Path
    port: int
    answers: Callable[[int], bool]


def start(recipe: Recipe, lock: int, progress: Progress) -> Server:
    """Run a server, which keeps the lock until it ends, and wait until it answers.

    Raises:
        ServerFailed: it ended, or does not answer.

    """
    progress(f"{recipe.name}: starting…")
    log = recipe.data_dir / "server.log"
    child = start_child(recipe.command, cwd=recipe.data_dir, log=log, inherit=[lock])
    try:
        _await_answer(recipe, child)
    except BaseException:
        child.kill()
        raise
    server = Server(f"{LOOPBACK}:{recipe.port}", child)
    progress(f"{recipe.name}: answers at {server.address}.")
    return server


def _await_answer(recipe: Recipe, child: Child) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        code = child.poll()
        if code is not None:
            raise ServerFailed(
                f"{recipe.name} ended with exit code {code} before it answered; if its data is damaged, move "
                f"{recipe.data_dir} away. Its log {child.log} ends with:\n{child.last_lines()}"
            )
        if recipe.answers(recipe.port):
            return
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"{recipe.name} did not answer within {_PATIENCE:.0f} s: free memory and CPU and try again. "
                f"Its log {child.log} ends with:\n{child.last_lines()}"
            )
        time.sleep(0.05)
