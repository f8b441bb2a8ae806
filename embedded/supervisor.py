"""Servers that are started again whenever they end, each with its reason, and all ended within seconds."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from embedded import ServerFailed
from embedded.disk import Disk
from embedded.processes import Child
from embedded.reasons import why_ended
from embedded.server import PATIENCE, Service

_LOOK_SECONDS = 0.2
_ASK_SECONDS = 5.0
_HOUSEKEEPING_SECONDS = 1.0
# The first start again is at once: most ends are single. Then slower, so that a crash costs no core for ever.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
# What has answered for so long has not failed again, it has failed anew.
_WELL_SECONDS = 60.0
_MANY_FAILURES = 5
# Of a server that does not answer, or whose broker does not, nothing is lost that a longer wait would save.
_SHORT_GRACE = 2.0
_GOODBYE_SECONDS = 2.0
_SILENCE_SECONDS = 15.0

STARTING, RUNNING, SILENT, WAITING, ENDED = "starting", "running", "does not answer", "waits", "ended"


@dataclass(frozen=True)
class Condition:
    """How a server is.

    Attributes:
        state: starting, running (it answers), does not answer, waits (to be started again), ended (by us).
        since: Unix seconds when that began.
        pid: of its process; 0 without one.
        restarts: how often it was started again.
        reason: why it ended last; empty if it never did.

    """

    state: str = STARTING
    since: float = 0.0
    pid: int = 0
    restarts: int = 0
    reason: str = ""


class Supervised:
    """One server, in a thread of its own from `begin` to `end`.

    What it says is told through `say`: each end with its reason, and when it answers again; the same again is
    not repeated, and one that fails again and again is named once more, with its log and what to do.
    Without the servers that it `needs` it cannot end in order and is given no time for it; one that `waits`
    is not started either.
    """

    def __init__(
        self,
        service: Service,
        say: Callable[[str], None],
        disk: Disk,
        needs: Sequence["Supervised"] = (),
        waits: bool = False,
    ) -> None:
        self.service = service
        self.condition = Condition(since=time.time())
        self.answered = threading.Event()
        self._say = say
        self._disk = disk
        self._needs = needs
        self._waits = waits
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=service.name, daemon=True)
        self._child: Child | None = None
        self._failures = 0
        self._told = ""
        self._owes_good_news = False

    def begin(self) -> None:
        """Start it, and start it again whenever it ends."""
        self._thread.start()

    @property
    def is_needed(self) -> bool:
        """Whether it may be one that others need: it needs none itself."""
        return not self._needs

    def tell(self) -> None:
        """Tell it to end, without waiting for that."""
        self._ending.set()

    def end(self) -> None:
        """End it, within its grace and some seconds."""
        self._ending.set()
        if self._thread.is_alive():
            # A start that hangs is left to its reaper, which ends it with us.
            self._thread.join(self.service.grace + _GOODBYE_SECONDS + _SHORT_GRACE)

    def answers_now(self) -> bool:
        """Ask it; false where it has no process."""
        child = self._child
        return child is not None and child.poll() is None and self.service.answers(child)

    @property
    def runs(self) -> bool:
        """Whether it answered when it was last asked."""
        return self.condition.state == RUNNING

    def _run(self) -> None:
        while self._wait_until_possible():
            began = time.monotonic()
            why = self._live()
            if self._ending.is_set():
                break
            lasted = time.monotonic() - began
            self._failures = 1 if lasted > _WELL_SECONDS else self._failures + 1
            pause = _pause(self._failures)
            # It may have ended because the disk is full, which then is told first.
            if said := self._disk.look():
                self._say(said)
            self._tell_end(why, pause)
            restarts = self.condition.restarts + 1
            self._become(WAITING, pid=0, reason=why, restarts=restarts)
            self._ending.wait(pause)
        self._become(ENDED, pid=0)

    def _wait_until_possible(self) -> bool:
        """Wait while the disk is full or what it waits for is away; return whether it is to be started."""
        while not self._ending.is_set() and (self._disk.full or (self._waits and not self._needed_run())):
            self._become(WAITING)
            self._ending.wait(_LOOK_SECONDS)
        return not self._ending.is_set()

    def _needed_run(self) -> bool:
        return all(other.runs for other in self._needs)

    def _live(self) -> str:
        """Run it once; return why it ended."""
        self._become(STARTING)
        try:
            child = self.service.spawn()
        except ServerFailed as error:
            return f"cannot be started: {str(error).removesuffix('.')}"
        try:
            self._child = child
            self._become(STARTING, pid=child.pid)
            return self._watch(child)
        finally:
            child.stop(self._grace())
            self._child = None

    def _watch(self, child: Child) -> str:
        heard, asked = time.monotonic(), float("-inf")
        while not self._ending.wait(_LOOK_SECONDS):
            code = child.poll()
            if code is not None:
                return why_ended(code, child.last_lines(60))
            now = time.monotonic()
            if now - asked < (_ASK_SECONDS if self.runs else 0):
                continue
            asked = now
            if self.service.answers(child):
                heard = time.monotonic()
                self._tell_answer()
            elif self.runs:
                self._become(SILENT)
            elif self.condition.state == SILENT and now - heard > _SILENCE_SECONDS:
                self._tell_silence(now - heard)
            if now - heard > PATIENCE:
                child.kill()
                return f"was killed: it did not answer for {PATIENCE:.0f} s"
        return ""

    def _grace(self) -> float:
        # Asked now: it may have frozen since it was asked last.
        able = self.answers_now() and all(other.answers_now() for other in self._needs)
        return self.service.grace if able else _SHORT_GRACE

    def _become(self, state: str, **changes: object) -> None:
        if state != self.condition.state or changes:
            since = self.condition.since if state == self.condition.state else time.time()
            self.condition = replace(self.condition, state=state, since=since, **changes)  # type: ignore[arg-type]  # Values of its fields.

    def _tell_answer(self) -> None:
        if self.runs:
            return
        self._become(RUNNING)
        if self._owes_good_news:
            self._say(f"{self.service.name} answers again{self._where()}.")
        self._owes_good_news = False
        self.answered.set()

    def _tell_silence(self, seconds: float) -> None:
        if not self._owes_good_news:
            self._say(
                f"{self.service.name} runs, but has not answered for {seconds:.0f} s. It is killed and "
                f"started again if it does not within {PATIENCE:.0f} s; its log: {self.service.log}."
            )
        self._owes_good_news = True

    def _tell_end(self, why: str, pause: float) -> None:
        name = self.service.name
        if why != self._told:
            again = f"in {pause:.0f} s" if pause else "at once"
            when = "when the disk has room" if self._disk.full else again
            self._say(f"{name} {why}. It is started again {when}.")
            self._owes_good_news = True
        elif self._failures == _MANY_FAILURES:
            self._say(
                f"{name} keeps failing ({self._failures} times now): {why}. Look into {self.service.log}; "
                f"{self.service.remedy}. It is tried again every {_LONGEST_PAUSE:.0f} s."
            )
            self._owes_good_news = True
        self._told = why

    def _where(self) -> str:
        return f" at {self.service.address}" if self.service.address else ""


def _pause(failures: int) -> float:
    return 0.0 if failures == 1 else min(_FIRST_PAUSE * 2 ** min(failures - 2, 10), _LONGEST_PAUSE)


class Supervisor:
    """The servers of one machine, in the order in which they were started; ended in the other order.

    Every second `note` is given them, to write down how they are.
    """

    def __init__(
        self, say: Callable[[str], None], disk: Disk, note: Callable[[Sequence[Supervised]], None]
    ) -> None:
        self.servers: list[Supervised] = []
        self._say = say
        self._disk = disk
        self._note = note
        self._ending = threading.Event()
        self._housekeeping = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)
        self._housekeeping.start()

    def run(self, service: Service, needs: Sequence[Supervised] = (), waits: bool = False) -> Supervised:
        """Start a server and look after it from now on."""
        server = Supervised(service, self._say, self._disk, needs, waits)
        self.servers.append(server)
        server.begin()
        return server

    def end(self) -> None:
        """End all, each within its grace; those that nobody needs at the same time."""
        for server in self.servers:
            if not server.is_needed:
                server.tell()
        for server in reversed(self.servers):
            server.end()
        self._ending.set()
        self._housekeeping.join()

    def _keep_house(self) -> None:
        while not self._ending.wait(_HOUSEKEEPING_SECONDS):
            if said := self._disk.look():
                self._say(said)
            self._note(self.servers)
        self._note(self.servers)
