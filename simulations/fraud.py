"""Planted fraud, on the contents of a simulated campaign."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from models.times import HOUR
from producers import groups
from simulations.honest import after, own_words
from simulations.posts import COMMENT, CONTENTS, INFLUENCERS, LIKE, NO_TEXT, Acts, Posts, acts, joined

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
    times = start + groups.burst(chance)
    return acts(0, account, times, LIKE, posts.any_by(chance, times), NO_TEXT, -1)


def _script(chance: Generator, posts: Posts, account: int) -> Acts:
    _, start = _some_time(chance, posts)
    times = start + groups.script(chance)
    return acts(0, account, times, LIKE, posts.any_by(chance, times), NO_TEXT, -1)


def _copies(chance: Generator, posts: Posts, account: int) -> Acts:
    content, start = _some_time(chance, posts)
    times = start + groups.copies(chance)
    many = len(times)
    texts, words = own_words(chance, many)
    same = groups.in_the_same_words(chance, many)
    texts[same], words[same] = _BOUGHT_TEXTS + account, int(chance.integers(4, 15))
    return acts(0, account + np.arange(many), times, COMMENT, content, texts, words)


def _lockstep(chance: Generator, posts: Posts, account: int) -> Acts:
    contents = posts.of(int(chance.integers(0, INFLUENCERS)))
    many = groups.size(chance, "lockstep")
    starts = posts.published[contents] + (chance.uniform(0, 6, len(contents)) * HOUR).astype(np.int64)
    times = starts[:, None] + groups.together(chance, len(contents), many)
    persons = np.broadcast_to(account + np.arange(many), times.shape)
    where = np.broadcast_to(contents[:, None], times.shape)
    return acts(0, persons.ravel(), times.ravel(), LIKE, where.ravel(), NO_TEXT, -1)


def _pod(chance: Generator, posts: Posts, account: int) -> Acts:
    contents = posts.of(int(chance.integers(0, INFLUENCERS)))
    many = groups.size(chance, "pod")
    times = posts.published[contents][:, None] + groups.early(chance, len(contents), many)
    persons = np.broadcast_to(account + np.arange(many), times.shape)
    where = np.broadcast_to(contents[:, None], times.shape)
    texts, words = own_words(chance, times.size)
    return acts(0, persons.ravel(), times.ravel(), COMMENT, where.ravel(), texts, words)


def _bought_likes(chance: Generator, posts: Posts, account: int) -> Acts:
    content, start = _some_time(chance, posts)
    times = start + groups.bought_likes(chance)
    return acts(0, account + np.arange(len(times)), times, LIKE, content, NO_TEXT, -1)
