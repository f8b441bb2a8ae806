"""The rules once more, from the whole history in plain Python: what the judge must say while nothing is full.

It shares the settings and the order of the rules with the judge, and no code that measures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, pstdev

from models.authenticity.texts import written
from models.times import DAY, HOUR, MINUTE, SECOND
from tests.unit.models.authenticity.acts import KINDS, UNJUDGED, Act

INTERACTIONS = set(KINDS) - {"video_view"}


@dataclass
class Case:
    """What was applied of one campaign."""

    latest: int = -(1 << 60)
    acts: list[Act] = field(default_factory=list)


def judged(acts: Sequence[Act]) -> list[str | None]:
    """Judge acts one by one by the default settings."""
    cases: dict[int, Case] = {}
    return [_verdict(act, cases.setdefault(act.campaign, Case())) for act in acts]


def _verdict(act: Act, case: Case) -> str | None:
    carries = ((act.who or act.says is not None) and not act.live) or act.agent >= 0
    if not carries or act.count != 1 or act.does not in INTERACTIONS:
        return UNJUDGED
    case.latest = max(case.latest, act.at)
    case.acts.append(act)
    floor = _floor(case.latest)
    if act.agent == 1:
        return "agent"
    if act.live:
        return None
    if act.at >= floor:
        if act.who and act.does != "reply":
            rhythm = _rhythm(act, case, floor)
            if rhythm:
                return rhythm
        if _is_copied(act, case, floor):
            return "copied_text"
    return "lockstep" if act.who and _partners(act, case) >= 2 else None


def _floor(latest: int) -> int:
    # Noon is a whole number of steps.
    return (latest // (6 * HOUR) - 4) * 6 * HOUR


def _floors(case: Case) -> list[int]:
    latest, floors = -(1 << 60), []
    for act in case.acts:
        latest = max(latest, act.at)
        floors.append(_floor(latest))
    return floors


def _remembered(acts: Sequence[Act], floor_before: Sequence[int]) -> list[Act]:
    """Return the acts of one entry that are left: it is let go whole where its latest is below the floor."""
    kept: list[Act] = []
    for act, floor in zip(acts, floor_before, strict=True):
        if kept and max(one.at for one in kept) < floor:
            kept = []
        kept.append(act)
    return kept


def _of(case: Case, chosen: Sequence[bool]) -> list[Act]:
    pairs = [
        (act, floor)
        for act, floor, choose in zip(case.acts, _floors(case), chosen, strict=True)
        if choose and act.at >= floor
    ]
    return _remembered([act for act, _ in pairs], [floor for _, floor in pairs])


def _rhythm(act: Act, case: Case, floor: int) -> str | None:
    own = _of(case, [one.who == act.who and one.does != "reply" and not one.live for one in case.acts])
    times = sorted(one.at for one in own)[-16:]
    if act.at in times:
        close = max(
            sum(start <= time < start + 10 * SECOND for time in times)
            for start in times
            if start <= act.at < start + 10 * SECOND
        )
        if close > 8:
            return "burst"
    if _hourly([one.at // (30 * MINUTE) for one in own]) > 60:
        return "burst"
    gaps = [later - earlier for earlier, later in pairwise(times)]
    if act.at in times and len(gaps) == 15 and 0 < sum(gaps) <= DAY and pstdev(gaps) / fmean(gaps) < 0.3:
        return "clockwork"
    return None


def _hourly(halves: Sequence[int]) -> int:
    """Count those of the last half hour and the one before, if the last to come is one of them."""
    last = max(halves)
    return sum(half >= last - 1 for half in halves) if halves[-1] >= last - 1 else 0


def _is_copied(act: Act, case: Case, floor: int) -> bool:
    text = written(act.says or "")
    if text.words < 4 or not text.compared:
        return False
    same = _of(
        case,
        [
            bool(one.who) and not one.live and written(one.says or "").compared == text.compared
            for one in case.acts
        ],
    )
    if act.who is None and same and max(one.at for one in same) < floor:
        return False
    times: dict[str, int] = {}
    for one in same:
        times[str(one.who)] = max(times.get(str(one.who), one.at), one.at)
    return sum(abs(time - act.at) < DAY for time in times.values()) >= 3


def _firsts(case: Case) -> dict[tuple[str, str], int]:
    """Return when each person first came to each content, in the order in which that was heard of."""
    firsts: dict[tuple[str, str], int] = {}
    for one in case.acts:
        if one.who and not one.live:
            firsts.setdefault((one.who, f"{one.of}|{one.on}"), one.at)
    return firsts


def _partners(act: Act, case: Case) -> int:
    firsts, place = _firsts(case), f"{act.of}|{act.on}"
    contents = {content for _, content in firsts}

    def together(one: str, other: str, content: str) -> bool:
        times = firsts.get((one, content)), firsts.get((other, content))
        return None not in times and abs(times[0] - times[1]) <= MINUTE  # type: ignore[operator]  # none is None

    others = {who for who, _ in firsts} - {act.who}
    return sum(
        together(str(act.who), other, place)
        and sum(together(str(act.who), other, content) for content in contents) >= 5
        for other in others
    )
