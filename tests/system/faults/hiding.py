"""How long each act hid the campaigns of the worker acted upon, and those of others, and what it may."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from tests.system.faults.lookout import Lookout
from tests.system.faults.sightings import Act


@dataclass(frozen=True)
class Hiding:
    """The longest times, in seconds, that an act hid a campaign.

    `own`: of the worker acted upon, before or after. `stall`: by how much the looks came late meanwhile.
    """

    act: str
    own: float
    others: float
    stall: float


@dataclass(frozen=True)
class Summary:
    """The acts of a kind: how many, how long the worst of them hid a campaign, and the median."""

    act: str
    times: int
    own_hidden: str
    others_hidden: str
    looks_late_by: str


def hidings(lookout: Lookout, acts: Iterable[Act]) -> list[Hiding]:
    """Say of each act how long it hid campaigns."""
    listed = list(acts)
    return [_hiding(lookout, listed, number) for number in range(len(listed))]


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
            _spread([one.others for one in each]),
            f"{max(one.stall for one in each):.2f}",
        )
        for kind, each in kinds.items()
    ]


def _spread(seconds: list[float]) -> str:
    """Write the longest time, and the one in the middle where there are several."""
    middle = f" ({median(seconds):.1f})" if len(seconds) > 1 else ""
    return f"{max(seconds):.1f}{middle}"


def _hiding(lookout: Lookout, acts: list[Act], number: int) -> Hiding:
    act = acts[number]
    until = acts[number + 1].began if number + 1 < len(acts) else lookout.now()
    gaps = [gap for gap in lookout.sightings.gaps if act.began <= gap.noticed < until]
    own = [gap.seconds for gap in gaps if act.own(gap)]
    others = [gap.seconds for gap in gaps if not act.own(gap)]
    # A look that came late may have made a gap longer at both of its ends.
    stall = lookout.stall(act.began, max([until, *(gap.ended for gap in gaps)]))
    looks = "" if lookout.closely else ", long pages"
    return Hiding(f"{act.kind}{looks}", max(own, default=0.0), max(others, default=0.0), stall)
