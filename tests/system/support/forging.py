"""Interactions that are no person's, for campaigns that ask who did them, and some that only look alike.

What is suspicious must be the same number whatever order partitions and topics are read in. So a group whose
order decides comes by one partition; others are of one leaf and one moment.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.system.support.persons import BROWSERS
from tests.system.support.spoiling import Fields

FORGED: dict[str, Fields] = {
    "forged": {},
    "forged-otherwise": {
        "burst": "report",
        "clockwork": {"variation": 0.1},
        "copied_text": {"persons": 4, "except": ["As seen on TV!"]},
        "lockstep": {"contents": 4, "partners": 1},
        "pod": "on",
        "generic": {"words": 1},
    },
}
"""Campaigns, and how they are judged."""
PARTITIONS = {campaign: number for number, campaign in enumerate(FORGED)}
"""Where all of a campaign goes whose order decides."""
MINUTE = 60
_TEXTS = ("best cream I ever bought", "Count me in, I want it", "best, as seen on TV", "Love")
_SAME = ("{}", "{}!!", "  {} 😍", "@ana {} #ad", "“{}”", "{} https://a.example/b")
_GROUPS = 2
"""So many groups of a campaign come to the same contents."""


@dataclass(frozen=True)
class Act:
    """One interaction, so many seconds old; `ordered` where it comes by the campaign's partition."""

    age: float
    fields: Fields = field(default_factory=dict)
    topic: str = "engagements"
    ordered: bool = True


Way = Callable[[random.Random, str], list[Act]]


def forge(chance: random.Random, number: int) -> list[Act]:
    """Make the interactions of one account, text or group; `number` tells it from all others."""
    if number < _GROUPS * len(FORGED):
        return [*_group(chance, f"g{number}"), *_pod(chance, f"g{number}")]
    ways: list[Way] = [_burst, _clock, _copies, _nobody, _honest, _burst, _copies, _chat, _clock, _busy]
    return ways[number // len(FORGED) % len(ways)](chance, f"n{number}")


def _burst(chance: random.Random, name: str) -> list[Act]:
    """Let one account act up to 16 times in a moment, by likes and clicks, on any partition."""
    age, many = chance.uniform(11 * MINUTE, 39 * MINUTE), chance.randint(7, 16)
    acts = [_like(name, age + chance.uniform(0, 7)) for _ in range(many)]
    return [_spread(act, click=chance.random() < 0.3) for act in acts]


def _busy(chance: random.Random, name: str) -> list[Act]:
    """Let one account act more often than sixty times within half an hour, as unevenly as people do."""
    return [_spread(_like(name, chance.uniform(11 * MINUTE, 39 * MINUTE))) for _ in range(66)]


def _clock(chance: random.Random, name: str) -> list[Act]:
    age, uneven = chance.uniform(11 * MINUTE, 29 * MINUTE), chance.choice((1, 20))
    return [_like(name, age + 31 * tick + chance.uniform(0, uneven)) for tick in range(18)]


def _copies(chance: random.Random, name: str) -> list[Act]:
    text, upper = f"{chance.choices(_TEXTS, (3, 1, 1, 1))[0]} {name}", chance.random() < 0.5
    acts = []
    for who, way in enumerate(_SAME[: chance.randint(2, len(_SAME))]):
        said = way.format(text.upper() if upper and who % 2 else text)
        own = {"kind": "comment", "text": said, "sentiment": "positive"}
        acts.append(_like(f"{name}-{who}", chance.uniform(11 * MINUTE, 39 * MINUTE), **own))
    return [_spread(act) for act in acts]


def _group(chance: random.Random, name: str) -> list[Act]:
    """Let four accounts like six contents, each within forty seconds."""
    return [
        _like(f"{name}-{who}", 12 * MINUTE + turn * 4 * MINUTE + chance.uniform(0, 40), f"{name}-{turn}")
        for turn in range(6)
        for who in range(4)
    ]


def _pod(chance: random.Random, name: str) -> list[Act]:
    """Let thirteen accounts comment on six contents of one influencer, most of them early."""
    own = {"influencer_id": f"pod-{name}", "kind": "comment"}
    return [
        _like(f"{name}-pod-{who}", (12 + turn) * MINUTE + chance.uniform(0, 16 * MINUTE), f"p{turn}", **own)
        for turn in range(6)
        for who in range(13)
    ]


def _honest(chance: random.Random, name: str) -> list[Act]:
    return [_like(name, chance.uniform(11 * MINUTE, 39 * MINUTE))]


def _nobody(chance: random.Random, name: str) -> list[Act]:
    """Make what cannot be judged, or by its text or agent alone."""
    nobody: Fields = {"consent": False, "user_agent": ""}
    odd = chance.choice([
        nobody,
        {"consent": False},
        nobody | {"user_agent": "python-requests/2.32.3", "kind": "comment", "text": ""},
        nobody | {"kind": "reply", "text": "Love!", "sentiment": "positive"},
        {"count": 40},
        {"kind": "video_view"},
    ])  # fmt: skip
    return [_spread(_like(name, chance.uniform(11 * MINUTE, 39 * MINUTE), **odd))]


def _chat(chance: random.Random, name: str) -> list[Act]:
    """Let somebody write as people do in live chats, with an agent or without."""
    where = chance.choice(({"format": "Live"}, {"channel": "LIVE"}))
    own: Fields = {"kind": "comment", "text": "Go!", "sentiment": "neutral"}
    agent = {} if chance.random() < 0.5 else {"user_agent": ""}
    return [_spread(_like(name, 15 * MINUTE + second, **own, **where, **agent)) for second in range(10)]


def _like(person: str, age: float, content: str = "all", **own: object) -> Act:
    who = {"person_id": f"forged-{person}", "consent": True, "user_agent": BROWSERS[1]}
    place = {"influencer_id": "vera", "content_id": content, "channel": "tiktok"}
    return Act(age, {"kind": "like", **place, **who, **own})


def _spread(act: Act, click: bool = False) -> Act:
    """Let it come on any partition; and as a click where it is one."""
    if not click:
        return Act(act.age, act.fields, ordered=False)
    return Act(act.age, {name: act.fields[name] for name in act.fields if name != "kind"}, "clicks", False)
