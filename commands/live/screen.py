"""The whole picture: title, state of the workers, the screen itself, and the keys."""

from rich.console import Group, RenderableType
from rich.text import Text

from commands.live.cells import LEGEND, SIGNS, ago
from commands.live.comparison import about_part, comparison
from commands.live.kpi_screen import about_kpi, kpi_screen
from commands.live.overview import about_selected, overview
from commands.live.scene import Scene
from commands.live.view import KPI_SCREEN, OVERVIEW, View
from models.kpis.catalogue import kpi
from models.windows import WINDOW_NAMES

SMALLEST = (50, 12)
_LAGGING = 1000
_MOST_WORKERS = 3
_HELP = f"""\
↑ ↓  j k  PgUp PgDn  g G    select a row
Enter  →                    go into it: campaign, influencers, contents
1 to 9                      go into that campaign; inside one, to that tab
Esc  ←  Backspace           go back
Tab                         next tab
w                           next window: {", ".join(WINDOW_NAMES)}
s  r                        sort by the next figure; turn the order round
q  Ctrl-C                   end

✓ ✗   the figure over the flight likely keeps its threshold, or is beyond it
?     too early to say: it may be on either side of the threshold,
      or the sample is smaller than the campaign file asks for
~     few: the sample is too small for the figure to say much, or a share is above all
▲ ▼   likely to overspend, or to underspend, by the end of the flight
≥     no conversion yet: one will cost at least this
least/max  below a CPA: it likely is at least this; its maximum
–     no figure: nothing to divide by, or its inputs are not known
grey  old: no worker shows the campaign just now
"""


def draw(scene: Scene) -> RenderableType:
    """Draw a moment that fills the height of the terminal."""
    if scene.width < SMALLEST[0] or scene.height < SMALLEST[1]:
        return Text(f"The window is too small: {SMALLEST[0]}×{SMALLEST[1]} at least. q ends.")
    top = [_title(scene), *_workers(scene)]
    if scene.view.tabs:
        top.append(_tabs(scene.view))
    foot = [_keys(scene)]
    body = _help() if scene.view.help else _body(scene, scene.height - len(top) - len(foot))
    room = scene.height - len(top) - len(foot)
    blank = [Text()] * max(0, room - len(body))
    return Group(*(_one_line(text, scene.width) for text in [*top, *body[:room], *blank, *foot]))


def _one_line(text: Text, width: int) -> Text:
    text.no_wrap, text.overflow = True, "ellipsis"
    text.truncate(width)
    return text


def _help() -> list[Text]:
    return [Text(line) for line in ["", *_HELP.splitlines()]]


