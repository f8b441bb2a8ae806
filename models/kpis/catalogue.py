"""The KPI catalogue: each KPI once, with its names, meaning, unit and formula.

The exporter's metrics, their help texts and docs/metrics.md are made from it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from models.kpis import bounds, formulas
from models.kpis.bounds import Bounds
from models.kpis.figures import Figures
from models.scopes import ScopeName

Unit = Literal["persons", "events", "ratio", "money"]
Stage = Literal["visibility", "interaction", "conversion", "brand", "efficiency"]
Direction = Literal["up", "down", "neutral"]
Value = float | Mapping[str, float] | None

ALL_SCOPES: tuple[ScopeName, ...] = ("campaign", "influencer", "content", "channel")
NOT_CONTENT: tuple[ScopeName, ...] = ("campaign", "influencer", "channel")
BOUNDED_SCOPES: tuple[ScopeName, ...] = ("campaign", "influencer")
PACING_TOLERANCE = 0.15
"""How far pacing may be from 1 before somebody is to look."""
SAMPLES = {
    "cpa": "conversions",
    "engagement": "reach_persons",
    "ctr": "impressions",
    "roi": "conversions",
    "sentiment": "rated_mentions",
}
"""The KPI that counts the sample of another, by the name that thresholds have for that."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    `id` is the metric's name without its scope; `label` names what its values are told apart by, beside
    scope, window and currency; `values` lists what the label may say; `smallest_sample` says in words
    below which count the figure misleads. `bounds` tell how its 95 % bounds are made, where it has any, at
    `BOUNDED_SCOPES`; what is not `windowed` is the same in every window and has no such label.
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
    bounds: Bounds | None = None
    windowed: bool = True


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
POLARITIES = ("positive", "neutral", "negative")

