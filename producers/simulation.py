"""The simulated traffic of campaigns: the same arguments yield the same events."""

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import accumulate
from random import Random

from models.campaigns.campaign import Campaign
from models.times import SECOND
from producers.cast import Role, cast
from producers.people import Public, public_of
from producers.plan import NOTHING, Plan
from producers.planting import Planting
from producers.rhythm import MEAN_BOOST, Bursts, daily_rhythm, zone_of
from producers.scenes import Scenes, events_per_scene
from producers.scribe import Post, Scribe, post_of
from producers.simulated import USUAL, Proportions, SimulatedEvent
from producers.spoiling import spoil

_LOOK_AGAIN_AFTER = 5 * SECOND
_MEAN_GAP_OF_DUPLICATES = 5 * SECOND
_LONGEST_GAP_OF_DUPLICATES = 120 * SECOND


def simulate(
    seed: int,
    campaigns: Sequence[Campaign],
    start: int,
    rate: float = 200.0,
    proportions: Proportions = USUAL,
    currencies: tuple[str, ...] = (),
    planted: Mapping[str, Plan] = NOTHING,
) -> Iterator[SimulatedEvent]:
    """Yield the events of running campaigns from `start` (microseconds) on, in the order of sending.

    `rate` is the mean number of events sent per second of a day, shared evenly among the running campaigns.
    Some purchases are paid in another of `currencies`, if the campaign's is among them. `planted` says by
    campaign what no person does by themselves. Ids contain the seed and the start, so that another run has
    others. It ends when the last flight does.
    """
    run = f"s{seed:x}-{start:x}"
    chance = Random(run)
    scribe = Scribe(run, chance, proportions.late)
    posts = _posts(campaigns, seed)
    planting = Planting(scribe, run, posts, planted)
    scenes = Scenes(scribe, chance, proportions.bots, currencies, planting)
    per_scene = [events_per_scene(post, proportions.bots, planting.events(post)) for post in posts]
    stage = _Stage(posts, per_scene, chance, start, rate, proportions)
    mishaps = _Mishaps(scribe, chance, proportions)
    waiting: list[SimulatedEvent] = []
    for at, post in stage.scenes():
        while waiting and waiting[0].at <= at:
            yield heappop(waiting)
        for event in scenes.play(post, at):
            heappush(waiting, event)
            for besides in mishaps.apply(event, post.role.campaign):
                heappush(waiting, besides)
    while waiting:
        yield heappop(waiting)


class _Stage:
    """When the next scene is, and at which post."""

    def __init__(
        self,
        posts: list[Post],
        per_scene: list[float],
        chance: Random,
        start: int,
        rate: float,
        proportions: Proportions,
    ) -> None:
        self._posts = posts
        self._chance = chance
        self._start = start
        self._zones = {id(post.zone): post.zone for post in posts}
        campaigns = {post.role.campaign.id: post.role.campaign for post in posts}
        # These are read every few simulated seconds, and a model's attributes are slow.
        self._flights = {name: (campaign.starts, campaign.ends) for name, campaign in campaigns.items()}
        self._of_posts = [(post.role.campaign.id, id(post.zone)) for post in posts]
        self._bursts = [Bursts(chance, start) for _ in posts]
        besides = 1 + proportions.duplicates * (1 - proportions.bots) + proportions.malformed
        self._rates = [
            rate * post.role.traffic / number / besides / MEAN_BOOST
            for post, number in zip(posts, per_scene, strict=True)
        ]

    def scenes(self) -> Iterator[tuple[int, Post]]:
        """Yield times and posts of scenes: a Poisson process whose rates are updated every few seconds."""
        time = self._start
        while (opening := self._next_opening(time)) is not None:
            time = opening
            steps = list(accumulate(self._rates_at(time)))
            until = time + _LOOK_AGAIN_AFTER
            yield from self._until(time, until, steps)
            time = until

    def _until(self, start: int, end: int, steps: list[float]) -> Iterator[tuple[int, Post]]:
        chance, posts, last = self._chance, self._posts, len(self._posts) - 1
        time = start + int(chance.expovariate(steps[-1]) * SECOND)
        while time < end:
            yield time, posts[min(last, bisect(steps, chance.random() * steps[-1]))]
            time += int(chance.expovariate(steps[-1]) * SECOND)

    def _rates_at(self, time: int) -> list[float]:
        running = {name for name, (starts, ends) in self._flights.items() if starts <= time < ends}
        rhythm = {number: daily_rhythm(time, zone) for number, zone in self._zones.items()}
        return [
            rate * burst.boost(time) * rhythm[zone] / len(running) if campaign in running else 0.0
            for (campaign, zone), rate, burst in zip(self._of_posts, self._rates, self._bursts, strict=True)
        ]

    def _next_opening(self, time: int) -> int | None:
        """Return the first time from `now` on at which a campaign runs."""
        openings = [max(time, starts) for starts, ends in self._flights.values() if ends > time]
        return min(openings, default=None)


class _Mishaps:
    """What happens to events on their way: sent twice, spoilt."""

    def __init__(self, scribe: Scribe, chance: Random, proportions: Proportions) -> None:
        self._scribe = scribe
        self._chance = chance
        self._duplicates = proportions.duplicates
        self._malformed = proportions.malformed

    def apply(self, event: SimulatedEvent, campaign: Campaign) -> Iterator[SimulatedEvent]:
        if self._chance.random() < self._malformed:
            number = self._scribe.next_number()
            yield spoil(event, campaign, self._chance, number, self._scribe.id_of(number))
        if event.outcome == "counted" and self._chance.random() < self._duplicates:
            yield self._again(event)

    def _again(self, event: SimulatedEvent) -> SimulatedEvent:
        """Send the same bytes again, half of the time under a key that leads to another partition."""
        gap = min(int(self._chance.expovariate(1 / _MEAN_GAP_OF_DUPLICATES)), _LONGEST_GAP_OF_DUPLICATES)
        key = event.key if self._chance.random() < 0.5 else event.event_id.encode()
        number = self._scribe.next_number()
        return event._replace(at=event.at + gap, number=number, key=key, outcome="duplicate")


def _posts(campaigns: Sequence[Campaign], seed: int) -> list[Post]:
    publics = {campaign.id: public_of(campaign, seed) for campaign in campaigns}
    zones = {campaign.id: zone_of(campaign.time_zone) for campaign in campaigns}
    followers: dict[tuple[str, str], tuple[int, int]] = {}
    recent: dict[tuple[str, str], list[int]] = {}
    posts = []
    for role in cast(campaigns):
        who, public = (role.campaign.id, role.influencer), publics[role.campaign.id]
        if who not in followers:
            followers[who] = _followers(role, public, Random(f"{seed}/{who}"))
        posts.append(
            post_of(role, public, zones[role.campaign.id], followers[who], recent.setdefault(who, []))
        )
    return posts


def _followers(role: Role, public: Public, chance: Random) -> tuple[int, int]:
    """Return which part of the public an influencer reaches: the first, and how many; audiences overlap."""
    share = min(1.0, 0.12 * role.archetype.traffic + 0.1)
    return chance.randrange(public.size), max(1, int(share * public.size))
