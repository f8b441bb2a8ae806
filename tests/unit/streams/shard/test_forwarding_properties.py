"""Sections cut anyhow, sent again or late; restarts anywhere: each event counts once."""

from random import Random
from typing import NoReturn

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.state.delta import Delta
from models.state.shard_state import ShardState
from models.topics import FORWARDED
from streams.kafka.raw_records import Record
from streams.shard.bundles import Section, decode_bundle, encode_bundle
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard
from tests.unit.models.building import NOON, new_state, raw, registry, tally
from tests.unit.streams.kafka.written import raw_records, sent
from tests.unit.streams.shard.sections import section_of

BUNDLES = (FORWARDED, 0)
SOURCES = (5, 6)
KNOWN = registry()
thorough = settings(max_examples=max(60, settings().max_examples))


async def unsent(*_: object) -> NoReturn:
    raise AssertionError("nothing is sent on")


class Senders:
    """Partitions of which some events are for shard 0, and all that send them on, in one log.

    What a sender sent is stored up to `stored`; whoever takes over begins there, and cuts as it likes.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.ends = {source: random.randrange(1, 30) for source in SOURCES}
        self.events = {
            source: [offset for offset in range(end) if random.random() < 0.6]
            for source, end in self.ends.items()
        }
        self.stored = dict.fromkeys(SOURCES, (0, 0))
        self.late: list[Section] = []
        self.log: list[bytes] = []

    def work(self, source: int, *, to_the_end: bool = False) -> None:
        """Read and send on from where it is stored, and store some of it or die."""
        random = self.random
        at, forwarded = self.stored[source]
        while at < self.ends[source] and (to_the_end or random.random() < 0.7):
            at = min(self.ends[source], at + random.randrange(1, 9))
            for section in self._sections(source, forwarded, at):
                self.haunt()
                if not to_the_end and random.random() < 0.2:
                    self.late.append(section)  # It dies; what was on its way gets there later, or never.
                    return
                self.log.append(encode_bundle([section]))
                forwarded = section.end
            if random.random() < 0.6:
                self.stored[source] = at, forwarded

    def haunt(self) -> None:
        """Let something get there that was sent long ago."""
        if self.late and self.random.random() < 0.5:
            self.log.append(encode_bundle([self.late.pop(self.random.randrange(len(self.late)))]))

    def _sections(self, source: int, start: int, end: int) -> list[Section]:
        """Cut what was read into one section or two, if any of it is for the shard."""
        found = [_event(source, offset) for offset in self.events[source] if start <= offset < end]
        if not found:
            return []
        if len(found) == 1:
            return [section_of("clicks", source, start, end, found)]
        cut = self.random.randrange(1, len(found))
        middle = found[cut].offset
        return [
            section_of("clicks", source, start, middle, found[:cut]),
            section_of("clicks", source, middle, end, found[cut:]),
        ]


def _event(source: int, offset: int) -> Record:
    return Record(offset, NOON, None, raw("click", event_id=f"{source}-{offset}"), [])


def receiver(stored: list[Delta]) -> Shard:
    """Return the shard as it is after a restart."""
    state: ShardState = new_state(KNOWN)
    for delta in stored:
        state.replay(delta)
    return Shard(0, state, {BUNDLES: (0, 0)}, Outbox(unsent), "")


def received(log: list[bytes], random: Random) -> Shard:
    """Apply a log, with restarts wherever they please."""
    stored: list[Delta] = []
    shard = receiver(stored)
    while shard.position(BUNDLES) < len(log):
        at = shard.position(BUNDLES)
        end = min(len(log), at + random.randrange(1, 6))
        shard.apply(BUNDLES, raw_records(sent(offset, log[offset]) for offset in range(at, end)), end)
        if random.random() < 0.5:
            _, cut, _ = shard.cut()
            stored += [cut.delta()] if cut else []
        if random.random() < 0.3:
            shard = receiver(stored)
    return shard


def senders_of(seed: int) -> Senders:
    random = Random(seed)
    senders = Senders(random)
    for _ in range(random.randrange(8)):
        senders.work(random.choice(SOURCES))
    for source in SOURCES:
        senders.work(source, to_the_end=True)
    return senders


@thorough
@given(st.integers(0, 2**32))
def test_each_event_counts_once_and_nothing_is_missing(seed: int) -> None:
    senders = senders_of(seed)
    shard = received(senders.log, Random(seed + 1))
    number = sum(map(len, senders.events.values()))

    assert shard.holes == 0
    assert tally(shard.state).get("clicks", 0) == number
    assert shard.state.outcomes("clicks").get("outcome:counted", 0) == number
    assert shard.state.outcomes("clicks").get("outcome:duplicate", 0) == 0


@thorough
@given(st.integers(0, 2**32), st.integers(0, 2**16))
def test_a_section_that_is_dropped_leaves_a_hole(seed: int, dropped: int) -> None:
    senders = Senders(Random(seed))
    for source in SOURCES:
        senders.work(source, to_the_end=True)
    candidates = [at for at, value in enumerate(senders.log) if at + 1 < len(senders.log)]
    assume(candidates)
    index = candidates[dropped % len(candidates)]
    shard = receiver([])
    log = [sent(at, value) for at, value in enumerate(senders.log) if at != index]
    shard.apply(BUNDLES, raw_records(log), len(senders.log))

    last = all(
        section_source(value) != section_source(senders.log[index]) for value in senders.log[index + 1 :]
    )
    assert shard.holes == (0 if last else 1), "of the last of a partition only the next can tell"


def section_source(value: bytes) -> int:
    """Return the partition that the sections of a record came on."""
    return decode_bundle(value)[0].partition