KPIS: tuple[Kpi, ...] = (
    Kpi(
        "reach_persons", "Reach", "Portée",
        "Distinct persons exposed to the content, as far as events carry a person who consented.",
        "distinct usable person_id of valid impressions", "persons", "visibility", "up", "none",
        formulas.reach, bounds=bounds.REACH,
    ),
    Kpi(
        "identified_impressions_ratio", "Identified impressions", "Impressions identifiées",
        "Share of the impressions that carry a usable person: how far reach can be trusted.",
        "identified impressions ÷ impressions", "ratio", "visibility", "up", "100 impressions",
        formulas.identified_share, scopes=NOT_CONTENT,
    ),
    Kpi(
        "impressions", "Impressions", "Impressions",
        "Total exposures.",
        "Σ count of valid impressions", "events", "visibility", "up", "none",
        formulas.impressions, bounds=bounds.COUNT,
    ),
    Kpi(
        "frequency_ratio", "Frequency", "Fréquence",
        "How often a reached person was exposed on average.",
        "identified impressions ÷ reach", "ratio", "visibility", "neutral", "100 persons",
        formulas.frequency, scopes=NOT_CONTENT,
    ),
    Kpi(
        "target_reach_persons", "Target reach", "Portée sur cible",
        "Distinct persons of the target audience exposed, as far as impressions say who they are.",
        "distinct usable person_id of valid impressions whose audience fits the target", "persons",
        "visibility", "up", "none",
        formulas.target_reach, scopes=NOT_CONTENT, bounds=bounds.TARGET_REACH,
    ),
    Kpi(
        "target_coverage_ratio", "Target coverage", "Couverture de la cible",
        "Share of the target audience that was exposed.",
        "target reach ÷ size of the target audience", "ratio", "visibility", "up", "none",
        formulas.target_coverage, scopes=NOT_CONTENT, bounds=bounds.TARGET_COVERAGE,
    ),
    Kpi(
        "video_views", "Video views", "Vues de vidéo",
        "Views of videos as the platform counts them; no interactions.",
        "Σ count of engagements of kind video_view", "events", "visibility", "up", "none",
        formulas.video_views, bounds=bounds.COUNT,
    ),
    Kpi(
        "engagement_ratio", "Engagement rate", "Taux d'engagement",
        "Interactions by person reached.",
        "interactions ÷ reach", "ratio", "interaction", "up", "100 persons",
        formulas.engagement_rate, bounds=bounds.ENGAGEMENT,
    ),
    Kpi(
        "interactions", "Interactions", "Interactions",
        "Likes, comments, shares and other reactions, and link clicks.",
        "Σ count of engagements other than video_view, and of clicks", "events", "interaction", "up", "none",
        formulas.interactions_by_kind, label="kind", values=INTERACTION_KINDS, bounds=bounds.COUNT,
    ),
    Kpi(
        "clicks", "Link clicks", "Clics",
        "Clicks on the campaign's links.",
        "Σ count of valid clicks", "events", "interaction", "up", "none",
        formulas.clicks, bounds=bounds.COUNT,
    ),
    Kpi(
        "ctr_ratio", "Click-through rate (CTR)", "Taux de clics (CTR)",
        "Link clicks by impression.",
        "clicks ÷ impressions", "ratio", "interaction", "up", "1000 impressions",
        formulas.ctr, bounds=bounds.CTR,
    ),
    Kpi(
        "conversions", "Conversions", "Conversions",
        "Distinct confirmed orders, sign-ups and other goals, less cancelled ones.",
        "distinct orders − cancelled orders", "events", "conversion", "up", "none",
        formulas.conversions_by_kind, label="kind", values=CONVERSION_KINDS, bounds=bounds.COUNT,
    ),
    Kpi(
        "revenue", "Revenue", "Chiffre d'affaires",
        "Revenue of the conversions, net of refunds and cancellations.",
        "Σ revenue − Σ refunds", "money", "conversion", "up", "none",
        formulas.revenue,
    ),
    Kpi(
        "invested", "Invested", "Investissement",
        "What the campaign has cost in the window: fees accrued and costs by result.",
        "accrued flat fees and spend + CPM, CPC, CPA and revenue shares", "money", "efficiency", "neutral",
        "none",
        formulas.invested,
    ),
    Kpi(
        "cpa", "Cost per acquisition (CPA)", "Coût par acquisition (CPA)",
        "What one conversion has cost.",
        "invested ÷ conversions", "money", "conversion", "down", "20 conversions",
        formulas.cpa, bounds=bounds.CPA,
    ),
    Kpi(
        "roi_ratio", "Return on investment (ROI)", "Retour sur investissement (ROI)",
        "Net gain by unit invested; −1 where nothing came back.",
        "(revenue − invested) ÷ invested", "ratio", "conversion", "up", "20 conversions",
        formulas.roi, scopes=NOT_CONTENT,
    ),
    Kpi(
        "rated_mentions", "Rated mentions", "Mentions évaluées",
        "Comments, mentions and other engagements that carry a rating of their sentiment.",
        "Σ count of engagements that carry a sentiment", "events", "brand", "neutral", "none",
        formulas.rated_by_polarity, label="polarity", values=POLARITIES, scopes=NOT_CONTENT,
        bounds=bounds.COUNT,
    ),
    Kpi(
        "sentiment_ratio", "Net sentiment", "Sentiment net",
        "Positive less negative mentions by rated mention: from −1, all negative, to 1, all positive.",
        "(positive − negative) ÷ rated mentions", "ratio", "brand", "up", "30 rated mentions",
        formulas.sentiment, scopes=NOT_CONTENT, bounds=bounds.SENTIMENT,
    ),
    Kpi(
        "values_alignment_ratio", "Values alignment", "Adéquation aux valeurs",
        "How well the influencer fits the brand's values, by the campaign's scorecard; of the campaign, the "
        "mean over its scored influencers.",
        "Σ weight × score ÷ Σ weight ÷ 100 over the values scored", "ratio", "brand", "up", "none",
        formulas.values_alignment, scopes=("campaign", "influencer"), windowed=False,
    ),
    Kpi(
        "cpe", "Cost per engagement (CPE)", "Coût par engagement (CPE)",
        "What one interaction has cost.",
        "invested ÷ interactions", "money", "efficiency", "down", "100 interactions",
        formulas.cpe,
    ),
    Kpi(
        "cpm", "Cost per mille (CPM)", "Coût pour mille (CPM)",
        "What a thousand impressions have cost.",
        "invested ÷ impressions × 1000", "money", "efficiency", "down", "1000 impressions",
        formulas.cpm,
    ),
    Kpi(
        "emv", "Earned media value (EMV)", "Valeur média acquise (EMV)",
        "What the actions would have cost as advertising, by the campaign's rate card.",
        "Σ rate × actions (impressions per 1000)", "money", "efficiency", "up", "none",
        formulas.emv,
    ),
    Kpi(
        "emv_to_invested_ratio", "EMV to invested", "EMV sur investissement",
        "Earned media value by unit invested; no return in money.",
        "EMV ÷ invested", "ratio", "efficiency", "up", "none",
        formulas.emv_to_invested, scopes=NOT_CONTENT,
    ),
)  # fmt: skip


def kpi(identifier: str) -> Kpi:
    """Find a KPI by its id."""
    return next(entry for entry in KPIS if entry.id == identifier)
