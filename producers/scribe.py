"""Write simulated events as JSON, by hand from parts written once: it happens very often."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from random import Random
from typing import Any

from models.times import HOUR, MINUTE, SECOND
from models.topics import EventType
from producers.cast import Role
from producers.people import Public
from producers.simulated import SimulatedEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = 1000
_USUAL_DELAY = 2 * SECOND
_NEVER_LATER_UNLESS_A_DAY = 20 * HOUR


@dataclass(frozen=True, eq=False)
class Post:
    """A role with what its events are written and drawn from.

    `campaign`, `influencer` and `leaf` are JSON members with their commas; each begins with the one before.
    `followers` are the first person and how many; `recent` are persons seen lately.
    """

    role: Role
    public: Public
    zone: tzinfo
    followers: tuple[int, int]
    recent: list[int]
    campaign: str
    influencer: str
    leaf: str


def post_of(role: Role, public: Public, zone: tzinfo, followers: tuple[int, int], recent: list[int]) -> Post:
    """Return a role's post, with its members written once."""
    campaign = f'"campaign_id":"{role.campaign.id}",'
    influencer = f'{campaign}"influencer_id":"{role.influencer}",'
    leaf = f'{influencer}"content_id":"{role.content}","channel":"{role.channel}","format":"{role.format}",'
    return Post(role, public, zone, followers, recent, campaign, influencer, leaf)


class Scribe:
    """Writes well-formed events, some of them late; `run` tells their ids from those of other runs."""

    def __init__(self, run: str, chance: Random, late: float) -> None:
        self._run = run
        self._chance = chance
        self._late = late
        self._number = 0

    def next_number(self) -> int:
        """Return the number of the next event of this run."""
        self._number += 1
        return self._number

    def id_of(self, number: int) -> str:
        """Return the id of the event, or order, with a number."""
        return f"{self._run}-{number:x}"

    def write(
        self, post: Post, at: int, event_type: EventType, leaf: str, members: str, **known: Any
    ) -> SimulatedEvent:
        """Write an event that is sent at `at`; `leaf` and `members` are JSON members with their commas."""
        number = self.next_number()
        event_id = self.id_of(number)
        time = self._event_time(post, at)
        value = (
            f'{{"type":"{event_type}","event_id":"{event_id}","event_time":"{rfc3339(time)}",'
            f'{leaf}{members}"source":"simulation"}}'
        )
        campaign = post.role.campaign.id
        return SimulatedEvent(
            at, number, event_type, campaign.encode(), value.encode(), campaign, event_id, time, **known
        )

    def engagement(self, post: Post, at: int, kind: str, members: str, **known: Any) -> SimulatedEvent:
        """Write an engagement with a post."""
        kinds = f'"kind":"{kind}",{members}'
        return self.write(post, at, "engagement", post.leaf, kinds, kind=kind, **known)

    def _event_time(self, post: Post, at: int) -> int:
        """Return when an event sent at `at` happened: within the flight, to the millisecond."""
        chance, campaign = self._chance.random(), post.role.campaign
        since_start = max(0, at - campaign.starts)
        if chance < self._late:
            delay = self._lateness(since_start)
        else:
            delay = min(int(_USUAL_DELAY * self._chance.random()), since_start)
        time = min(at - delay, campaign.ends - _MILLISECOND)
        return time - time % _MILLISECOND

    def _lateness(self, longest: int) -> int:
        """Draw a delay; none is between 20 and 25 h, so that it is certain which are over a day."""
        chance = self._chance
        draw = chance.random()
        if draw < 0.6:
            delay = chance.uniform(2 * MINUTE, HOUR)
        elif draw < 0.85:
            delay = chance.uniform(HOUR, _NEVER_LATER_UNLESS_A_DAY)
        else:
            delay = chance.uniform(25 * HOUR, 30 * HOUR)
        if delay > longest:
            delay = chance.uniform(0, min(longest, _NEVER_LATER_UNLESS_A_DAY))
        return int(delay)


def rfc3339(time: int) -> str:
    """Write a time with its milliseconds."""
    second, rest = divmod(time, SECOND)
    return f"{_to_the_second(second)}.{rest // _MILLISECOND:03d}Z"


@lru_cache(maxsize=8192)
def _to_the_second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%S")
