"""Whatever happens while letters are sent again, each that counts is sent once; marks go when they may."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from models.dead_letters import Letter, Origin
from producers.letters.choosing import Choice
from producers.letters.judging import Again
from producers.letters.marks import Marks, read_marks
from producers.letters.reinjection import Reinjection, Tally
from producers.publisher import DeliveryFailed
from tests.unit.models.building import NOON
from tests.unit.producers.letters.writing import (
    LETTERS,
    MARKS,
    PREFIX,
    Committing,
    Lists,
    event,
    judge,
    letter,
)

CLICKS = "team.clicks"
CAMPAIGNS = st.lists(st.sampled_from(["glow", "unknown"]), max_size=12)
FAILURES = st.lists(st.dictionaries(st.integers(0, 4), st.booleans(), max_size=2), max_size=4)


async def reinject(
    lists: Lists,
    fails: dict[int, bool] | None = None,
    choice: Choice | None = None,
    again: bool = False,
    most: int = 500,
) -> Tally:
    """Run it once; it may fail."""
    tally = Tally()
    extent = await lists.extent(LETTERS)
    run = Reinjection(lists, extent, choice or Choice(), judge(again), lambda: NOON, tally, most)
    with suppress(DeliveryFailed):
        await run.send(await read_marks(lists, MARKS), MARKS, Committing(lists, fails or {}))
    return tally


def letters_of(campaigns: list[str], copies: list[int]) -> list[Letter]:
    """Write a letter for each campaign, and copies of some after them."""
    written = [
        letter(event(event_id=f"e{number}", campaign_id=campaign), place=number)
        for number, campaign in enumerate(campaigns)
    ]
    return written + [written[index % len(written)] for index in copies if written]


@given(CAMPAIGNS, st.lists(st.integers(0, 11), max_size=4), FAILURES, st.integers(1, 4))
def test_each_letter_that_counts_is_sent_once_wherever_runs_are_killed(
    campaigns: list[str], copies: list[int], failures: list[dict[int, bool]], at_once: int
) -> None:
    async def run() -> None:
        lists = Lists()
        lists.write(letters_of(campaigns, copies))
        for fails in [*failures, {}, {}]:
            await reinject(lists, fails, most=at_once)
        expected = [event(event_id=f"e{n}") for n, campaign in enumerate(campaigns) if campaign == "glow"]
        assert Counter(lists.values(CLICKS)) == Counter(expected)

    asyncio.run(run())


async def test_the_tally_says_what_became_of_each() -> None:
    lists = Lists()
    again = letter(headers=letter().headers_again(), place=50)
    lists.write([*letters_of(["glow", "glow", "unknown"], [0]), again])

    first, second = await reinject(lists), await reinject(lists)

    assert (first.read, first.sent, first.sent_before) == (5, Counter(unknown_campaign=2), 1)
    assert (first.refused, first.left_alone) == (Counter(unknown_campaign=1), 1)
    assert (second.sent.total(), second.sent_before) == (0, 3)


class Waiting(Committing):
    """Commits when it is told to, and says when it has begun."""

    def __init__(self, lists: Lists) -> None:
        super().__init__(lists, {})
        self.begun, self.goes_on = asyncio.Event(), asyncio.Event()

    async def commit(self, records: Sequence[Again]) -> None:
        self.begun.set()
        await self.goes_on.wait()
        await super().commit(records)


async def stopped_in_a_commit(times: int) -> tuple[Lists, Tally]:
    """Cancel a run so many times while its first of two batches is committed, and then let that go on."""
    lists, tally = Lists(), Tally()
    lists.write(letters_of(["glow", "glow"], []))
    sender = Waiting(lists)
    run = Reinjection(lists, await lists.extent(LETTERS), Choice(), judge(), lambda: NOON, tally, 1)
    sending = asyncio.create_task(run.send(await read_marks(lists, MARKS), MARKS, sender))
    await sender.begun.wait()
    for _ in range(times):
        sending.cancel()
        await asyncio.sleep(0)
    sender.goes_on.set()
    with suppress(asyncio.CancelledError):
        await sending
    assert sending.cancelled()
    return lists, tally


async def test_one_that_is_stopped_ends_its_transaction_and_begins_no_other() -> None:
    lists, tally = await stopped_in_a_commit(1)
    assert (tally.sent.total(), len(lists.values(CLICKS))) == (1, 1)


async def test_one_that_is_stopped_twice_waits_for_nothing() -> None:
    lists, tally = await stopped_in_a_commit(2)
    assert (tally.sent.total(), len(lists.values(CLICKS))) == (0, 0)


async def test_a_survey_says_the_same_and_sends_nothing() -> None:
    lists = Lists()
    lists.write(letters_of(["glow", "glow", "unknown"], [0]))
    tally, extent = Tally(), await lists.extent(LETTERS)

    await Reinjection(lists, extent, Choice(), judge(), lambda: NOON, tally).survey(Marks())

    assert (tally.counts.total(), tally.sent_before, tally.sent.total()) == (2, 1, 0)
    assert lists.values(CLICKS) == []


async def test_only_those_chosen_are_sent_and_the_others_later() -> None:
    lists = Lists()
    lists.write([letter(place=0), letter(event(event_id="b", source="shop"), place=1)])

    chosen = await reinject(lists, choice=Choice(source="shop"))
    rest = await reinject(lists)

    assert (chosen.sent.total(), rest.sent.total()) == (1, 1)


async def test_one_refused_again_is_sent_a_second_time_only_when_asked_and_then_once() -> None:
    lists = Lists()
    await_again = letter(headers=letter().headers_again(), origin=Origin(CLICKS, 0, 900))
    lists.write([await_again])

    tallies = [await reinject(lists, again=again) for again in (False, True, True)]

    assert [tally.sent.total() for tally in tallies] == [0, 1, 0]


async def test_a_mark_stays_with_its_letter_where_the_record_is_gone_already() -> None:
    lists = Lists()
    lists.write([letter(origin=Origin(CLICKS, 0, 41))])
    lists.firsts[CLICKS] = 42

    sent = [(await reinject(lists)).sent.total() for _ in range(3)]

    assert sent == [1, 0, 0]


async def test_while_a_topic_of_events_may_not_be_seen_no_mark_goes() -> None:
    lists = Lists()
    lists.write([letter(origin=Origin(CLICKS, 0, 41))])
    await reinject(lists)
    lists.firsts |= {LETTERS: 1, CLICKS: 42}
    blind = judge(topics={f"{PREFIX}impressions": 1})
    extent = await lists.extent(LETTERS)

    run = Reinjection(lists, extent, Choice(), blind, lambda: NOON, Tally())
    await run.send(await read_marks(lists, MARKS), MARKS, Committing(lists, {}))

    assert len(await read_marks(lists, MARKS)) == 1


async def test_a_mark_goes_when_neither_its_letter_nor_its_record_is_there() -> None:
    lists = Lists()
    lists.write([letter(origin=Origin(CLICKS, 0, 41))])
    await reinject(lists)
    kept = []
    for topic, first in ((CLICKS, 42), (CLICKS, 0), (LETTERS, 1), (CLICKS, 42)):
        lists.firsts[topic] = first
        await reinject(lists)
        kept.append(len(await read_marks(lists, MARKS)))

    # With the letter; with both; with the record, of which a rebuild may write another letter; with neither.
    assert kept == [1, 1, 1, 0]
