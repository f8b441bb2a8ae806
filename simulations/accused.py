"""Judge simulated campaigns; count what is found of what was planted, and which honest ones are accused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator
from scipy.stats import t as student

from models.authenticity.catalogue import NUMBER
from models.authenticity.columns import NO_HASH
from models.authenticity.judge import Judge
from models.authenticity.settings import Authenticity
from models.statistics.intervals import Estimate
from models.times import MINUTE
from simulations import fraud, honest
from simulations.posts import Acts, Ints, arrive, interactions, joined, publish, scattered

_BATCH = 2000
_BLOCKERS = 0.1
"""The share of people whose impressions nobody hears of."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A campaign: what each interaction truly is, whose it is, and the reason it was accused or noted for."""

    origins: Ints
    persons: Ints
    reasons: Ints
    noted: Ints

    @property
    def honest(self) -> npt.NDArray[np.bool_]:
        """Mark what people did by themselves."""
        return self.origins < fraud.FIRST


def campaigns(seed: int, size: int, many: int, by: Authenticity) -> Iterator[Judged]:
    """Draw and judge campaigns of about so many interactions."""
    for number in range(many):
        chance = np.random.default_rng((seed, size, number))
        posts = publish(chance)
        planted = fraud.fraud(chance, posts, size)
        rest = max(size // 2, size - len(planted.times))
        yield judge(chance, arrive(chance, joined([honest.honest(chance, posts, rest), planted])), by)


def judge(chance: Generator, sent: Acts, by: Authenticity) -> Judged:
    """Judge interactions, after the impressions of those who saw something: of honest people most."""
    judged, lines = Judge(lambda _: by), interactions(sent)
    people = np.unique(sent.persons[sent.origins < fraud.FIRST])
    known = scattered(people[chance.random(len(people)) > _BLOCKERS])
    reasons, noted = [], []
    for start in range(0, len(sent.times), _BATCH):
        part = slice(start, start + _BATCH)
        latest = int(lines.times[part].max()) + MINUTE
        shown = known if not start else np.full(1, NO_HASH + 1, np.uint64)
        zeros = np.zeros(len(shown), np.int64)
        judged.expose(zeros, shown, zeros + latest, zeros + 1)
        verdicts = judged.judge(lines.at(part))
        reasons.append(verdicts.reasons)
        noted.append(verdicts.noted)
    return Judged(
        sent.origins,
        sent.persons,
        np.concatenate(reasons).astype(np.int64),
        np.concatenate(noted).astype(np.int64),
    )


def found(judged: Sequence[Judged], reason: str, origin: int) -> Estimate:
    """Return the share of what was planted that a rule finds, of its origin."""
    return _share(judged, [_by(one, reason)[one.origins == origin] for one in judged], origin)


def accused(judged: Sequence[Judged], reason: str | None, origin: int | None = None) -> Estimate:
    """Return the share of honest interactions, of one origin or all, that a rule (None: any) accuses."""
    chosen = [one.honest if origin is None else one.origins == origin for one in judged]
    return _share(
        judged, [_by(one, reason)[which] for one, which in zip(judged, chosen, strict=True)], origin
    )


def found_at_all(judged: Sequence[Judged]) -> Estimate:
    """Return the share of all that was planted that any rule finds."""
    return _share(judged, [_by(one, None)[~one.honest] for one in judged], None)


def _by(one: Judged, reason: str | None) -> npt.NDArray[np.bool_]:
    """Mark what a rule accuses or reports; None: what any rule accuses."""
    if reason is None:
        hits: npt.NDArray[np.bool_] = one.reasons != 0
    else:
        hits = (one.reasons == NUMBER[reason]) | (one.noted == NUMBER[reason])
    return hits


def _share(judged: Sequence[Judged], hits: Sequence[npt.NDArray[np.bool_]], origin: int | None) -> Estimate:
    """Return a share with 95 % bounds: campaigns are independent, the interactions of one are not."""
    of, counts = (np.array([function(one) for one in hits], np.float64) for function in (np.sum, np.size))
    if not counts.sum():
        return Estimate(float("nan"), float("nan"), float("nan"))
    share = float(of.sum() / counts.sum())
    if share in (0.0, 1.0):
        return _certain(share, _persons(judged, origin))
    apart = of - share * counts
    error = float(np.sqrt(len(hits) / (len(hits) - 1) * (apart**2).sum()) / counts.sum())
    reach = float(student.ppf(0.975, len(hits) - 1)) * error
    return Estimate(share, max(0.0, share - reach), min(1.0, share + reach))


def _certain(share: float, persons: int) -> Estimate:
    """Bound a share of none or all by the people who might have differed (the rule of three)."""
    doubt = min(1.0, 3.7 / max(1, persons))
    return Estimate(share, max(0.0, share - doubt), min(1.0, share + doubt))


def _persons(judged: Sequence[Judged], origin: int | None) -> int:
    of = [one.persons[one.honest if origin is None else one.origins == origin] for one in judged]
    return sum(len(np.unique(persons)) for persons in of)
