"""Honest interactions: day and night, fans who comment on everything, memes, a giveaway, live chats."""

from typing import Any

import numpy as np
from numpy.random import Generator

from models.times import DAY, HOUR, MINUTE, SECOND
from producers.groups import BY_A_KNOWN_PHRASE, BY_A_PHRASE, ENTRIES, popular, ways_to_enter
from simulations.posts import (
    CHAT,
    COMMENT,
    CONTENTS,
    EACH,
    GIVEAWAY,
    INFLUENCERS,
    KINDS,
    LIKE,
    NO_TEXT,
    UNNAMED_CHAT,
    Acts,
    Ints,
    Posts,
    acts,
    joined,
)

ORIGINS = (
    "passers-by",
    "fans",
    "through the feed",
    "memes",
    "giveaway",
    "live chat",
    "live chat, not named as one",
    "fans who comment on everything",
)
SHARES = (0.55, 0.20, 0.09, 0.03, 0.07, 0.04, 0.02)
"""The share of each among honest interactions; the last are a tenth of the fans."""
_DEVOTED = len(SHARES)
_OWN_TEXTS, _COMMON, _MEMES, _ENTRIES = 10**9, 1, 10_000, 20_000
_KINDS = [LIKE, COMMENT, KINDS.index("share"), KINDS.index("save"), KINDS.index("click")]


def honest(chance: Generator, posts: Posts, size: int) -> Acts:
    """Draw about so many honest interactions of a campaign."""
    draws = (_passers_by, _fans, _through_the_feed, _memes, _giveaway, _chat, _unnamed_chat)
    parts = [
        draw(chance, posts, max(1, round(size * share)), origin)
        for origin, (draw, share) in enumerate(zip(draws, SHARES, strict=True))
    ]
    return joined(parts)


def after(chance: Generator, published: Ints) -> Ints:
    """Return when people come to contents: most on the first day, some for a week, few at night."""
    many = len(published)
    mean = np.where(chance.random(many) < 0.7, 6 * HOUR, 3 * DAY)
    times = published + (chance.exponential(1, many) * mean).astype(np.int64)
    for _ in range(4):
        asleep = chance.random(many) > _awake(times)
        times[asleep] += (chance.uniform(2, 9, int(asleep.sum())) * HOUR).astype(np.int64)
    return times


def own_words(chance: Generator, many: int) -> tuple[Ints, Ints]:
    """Return texts and words of comments: a third is a word or emoji, a few are what everybody says."""
    words = np.where(chance.random(many) < 0.35, chance.integers(0, 3, many), chance.integers(3, 16, many))
    texts = chance.integers(_OWN_TEXTS, 2**60, many)
    common = chance.random(many) < 0.02
    texts[common] = _COMMON + popular(chance, int(common.sum()), 2000)
    # What everybody says is short.
    words[common] = 1 + texts[common] % 6
    return texts, words


def _awake(times: Ints) -> Any:
    return 0.03 + 0.97 * (1 - np.cos(2 * np.pi * (times % DAY) / DAY)) / 2


def _someone(chance: Generator, many: int, size: int, origin: int) -> Ints:
    """Draw persons among so many of an origin."""
    drawn: Ints = 1 + origin * 10**8 + chance.integers(0, max(1, size), many)
    return drawn


def _said(chance: Generator, kinds: Ints) -> tuple[Ints, Ints]:
    texts, words = own_words(chance, len(kinds))
    says = kinds == COMMENT
    return np.where(says, texts, NO_TEXT), np.where(says, words, -1)


