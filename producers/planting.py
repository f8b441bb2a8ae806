"""Plays what is planted: groups of accounts that are no people, and giveaways, on a campaign's posts."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from random import Random
from typing import NamedTuple
from zlib import crc32

import numpy as np

from producers import groups
from producers.comments import comment, entry, known_entry, language_of, sentence
from producers.people import identified
from producers.plan import Plan
from producers.scribe import Post, Scribe, post_of, rfc3339
from producers.simulated import SimulatedEvent

Events = Iterator[SimulatedEvent]
_OUTSIDE = 10**12
"""Accounts are numbered from here on: nobody of the public has such a number."""
_COMPANIES = 10**17
"""And those that always act together from here on."""


class _Planned(NamedTuple):
    """What is planted at a post: groups a scene by kind, and the events that they have."""

    rates: Mapping[str, float]
    rate: float
    events: float


_NOTHING = _Planned({}, 0.0, 0.0)


class Planting:
    """Plays groups as scenes at posts; the same run plays the same."""

    def __init__(self, scribe: Scribe, run: str, posts: Sequence[Post], plans: Mapping[str, Plan]) -> None:
        number = crc32(run.encode())
        self._scribe = scribe
        self._times = np.random.default_rng(number)
        self._chance = Random(f"{run}/planted")
        self._accounts = count(_OUTSIDE + number * 10**6)
        self._planned = {post: _planned(post, plan) for post in posts if (plan := _plan_of(post, plans))}
        self._posts: defaultdict[str, list[Post]] = defaultdict(list)
        for post in self._planned:
            self._posts[post.role.campaign.id].append(post)
        self._visits: defaultdict[str, Iterator[int]] = defaultdict(count)
        self._play: Mapping[str, Callable[[Post, int], Events]] = {
            "burst": self._burst,
            "clockwork": self._script,
            "copied_text": self._copies,
            "lockstep": self._lockstep,
            "pod": self._pod,
            "no_exposure": self._bought_likes,
            "giveaway": self._giveaway,
        }

    def rate(self, post: Post) -> float:
        """Return how many groups come a scene of a post."""
        return self._planned.get(post, _NOTHING).rate

    def events(self, post: Post) -> float:
        """Return how many events these have."""
        return self._planned.get(post, _NOTHING).events

    def play(self, post: Post, at: int) -> Events:
        """Play a group of some kind, as far as the flight goes."""
        rates = self._planned[post].rates
        kind = self._chance.choices(list(rates), list(rates.values()))[0]
        for event in self._play[kind](post, at):
            if event.at < post.role.campaign.ends:
                yield event._replace(planted=kind)

    def _burst(self, post: Post, at: int) -> Events:
        return self._likes(post, at, groups.burst(self._times))

    def _script(self, post: Post, at: int) -> Events:
        return self._likes(post, at, groups.script(self._times))

    def _likes(self, post: Post, at: int, times: groups.Times) -> Events:
        """Let one account like posts, whichever."""
        account = next(self._accounts)
        posts = self._posts[post.role.campaign.id]
        for after in times.tolist():
            yield self._act(self._chance.choice(posts), at + after, account, "like")

    def _copies(self, post: Post, at: int) -> Events:
        times, language = groups.copies(self._times), language_of(post.role.campaign.time_zone)
        text = sentence(self._chance, language, "positive")
        same = groups.in_the_same_words(self._times, len(times))
        for after, is_same in zip(times.tolist(), same.tolist(), strict=True):
            said = text if is_same else comment(self._chance, language, "positive")
            yield self._act(post, at + after, next(self._accounts), "comment", said)

    def _lockstep(self, post: Post, at: int) -> Events:
        """Let a company come to the next of the posts; once it has been to all, another does."""
        posts = self._posts[post.role.campaign.id]
        company, number = divmod(next(self._visits[post.role.campaign.id]), len(posts))
        first, many = _company(f"{post.role.campaign.id}/{company}", "lockstep")
        for account, after in enumerate(groups.together(self._times, 1, many)[0].tolist(), first):
            yield self._act(posts[number], at + after, account, "like")

    def _pod(self, post: Post, at: int) -> Events:
        """Let an influencer publish something, and their pod comment on it."""
        role = post.role
        first, many = _company(f"{role.campaign.id}/{role.influencer}", "pod")
        language = language_of(role.campaign.time_zone)
        published = post_of(
            replace(role, content=f"story-{_named(at)}"), post.public, post.zone, post.followers, post.recent
        )
        for account, after in enumerate(groups.early(self._times, 1, many)[0].tolist(), first):
            said = comment(self._chance, language, "positive")
            yield self._act(published, at + after, account, "comment", said)

    def _bought_likes(self, post: Post, at: int) -> Events:
        for after in groups.bought_likes(self._times).tolist():
            yield self._act(post, at + after, next(self._accounts), "like")

    def _giveaway(self, post: Post, at: int) -> Events:
        times, language = groups.entries(self._times), language_of(post.role.campaign.time_zone)
        ways = groups.ways_to_enter(self._times, len(times))
        phrases = groups.popular(self._times, len(times), groups.ENTRIES)
        for after, way, phrase in zip(times.tolist(), ways.tolist(), phrases.tolist(), strict=True):
            person = self._chance.randrange(post.public.size)
            yield self._act(post, at + after, person, "comment", self._entry(language, way, phrase))

    def _entry(self, language: str, way: int, phrase: int) -> str:
        if way == groups.BY_A_KNOWN_PHRASE:
            return known_entry(self._chance, language)
        if way == groups.BY_A_PHRASE:
            return entry(language, phrase)
        return comment(self._chance, language, "positive")

    def _act(self, post: Post, at: int, account: int, kind: str, text: str | None = None) -> SimulatedEvent:
        members, known = identified(post.public, account, "given")
        members += post.public.profile(account).agent
        if text is not None:
            members += f'"text":{json.dumps(text, ensure_ascii=False)},'
        return self._scribe.engagement(post, at, kind, members, **known)


def _plan_of(post: Post, plans: Mapping[str, Plan]) -> Plan | None:
    plan = plans.get(post.role.campaign.id)
    if plan is None or not plan.total or (plan.influencers and post.role.influencer not in plan.influencers):
        return None
    return plan


def _planned(post: Post, plan: Plan) -> _Planned:
    # What people do one by one: of a hundred scenes, a few are others'.
    each = (post.role.archetype.engagement_rate + post.role.archetype.click_rate) / (1 - plan.total)
    rates = {kind: each * share / groups.mean_size(kind) for kind, share in plan.shares().items() if share}
    return _Planned(rates, sum(rates.values()), each * plan.total)


def _company(name: str, kind: str) -> tuple[int, int]:
    """Return the accounts that always act together: the first, and how many."""
    number = crc32(name.encode())
    return _COMPANIES + number * 100, groups.size(np.random.default_rng(number), kind)


def _named(at: int) -> str:
    """Name a content by when it is published: `1128-1509`."""
    written = rfc3339(at)
    return f"{written[5:7]}{written[8:10]}-{written[11:13]}{written[14:16]}"
