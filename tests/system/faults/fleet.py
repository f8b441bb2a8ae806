"""Workers that a test ends, freezes and starts, under a supervisor as a service manager would be."""

import signal
import threading
import time
from collections import Counter

from tests.system.support import scrape
from tests.system.support.processes import Process, lasting_port
from tests.system.support.product import Deployment
from tests.system.support.scrape import Answer

FAIL_STOP = 3
"""What `kpis worker --help` promises: it stopped itself so as not to lose or double events."""


class Member:
    """One place for a worker: an address of its own, and the process that serves it now."""

    def __init__(self, deployment: Deployment, number: int, instance: str, *options: str) -> None:
        self.name = f"worker-{number}"
        self.address = f"127.0.0.1:{lasting_port()}"
        self.process: Process | None = None
        self.wanted = self.frozen = False
        self.starts = 0
        self._deployment, self._instance, self._options = deployment, instance, options

    @property
    def running(self) -> bool:
        """Return whether its process is there."""
        return self.process is not None and self.process.exit_code is None

    def start(self) -> None:
        """Run a worker here; its output goes to files of its own."""
        self.starts += 1
        # Snapshots every few seconds, though little is sent: what they replace is deleted under the faults.
        settings = self._deployment.settings | {
            "KPIS_METRICS_ADDRESS": self.address,
            "KPIS_SNAPSHOT_BYTES": "30000",
        }
        if self._instance:
            settings["KPIS_INSTANCE"] = self._instance
        name = f"{self.name}-{self.starts}"
        self.process = Process(["worker", *self._options], settings, self._deployment.directory, name)
        self.wanted, self.frozen = True, False

    def get(self, path: str, seconds: float = 5) -> Answer:
        """Ask the worker for a page; status 0 where nobody answers."""
        return scrape.get(self.address, path, seconds=seconds)


class Fleet:
    """Several workers, and the supervisor that starts one again when it has stopped itself.

    Attributes:
        fail_stops: how often that was.
        reasons: what those workers said last, and how often.
        unexpected: what else ended without being told to, with what it wrote last.
        acts: how often the test did what to a worker.

    """

    def __init__(self, deployment: Deployment, workers: int, named: bool = True) -> None:
        self._deployment, self._named = deployment, named
        self.members: list[Member] = []
        self.fail_stops = 0
        self.reasons: Counter[str] = Counter()
        self.unexpected: list[str] = []
        self.acts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        for _ in range(workers):
            self.add()

    def start(self) -> None:
        """Start all workers at once, and the supervisor."""
        for member in self.members:
            member.start()
        self._supervisor.start()

    def run(self, member: Member) -> None:
        """Start a worker that is not there."""
        with self._lock:
            if not member.running:
                member.start()

    def add(self, *options: str, name: str = "") -> Member:
        """Make a place for one worker more; `run` starts it, and the supervisor looks after it.

        Its name in the group is that of its place, unless the workers have none or `name` says another.
        """
        number = len(self.members) + 1
        instance = (name or f"worker-{number}") if self._named else ""
        member = Member(self._deployment, number, instance, *options)
        with self._lock:
            self.members.append(member)
        return member

    def kill(self, member: Member) -> None:
        """Kill a worker as a power cut would."""
        with self._lock:
            self.acts["kill"] += 1
            member.wanted = False
            if member.process:
                member.process.kill()

    def stop(self, member: Member) -> None:
        """Tell a worker to end, and wait until it has; meanwhile others are watched on."""
        with self._lock:
            self.acts["stop"] += 1
            member.wanted = False
        # One that was told so soon that it knew no better is ended by the signal itself.
        if member.process and (code := member.process.stop()) not in (0, -signal.SIGTERM):
            self._ended(member, code)

    def freeze(self, member: Member) -> None:
        """Halt a worker where it stands."""
        with self._lock:
            self.acts["freeze"] += 1
            if member.process and member.running:
                member.frozen = True
                member.process.freeze()

    def wake(self, member: Member) -> None:
        """Let a frozen worker run on."""
        with self._lock:
            if member.process and member.running:
                member.process.wake()
            member.frozen = False

    def awake(self) -> list[Member]:
        """Return the workers that could answer now."""
        with self._lock:
            return [member for member in self.members if member.running and not member.frozen]

    def leave_alone(self, member: Member) -> None:
        """Let a worker end when it likes to, and stay away."""
        with self._lock:
            member.wanted = False

    def pids(self) -> list[int]:
        """Return the processes that run and are not frozen."""
        return [member.process.pid for member in self.awake() if member.process]

    def wanted(self) -> list[Member]:
        """Return the workers that are to run."""
        with self._lock:
            return [member for member in self.members if member.wanted]

    def close(self) -> None:
        """End everything that this fleet started."""
        self._closing.set()
        if self._supervisor.is_alive():
            self._supervisor.join()
        for member in self.members:
            member.wanted = False
            if member.process and member.running:
                member.process.kill()

    def _supervise(self) -> None:
        while not self._closing.wait(0.1):
            with self._lock:
                for member in self.members:
                    if member.wanted and member.process and member.process.exit_code is not None:
                        self._ended(member, member.process.exit_code)
                        member.start()

    def _ended(self, member: Member, code: int) -> None:
        if code == FAIL_STOP:
            self.fail_stops += 1
            if member.process:
                self.reasons[member.process.said().strip().rpartition("\n")[2]] += 1
        elif member.process:
            moment = time.strftime("%H:%M:%S")
            self.unexpected.append(f"{moment} {member.name} ended with {code}: {member.process.said()}")
