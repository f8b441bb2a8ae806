"""What people think of it, and how it fits the brand."""

from models.kinds import POLARITIES, REASONS
from models.kpis import formulas, methods
from models.kpis.kpi import Kpi, Sample, Threshold
from models.scopes import DETAILED_SCOPES
from models.words import Words

SUSPICIOUS = tuple(reason for reason in REASONS if reason.suspicious)
"""The reasons that lower authenticity where they are switched on."""

KPIS: tuple[Kpi, ...] = (
    Kpi(
        id="rated_mentions",
        name=Words("Rated mentions", "Mentions évaluées"),
        meaning=Words(
            "Comments, mentions and replies whose sentiment is rated; a rating of anything else is ignored.",
            "Commentaires, mentions et réponses dont la tonalité est évaluée ; celle du reste est ignorée.",
        ),
        formula=Words(
            "Σ count of comments, mentions and replies that carry a sentiment, or whose text was rated",
            "Σ count des commentaires, mentions et réponses qui portent une tonalité, ou dont le texte a été "
            "évalué",
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
        id="unrated_mentions",
        name=Words("Unrated mentions", "Mentions non évaluées"),
        meaning=Words(
            "Comments, mentions and replies of which sentiment knows nothing: without a text, in a language "
            "that is not read, not understood, or not rated in time. They are not neutral.",
            "Commentaires, mentions et réponses dont le sentiment ne sait rien : sans texte, dans une langue "
            "qui n'est pas lue, incompris, ou non évalués à temps. Ils ne sont pas neutres.",
        ),
        formula=Words(
            "comments, mentions and replies − rated mentions",
            "commentaires, mentions et réponses − mentions évaluées",
        ),
        compute=formulas.unrated,
        unit="events",
        form="count",
        stage="brand",
        direction="neutral",
        scopes=DETAILED_SCOPES,
        bounds=methods.UNRATED,
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
        id="judged_interactions",
        name=Words("Judged interactions", "Interactions jugées"),
        meaning=Words(
            "Interactions that can be told apart into organic and suspicious ones: those that stand for "
            "themselves and carry a person, a text or an agent.",
            "Interactions que l'on peut dire organiques ou suspectes : celles qui ne valent que pour "
            "elles-mêmes et portent une personne, un texte ou un agent.",
        ),
        formula=Words(
            "Σ interactions of count 1 that carry a person, a text or an agent",
            "Σ interactions de count 1 qui portent une personne, un texte ou un agent",
        ),
        compute=formulas.judged,
        unit="events",
        form="count",
        stage="brand",
        direction="neutral",
        scopes=DETAILED_SCOPES,
    ),
    Kpi(
        id="judged_interactions_ratio",
        name=Words("Share judged", "Part jugée"),
        meaning=Words(
            "Share of the interactions that authenticity is about: of the others it says nothing.",
            "Part des interactions dont parle l'authenticité : des autres elle ne dit rien.",
        ),
        formula=Words("judged interactions ÷ interactions", "interactions jugées ÷ interactions"),
        compute=formulas.judged_share,
        unit="ratio",
        form="percent",
        stage="brand",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("interactions", 100, Words("interactions", "interactions")),
    ),
    Kpi(
        id="suspicious_interactions",
        name=Words("Suspicious interactions", "Interactions suspectes"),
        meaning=Words(
            "Judged interactions that do not look like a person's, each by the first reason that fits; they "
            "stay in every other figure.",
            "Interactions jugées qui ne ressemblent pas à celles d'une personne, chacune selon la première "
            "raison qui convient ; elles restent dans tous les autres chiffres.",
        ),
        formula=Words(
            "Σ judged interactions that a rule marks", "Σ interactions jugées qu'une règle désigne"
        ),
        compute=formulas.suspicious_by_reason,
        unit="events",
        form="count",
        stage="brand",
        direction="down",
        label="reason",
        kinds=SUSPICIOUS,
        scopes=DETAILED_SCOPES,
    ),
    Kpi(
        id="noted_interactions",
        name=Words("Noted interactions", "Interactions signalées"),
        meaning=Words(
            "Organic interactions that a rule only reports: too many honest ones are among them to count.",
            "Interactions organiques qu'une règle signale seulement : trop d'honnêtes en font partie pour "
            "qu'elle compte.",
        ),
        formula=Words(
            "Σ organic interactions that a rule reports",
            "Σ interactions organiques qu'une règle signale",
        ),
        compute=formulas.noted_by_reason,
        unit="events",
        form="count",
        stage="brand",
        direction="neutral",
        label="reason",
        kinds=REASONS,
        scopes=("campaign", "influencer"),
    ),
    Kpi(
        id="authenticity_ratio",
        name=Words("Authenticity", "Authenticité perçue"),
        heading="Auth.",
        headline=True,
        meaning=Words(
            "Share of the judged interactions that look like people's.",
            "Part des interactions jugées qui ressemblent à celles de personnes.",
        ),
        formula=Words(
            "(judged − suspicious interactions) ÷ judged interactions",
            "(interactions jugées − suspectes) ÷ interactions jugées",
        ),
        compute=formulas.authenticity,
        unit="ratio",
        form="percent",
        stage="brand",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("judged_interactions", 100, Words("judged interactions", "interactions jugées")),
        threshold=Threshold("authenticity", "min", least=0, most=1, min_sample=100),
        bounds=methods.AUTHENTICITY,
        always=methods.AUTHENTICITY_ALWAYS,
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
