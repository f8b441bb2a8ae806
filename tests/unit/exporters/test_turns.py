"""A page is made in turns with whatever else is to be done, and shows one moment."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from prometheus_client.core import GaugeMetricFamily, Metric

from exporters.collector import KpiCollector, Overtaken
from exporters.endpoint import written
from exporters.exposition import negotiate
from models.campaigns.registry import Registry
from models.state.shard_state import ShardState
from models.state.shard_states import ShardStates
from tests.unit.exporters.worked import pipeline_of, worked_campaign, worked_fold, worked_pipeline
from tests.unit.models.building import NOON, Feed, registry


def text(steps: Iterator[Metric | None]) -> list[str]:
    """Return the names and samples of a page."""
    return [f"{one.name} {list(one.samples)}" for one in steps if one is not None]


def with_a_total(known: Registry) -> ShardState:
    """Return the worked state, in which a total has fallen besides."""
    state = worked_fold(known)
    feed = Feed(state, partition=1)
    for number in (900, 700):
        feed.send("impression", total=number)
    return state


def test_what_is_counted_after_the_first_step_is_not_on_the_page() -> None:
    known = registry(worked_campaign())
    state = with_a_total(known)
    read, same = pipeline_of(state, known), pipeline_of(with_a_total(known), known)
    steps = KpiCollector(lambda: read, lambda: NOON, "1.2.3").steps()
    next(steps)
    more = Feed(state, partition=2)
    more.send("impression", count=1000)
    more.send("impression", total=600)
    more.send("impression", content_id="none", channel="new", format="new", influencer_id="new")
    more.send("conversion", kind="purchase", order_id="new", revenue=99, currency="EUR")

    kpis = [one for one in text(steps) if one.startswith("kpi_campaign_")]

    before = text(KpiCollector(lambda: same, lambda: NOON, "1.2.3").steps())
    assert kpis
    assert set(kpis) <= set(before)


def test_a_page_has_many_steps() -> None:
    steps = list(KpiCollector(worked_pipeline, lambda: NOON, "1.2.3").steps())

    assert steps.count(None) > 100


def test_a_page_of_campaigns_that_went_elsewhere_meanwhile_is_not_shown() -> None:
    read = worked_pipeline()
    gone = replace(read, states=ShardStates({}, lambda _: 0))
    told = iter([read, gone])

    with pytest.raises(Overtaken):
        list(KpiCollector(lambda: next(told), lambda: NOON, "1.2.3").steps())


class Slow:
    """Pages that are overtaken so many times; counts the turns of others before each was done."""

    def __init__(self, overtaken: int) -> None:
        self._overtaken = overtaken

    def steps(self) -> Iterator[Metric | None]:
        for _ in range(9):
            yield None
        if self._overtaken:
            self._overtaken -= 1
            raise Overtaken
        yield GaugeMetricFamily("a", "b", value=1)


async def turns_during(pages: Slow, seconds: float) -> tuple[bytes, int]:
    """Write a page of which each step takes so long; count how often others had their turn."""
    clock = [0.0]
    encode, _ = negotiate("text/plain")

    def write() -> Iterator[bytes]:
        for part in encode(pages):
            clock[0] += seconds
            yield part

    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    page = await written(write, lambda: clock[0])
    task.cancel()
    return page, turns


@pytest.mark.parametrize(("seconds", "turns"), [(0.001, 0), (0.03, 11)])
async def test_others_have_their_turn_after_each_long_step(seconds: float, turns: int) -> None:
    page, found = await turns_during(Slow(0), seconds)

    assert page.startswith(b"# HELP a b\n")
    assert found == turns


async def test_a_page_that_was_overtaken_is_made_again_at_once() -> None:
    page, turns = await turns_during(Slow(1), 0.03)

    assert page.startswith(b"# HELP a b\n")
    assert turns == 9
