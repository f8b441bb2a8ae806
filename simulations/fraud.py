"""Planted fraud: bursts, scripts, copied comments, lockstep, pods; and likes bought from an account each."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from models.times import HOUR, MINUTE, SECOND
from simulations.honest import after, own_words
from simulations.posts import COMMENT, CONTENTS, INFLUENCERS, LIKE, NO_TEXT, Acts, Posts, acts, joined


class Planted(NamedTuple):
    """A kind of fraud: the reason that should find it, what it is, and how much of it can be found.

    The rest are the first ones, which are taken for people's.
    """

    reason: str
    words: str
    findable: float


PLANTED = (
    Planted("burst", "an account that likes 10 to 40 times within 5 to 10 s", 0.68),
    Planted(
        "clockwork",
        "an account that acts 30 to 60 times, half a minute to ten minutes apart, 5 to 15 % uneven; those "
        "that act more than 60 times an hour are also a burst",
        0.67,
    ),
    Planted("copied_text", "a text from 5 to 20 accounts within hours, a fifth of them in other words", 0.64),
    Planted(
        "lockstep",
        "5 to 12 accounts that like every content of an influencer within 45 s of each other",
        0.38,
    ),
    Planted(
        "pod",
        "12 to 20 people who comment on everything of an influencer within 15 minutes, in own words",
        0.22,
    ),
    Planted("no_exposure", "50 likes of 50 accounts within ten minutes; nobody was shown anything", 1.0),
)
FIRST = 100
"""The number of the first origin; those of honest ones are below."""
_ACCOUNTS, _BOUGHT_TEXTS = 5 * 10**9, 100_000
Draw = Callable[[Generator, Posts, int], Acts]


def fraud(chance: Generator, posts: Posts, size: int) -> Acts:
    """Plant fraud of every kind in a campaign of so many interactions: one group in 2000, one at least."""
    draws: tuple[Draw, ...] = (_burst, _script, _copies, _lockstep, _pod, _bought_likes)
    groups = max(1, size // 2000)
    # Small groups: as many again, so that each kind weighs alike.
    times = (3, 2, 3, 1, 1, 1)
    parts, number = [], 0
    for origin, (draw, many) in enumerate(zip(draws, times, strict=True), FIRST):
        for _ in range(many * groups):
            drawn = draw(chance, posts, _ACCOUNTS + 1000 * number)
            parts.append(drawn._replace(origins=np.full(len(drawn.times), origin)))
            number += 1
    return joined(parts)


def _some_time(chance: Generator, posts: Posts) -> tuple[int, int]:
    """Return a content, and when something happens there."""
    content = int(chance.integers(0, CONTENTS))
    return content, int(after(chance, posts.published[[content]])[0])


def _burst(chance: Generator, posts: Posts, account: int) -> Acts:
    _, start = _some_time(chance, posts)
    many = int(chance.integers(10, 41))
    times = start + (np.sort(chance.uniform(0, chance.uniform(5, 10), many)) * SECOND).astype(np.int64)
    return acts(0, account, times, LIKE, posts.any_by(chance, times), NO_TEXT, -1)


def _script(chance: Generator, posts: Posts, account: int) -> Acts:
    _, start = _some_time(chance, posts)
    many, every = int(chance.integers(30, 61)), chance.uniform(30, 600) * SECOND
    uneven = chance.normal(1, chance.uniform(0.05, 0.15), many)
    times = start + np.cumsum(every * np.maximum(uneven, 0.1)).astype(np.int64)
    return acts(0, account, times, LIKE, posts.any_by(chance, times), NO_TEXT, -1)


def _copies(chance: Generator, posts: Posts, account: int) -> Acts:
    content, start = _some_time(chance, posts)
    many = int(chance.integers(5, 21))
    times = start + (chance.uniform(0, chance.uniform(0.5, 6), many) * HOUR).astype(np.int64)
    texts, words = own_words(chance, many)
    same = chance.random(many) < 0.8
    texts[same], words[same] = _BOUGHT_TEXTS + account, int(chance.integers(4, 15))
    return acts(0, account + np.arange(many), times, COMMENT, content, texts, words)


def _lockstep(chance: Generator, posts: Posts, account: int) -> Acts:
    contents = posts.of(int(chance.integers(0, INFLUENCERS)))
    many = int(chance.integers(5, 13))
    starts = posts.published[contents] + (chance.uniform(0, 6, len(contents)) * HOUR).astype(np.int64)
    times = starts[:, None] + (chance.uniform(0, 45, (len(contents), many)) * SECOND).astype(np.int64)
    persons = np.broadcast_to(account + np.arange(many), times.shape)
    where = np.broadcast_to(contents[:, None], times.shape)
    return acts(0, persons.ravel(), times.ravel(), LIKE, where.ravel(), NO_TEXT, -1)


def _pod(chance: Generator, posts: Posts, account: int) -> Acts:
    contents = posts.of(int(chance.integers(0, INFLUENCERS)))
    many = int(chance.integers(12, 21))
    times = posts.published[contents][:, None] + (
        chance.uniform(0.2, 14, (len(contents), many)) * MINUTE
    ).astype(np.int64)
    persons = np.broadcast_to(account + np.arange(many), times.shape)
    where = np.broadcast_to(contents[:, None], times.shape)
    texts, words = own_words(chance, times.size)
    return acts(0, persons.ravel(), times.ravel(), COMMENT, where.ravel(), texts, words)


def _bought_likes(chance: Generator, posts: Posts, account: int) -> Acts:
    content, start = _some_time(chance, posts)
    times = start + (chance.uniform(0, 10, 50) * MINUTE).astype(np.int64)
    return acts(0, account + np.arange(50), times, LIKE, content, NO_TEXT, -1)