def _passers_by(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    contents = chance.integers(0, CONTENTS, many)
    kinds = chance.choice(_KINDS, many, p=[0.8, 0.08, 0.03, 0.04, 0.05])
    persons = _someone(chance, many, 2 * many, origin)
    times = after(chance, posts.published[contents])
    return acts(origin, persons, times, kinds, contents, *_said(chance, kinds))


def _fans(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    """Let fans of an influencer like most contents, and comment on some; a tenth on all, as soon as told."""
    fans = max(1, round(many / (EACH * 0.85 * 1.6)))
    fan, content = np.divmod(np.arange(fans * EACH), EACH)
    seen = chance.random(len(fan)) < np.where(_devoted(fan), 0.98, 0.85)
    fan, contents = fan[seen], ((fan % INFLUENCERS) * EACH + content)[seen]
    median, spread = np.where(_devoted(fan), 4, 25) * MINUTE, np.where(_devoted(fan), 0.9, 1.3)
    came = posts.published[contents] + (median * chance.lognormal(0, spread)).astype(np.int64)
    asleep = chance.random(len(fan)) > _awake(came)
    came[asleep] += (chance.uniform(4, 9, int(asleep.sum())) * HOUR).astype(np.int64)
    says = chance.random(len(fan)) < np.where(_devoted(fan), 0.95, 0.6)
    later = came[says] + (chance.lognormal(3, 0.8, int(says.sum())) * SECOND).astype(np.int64)
    first = 1 + origin * 10**8
    persons = first + fan
    liked = acts(origin, persons, came, LIKE, contents, NO_TEXT, -1)
    texts, words = own_words(chance, int(says.sum()))
    both = joined([liked, acts(origin, persons[says], later, COMMENT, contents[says], texts, words)])
    return both._replace(origins=np.where(_devoted(both.persons - first), _DEVOTED, origin))


def _devoted(fan: Ints) -> Any:
    return fan // INFLUENCERS % 10 == 0


def _through_the_feed(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    """Let people go through a feed and like what they see, at their own pace."""
    persons = max(1, many // 10)
    lengths = chance.integers(3, 18, persons)
    person = np.repeat(np.arange(persons), lengths)
    pace = chance.lognormal(np.log(5), 0.6, persons)[person]
    gaps = (pace * chance.lognormal(0, 0.7, len(person)) * SECOND).astype(np.int64)
    starts = after(chance, posts.published[chance.integers(0, CONTENTS, persons)])
    began = np.repeat(np.cumsum(lengths) - lengths, lengths)
    elapsed = np.cumsum(gaps)
    times = starts[person] + elapsed - elapsed[began]
    contents = posts.any_by(chance, times)
    return acts(origin, 1 + origin * 10**8 + person, times, LIKE, contents, NO_TEXT, -1)


def _memes(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    contents, meme = chance.integers(0, CONTENTS, many), popular(chance, many, 200)
    persons, times = _someone(chance, many, 2 * many, origin), after(chance, posts.published[contents])
    return acts(origin, persons, times, COMMENT, contents, _MEMES + meme, 1 + meme % 7)


def _giveaway(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    """Let people enter a giveaway: most by a phrase that is known, others by one that is not, or freely."""
    times = after(chance, np.full(many, posts.published[GIVEAWAY]))
    texts, words = own_words(chance, many)
    how = ways_to_enter(chance, many)
    entry = popular(chance, many, ENTRIES)
    texts[how == BY_A_KNOWN_PHRASE] = NO_TEXT
    by_a_phrase = how == BY_A_PHRASE
    texts[by_a_phrase] = _ENTRIES + entry[by_a_phrase]
    words[by_a_phrase] = 2 + entry[by_a_phrase] % 6
    return acts(origin, _someone(chance, many, many, origin), times, COMMENT, GIVEAWAY, texts, words)


def _chat(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    """Let people write in a live chat of an hour, some of them a lot."""
    persons = 1 + origin * 10**8 + popular(chance, many, max(5, many // 6))
    times = posts.published[CHAT] + (chance.uniform(0, 1, many) * HOUR).astype(np.int64)
    texts, words = own_words(chance, many)
    return acts(origin, persons, times, COMMENT, CHAT, texts, words)


def _unnamed_chat(chance: Generator, posts: Posts, many: int, origin: int) -> Acts:
    chat = _chat(chance, posts, many, origin)
    moved = chat.times - posts.published[CHAT] + posts.published[UNNAMED_CHAT]
    return chat._replace(times=moved, contents=np.full(many, UNNAMED_CHAT))
