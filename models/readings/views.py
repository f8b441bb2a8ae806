"""What a worker answers to a screen: its campaigns side by side, or one of them with its parts.

Whoever reads an answer may decode it into these.
"""

import msgspec

from models.campaigns.campaign import Status
from models.kpis.concerns import Concern
from models.kpis.verdict import Verdict
from models.readings.figure import Figure
from models.scopes import ScopeName
from models.windows import WindowName

Kpis = dict[str, Figure]
"""Figures by the id of their KPI."""


class PipelineView(msgspec.Struct, frozen=True, omit_defaults=True):
    """The worker's health: partitions by state, records that wait, when the registry was read (Unix s)."""

    partitions: dict[str, int]
    lag: int
    registry_loaded: float | None = None


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An influencer, content, channel or format of a campaign, named by the fields that its scope has."""

    influencer: str = ""
    content: str = ""
    channel: str = ""
    format: str = ""
    kpis: Kpis


class CampaignFigures(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A campaign and its figures; times are Unix seconds, `budget` is in its currency."""

    id: str
    name: str
    owner: str
    currency: str
    status: Status
    starts: float
    ends: float
    budget: float | None = None
    concerns: dict[Concern, Verdict]
    kpis: Kpis
    scopes: dict[ScopeName, list[Part]] | None = None
    left_out: dict[ScopeName, int] | None = None


class Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every answer says of the worker, at a time in Unix seconds.

    Of the `registered` campaigns, `elsewhere` counts those that are to be shown, but not by this worker now.
    """

    at: float
    window: WindowName
    ready: bool
    reason: str
    pipeline: PipelineView
    registered: int
    elsewhere: int


class CampaignsView(Head, frozen=True, omit_defaults=True, kw_only=True):
    """The campaigns that a worker shows; `left_out` counts those beyond what an answer holds."""

    campaigns: list[CampaignFigures]
    left_out: int = 0


class CampaignView(Head, frozen=True, omit_defaults=True, kw_only=True):
    """One campaign with its parts."""

    campaign: CampaignFigures
