"""Which rows a screen has, and in what order."""

from collections.abc import Mapping

from commands.live.judging import badness
from commands.live.page import CampaignPage
from commands.live.view import KPI_SCREEN, OVERVIEW, SCOPE_OF, Row, View
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import STAGES, Kpi
from models.scopes import ScopeKey


def rows_of(view: View, pages: Mapping[str, CampaignPage]) -> list[Row]:
    """List a view's rows in its order; absent figures come last in either direction."""
    if view.screen == KPI_SCREEN:
        return [(kpi.id,) for kpi in kpis_of(view)]
    if view.screen == OVERVIEW:
        placed = [(page, page.scope) for page in pages.values()]
    else:
        page = pages.get(view.campaign or "")
        placed = [(page, scope) for scope in parts_of(view, page)] if page else []
    return _sorted(view, sorted(placed, key=lambda one: one[1].ids))


def kpis_of(view: View) -> list[Kpi]:
    """List the KPIs of the scope looked at, by stage of the funnel."""
    here = [kpi for kpi in KPIS if view.scope is not None and view.scope.name in kpi.scopes]
    return sorted(here, key=lambda kpi: STAGES.index(kpi.stage))


def kpi_of(row: Row) -> Kpi:
    """Return the KPI of a row of the KPI screen."""
    return kpi(row[0])


def parts_of(view: View, page: CampaignPage) -> list[ScopeKey]:
    """List the keys of the screen's scope within what is looked at."""
    scopes = page.scopes(SCOPE_OF[view.screen])
    above = view.scope.ids if view.scope else ()
    return [scope for scope in scopes if scope.ids[: len(above)] == above]


def _sorted(view: View, placed: list[tuple[CampaignPage, ScopeKey]]) -> list[Row]:
    key = view.sorted_by
    if key == "name":
        return _turned(view, [scope.ids for _, scope in placed])
    if key == "worst":
        ranked = sorted(placed, key=lambda one: badness(one[0], view.window), reverse=True)
        return _turned(view, [scope.ids for _, scope in ranked])
    entry = kpi(key)
    valued = [(page.figure(entry, scope, view.window).value, scope.ids) for page, scope in placed]
    sign = 1 if entry.direction == "down" else -1
    there = sorted([(sign * value, ids) for value, ids in valued if value is not None])
    return _turned(view, [ids for _, ids in there]) + [ids for value, ids in valued if value is None]


def _turned(view: View, rows: list[Row]) -> list[Row]:
    return rows[::-1] if view.turned else rows
