"""What people think of it, and how it fits the brand."""

from models.kinds import POLARITIES
from models.kpis import formulas, methods
from models.kpis.kpi import Kpi, Sample, Threshold
from models.scopes import DETAILED_SCOPES
from models.words import Words

KPIS: tuple[Kpi, ...] = (
    Kpi(
        id="rated_mentions",
        name=Words("Rated mentions", "Mentions évaluées"),
        meaning=Words(
            "Comments, mentions and replies whose sentiment is rated; a rating of anything else is ignored.",
            "Commentaires, mentions et réponses dont la tonalité est évaluée ; celle du reste est ignorée.",
        ),
        formula=Words(
            "Σ count of comments, mentions and replies that carry a sentiment",
            "Σ count des commentaires, mentions et réponses qui portent une tonalité",
        ),
        compute=formulas.rated_by_polarity,
        unit="events",
        form="count",
        stage="brand",
        direction="neutral",
        label="polarity",
        kinds=POLARITIES,
        scopes=DETAILED_SCOPES,
        bounds=methods.RATED,
    ),
    Kpi(
        id="sentiment_ratio",
        name=Words("Net sentiment", "Sentiment net"),
        heading="Sent.",
        headline=True,
        meaning=Words(
            "Positive less negative mentions by rated mention: from −1, all negative, to 1, all positive.",
            "Mentions positives moins négatives, par mention évaluée : de −1, toutes négatives, à 1, "
            "toutes positives.",
        ),
        formula=Words(
            "(positive − negative) ÷ rated mentions",
            "(positives − négatives) ÷ mentions évaluées",
        ),
        compute=formulas.sentiment,
        unit="ratio",
        form="signed",
        stage="brand",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("rated_mentions", 30, Words("rated mentions", "mentions évaluées")),
        threshold=Threshold("sentiment", "min", least=-1, most=1, min_sample=30),
        bounds=methods.SENTIMENT,
        always=methods.SENTIMENT_ALWAYS,
    ),
    Kpi(
        id="values_alignment_ratio",
        name=Words("Values alignment", "Adéquation aux valeurs"),
        heading="Values",
        meaning=Words(
            "How well the influencer fits the brand's values, by the campaign's scorecard; of the "
            "campaign, the mean over its scored influencers, those it lists if it lists any.",
            "À quel point l'influenceur correspond aux valeurs de la marque, selon la grille de la "
            "campagne ; pour la campagne, la moyenne de ses influenceurs évalués, ceux de sa liste si elle "
            "en a une.",
        ),
        formula=Words(
            "Σ weight × score ÷ Σ weight ÷ 100 over the values scored",
            "Σ poids × note ÷ Σ poids ÷ 100 sur les valeurs notées",
        ),
        compute=formulas.values_alignment,
        unit="ratio",
        form="percent",
        stage="brand",
        direction="up",
        scopes=("campaign", "influencer"),
        windowed=False,
    ),
)
