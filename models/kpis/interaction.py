"""What people did with what they saw."""

from models.kinds import INTERACTIONS
from models.kpis import formulas, methods
from models.kpis.kpi import Kpi, Sample, Threshold
from models.scopes import DETAILED_SCOPES
from models.words import Words

KPIS: tuple[Kpi, ...] = (
    Kpi(
        id="engagement_ratio",
        name=Words("Engagement rate", "Taux d'engagement"),
        heading="Eng.",
        headline=True,
        meaning=Words(
            "Interactions by person reached, by all impressions.",
            "Interactions par personne touchée, toutes impressions comprises.",
        ),
        formula=Words("interactions ÷ estimated reach", "interactions ÷ portée estimée"),
        compute=formulas.engagement_rate,
        unit="ratio",
        form="percent",
        stage="interaction",
        direction="up",
        sample=Sample("estimated_reach_persons", 100, Words("persons", "personnes")),
        threshold=Threshold("engagement", "min", least=0),
        bounds=methods.ENGAGEMENT,
        always=methods.ENGAGEMENT_ALWAYS,
    ),
    Kpi(
        id="interactions",
        name=Words("Interactions", "Interactions"),
        meaning=Words(
            "Likes, comments, shares and other reactions, and link clicks.",
            "Mentions j'aime, commentaires, partages, autres réactions, et clics sur les liens.",
        ),
        formula=Words(
            "Σ count of engagements other than video_view, and of clicks",
            "Σ count des interactions autres que video_view, et des clics",
        ),
        compute=formulas.interactions_by_kind,
        unit="events",
        form="count",
        stage="interaction",
        direction="up",
        label="kind",
        kinds=INTERACTIONS,
        bounds=methods.INTERACTIONS,
    ),
    Kpi(
        id="share_ratio",
        name=Words("Share rate", "Taux de partage"),
        meaning=Words(
            "Share of the interactions that pass the content on.",
            "Part des interactions qui transmettent le contenu.",
        ),
        formula=Words("shares ÷ interactions", "partages ÷ interactions"),
        compute=formulas.share_rate,
        unit="ratio",
        form="percent",
        stage="interaction",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("interactions", 100, Words("interactions", "interactions")),
    ),
    Kpi(
        id="clicks",
        name=Words("Link clicks", "Clics"),
        meaning=Words("Clicks on the campaign's links.", "Clics sur les liens de la campagne."),
        formula=Words("Σ count of valid clicks", "Σ count des clics valides"),
        compute=formulas.clicks,
        unit="events",
        form="count",
        stage="interaction",
        direction="up",
        bounds=methods.CLICKS,
    ),
    Kpi(
        id="ctr_ratio",
        name=Words("Click-through rate (CTR)", "Taux de clics (CTR)"),
        abbreviation="CTR",
        headline=True,
        meaning=Words("Link clicks by impression.", "Clics par impression."),
        formula=Words("clicks ÷ impressions", "clics ÷ impressions"),
        compute=formulas.ctr,
        unit="ratio",
        form="percent",
        stage="interaction",
        direction="up",
        sample=Sample("impressions", 1000, Words("impressions", "impressions")),
        threshold=Threshold("ctr", "min", least=0),
        bounds=methods.CTR,
        always=methods.CTR_ALWAYS,
    ),
)
