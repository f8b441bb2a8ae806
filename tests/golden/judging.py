"""What a golden file of `authenticity/` may hold: what people do, step by step, and what it becomes.

A step is one interaction, or several alike: of each person in `who`, `times` times, `every` so long. In
`says`, `{n}` stands for its number, so that texts differ. Impressions are steps, too: to whom something was
`shown`.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.authenticity.columns import NO_AGENT, NO_HASH, OF_A_MACHINE, OF_A_PERSON, Interactions
from models.authenticity.settings import Authenticity
from models.authenticity.texts import written
from models.campaigns.fields import Duration, Time
from models.kinds import ENGAGEMENTS, names
from tests.golden.loading import Number

_AGENTS = {None: NO_AGENT, "person": OF_A_PERSON, "machine": OF_A_MACHINE}
Someone = str | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class Step(_Strict):
    """What people do from a time on; what becomes of it by name, and what is reported of it alone."""

    who: Annotated[list[Someone], BeforeValidator(_listed)] = [None]
    does: str = "like"
    at: Time
    times: int = Field(1, ge=1, le=1000)
    every: Duration = 0
    on: str = "reel-1"
    of: str = "cleo"
    channel: str = "instagram"
    format: str = "none"
    says: str | None = None
    agent: Literal["person", "machine"] | None = None
    count: int = 1
    becomes: dict[str, int]
    reported: dict[str, int] = {}

    def acts(self) -> Iterator[tuple[Someone, int, int]]:
        """Yield who acts, when, and the how manieth of the step that is."""
        for number in range(self.times * len(self.who)):
            yield self.who[number % len(self.who)], self.at + number * self.every, number


class Shown(_Strict):
    """Impressions: to whom something was shown, by a time, and how many carry nobody."""

    shown: list[str]
    to_unknown: int = 0
    by: Time


class Expected(_Strict):
    """Organic by all that can be judged, and what can be judged by all."""

    authenticity: Number
    judged: Number


class JudgedCase(_Strict):
    """One file of `authenticity/`."""

    proves: str
    authenticity: Authenticity = Authenticity()
    steps: list[Step | Shown]
    expect: Expected


def interactions(step: Step, by: Authenticity) -> Interactions:
    """Make the columns of a step."""
    acts = list(step.acts())
    many, text = len(acts), step.says or ""
    texts = [written(text.replace("{n}", str(number)), by.copied_text.excepted) for _, _, number in acts]

    def column(kind: type[Any], value: Any) -> Any:
        return np.full(many, value, kind)

    return Interactions(
        campaigns=column(np.int64, 0),
        persons=hashed(who for who, _, _ in acts),
        times=np.array([time for _, time, _ in acts], np.int64),
        kinds=column(np.int8, names(ENGAGEMENTS).index(step.does)),
        contents=column(np.uint64, hash_of(f"{step.of}|{step.on}")),
        influencers=column(np.uint64, hash_of(step.of)),
        texts=hashed(one.compared for one in texts),
        words=np.array([one.words if step.says is not None else -1 for one in texts], np.int64),
        agents=column(np.int8, _AGENTS[step.agent]),
        live=column(np.bool_, by.is_live(step.channel, step.format)),
        counts=column(np.int64, step.count),
    )


def hashed(texts: Iterator[str | None]) -> Any:
    """Hash names or texts."""
    return np.fromiter(map(hash_of, texts), np.uint64)


def hash_of(text: str | None) -> int:
    """Hash a name or text; NO_HASH for none."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") if text else NO_HASH
