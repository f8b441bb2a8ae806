"""The tests' traffic: spoiled events are spoiled, all others are clear, and nothing is left out."""

import pytest

from tests.system.support.campaigns import CAST, all_campaigns, clock
from tests.system.support.document import read_document
from tests.system.support.judging import Record, Refused, judge
from tests.system.support.ledger import edgy, fold
from tests.system.support.spoiling import Spoiling, encode, ways
from tests.system.support.traffic import Traffic

SECOND = 1_000_000
NAMED = ways(clock())


@pytest.mark.parametrize("way", NAMED, ids=[way.name for way in NAMED])
def test_every_way_to_spoil_an_event_is_refused_for_its_reason(way: Spoiling) -> None:
    now = clock()
    document = read_document(all_campaigns(now))
    arrival = int(now.timestamp() * SECOND)
    for topic in way.topics:
        event = Traffic(1, now).event(topic, "spring")
        judge(Record(topic, 0, 0, arrival, None, encode(event)), document)
        with pytest.raises(Refused) as refusal:
            judge(Record(topic, 0, 0, arrival, None, way.spoil(event)), document)
        assert refusal.value.reason in way.reasons


def test_the_traffic_is_unambiguous_and_reaches_every_leaf() -> None:
    now = clock()
    arrival = int(now.timestamp() * SECOND)
    messages = Traffic(3, now).messages(20_000)
    records = [Record(m.topic, 0, n, arrival, m.key, m.value) for n, m in enumerate(messages)]
    ledger = fold(records, read_document(all_campaigns(now)))
    assert not edgy(ledger.counted(), arrival, arrival + 180 * SECOND)
    for name, cast in CAST.items():
        published = {
            (i, c, channel) for i, contents in cast.items() for c in contents for channel in contents[c]
        }
        assert published <= ledger.leaves(name)
    assert {outcome for _, outcome in ledger.outcomes} == {
        "counted",
        "duplicate",
        "refused",
        "invalid_traffic",
    }
    assert len({reason for _, reason in ledger.refusals}) == 11
    assert ledger.repeated_reports() > 10
    assert 0.7 < sum(n for (_, o), n in ledger.outcomes.items() if o == "counted") / 20_000 < 0.95
