"""The judge says what the rules say of the whole history, however it comes, is stored and restored."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.authenticity.columns import NO_HASH, Verdicts
from models.authenticity.judge import Judge
from models.authenticity.limits import Caps
from models.authenticity.memory import TABLES, Memory
from models.authenticity.settings import Authenticity
from models.authenticity.stored import Remembered, columns_of, merge, remembered_of
from models.core.columns import stack
from models.times import DAY, HOUR, SECOND
from tests.unit.models.authenticity.acts import NOON, Act, hashed, judge, lines, logs, noted, said
from tests.unit.models.authenticity.slow import judged

FEW = Caps(persons=3, texts=2, contents=3, crowds=2, influencers=1)
SEEDS = st.integers(0, 2**32)
CAPS = st.sampled_from([Caps(), FEW])


@given(logs())
@example([Act(f"p{who}", on=f"r{on}", at=on * DAY + who * SECOND) for on in range(6) for who in range(4)])
@example([Act(at=at * SECOND) for at in range(70)])
@example([Act(at=30 * HOUR), Act(at=0), Act(at=31 * HOUR), *(Act(at=31 * HOUR) for _ in range(9))])
def test_its_verdicts_are_those_of_the_rules_over_the_whole_history(acts: list[Act]) -> None:
    assert said(judge().judge(lines(acts))) == judged(acts)


@given(logs(), SEEDS, CAPS)
def test_how_interactions_come_in_batches_changes_no_verdict(acts: list[Act], seed: int, caps: Caps) -> None:
    whole, parted = new(caps), new(caps)

    together = whole.judge(lines(acts))
    apart = [parted.judge(lines(part)) for part in parts_of(acts, Random(seed))]

    assert same(together, stack(apart))


@given(logs(120), SEEDS, CAPS)
@example([Act(f"p{number % 9}", at=number) for number in range(120)], 3, FEW)
def test_a_restored_judge_gives_the_verdicts_of_one_that_never_stopped(
    acts: list[Act], seed: int, caps: Caps
) -> None:
    """Whether each cut is replayed, or some of them were merged before, in any grouping."""
    random = Random(seed)
    live, worker = Worker(caps), Worker(caps)
    for part in parts_of(acts, random):
        shown = [f"p{number}" for number in range(4) if random.random() < 0.2]
        live.tell(shown, part)
        worker.tell(shown, part)

        assert same(live.judge.judge(lines(part)), worker.judge.judge(lines(part)))
        assert live.judge.take_evicted() == worker.judge.take_evicted()
        if random.random() < 0.6:
            worker.store()
        if random.random() < 0.3:
            worker.merge(random)
        if random.random() < 0.6:
            worker.store()
            worker.restart()


@given(logs(), logs())
def test_what_comes_of_one_campaign_changes_nothing_of_another(acts: list[Act], others: list[Act]) -> None:
    own = [act for act in acts if act.campaign == 0]
    mixed = [one for pair in zip(acts, others, strict=False) for one in pair if one.campaign == 1]
    both, alone = new(FEW), new(FEW)

    both.judge(lines(mixed))

    assert same(both.judge(lines(own)), alone.judge(lines(own)))


def test_a_campaign_that_is_forgotten_begins_anew() -> None:
    one = judge()
    likes = lines([Act(at=at * SECOND) for at in range(8)])
    one.judge(likes)
    one.forget(0)

    assert set(said(one.judge(likes))) == {None}
    assert one.cut().facts.keys() == {0}


def test_all_campaigns_together_are_held_to_the_most_when_it_is_cut() -> None:
    by = Authenticity()
    one = Judge(lambda _: by, most=10_000)
    one.judge(lines([Act(f"p{who}", at=who, campaign=who % 2) for who in range(400)]))
    assert not one.take_evicted()

    cut = one.cut()

    assert sum(memory.weight for memory in one._memories.values()) <= 10_000
    assert set(one.take_evicted()) == {"paces", "visits"}
    assert {*cut.tables[0].keys.tolist()} < {hashed(f"p{who}") for who in range(400)}
    assert cut.tables[0].lasts.min() >= min(facts.floors[0] for facts in cut.facts.values()) > NOON


def test_however_many_cuts_are_taken_back_each_campaign_is_restored_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live, restored = judge(), list[Memory]()
    again, restore = judge(), Memory.restore
    for at in range(8):
        live.judge(lines([Act(at=at * SECOND, campaign=number) for number in range(3)]))
        again.restore(live.cut())

    def counted(self: Memory, *stored: Any) -> None:
        restored.append(self)
        restore(self, *stored)

    monkeypatch.setattr(Memory, "restore", counted)

    assert again.octets() > 0
    assert len(restored) == 3
    ninth = lines([Act(at=8 * SECOND)])
    assert said(again.judge(ninth)) == said(live.judge(ninth)) == ["burst"]


def test_in_a_live_chat_no_text_is_reported() -> None:
    short = [Act(says="love it", does="comment", agent=0, live=live) for live in (False, True)]

    assert noted(judge().judge(lines(short))) == ["generic", None]


def test_nothing_is_cut_where_nothing_changed() -> None:
    one = judge()
    one.judge(lines([Act()]))
    one.cut()

    again = one.cut()

    assert not again.facts
    assert [len(entries.keys) for entries in again.tables] == [0] * len(TABLES)


class Worker:
    """A judge, what is stored of it, and who is known elsewhere to have seen something."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._stored: list[Remembered] = []
        self._shown: set[str] = set()
        self.judge = new(caps)

    def tell(self, shown: Sequence[str], acts: Sequence[Act]) -> None:
        """Tell of the impressions of persons, as late as the last of some acts."""
        if not shown:
            return
        self._shown.update(shown)
        zeros = np.zeros(len(shown), np.int64)
        when = zeros + NOON + max((act.at for act in acts), default=0)
        self.judge.expose(zeros, persons(shown), when, zeros + 1)

    def store(self) -> None:
        """Store what changed, as it is written and read."""
        self._stored.append(remembered_of(columns_of(self.judge.cut())))

    def merge(self, random: Random) -> None:
        """Merge some neighbours among what is stored."""
        if len(self._stored) > 1:
            start = random.randrange(len(self._stored) - 1)
            end = random.randrange(start + 1, len(self._stored)) + 1
            self._stored[start:end] = [merge(self._stored[start:end])]

    def restart(self) -> None:
        """Forget all, and take back what is stored."""
        self.judge = new(self._caps)
        for part in self._stored:
            self.judge.restore(part)
        self.judge.see(np.zeros(len(self._shown), np.int64), persons([*self._shown]))


def new(caps: Caps) -> Judge:
    return judge(caps, no_exposure="on", pod={"use": "on", "persons": 2, "contents": 2})


def persons(names: Sequence[str]) -> np.ndarray:
    return np.array([hashed(name) or NO_HASH for name in names], np.uint64)


def parts_of(acts: Sequence[Act], random: Random) -> list[list[Act]]:
    """Part acts into batches, some of them empty."""
    edges = sorted(random.randrange(len(acts) + 1) for _ in range(random.randrange(12)))
    return [list(acts[start:end]) for start, end in pairwise([0, *edges, len(acts)])]


def same(one: Verdicts, other: Verdicts) -> bool:
    return all(np.array_equal(*columns) for columns in zip(one, other, strict=True))
