"""Contents of a simulated campaign, and interactions as columns with what each truly is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from models.authenticity.columns import NO_AGENT, Interactions
from models.kinds import ENGAGEMENTS, names
from models.times import DAY, HOUR, MINUTE, SECOND

Ints = npt.NDArray[np.int64]
KINDS = names(ENGAGEMENTS)
LIKE, COMMENT = KINDS.index("like"), KINDS.index("comment")
START = 20_000 * DAY
INFLUENCERS, EACH = 3, 8
CONTENTS = INFLUENCERS * EACH
GIVEAWAY, CHAT, UNNAMED_CHAT = 0, EACH, 2 * EACH
"""The contents with a giveaway, and with live chats: of one the format says so."""
NO_TEXT = 0


class Acts(NamedTuple):
    """Interactions: who (from 1 on), when, what, where; their texts and words; what they truly are."""

    persons: Ints
    times: Ints
    kinds: Ints
    contents: Ints
    texts: Ints
    words: Ints
    origins: Ints


@dataclass(frozen=True, slots=True)
class Posts:
    """When each content is published, influencer after influencer."""

    published: Ints

    def of(self, influencer: int) -> Ints:
        """Return an influencer's contents in the order in which they are published."""
        own = np.arange(influencer * EACH, (influencer + 1) * EACH)
        ordered: Ints = own[np.argsort(self.published[own])]
        return ordered

    def any_by(self, chance: Generator, times: Ints) -> Ints:
        """Return for each time some content that is published by then."""
        order = np.argsort(self.published)
        many = np.maximum(1, np.searchsorted(self.published[order], times, side="right"))
        drawn: Ints = order[(chance.uniform(0, 1, len(times)) * many).astype(np.int64)]
        return drawn


def publish(chance: Generator) -> Posts:
    """Publish contents in the daytime of three weeks."""
    days = chance.integers(0, 21, CONTENTS) * DAY
    return Posts(START + days + (chance.uniform(8, 21, CONTENTS) * HOUR).astype(np.int64))


def acts(origin: int, persons: Any, times: Any, kinds: Any, contents: Any, texts: Any, words: Any) -> Acts:
    """Make columns of one origin; numbers stand for all lines."""
    columns = np.broadcast_arrays(persons, times, kinds, contents, texts, words, origin)
    return Acts(*(np.array(column, np.int64) for column in columns))


def joined(parts: Sequence[Acts]) -> Acts:
    """Put interactions together."""
    return Acts(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def arrive(chance: Generator, sent: Acts) -> Acts:
    """Put interactions into the order of their arrival: most at once, a few are minutes or hours late."""
    many = len(sent.times)
    late = chance.choice(3, many, p=[0.967, 0.03, 0.003])
    most = np.array([2 * SECOND, 10 * MINUTE, 6 * HOUR])[late]
    order = np.argsort(sent.times + (chance.uniform(0, 1, many) * most).astype(np.int64), kind="stable")
    return Acts(*(column[order] for column in sent))


def interactions(sent: Acts) -> Interactions:
    """Return the columns that are judged: names become hashes, as under a key."""
    many = len(sent.times)
    return Interactions(
        campaigns=np.zeros(many, np.int64),
        persons=scattered(sent.persons),
        times=sent.times,
        kinds=sent.kinds.astype(np.int8),
        contents=scattered(sent.contents + 1),
        influencers=scattered(sent.contents // EACH + 1),
        texts=scattered(sent.texts),
        words=sent.words,
        agents=np.full(many, NO_AGENT, np.int8),
        live=sent.contents == CHAT,
        counts=np.ones(many, np.int64),
    )


def scattered(numbers: Ints) -> npt.NDArray[np.uint64]:
    """Scatter numbers over 64 bits; 0 stays (splitmix64)."""
    state = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ state >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ state >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return state ^ state >> np.uint64(31)
