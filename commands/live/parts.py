"""A campaign's influencers, contents, channels or formats side by side, ranked by a KPI."""

from collections.abc import Mapping

from commands.kpi_format import full
from commands.live.cells import Cell, Column, Row, Table, bounds_text, figure_cell, kpi_column, old
from commands.live.judging import SIGNS, part_verdict
from commands.live.memory import Known, Memory
from commands.live.ranking import NAME, rank
from commands.live.sentences import Line
from commands.printable import printable
from models.kpis import catalogue
from models.kpis.catalogue import kpi
from models.kpis.kpi import Kpi
from models.readings.figure import NOTHING, Limit
from models.readings.views import Part
from models.scopes import LABELS, SCOPES, ScopeName
from models.windows import WINDOWS_OF, WindowName

PARTS: tuple[ScopeName, ...] = tuple(scope.name for scope in SCOPES if scope.name != "campaign")
TITLES = {scope.name: scope.title.english for scope in SCOPES}
PLURALS = {scope.name: scope.plural.english for scope in SCOPES}
FIRST_SORT = "conversions"
_LEAST_NAME, _MOST_NAME = 12, 40
_WIDTHS = {"count": 7, "money": 9, "number": 7, "percent": 7, "signed": 7, "signed percent": 7}


def window_of(scope: ScopeName, wanted: WindowName) -> WindowName:
    """Return the window that a scope is shown over: the one wanted, else the shortest that it has."""
    return wanted if wanted in WINDOWS_OF[scope] else WINDOWS_OF[scope][0]


def kpis_of(scope: ScopeName, sort: str) -> list[Kpi]:
    """List what is shown of parts: the KPI that they are ranked by, then those that compare at a glance."""
    here = [entry for entry in catalogue.KPIS if scope in entry.scopes]
    first = [entry for entry in here if entry.id == sort]
    return first + [entry for entry in here if entry.headline and entry.id != sort]


def sorts_of(scope: ScopeName) -> list[str]:
    """List what parts may be ranked by."""
    return [*(entry.id for entry in catalogue.KPIS if scope in entry.scopes), NAME]


def part_ids(scope: ScopeName, part: Part) -> tuple[str, ...]:
    """Return the ids of a part within its campaign."""
    return tuple(getattr(part, label) for label in LABELS[scope][1:])


def part_name(scope: ScopeName, part: Part) -> str:
    """Name a part as it is printed: a content after its influencer."""
    return printable("/".join(part_ids(scope, part)))


def ranked(known: Known | None, scope: ScopeName, sort: str, turned: bool) -> list[Part]:
    """List a campaign's parts of a scope in their order."""
    scopes = known.campaign.scopes if known else None
    found = sorted((scopes or {}).get(scope, []), key=lambda part: part_ids(scope, part))
    if sort == NAME:
        return found[::-1] if turned else found
    return rank(found, sort, turned, lambda part: part.kpis)


def limits_of(known: Known | None) -> Mapping[str, Limit]:
    """Return a campaign's thresholds by KPI."""
    kpis = known.campaign.kpis if known else {}
    return {name: figure.threshold for name, figure in kpis.items() if figure.threshold}


def parts_table(
    memory: Memory, name: str, scope: ScopeName, window: WindowName, sort: str, turned: bool, now: float
) -> Table:
    """Lay out the parts of a campaign, a row each."""
    known = memory.parts(name, window)
    parts = ranked(known, scope, sort, turned)
    longest = max((len(part_name(scope, part)) for part in parts), default=0)
    entries = kpis_of(scope, sort)
    bounded = [
        entry for entry in entries if entry.id == sort and entry.label is None and entry.is_bounded(scope)
    ]
    columns = (
        Column(NAME, TITLES[scope], max(_LEAST_NAME, min(longest, _MOST_NAME)), right=False),
        *(kpi_column(entry.id, max(_WIDTHS[entry.form], len(entry.narrow) + 2)) for entry in entries[:1]),
        *(Column("bounds", "95 % bounds", 17) for _ in bounded),
        *(kpi_column(entry.id, max(_WIDTHS[entry.form], len(entry.narrow))) for entry in entries[1:]),
    )
    limits = limits_of(known)
    rows = [_row(scope, part, entries, bounded, limits) for part in parts]
    is_old = known is not None and memory.age(known, now) is not None
    return Table(columns, tuple(old(row) if is_old else row for row in rows))


def _row(
    scope: ScopeName, part: Part, entries: list[Kpi], bounded: list[Kpi], limits: Mapping[str, Limit]
) -> Row:
    figures = [
        figure_cell(entry, part.kpis.get(entry.id, NOTHING), part_verdict(entry, part, limits.get(entry.id)))
        for entry in entries
    ]
    bounds = [Cell(bounds_text(entry, part.kpis.get(entry.id, NOTHING)), "dim") for entry in bounded]
    key = "\0".join(part_ids(scope, part))
    return Row(key, (Cell(part_name(scope, part), "strong"), figures[0], *bounds, *figures[1:]))


def about_part(memory: Memory, name: str, scope: ScopeName, window: WindowName, key: str) -> list[Line]:
    """Put the figures of a part beside the campaign's thresholds."""
    known = memory.parts(name, window)
    part = next(
        (one for one in ranked(known, scope, NAME, False) if "\0".join(part_ids(scope, one)) == key), None
    )
    if known is None or part is None:
        return []
    currency = printable(known.campaign.currency)
    money = [kpi("invested"), kpi("revenue")]
    told = [
        f"{entry.name.english} {full(part.kpis.get(entry.id, NOTHING).value, entry.form, currency)}"
        for entry in money
    ]
    lines = [Line(" · ".join([part_name(scope, part), *told]), "strong")]
    for identifier, limit in limits_of(known).items():
        entry, figure = kpi(identifier), part.kpis.get(identifier, NOTHING)
        if figure == NOTHING:
            continue
        said = part_verdict(entry, part, limit)
        between = bounds_text(entry, figure)
        kind = "maximum" if limit.bound == "max" else "minimum"
        text = f"{entry.short} {full(figure.value, entry.form, currency)}"
        text += f", 95 % bounds {between}" if between else ""
        text += f"; the campaign's {kind} is {full(limit.value, entry.form, currency)}."
        lines.append(Line(f"{SIGNS[said]} {text}".strip(), said or "dim"))
    return lines
