"""What `attribution/cases.yaml` says of each order is what is found, and what a worker then counts."""

import json
from collections import Counter
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from models.campaigns.campaign import Campaign
from models.campaigns.fields import Time
from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.scopes import ABSENT, Leaf
from models.state.shard_state import ShardState
from models.times import DAY, parse_time
from models.windows import FLIGHT
from producers.collector.attribution import Attributed, Attribution, Claim
from producers.collector.orders import Order, sale
from tests.golden.loading import HERE, read
from tests.unit.models.building import KEY

UNTOLD = parse_time("2026-11-20T12:00:00Z")
ARRIVAL = parse_time("2026-11-28T00:00:00Z")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clicked(_Strict):
    link: str
    at: Time


class Named(_Strict):
    campaign: str
    influencer: str = ABSENT


class Found(_Strict):
    campaign: str | None = None
    influencer: str | None = None
    content: str | None = None
    by: str | None = None
    notes: tuple[str, ...] = ()


class Case(_Strict):
    proves: str
    at: Time | None = None
    click: Clicked | None = None
    codes: tuple[str, ...] = ()
    declared: Named | None = None
    served: frozenset[str] | None = None
    expect: Found

    def claim(self, attribution: Attribution) -> Claim:
        """Click the link, and bring the click's id."""
        click = None
        if self.click is not None:
            links = {link: leaf for (_, link), leaf in attribution.click_ids.links.items()}
            text = attribution.click_ids.make(links[self.click.link], self.click.link, self.click.at)
            click = attribution.click_ids.read(text, self.at)
        said = self.declared
        named = Leaf(said.campaign, said.influencer, ABSENT, ABSENT) if said else None
        return Claim(self.at, click, self.codes, named, self.served)


class File(_Strict):
    campaigns: tuple[Campaign, ...]
    orders: tuple[Case, ...] = Field(min_length=20)
    counted: dict[str, dict[str, int]]


FILE = File.model_validate(read(HERE / "attribution" / "cases.yaml"))
ATTRIBUTION = Attribution.of(FILE.campaigns, (SecretStr("the key of the golden cases"),), 90 * DAY)


def shown(found: Attributed) -> Found:
    if found.leaf is None:
        return Found(notes=found.notes)
    leaf = found.leaf
    return Found(
        campaign=leaf.campaign,
        influencer=leaf.influencer,
        content=leaf.content,
        by=found.by or ABSENT,
        notes=found.notes,
    )


@pytest.mark.parametrize("case", FILE.orders, ids=[case.proves for case in FILE.orders])
def test_an_order_is_whose_the_file_says(case: Case) -> None:
    assert shown(ATTRIBUTION.attribute(case.claim(ATTRIBUTION))) == case.expect


def test_together_they_are_what_a_worker_counts_and_nothing_is_counted_twice() -> None:
    assert {name: counted(name) for name in FILE.counted} == FILE.counted
    for counts in FILE.counted.values():
        assert sum(counts.values()) == 2 * counts["conversions"]


def counted(campaign: str) -> dict[str, int]:
    """Return the conversions of a campaign as a worker counts them, by `attributed_by`."""
    registry = Registry(version=1, campaigns={one.id: one for one in FILE.campaigns})
    state = ShardState(registry, key=KEY, assume_consent=False, duplicate_ids=100, max_leaves=100)
    events = [json.dumps(event).encode() for event in _events()]
    state.apply(
        Batch("conversions", 0, records_of(events, list(range(len(events))), [ARRIVAL] * len(events)))
    )
    tally = Counter[str]()
    for leaf in state.leaves_of(campaign):
        tally.update(dict(state.tally(leaf, FLIGHT)))
    total = tally["conversions:purchase"]
    by = {name.partition(":")[2]: number for name, number in tally.items() if name.startswith("attributed:")}
    return {**by, ABSENT: total - sum(by.values()), "conversions": total}


def _events() -> list[dict[str, Any]]:
    found = [(case, ATTRIBUTION.attribute(case.claim(ATTRIBUTION))) for case in FILE.orders]
    return [
        sale(Order("shop", f"order-{place}", case.at or UNTOLD), attributed, f"e{place}", None)
        for place, (case, attributed) in enumerate(found)
        if attributed.leaf is not None
    ]
