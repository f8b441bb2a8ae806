"""A dead letter is judged as a worker would judge its event now, and what is no event of ours is named."""

from typing import Any

import pytest

from models.campaigns.campaign import CurrencyRates
from models.dead_letters import Letter, Origin
from models.times import DAY, HOUR, MINUTE
from producers.letters.judging import FOREIGN, OTHER_TOPIC, TOO_LARGE, Verdict
from producers.letters.marks import Marks
from tests.unit.models.building import NOON, campaign, registry, rfc3339
from tests.unit.producers.letters.writing import campaign_partition, event, judge, letter


def verdict(one: Letter, marks: Marks | None = None, now: int = NOON, **changes: Any) -> Verdict:
    return judge(**changes).judge(one, marks or Marks(), now)


def fate(one: Letter, **changes: Any) -> tuple[str, str]:
    found = verdict(one, **changes)
    return found.fate, found.why


def test_what_counts_now_is_sent_as_it_came_to_the_topic_that_it_came_on() -> None:
    one = letter(headers=[("trace", b"1"), ("null", None)])

    again = verdict(one).again

    assert again is not None
    assert (again.topic, again.key, again.value) == ("team.clicks", one.key, one.value)
    assert again.headers[:2] == [("trace", b"1"), ("null", None)]
    assert again.partition == campaign_partition(b"glow")


def test_without_a_key_it_has_none_again_and_goes_to_its_campaigns_partition() -> None:
    again = verdict(letter(key=None)).again

    assert again is not None
    assert (again.key, again.partition) == (None, campaign_partition(b"glow"))


@pytest.mark.parametrize(
    ("value", "before", "after"),
    [
        (event(), {"registry": registry(campaign(id="other"))}, {}),
        (
            event(),
            {"registry": registry(campaign(influencers=["zoe"]))},
            {"registry": registry(campaign(influencers=["zoe", "ana"]))},
        ),
        (
            event(event_time=rfc3339(NOON - 20 * DAY)),
            {},
            {"registry": registry(campaign(starts="2026-10-01T00:00:00Z"))},
        ),
        (event(event_time=rfc3339(NOON + HOUR)), {}, {"now": NOON + 55 * MINUTE}),
    ],
)
def test_what_was_refused_counts_once_its_reason_is_gone(
    value: bytes, before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert fate(letter(value), **before)[0] == "refused"
    assert fate(letter(value), **after) == ("counts", "")


def test_a_sale_in_another_currency_counts_once_there_is_a_rate() -> None:
    sale = letter(event("conversion", revenue=10, currency="JPY"), Origin("team.conversions", 0, 1))
    rates = CurrencyRates(date="2026-11-01", base="EUR", rates={"JPY": 160})

    assert fate(sale) == ("refused", "unknown_currency")
    assert fate(sale, registry=registry(campaign(), rates=rates)) == ("counts", "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "not_json"),
        (b"[]", "not_an_object"),
        (b"{" + b" " * 65_536 + b"}", "too_large"),
        (event("impression"), "wrong_type"),
        (event(campaign_id=None), "missing_field"),
        (event(count=0), "invalid_field"),
    ],
)
def test_what_breaks_a_rule_by_itself_is_refused_still(value: bytes, reason: str) -> None:
    assert fate(letter(value)) == ("refused", reason)


def test_a_null_value_is_refused_still() -> None:
    empty = letter()

    assert fate(Letter(empty.place, empty.arrival, None, None, empty.headers)) == ("refused", "not_json")


def test_what_no_worker_refused_is_not_sent() -> None:
    ours = letter()
    foreign = Letter(ours.place, ours.arrival, ours.key, ours.value, [("trace", b"1")])

    assert fate(foreign) == ("cannot be sent", FOREIGN)
    assert fate(letter(reason="org.apache.kafka.connect.errors.DataException")) == ("cannot be sent", FOREIGN)


@pytest.mark.parametrize("topic", ["clicks", "other.clicks", "team.dead-letters", "team.team.clicks"])
def test_a_letter_of_a_topic_that_is_none_of_ours_is_not_sent(topic: str) -> None:
    assert fate(letter(origin=Origin(topic, 0, 1))) == ("cannot be sent", OTHER_TOPIC)


def test_what_its_topic_would_not_take_is_not_sent() -> None:
    heavy = letter(headers=[("trace", b"x" * 999_500)])

    assert fate(heavy) == ("cannot be sent", TOO_LARGE)


def test_what_was_sent_is_not_sent_again_nor_a_copy_of_it_elsewhere() -> None:
    marks, one = Marks(), letter(place=0)
    assert one.origin
    marks.set(one, one.origin)

    copy = letter(origin=one.origin, place=9)

    assert verdict(one, marks).fate == verdict(copy, marks).fate == "sent before"
    assert verdict(letter(place=1), marks).fate == "counts"


def test_another_record_at_the_same_place_of_a_topic_made_anew_is_sent() -> None:
    marks, one = Marks(), letter()
    assert one.origin
    marks.set(one, one.origin)

    assert verdict(letter(event(event_id="another")), marks).fate == "counts"
    assert verdict(letter(key=None), marks).fate == "counts"


def test_what_was_refused_again_is_left_alone_unless_asked_for() -> None:
    again = letter(headers=letter().headers_again(), place=1)

    assert fate(again) == ("left alone", "")
    assert fate(again, again=True) == ("counts", "")
