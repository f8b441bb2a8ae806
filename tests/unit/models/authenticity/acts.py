"""Interactions as tests write them: who did what where and when; and what hypothesis draws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.authenticity.catalogue import reason_of
from models.authenticity.columns import NO_AGENT, NO_HASH, Interactions, Verdicts
from models.authenticity.judge import Judge
from models.authenticity.limits import Caps
from models.authenticity.settings import Authenticity
from models.authenticity.texts import written
from models.kinds import ENGAGEMENTS, names
from models.times import DAY, HOUR, MINUTE, SECOND, parse_time

NOON = parse_time("2026-11-10T12:00:00Z")
KINDS = names(ENGAGEMENTS)
UNJUDGED = "cannot be judged"


@dataclass(frozen=True)
class Act:
    """One interaction; `at` is its time after noon, in microseconds."""

    who: str | None = "ana"
    does: str = "like"
    at: int = 0
    on: str = "reel-1"
    of: str = "cleo"
    says: str | None = None
    agent: int = NO_AGENT
    live: bool = False
    count: int = 1
    campaign: int = 0


def hashed(name: str | None) -> int:
    """Hash a name; NO_HASH for none."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") if name else NO_HASH


def lines(acts: Iterable[Act]) -> Interactions:
    """Make columns of acts."""
    acts = list(acts)
    texts = [written(act.says or "") for act in acts]
    columns: list[tuple[type[Any], list[Any]]] = [
        (np.int64, [act.campaign for act in acts]),
        (np.uint64, [hashed(act.who) for act in acts]),
        (np.int64, [NOON + act.at for act in acts]),
        (np.int8, [KINDS.index(act.does) for act in acts]),
        (np.uint64, [hashed(f"{act.of}|{act.on}") for act in acts]),
        (np.uint64, [hashed(act.of) for act in acts]),
        (np.uint64, [hashed(text.compared) for text in texts]),
        (np.int64, [-1 if act.says is None else text.words for act, text in zip(acts, texts, strict=True)]),
        (np.int8, [act.agent for act in acts]),
        (np.bool_, [act.live for act in acts]),
        (np.int64, [act.count for act in acts]),
    ]
    return Interactions(*(np.array(values, kind) for kind, values in columns))


def judge(caps: Caps | None = None, **settings: Any) -> Judge:
    """Make a judge of campaigns that are all set alike."""
    by = Authenticity.model_validate(settings)
    return Judge(lambda _: by, caps or Caps())


def said(verdicts: Verdicts) -> list[str | None]:
    """Return the reason of each verdict; None where it is organic."""
    return [
        reason_of(reason) if judged else UNJUDGED
        for judged, reason in zip(verdicts.judged.tolist(), verdicts.reasons.tolist(), strict=True)
    ]


def noted(verdicts: Verdicts) -> list[str | None]:
    """Return what is reported of each, and counts against nobody."""
    return list(map(reason_of, verdicts.noted.tolist()))


def verdicts_of(acts: Iterable[Act], **settings: Any) -> list[str | None]:
    """Judge acts by a new judge, each on its own."""
    return said(judge(**settings).judge(lines(acts)))


PHRASES = ("what a lovely cream this is", "I buy it again and again", "love it")


def logs(most: int = 100) -> SearchStrategy[list[Act]]:
    """Draw acts of a few persons on a few contents, most of them in order, with all that rules look for."""
    return st.builds(
        lambda seed, size: log_of(Random(seed), size), st.integers(0, 2**32), st.integers(0, most)
    )


def log_of(random: Random, size: int) -> list[Act]:
    """Make so many such acts."""
    now, acts = 0, list[Act]()
    step = random.choice([SECOND, MINUTE, HOUR, 5 * HOUR])
    while len(acts) < size:
        now += random.randrange(step)
        late = random.choice([0, 0, 0, random.randrange(MINUTE), random.randrange(2 * DAY)])
        acts += _act(random, now - late)
    return acts[:size]


def _act(random: Random, at: int) -> Sequence[Act]:
    does = random.choice(["like", "like", "comment", "reply", "click", "video_view"])
    act = Act(
        who=random.choice([None, *(f"p{number}" for number in range(6))]),
        does=does,
        at=at,
        on=f"reel-{random.randrange(4)}",
        of=random.choice(["cleo", "dan"]),
        says=random.choice([None, *PHRASES]) if does in ("comment", "reply") else None,
        agent=random.choice([NO_AGENT, NO_AGENT, 0, 1]),
        live=random.random() < 0.05,
        count=random.choice([1] * 9 + [7]),
        campaign=random.choice([0, 0, 1]),
    )
    (chosen,) = random.choices([_alone, _together, _scripted], [12, 4, 1])
    return chosen(act, random)


def _alone(act: Act, _: Random) -> list[Act]:
    return [act]


def _together(act: Act, _: Random) -> list[Act]:
    """Let three others do the same within seconds."""
    return [replace(act, who=f"p{number}", at=act.at + number * SECOND) for number in range(4)]


def _scripted(act: Act, random: Random) -> list[Act]:
    """Let one person do the same at even intervals, some of it out of order."""
    apart = random.choice([0, SECOND // 2, 2 * SECOND, MINUTE])
    acts = [replace(act, who="p0", does="like", says=None, at=act.at + at * apart) for at in range(20)]
    for _ in range(random.randrange(3)):
        acts.append(acts.pop(random.randrange(len(acts))))
    return acts
