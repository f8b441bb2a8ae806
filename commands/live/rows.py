"""Which rows a screen has, and in what order."""

from collections.abc import Mapping

from commands.live.judging import badness
from commands.live.page import CampaignPage
from commands.live.view import PLACES, Row, View
from models.kpis.catalogue import KPIS
from models.kpis.kpi import Kpi
from models.scopes import ScopeKey

BY_ID = {kpi.id: kpi for kpi in KPIS}


def rows_of(view: View, pages: Mapping[str, CampaignPage]) -> list[Row]:
    """List a view's rows in its order; absent figures come last, whichever way it is turned."""
    if view.screen == "kpis":
        return [(kpi.id,) for kpi in kpis_of(view)]
    if view.screen == "overview":
        placed = [(page, page.scope) for page in pages.values()]
    else:
        page = pages.get(view.campaign or "")
        placed = [(page, scope) for scope in parts_of(view, page)] if page else []
    return _sorted(view, sorted(placed, key=lambda place: place[1].ids))


def kpis_of(view: View) -> list[Kpi]:
    """List the KPIs of the place looked at, by stage of the funnel."""
    stages = ("visibility", "interaction", "conversion", "brand", "efficiency")
    here = [kpi for kpi in KPIS if view.scope is not None and view.scope.name in kpi.scopes]
    return sorted(here, key=lambda kpi: stages.index(kpi.stage))


def parts_of(view: View, page: CampaignPage) -> list[ScopeKey]:
    """List the influencers, contents or channels of the place looked at."""
    scopes = page.scopes(PLACES[view.screen])
    above = view.scope.ids if view.scope else ()
    return [scope for scope in scopes if scope.ids[: len(above)] == above]


def value_of(name: str, page: CampaignPage, scope: ScopeKey, view: View) -> float | None:
    """Give the figure of a column: a KPI, or one of the budget, which no window changes."""
    if name in BY_ID:
        return page.figure(BY_ID[name], scope, view.window).value
    return page.total(name, scope)


def _sorted(view: View, placed: list[tuple[CampaignPage, ScopeKey]]) -> list[Row]:
    key = view.sorted_by
    if key == "name":
        return _turned(view, [scope.ids for _, scope in placed])
    if key == "worst":
        ranked = sorted(placed, key=lambda place: badness(place[0], view.window), reverse=True)
        return _turned(view, [scope.ids for _, scope in ranked])
    valued = [(value_of(key, page, scope, view), scope.ids) for page, scope in placed]
    sign = 1 if key in BY_ID and BY_ID[key].direction == "down" else -1
    there = sorted([(sign * value, ids) for value, ids in valued if value is not None])
    return _turned(view, [ids for _, ids in there]) + [ids for value, ids in valued if value is None]


def _turned(view: View, rows: list[Row]) -> list[Row]:
    return rows[::-1] if view.turned else rows
