"""The table of a campaign shows what the catalogue names."""

from rich.console import Console

from commands.kpi_table import detail, overview
from commands.metrics_page import Sample
from models.kinds import names
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.windows import WINDOW_NAMES


def samples_of(entry: Kpi) -> list[Sample]:
    windows = [{"window": window} for window in WINDOW_NAMES] if entry.windowed else [{}]
    parts = [{entry.label: value} for value in names(entry.kinds)] if entry.label else [{}]
    return [
        Sample(f"kpi_campaign_{entry.id}", {"campaign": "glow", **window, **part}, 0.25)
        for window in windows
        for part in parts
    ]


def lines(*kpis: Kpi) -> list[str]:
    about = {"campaign": "glow", "name": "Glow", "currency": "EUR", "status": "running"}
    samples = [Sample("kpi_campaign_info", about, 1), *(one for kpi in kpis for one in samples_of(kpi))]
    console = Console(width=200, color_system=None)
    with console.capture() as capture:
        console.print(detail(samples, "glow"))
    return capture.get().splitlines()


def test_every_kpi_has_a_row() -> None:
    shown = "\n".join(lines(*KPIS))

    assert [kpi.name.english for kpi in KPIS if kpi.name.english not in shown] == []


def test_what_no_window_changes_stands_under_the_flight_alone() -> None:
    entry = kpi("values_alignment_ratio")

    (row,) = (line for line in lines(entry) if entry.name.english in line)

    cells = [cell.strip() for cell in row.strip("│┃ ").split("│")]
    rolling = ["–"] * (len(WINDOW_NAMES) - 1)
    assert cells == [entry.name.english, *rolling, "25.00%"]


def test_in_80_columns_the_campaigns_name_gives_way_and_no_figure() -> None:
    large = {
        "reach_persons": 126_800, "impressions": 251_300, "engagement_ratio": 0.139, "ctr_ratio": 0.0131,
        "conversions": 12_345, "invested": 167_000, "cpa": 1_405.25, "roi_ratio": -0.97,
    }  # fmt: skip
    own = {"campaign": "trailhead-packs"}
    info = Sample("kpi_campaign_info", own | {"name": "T", "currency": "EUR", "status": "running"}, 1)
    figures = [
        Sample(f"kpi_campaign_{name}", own | {"window": "flight"}, value) for name, value in large.items()
    ]
    console = Console(width=80)
    with console.capture() as captured:
        console.print(overview([info, *figures]))

    (row,) = (line for line in captured.get().splitlines() if "trail" in line)
    assert row.split()[1:] == [
        "126.8k",
        "251.3k",
        "13.9%",
        "1.31%",
        "12.3k",
        "167.0k",
        "1,405",
        "-97%",
        "EUR",
    ]
