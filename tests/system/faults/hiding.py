"""How long each act hid the campaigns of the worker acted upon, and those of others, and what it may."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from tests.system.faults.lookout import Lookout
from tests.system.faults.sightings import Act, Gap

PLANNED = 2.0
"""Seconds that a campaign may be hidden while its worker is stopped, or it goes to another worker."""
KILLED = 13.0
"""Seconds that a campaign may be hidden whose worker is killed or frozen: a session, and three more."""
LIMITS = {
    "stop, start": PLANNED,
    "roll": PLANNED,
    "a worker more": PLANNED,
    "a worker less": PLANNED,
    "a stop that meets a rebalance": PLANNED,
    "a standby joins": PLANNED,
    "stop beside a standby": PLANNED,
    "kill beside a standby": KILLED,
    "kill, start within the session": KILLED,
    "kill, start later": KILLED,
    "freeze past the session": KILLED,
}
"""By kind of act; campaigns of others are not to be hidden at all."""


@dataclass(frozen=True)
class Hiding:
    """The longest times, in seconds, that an act hid a campaign.

    `own`: of the worker acted upon, before or after. `own_net` and `others_net` are without the time in which
    workers and looks waited for a processor meanwhile: so much is a busy machine's, and not the service's.
    """

    act: str
    own: float
    own_net: float
    others: float
    others_net: float


@dataclass(frozen=True)
class Summary:
    """The acts of a kind: how many, how long the worst of them hid a campaign, and the median."""

    act: str
    times: int
    own_hidden: str
    without_waits_for_a_processor: str
    others_hidden: str
    without_such: str


def hidings(lookout: Lookout, acts: Iterable[Act]) -> list[Hiding]:
    """Say of each act how long it hid campaigns."""
    listed = list(acts)
    return [_hiding(lookout, listed, number) for number in range(len(listed))]


def too_long(found: Iterable[Hiding]) -> list[str]:
    """Say which acts hid campaigns for longer than they may, waits for a processor left out."""
    return [
        f"{one.act} hid campaigns {whose} for {seconds:.1f} s, not {limit:.0f} at most, though waits for a "
        "processor are left out"
        for one in found
        if one.act in LIMITS
        for whose, seconds, limit in (
            ("of the worker acted upon", one.own_net, LIMITS[one.act]),
            ("of others", one.others_net, 0.0),
        )
        if seconds > limit
    ]


def summaries(found: Iterable[Hiding]) -> list[Summary]:
    """Gather acts by their kind, in the order in which kinds first came."""
    kinds: dict[str, list[Hiding]] = {}
    for each in found:
        kinds.setdefault(each.act, []).append(each)
    return [
        Summary(
            kind,
            len(each),
            _spread([one.own for one in each]),
            _spread([one.own_net for one in each]),
            _spread([one.others for one in each]),
            _spread([one.others_net for one in each]),
        )
        for kind, each in kinds.items()
    ]


def _spread(seconds: list[float]) -> str:
    """Write the longest time, and the median in brackets where there are several."""
    middle = f" ({median(seconds):.1f})" if len(seconds) > 1 else ""
    return f"{max(seconds):.1f}{middle}"


def _hiding(lookout: Lookout, acts: list[Act], number: int) -> Hiding:
    act = acts[number]
    until = acts[number + 1].began if number + 1 < len(acts) else lookout.now()
    gaps = [gap for gap in lookout.sightings.gaps if act.began <= gap.noticed < until]
    looks = "" if lookout.closely else ", looked at twice a second"
    own = _longest(lookout, [gap for gap in gaps if act.own(gap)])
    others = _longest(lookout, [gap for gap in gaps if not act.own(gap)])
    return Hiding(f"{act.kind}{looks}", *own, *others)


def _longest(lookout: Lookout, gaps: list[Gap]) -> tuple[float, float]:
    net = [gap.seconds - lookout.starved(gap.began, gap.ended) for gap in gaps]
    return max([0.0, *(gap.seconds for gap in gaps)]), max([0.0, *net])
