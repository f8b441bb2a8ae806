"""What is looked at, and what a key changes. Pure: others read the keys and draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.kpis.catalogue import kpi
from models.scopes import SCOPES, ScopeKey, ScopeName
from models.windows import FLIGHT, WINDOWS_OF, WindowName

Screen = str
"""The overview, the KPI screen, or a scope's plural in lower case: its keys side by side."""
Row = tuple[str, ...]
"""A row of a screen: the ids of the scope key that it shows, or the id of a KPI."""

OVERVIEW: Screen = "overview"
KPI_SCREEN: Screen = "kpis"
_SCREEN_OF: dict[ScopeName, Screen] = {
    scope.name: OVERVIEW if scope.name == "campaign" else scope.plural.english.lower() for scope in SCOPES
}
SCOPE_OF: dict[Screen, ScopeName] = {screen: scope for scope, screen in _SCREEN_OF.items()}
TABS: dict[ScopeName, tuple[Screen, ...]] = {
    scope.name: (KPI_SCREEN, *(_SCREEN_OF[part.name] for part in SCOPES if part.is_within(scope)))
    for scope in SCOPES
}
_COUNTS = ("conversions", "impressions", "reach_persons")
_RATES = ("engagement_ratio", "ctr_ratio", "roi_ratio", "sentiment_ratio")
_MONEY = ("cpa", "invested", "revenue", "emv")
_OF_PARTS = (*_COUNTS, *_MONEY, *_RATES, "values_alignment_ratio")
SORTS: dict[Screen, tuple[str, ...]] = {
    **{
        screen: (*(name for name in _OF_PARTS if scope in kpi(name).scopes), "name")
        for screen, scope in SCOPE_OF.items()
    },
    # No money: campaigns may have different currencies.
    OVERVIEW: ("worst", "name", "pacing_ratio", "budget_spent_ratio", *_RATES, *_COUNTS),
    KPI_SCREEN: (),
}
_PAGE = 10


@dataclass(frozen=True, slots=True)
class View:
    """A screen, the scope key that it is about (None: all campaigns), and how it is looked at.

    `sort` is an index into the screen's keys in `SORTS`; `back` is where Esc leads; `done` ends it all.
    """

    screen: Screen = OVERVIEW
    scope: ScopeKey | None = None
    wanted_window: WindowName = FLIGHT
    sort: int = 0
    turned: bool = False
    selected: Row | None = None
    help: bool = False
    back: "View | None" = None
    done: bool = False

    @property
    def windows(self) -> tuple[WindowName, ...]:
        """The windows of the scope that is shown."""
        return WINDOWS_OF[self._shown]

    @property
    def window(self) -> WindowName:
        """The window shown: the one wanted, or the shortest where the scope does not have that one."""
        return self.wanted_window if self.wanted_window in self.windows else self.windows[0]

    @property
    def sorted_by(self) -> str:
        """The key that rows are sorted by; empty where they are not sorted."""
        keys = SORTS[self.screen]
        return keys[self.sort % len(keys)] if keys else ""

    @property
    def tabs(self) -> tuple[Screen, ...]:
        """The screens of the scope key looked at."""
        return TABS[self.scope.name] if self.scope else ()

    @property
    def campaign(self) -> str | None:
        """The campaign that is looked into."""
        return self.scope.ids[0] if self.scope else None

    @property
    def _shown(self) -> ScopeName:
        if self.screen == KPI_SCREEN and self.scope is not None:
            return self.scope.name
        return SCOPE_OF[self.screen]


def into_campaign(campaign: str, window: WindowName = FLIGHT) -> View:
    """Return the view of a campaign, with the overview behind it."""
    overview = View(wanted_window=window)
    return replace(overview, screen=KPI_SCREEN, scope=ScopeKey("campaign", (campaign,)), back=overview)


def press(view: View, key: str, rows: Sequence[Row]) -> View:
    """Return the view after a key; `rows` are those on the screen, in their order."""
    if key == "q":
        return replace(view, done=True)
    if view.help or key == "?":
        return replace(view, help=not view.help)
    if key in ("up", "k", "down", "j", "pageup", "pagedown", "home", "g", "end", "G"):
        return _moved(view, key, rows)
    if key in ("esc", "backspace", "left", "h"):
        return view if view.back is None else replace(view.back, wanted_window=view.wanted_window)
    if key in ("enter", "right", "l"):
        return _into(view, selected_row(view, rows))
    if key in ("tab", "backtab") or key.isdigit():
        return _numbered(view, key, rows)
    return _rearranged(view, key)


def selected_row(view: View, rows: Sequence[Row]) -> Row | None:
    """Return the selected row: the chosen one while it exists, else the first."""
    if view.selected in rows:
        return view.selected
    return rows[0] if rows else None


def _moved(view: View, key: str, rows: Sequence[Row]) -> View:
    row = selected_row(view, rows)
    if row is None:
        return view
    steps = {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -_PAGE, "pagedown": _PAGE}
    steps |= {"home": -len(rows), "g": -len(rows), "end": len(rows), "G": len(rows)}
    index = min(max(rows.index(row) + steps[key], 0), len(rows) - 1)
    return replace(view, selected=rows[index])


def _into(view: View, row: Row | None) -> View:
    """Go one step deeper: from a row to its KPIs, from KPIs to the first of their parts."""
    if view.screen == KPI_SCREEN:
        return replace(_tab(view, view.tabs[1]), back=view) if len(view.tabs) > 1 else view
    if row is None:
        return view
    scope = ScopeKey(SCOPE_OF[view.screen], row)
    here = replace(view, selected=row)
    return View(KPI_SCREEN, scope, view.wanted_window, back=here)


def _numbered(view: View, key: str, rows: Sequence[Row]) -> View:
    if view.screen == OVERVIEW:
        chosen = int(key) - 1 if key.isdigit() else -1
        return _into(view, rows[chosen]) if 0 <= chosen < len(rows) else view
    if key.isdigit():
        return _tab(view, view.tabs[int(key) - 1]) if 0 < int(key) <= len(view.tabs) else view
    step = 1 if key == "tab" else -1
    return _tab(view, view.tabs[(view.tabs.index(view.screen) + step) % len(view.tabs)])


def _tab(view: View, screen: Screen) -> View:
    return view if screen == view.screen else View(screen, view.scope, view.wanted_window, back=view.back)


def _rearranged(view: View, key: str) -> View:
    if key == "w":
        windows = view.windows
        after = windows[(windows.index(view.window) + 1) % len(windows)]
        return replace(view, wanted_window=after)
    if key == "s" and SORTS[view.screen]:
        return replace(view, sort=(view.sort + 1) % len(SORTS[view.screen]), turned=False)
    if key == "r" and SORTS[view.screen]:
        return replace(view, turned=not view.turned)
    return view
