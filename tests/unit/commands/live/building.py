"""Views of workers, made of the few figures that a test is about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from commands.live.memory import Answer, Memory, remember, unread
from commands.worker_views import Query
from models.kpis.concerns import Concern
from models.kpis.verdict import Verdict
from models.readings.figure import Figure, Limit
from models.readings.views import CampaignFigures, CampaignsView, CampaignView, Part, PipelineView
from models.windows import FLIGHT, WindowName

NOW = datetime(2026, 11, 25, 12, 0, 30, tzinfo=UTC)
HERE, THERE = "10.0.0.1:9464", "10.0.0.2:9464"
READY = "ready: 3 partitions live"


def figure(value: float | None = None, verdict: Verdict | None = None, **more: Any) -> Figure:
    """Make a figure; one with a verdict has a threshold."""
    if verdict is not None and "threshold" not in more:
        more["threshold"] = Limit(bound="max", value=25, min_sample=20)
    return Figure(value=value, verdict=verdict, **more)


def campaign(
    identifier: str = "glow",
    kpis: Mapping[str, Figure | float] | None = None,
    *,
    concerns: Mapping[Concern, Verdict] | None = None,
    scopes: Mapping[str, list[Part]] | None = None,
    **about: Any,
) -> CampaignFigures:
    """Make a campaign; a number stands for a figure without more."""
    declared: dict[str, Any] = {
        "name": f"The {identifier}", "owner": "team", "currency": "EUR", "status": "running",
        "budget": 1000.0, "starts": NOW.timestamp() - 86_400, "ends": NOW.timestamp() + 86_400, **about,
    }  # fmt: skip
    return CampaignFigures(
        id=identifier, concerns=dict(concerns or {}), kpis=figures(kpis),
        scopes=dict(scopes) if scopes else None, **declared,
    )  # fmt: skip


def figures(kpis: Mapping[str, Figure | float] | None) -> dict[str, Figure]:
    """Make figures by KPI."""
    return {key: one if isinstance(one, Figure) else Figure(value=one) for key, one in (kpis or {}).items()}


def part(kpis: Mapping[str, Figure | float], **ids: str) -> Part:
    """Make an influencer, content, channel or format."""
    return Part(kpis=figures(kpis), **ids)


def head(window: WindowName = FLIGHT, **other: Any) -> dict[str, Any]:
    """Return what every answer says of its worker."""
    usual = {
        "at": NOW.timestamp(), "window": window, "ready": True, "reason": READY,
        "pipeline": PipelineView(partitions={"live": 3, "recovering": 0}, lag=0),
        "registered": 1, "elsewhere": 0,
    }  # fmt: skip
    return {**usual, **other}


def answer(
    *campaigns: CampaignFigures, query: Query | None = None, address: str = HERE, ago: float = 0, **other: Any
) -> Answer:
    """Make a worker's answer: all campaigns, or the one that was asked for."""
    query = query or Query()
    about = head(query.window, **other)
    view = (
        CampaignsView(**about, campaigns=list(campaigns))
        if query.campaign is None
        else CampaignView(**about, campaign=campaigns[0])
    )
    return Answer(address, NOW.timestamp() - ago, query, view)


def problem(address: str, ago: float = 0, query: Query | None = None) -> Answer:
    """Make the answer of a worker that does not answer."""
    said = f"No worker answers at {address} (Connection refused)"
    return Answer(address, NOW.timestamp() - ago, query or Query(), problem=said)


def seen(*answers: Answer, workers: Sequence[str] = (HERE,)) -> Memory:
    """Return what is known after these answers."""
    memory = unread(workers)
    for one in answers:
        memory = remember(memory, one)
    return memory