def _body(scene: Scene, height: int) -> list[Text]:
    """Draw the screen, and below it as much as fits of the text on the selected row."""
    said = {OVERVIEW: about_selected, KPI_SCREEN: about_kpi}.get(scene.view.screen, about_part)(scene)
    words = said[: max(0, min(7, height // 2 - 2))]
    legend = [Text(LEGEND, style="dim")] if height >= 14 else []
    rule = [Text("─" * scene.width, style="dim")] if words else []
    room = height - len(rule) - len(words) - len(legend)
    screens = {OVERVIEW: overview, KPI_SCREEN: kpi_screen}
    lines = screens.get(scene.view.screen, comparison)(scene, room) if _something(scene) else _empty(scene)
    return [*lines[:room], *[Text()] * max(0, room - len(lines)), *rule, *words, *legend]


def _something(scene: Scene) -> bool:
    return bool(scene.pages) if scene.view.screen == OVERVIEW else scene.page is not None


def _empty(scene: Scene) -> list[Text]:
    if not any(worker.answered_at for worker in scene.memory.workers.values()):
        return [
            Text(),
            Text(
                "Waiting for a worker. `kpis up` or `kpis worker` starts one; --from HOST:PORT names another."
            ),
        ]
    what = (
        f"No worker shows the campaign {scene.view.campaign}"
        if scene.view.campaign
        else "No campaign is shown"
    )
    return [
        Text(),
        Text(f"{what} now: the workers are not ready, or it is not registered (`kpis campaigns list`)."),
    ]


def _title(scene: Scene) -> Text:
    view = scene.view
    parts = ["Campaigns"]
    if view.scope is not None:
        page = scene.page
        parts += [page.name if page else view.scope.ids[0], *view.scope.ids[1:]]
    left = Text(" ▸ ".join(parts), style="bold cyan", no_wrap=True, overflow="ellipsis")
    right = Text(f"{view.window}{_order(view)} · {scene.clock(scene.now.timestamp())}", style="dim")
    left.truncate(max(1, scene.width - right.cell_len - 2))
    return left.append(" " * max(2, scene.width - left.cell_len - right.cell_len)).append_text(right)


def _order(view: View) -> str:
    key = view.sorted_by
    if not key:
        return ""
    if key == "worst":
        return " · best first" if view.turned else " · worst first"
    if key == "name":
        return f" · by name, {'Z to A' if view.turned else 'A to Z'}"
    entry = kpi(key)
    lowest = (entry.direction == "down") != view.turned
    return f" · by {entry.short}, {'lowest' if lowest else 'highest'} first"


def _workers(scene: Scene) -> list[Text]:
    """Say which workers do not answer and since when; otherwise how many there are."""
    workers = list(scene.memory.workers.values())
    troubled = [worker for worker in workers if worker.problem]
    lines = []
    for worker in troubled[:_MOST_WORKERS]:
        last = f", last read {scene.clock(worker.answered_at)}" if worker.answered_at else ""
        lines.append(Text(f"{SIGNS['beyond']} {worker.problem}{last}", style="red"))
    if len(troubled) > _MOST_WORKERS:
        lines.append(Text(f"{SIGNS['beyond']} and {len(troubled) - _MOST_WORKERS} more", style="red"))
    for worker in workers:
        if worker.recovering and not worker.problem:
            what = f"… {worker.address} restores {worker.recovering:,.0f} partitions"
            lines.append(Text(f"{what}; their campaigns come back then", style="yellow"))
    return lines or [_all_well(scene)]


def _all_well(scene: Scene) -> Text:
    workers = scene.memory.workers.values()
    lag = sum(worker.lag for worker in workers)
    answered = sum(worker.answered_at is not None for worker in workers)
    if not answered:
        return Text(f"reading {', '.join(scene.memory.workers)}…", style="dim")
    text = Text(f"● {answered} worker{'s' if answered > 1 else ''}", style="green")
    if lag >= _LAGGING:
        text.append(f" · {lag:,.0f} records wait to be counted", style="yellow")
    ages = [age for name in scene.pages if (age := scene.age(name)) is not None]
    if ages:
        text.append(f" · {len(ages)} no longer shown by any, for {ago(min(ages))} and more", style="yellow")
    return text


def _tabs(view: View) -> Text:
    text = Text()
    for number, screen in enumerate(view.tabs, start=1):
        name = "KPIs" if screen == KPI_SCREEN else screen.capitalize()
        text.append(f" {number} {name} ", style="reverse" if screen == view.screen else "dim").append(" ")
    return text


def _keys(scene: Scene) -> Text:
    view = scene.view
    if view.help:
        keys = [("any key", "back"), ("q", "quit")]
    else:
        keys = [("↑↓", "move"), ("Enter" if view.back else "Enter 1–9", "open")]
        keys += [("Esc", "back")] if view.back else []
        keys += [("?", "help"), ("q", "quit"), ("w", "window")]
        keys += [("s", "sort"), ("r", "turn")] if view.sorted_by else []
        keys += [("Tab", "tabs")] if len(view.tabs) > 1 else []
    text = Text()
    for key, what in keys:
        text.append(key, style="bold").append(f" {what}  ", style="dim")
    return text
