"""Figures for programs: JSON in the shape of a worker's views, and CSV (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from commands.live.judging import part_verdict
from commands.live.memory import Known, Memory, Worker
from commands.live.overview import Choice, chosen
from commands.live.parts import limits_of, ranked
from commands.printable import printable
from models.kpis.catalogue import KPIS
from models.kpis.concerns import CONCERNS
from models.kpis.kpi import Kpi
from models.readings.figure import NOTHING, Figure
from models.readings.views import CampaignFigures, Kpis
from models.scopes import LABELS, ScopeName
from models.windows import WindowName

_WORDS = {1: "keeps", 0: "early", -1: "beyond", None: ""}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def document(memory: Memory, choice: Choice, campaign: str | None) -> dict[str, Any]:
    """Return everything that was read as a worker's view has it, of all workers together."""
    return {
        "window": choice.window,
        "workers": [_worker(worker) for worker in memory.workers.values()],
        "registered": max((worker.registered for worker in memory.workers.values()), default=0),
        "campaigns": [
            {**msgspec.to_builtins(one.campaign), "at": one.read_at, "worker": one.address}
            for one in _known(memory, choice, campaign)
        ],
    }


def _worker(worker: Worker) -> dict[str, Any]:
    if worker.problem is not None:
        return {"address": worker.address, "problem": worker.problem}
    return {"address": worker.address, "ready": worker.ready, "reason": worker.reason, "lag": worker.lag}


def _known(memory: Memory, choice: Choice, campaign: str | None) -> list[Known]:
    if campaign is None:
        return chosen(memory, choice)
    return [one for one in (memory.parts(campaign, choice.window),) if one is not None]


def campaigns_csv(memory: Memory, choice: Choice, campaign: str | None) -> str:
    """Write a row for each campaign, in the order chosen; or for one."""
    about = ["campaign", "name", "owner", "status", "currency", "budget", "window"]
    head = [*about, *(f"concern_{name}" for name in CONCERNS), *_kpi_heads("campaign")]
    return _written(
        head, (_campaign_row(one.campaign, choice.window) for one in _known(memory, choice, campaign))
    )


def _campaign_row(campaign: CampaignFigures, window: WindowName) -> list[str]:
    about = (campaign.id, campaign.name, campaign.owner, campaign.status, campaign.currency)
    concerns = (campaign.concerns.get(name) for name in CONCERNS)
    said = {entry.id: _WORDS[campaign.kpis.get(entry.id, NOTHING).verdict] for entry in KPIS}
    return [
        *map(_text, about), _number(campaign.budget), window, *(_WORDS[one] for one in concerns),
        *_kpi_cells("campaign", campaign.kpis, said),
    ]  # fmt: skip


def parts_csv(known: Known, scope: ScopeName, window: WindowName, sort: str) -> str:
    """Write a row for each part of a campaign, ranked by a KPI."""
    head = [*LABELS[scope], "currency", "window", *_kpi_heads(scope)]
    limits, campaign = limits_of(known), known.campaign
    rows = []
    for part in ranked(known, scope, sort, False):
        said = {entry.id: part_verdict(entry, part, limits.get(entry.id)) or "" for entry in KPIS}
        ids = (campaign.id, *(getattr(part, label) for label in LABELS[scope][1:]), campaign.currency)
        rows.append([*map(_text, ids), window, *_kpi_cells(scope, part.kpis, said)])
    return _written(head, rows)


def _shown(scope: ScopeName) -> Iterator[tuple[Kpi, bool, bool]]:
    """List a scope's KPIs, with whether they have bounds and verdicts there."""
    for entry in KPIS:
        if scope in entry.scopes:
            bounded = entry.is_bounded(scope) and entry.label is None
            yield entry, bounded, bounded and entry.threshold is not None


def _kpi_heads(scope: ScopeName) -> Iterator[str]:
    for entry, bounded, judged in _shown(scope):
        yield entry.id
        yield from (f"{entry.id}_{side}" for side in ("lower", "upper") if bounded)
        yield from (f"{entry.id}_verdict" for _ in range(judged))


def _kpi_cells(scope: ScopeName, kpis: Kpis, said: Mapping[str, str]) -> Iterator[str]:
    for entry, bounded, judged in _shown(scope):
        figure: Figure = kpis.get(entry.id, NOTHING)
        yield _number(figure.value)
        if bounded:
            yield from (_number(figure.lower), _number(figure.upper))
        if judged:
            yield said[entry.id]


def _text(text: str) -> str:
    """Write a name so that no spreadsheet runs it and no terminal obeys it."""
    shown = printable(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
