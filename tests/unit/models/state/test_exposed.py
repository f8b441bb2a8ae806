"""Who saw something is asked only where that is known: of people who were let go it is not."""

from collections.abc import Callable, Sequence

import pytest

from models.campaigns.registry import Registry
from models.state.closing import SLACK
from models.state.compaction import compact
from models.state.delta import Delta, merge_deltas
from models.times import DAY, HOUR, MINUTE
from tests.unit.models.building import NOON, Feed, campaign, new_state, registry, rfc3339
from tests.unit.models.state.closing import cut, replayed
from tests.unit.models.state.interacting import counted

SHORT, LONG = "2026-11-11T00:00:00Z", "2026-12-31T00:00:00Z"
LATER = campaign(ends=SHORT).ends + SLACK + DAY
OF_FEW = {"use": "on", "identified": 0.1}
Stored = Callable[[Sequence[Delta]], list[Delta]]


def known(ends: str = LONG, no_exposure: object = "on") -> Registry:
    of = {"authenticity": {"no_exposure": no_exposure}, "grace": "0d", "adjustments_until": "0d"}
    return registry(campaign(ends=ends, **of))


def show(feed: Feed, who: str, at: int = NOON) -> None:
    feed.send("impression", at, event_time=rfc3339(at), person_id=who, consent=True)


def accused(feed: Feed, *who: str, at: int = NOON) -> int:
    """Let people like something, later than others saw something; count whom that accuses."""
    show(feed, "somebody", at)
    for one in who:
        feed.send("engagement", at, event_time=rfc3339(at), person_id=one, consent=True)
    found = counted(feed.state, "glow")
    assert found["judged"] == len(who)
    return found.get("suspicious:no_exposure", 0)


def closed(no_exposure: object = "on") -> tuple[Feed, list[Delta]]:
    """Close a campaign that somebody saw, and prolong it then."""
    feed = Feed(new_state(known(SHORT, no_exposure)))
    show(feed, "ana")
    deltas = cut(feed.state, LATER)
    feed.state.use(known(LONG, no_exposure))
    return feed, deltas


def one_by_one(deltas: Sequence[Delta]) -> list[Delta]:
    return [*deltas]


def at_once(deltas: Sequence[Delta]) -> list[Delta]:
    return [compact(merge_deltas(deltas), LATER)]


def by_and_by(deltas: Sequence[Delta]) -> list[Delta]:
    first, *others = deltas
    for other in others:
        first = compact(merge_deltas([first, other]), LATER)
    return [first]


STORED = pytest.mark.parametrize("stored", [one_by_one, at_once, by_and_by])


def test_of_a_campaign_that_is_prolonged_after_it_was_closed_nobody_is_looked_up() -> None:
    feed, _ = closed()

    assert accused(feed, "ana", "nobody", at=LATER) == 0


@STORED
def test_nor_is_anybody_after_a_restart(stored: Stored) -> None:
    _, deltas = closed()

    again = Feed(replayed(stored(deltas), known(), LATER), partition=1)

    assert accused(again, "ana", "nobody", at=LATER) == 0


@STORED
def test_nor_where_that_is_asked_from_later_on(stored: Stored) -> None:
    feed, deltas = closed(no_exposure="off")
    show(feed, "ben", LATER)
    last = feed.state.cut()
    assert last is not None

    again = Feed(replayed(stored([*deltas, last]), known(), LATER), partition=1)

    assert accused(again, "ana", "nobody", at=LATER) == 0


def test_what_is_told_of_nobody_says_not_how_far_impressions_have_come() -> None:
    """A platform's total of noon may come before the impressions of the hour before."""
    feed = Feed(new_state(known(no_exposure=OF_FEW)))
    show(feed, "ana", NOON)
    feed.send("impression", NOON + HOUR, event_time=rfc3339(NOON + HOUR), count=5)
    for at in (NOON + MINUTE, NOON):
        feed.send("engagement", at, event_time=rfc3339(at), person_id="nobody", consent=True)

    assert counted(feed.state, "glow") == {"judged": 2, "suspicious:no_exposure": 1}


def test_a_total_that_falls_makes_no_impression_known() -> None:
    feed = Feed(new_state(known(no_exposure="off")))
    feed.send("impression", total=1000)
    feed.state.use(known())
    feed.send("impression", event_time=rfc3339(NOON + 1), total=500)
    feed.send("impression", count=9)

    assert accused(feed, "nobody") == 0
