"""The page on sending events: its examples count, and its lists are those of the code."""

import json
import re
from typing import Any, get_args

import pytest

from docs.generate import HERE
from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.events.parsing import Reason
from models.state.shard_state import ShardState
from models.times import MINUTE, parse_time
from models.topics import INPUT_TOPICS, topic_of
from models.windows import FLIGHT
from tests.unit.models.building import campaign, registry

PAGE = (HERE / "events.md").read_text("utf-8")
EXAMPLES: list[dict[str, Any]] = [
    json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
]


def shard_state(registered: Registry) -> ShardState:
    return ShardState(registered, key=bytes(16), assume_consent=False, duplicate_ids=1000, max_leaves=100)


def apply(state: ShardState, event: dict[str, Any], offset: int) -> None:
    topic = topic_of(event["type"])
    arrival = parse_time(event["event_time"]) + MINUTE
    state.apply(Batch(topic, 0, records_of([json.dumps(event).encode()], [offset], [arrival])))


@pytest.mark.parametrize("event", EXAMPLES, ids=[event["event_id"] for event in EXAMPLES])
def test_an_example_counts(event: dict[str, Any]) -> None:
    state = shard_state(registry(campaign(id="summer-glow", influencers=["ana", "ben"])))
    apply(state, event, 0)

    assert state.outcomes(topic_of(event["type"])).get("outcome:counted") == 1


def test_the_examples_are_one_of_each() -> None:
    kinds = [(event["type"], event.get("status", "confirmed")) for event in EXAMPLES]

    assert kinds == [
        ("impression", "confirmed"), ("click", "confirmed"), ("engagement", "confirmed"),
        ("conversion", "confirmed"), ("conversion", "cancelled"), ("conversion", "refunded"),
        ("impression", "confirmed"),
    ]  # fmt: skip


def test_together_the_examples_are_the_cancelled_order_that_the_page_tells_of() -> None:
    state = shard_state(registry(campaign(id="summer-glow")))
    for offset, event in enumerate(EXAMPLES):
        apply(state, event, offset)
    (leaf,) = state.leaves_of("summer-glow")

    tally = state.tally(leaf, FLIGHT)
    assert (tally["impressions"], tally["identified"], tally["clicks"]) == (1 + 12_840, 1, 1)
    assert (tally["interactions:comment"], tally["rated:positive"]) == (1, 1)
    assert (tally["orders:purchase"], tally["cancellations"]) == (1, 1)
    assert "revenue:purchase:EUR" not in tally


def test_an_adjustment_with_the_id_of_its_sale_counts_as_the_page_says() -> None:
    state = shard_state(registry(campaign(id="summer-glow")))
    sale, cancelled = EXAMPLES[3], EXAMPLES[4]
    apply(state, sale, 0)
    apply(state, {**cancelled, "event_time": sale["event_time"], "event_id": sale["event_id"]}, 1)

    assert state.outcomes("conversions") == {"outcome:counted": 2}
    (leaf,) = state.leaves_of("summer-glow")
    assert state.tally(leaf, "flight")["cancellations"] == 1


def test_the_topics_are_those_that_are_read() -> None:
    rows = re.findall(r"^\| [^|]+ \| `(\w+)`[^|]* \| `(\w+)` \|$", PAGE, re.MULTILINE)

    assert {topic: event_type for event_type, topic in rows} == INPUT_TOPICS


def test_the_reasons_are_all_in_the_order_tried_with_a_remedy_each() -> None:
    part = PAGE.partition("## Refused events")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", part, re.MULTILINE)

    assert [reason for reason, _, _ in rows] == list(get_args(Reason))
    assert all(what.strip() and remedy.strip() for _, what, remedy in rows)
