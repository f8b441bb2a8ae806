"""The KPI catalogue: each KPI once, with its names, meaning, unit and formula.

The exporter's metrics, their help texts and docs/metrics.md are made from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from models import kpis
from models.kpis import Figures
from models.leaf import ScopeName

Unit = Literal["persons", "events", "ratio", "money"]
Stage = Literal["visibility", "interaction", "conversion", "brand", "efficiency"]
Direction = Literal["up", "down", "neutral"]
Value = float | Mapping[str, float] | None

ALL_SCOPES: tuple[ScopeName, ...] = ("campaign", "influencer", "content", "channel")
NOT_CONTENT: tuple[ScopeName, ...] = ("campaign", "influencer", "channel")


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    `id` is the metric's name without its scope; `label` names what its values are told apart by, beside
    scope, window and currency; `values` lists what the label may say; `smallest_sample` says in words
    below which count the figure misleads.
    """

    id: str
    english: str
    french: str
    definition: str
    formula: str
    unit: Unit
    stage: Stage
    direction: Direction
    smallest_sample: str
    compute: Callable[[Figures], Value]
    label: str | None = None
    values: tuple[str, ...] = ()
    scopes: tuple[ScopeName, ...] = ALL_SCOPES


INTERACTION_KINDS = (
    "click",
    "like",
    "comment",
    "share",
    "save",
    "follow",
    "mention",
    "reply",
    "reaction",
)
CONVERSION_KINDS = ("purchase", "signup", "download", "quote_request", "other")

KPIS: tuple[Kpi, ...] = (
    Kpi(
        "reach_persons", "Reach", "Portée",
        "Distinct persons exposed to the content, as far as events carry a person who consented.",
        "distinct usable person_id of valid impressions", "persons", "visibility", "up", "none",
        kpis.reach,
    ),
    Kpi(
        "identified_impressions_ratio", "Identified impressions", "Impressions identifiées",
        "Share of the impressions that carry a usable person: how far reach can be trusted.",
        "identified impressions ÷ impressions", "ratio", "visibility", "up", "100 impressions",
        kpis.identified_share, scopes=NOT_CONTENT,
    ),
    Kpi(
        "impressions", "Impressions", "Impressions",
        "Total exposures.",
        "Σ count of valid impressions", "events", "visibility", "up", "none",
        kpis.impressions,
    ),
    Kpi(
        "frequency_ratio", "Frequency", "Fréquence",
        "How often a reached person was exposed on average.",
        "identified impressions ÷ reach", "ratio", "visibility", "neutral", "100 persons",
        kpis.frequency, scopes=NOT_CONTENT,
    ),
    Kpi(
        "video_views", "Video views", "Vues de vidéo",
        "Views of videos as the platform counts them; no interactions.",
        "Σ count of engagements of kind video_view", "events", "visibility", "up", "none",
        kpis.video_views,
    ),
    Kpi(
        "engagement_ratio", "Engagement rate", "Taux d'engagement",
        "Interactions by person reached.",
        "interactions ÷ reach", "ratio", "interaction", "up", "100 persons",
        kpis.engagement_rate,
    ),
    Kpi(
        "interactions", "Interactions", "Interactions",
        "Likes, comments, shares and other reactions, and link clicks.",
        "Σ count of engagements other than video_view, and of clicks", "events", "interaction", "up", "none",
        kpis.interactions_by_kind, label="kind", values=INTERACTION_KINDS,
    ),
    Kpi(
        "clicks", "Link clicks", "Clics",
        "Clicks on the campaign's links.",
        "Σ count of valid clicks", "events", "interaction", "up", "none",
        kpis.clicks,
    ),
    Kpi(
        "ctr_ratio", "Click-through rate (CTR)", "Taux de clics (CTR)",
        "Link clicks by impression.",
        "clicks ÷ impressions", "ratio", "interaction", "up", "1000 impressions",
        kpis.ctr,
    ),
    Kpi(
        "conversions", "Conversions", "Conversions",
        "Distinct confirmed orders, sign-ups and other goals, less cancelled ones.",
        "distinct orders − cancelled orders", "events", "conversion", "up", "none",
        kpis.conversions_by_kind, label="kind", values=CONVERSION_KINDS,
    ),
    Kpi(
        "revenue", "Revenue", "Chiffre d'affaires",
        "Revenue of the conversions, net of refunds and cancellations.",
        "Σ revenue − Σ refunds", "money", "conversion", "up", "none",
        kpis.revenue,
    ),
    Kpi(
        "invested", "Invested", "Investissement",
        "What the campaign has cost in the window: fees accrued and costs by result.",
        "accrued flat fees and spend + CPM, CPC, CPA and revenue shares", "money", "efficiency", "neutral",
        "none",
        kpis.invested,
    ),
    Kpi(
        "cpa", "Cost per acquisition (CPA)", "Coût par acquisition (CPA)",
        "What one conversion has cost.",
        "invested ÷ conversions", "money", "conversion", "down", "20 conversions",
        kpis.cpa,
    ),
    Kpi(
        "roi_ratio", "Return on investment (ROI)", "Retour sur investissement (ROI)",
        "Net gain by unit invested; −1 where nothing came back.",
        "(revenue − invested) ÷ invested", "ratio", "conversion", "up", "20 conversions",
        kpis.roi, scopes=NOT_CONTENT,
    ),
    Kpi(
        "cpe", "Cost per engagement (CPE)", "Coût par engagement (CPE)",
        "What one interaction has cost.",
        "invested ÷ interactions", "money", "efficiency", "down", "100 interactions",
        kpis.cpe,
    ),
    Kpi(
        "cpm", "Cost per mille (CPM)", "Coût pour mille (CPM)",
        "What a thousand impressions have cost.",
        "invested ÷ impressions × 1000", "money", "efficiency", "down", "1000 impressions",
        kpis.cpm,
    ),
    Kpi(
        "emv", "Earned media value (EMV)", "Valeur média acquise (EMV)",
        "What the actions would have cost as advertising, by the campaign's rate card.",
        "Σ rate × actions (impressions per 1000)", "money", "efficiency", "up", "none",
        kpis.emv,
    ),
    Kpi(
        "emv_to_invested_ratio", "EMV to invested", "EMV sur investissement",
        "Earned media value by unit invested; no return in money.",
        "EMV ÷ invested", "ratio", "efficiency", "up", "none",
        kpis.emv_to_invested, scopes=NOT_CONTENT,
    ),
)  # fmt: skip


def kpi(identifier: str) -> Kpi:
    """Find a KPI by its id."""
    return next(entry for entry in KPIS if entry.id == identifier)
