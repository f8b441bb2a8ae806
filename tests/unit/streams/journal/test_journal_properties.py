"""Whatever mix of writers and interruptions a log holds, it stands for what was stored undisturbed."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.journal.journal import Journal
from streams.journal.records import Kind, encode_claim
from tests.unit.streams.journal.logs import Log, pieces, read

thorough = settings(max_examples=max(150, settings().max_examples))


class Writers:
    """A log, the worker that owns it, and all that owned it before and write on.

    `stored` are the deltas that count, in their order. `held` are readers that read on now and then.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.log = Log()
        self.stored: list[bytes] = []
        self.zombies: list[int] = []
        self.cuts: list[int] = []
        self.held = [Journal(), Journal()]
        self.epoch = self.log.append(encode_claim("first"))

    def step(self) -> None:
        """Let something happen."""
        random = self.random
        random.choice([self.delta, self.delta, self.die, self.snapshot, self.shorten, self.look])()

    def delta(self) -> None:
        """Store a delta, perhaps after attempts of which nothing is known."""
        number, data = len(self.stored) + 1, self.data()
        for _ in range(self.random.choice([0, 0, 1, 2])):
            self.write("delta", number, data, whole=False)
        self.write("delta", number, data)
        self.stored.append(data)

    def die(self) -> None:
        """End in the middle of a delta or snapshot, or after it, untold; another takes over."""
        number, data = len(self.stored) + 1, self.data()
        if self.random.random() < 0.3:
            self.write("snapshot", number - 1, b"".join(self.stored), whole=False)
        if self.write("delta", number, data, whole=False):
            self.stored.append(data)
        self.zombies.append(self.epoch)
        self.epoch = self.log.append(encode_claim("next"))

    def snapshot(self) -> None:
        """Write a snapshot, with deltas before it, between its parts and after."""
        if not self.stored:
            return
        number, data = len(self.stored), b"".join(self.stored)
        for value in pieces("snapshot", self.epoch, number, data, self.random.randint(1, 3)):
            for _ in range(self.random.randrange(2)):
                self.delta()
            self.log.append(value)
        self.cuts.append(read(self.log).needed_from)

    def shorten(self) -> None:
        """Delete what a snapshot has replaced, at whatever moment after it."""
        if self.cuts:
            self.log.truncate(self.cuts.pop())

    def look(self) -> None:
        """Let one that reads along read on."""
        read(self.log, self.random.choice(self.held))

    def write(self, kind: Kind, number: int, data: bytes, *, whole: bool = True) -> bool:
        """Write parts, zombies in between; tell whether all were written."""
        values = pieces(kind, self.epoch, number, data, self.random.randint(1, 3))
        written = values if whole else values[: self.random.randint(0, len(values))]
        for value in written:
            self.haunt()
            self.log.append(value)
        self.haunt()
        return len(written) == len(values)

    def haunt(self) -> None:
        """Let those that lost the shard write anything at all."""
        if self.zombies and self.random.random() < 0.4:
            kind: Kind = self.random.choice(["delta", "snapshot"])
            number = max(0, len(self.stored) + self.random.randint(-2, 2))
            values = pieces(kind, self.random.choice(self.zombies), number, b"zombie;", 2)
            for value in values[self.random.randrange(2) :]:
                self.log.append(value)

    def data(self) -> bytes:
        """Return what no other delta holds."""
        return f"{self.log.end}@{self.epoch};".encode()


def held(journal: Journal) -> tuple[int, int, bytes]:
    journal.require_whole()
    return journal.epoch, journal.last, b"".join(run.data for run in journal.runs)


@thorough
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_a_log_stands_for_what_was_stored_whoever_else_wrote_and_whatever_was_cut_off(
    seed: int, steps: int
) -> None:
    writers = Writers(seed)
    for _ in range(steps):
        writers.step()
    stored = writers.epoch, len(writers.stored), b"".join(writers.stored)

    fresh = read(writers.log)
    # A claim that is deleted is known by what was written under it, and by whoever read it before.
    epoch = writers.epoch if writers.epoch >= writers.log.start else fresh.epoch
    assert held(fresh) == (epoch, *stored[1:])
    for journal in writers.held:
        assert held(read(writers.log, journal))[1:] == stored[1:]


@thorough
@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(0, 2**16))
def test_what_the_log_needed_at_any_moment_is_all_that_it_needs_ever_after(
    seed: int, steps: int, later: int
) -> None:
    writers = Writers(seed)
    for _ in range(steps):
        writers.step()
    needed = read(writers.log).needed_from
    for _ in range(later % 5):
        writers.step()

    writers.log.truncate(needed)
    assert held(read(writers.log))[1:] == (len(writers.stored), b"".join(writers.stored))
