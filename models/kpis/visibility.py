"""Whom the campaign reached, and how often."""

from models.kpis import formulas, methods
from models.kpis.kpi import Kpi, Sample
from models.scopes import DETAILED_SCOPES
from models.words import Words

KPIS: tuple[Kpi, ...] = (
    Kpi(
        id="reach_persons",
        name=Words("Reach", "Portée"),
        heading="Reach",
        headline=True,
        meaning=Words(
            "Distinct persons exposed to the content, as far as events carry a person who consented; absent "
            "where no impression does.",
            "Personnes distinctes exposées au contenu, pour autant que les événements portent une "
            "personne qui a consenti ; absente si aucune impression n'en porte.",
        ),
        formula=Words(
            "distinct usable person_id of valid impressions",
            "person_id distincts exploitables des impressions valides",
        ),
        compute=formulas.reach,
        unit="persons",
        form="count",
        stage="visibility",
        direction="up",
        bounds=methods.REACH,
    ),
    Kpi(
        id="estimated_reach_persons",
        name=Words("Estimated reach", "Portée estimée"),
        meaning=Words(
            "Persons whom all impressions reached, if those without a usable person were seen as often by "
            "each as the others; equal to reach where every impression is identified, absent below 100 that "
            "are.",
            "Personnes touchées par l'ensemble des impressions, si celles sans personne exploitable ont été "
            "vues aussi souvent par chacune que les autres ; égale à la portée quand toutes les impressions "
            "sont identifiées, absente si moins de 100 le sont.",
        ),
        formula=Words("impressions ÷ frequency", "impressions ÷ fréquence"),
        compute=formulas.estimated_reach,
        unit="persons",
        form="count",
        stage="visibility",
        direction="up",
        bounds=methods.ESTIMATED_REACH,
    ),
    Kpi(
        id="identified_impressions_ratio",
        name=Words("Identified impressions", "Impressions identifiées"),
        meaning=Words(
            "Share of the impressions that carry a usable person: how far reach can be trusted.",
            "Part des impressions qui portent une personne exploitable : jusqu'où se fier à la portée.",
        ),
        formula=Words(
            "identified impressions ÷ impressions",
            "impressions identifiées ÷ impressions",
        ),
        compute=formulas.identified_share,
        unit="ratio",
        form="percent",
        stage="visibility",
        direction="up",
        scopes=DETAILED_SCOPES,
        sample=Sample("impressions", 100, Words("impressions", "impressions")),
    ),
    Kpi(
        id="impressions",
        name=Words("Impressions", "Impressions"),
        heading="Impr.",
        headline=True,
        meaning=Words("Total exposures.", "Nombre total d'expositions."),
        formula=Words("Σ count of valid impressions", "Σ count des impressions valides"),
        compute=formulas.impressions,
        unit="events",
        form="count",
        stage="visibility",
        direction="up",
        bounds=methods.IMPRESSIONS,
    ),
    Kpi(
        id="frequency_ratio",
        name=Words("Frequency", "Fréquence"),
        meaning=Words(
            "How often a reached person was exposed on average.",
            "Combien de fois une personne touchée a été exposée en moyenne.",
        ),
        formula=Words("identified impressions ÷ reach", "impressions identifiées ÷ portée"),
        compute=formulas.frequency,
        unit="ratio",
        form="number",
        stage="visibility",
        direction="neutral",
        scopes=DETAILED_SCOPES,
        sample=Sample("reach_persons", 100, Words("persons", "personnes")),
    ),
    Kpi(
        id="target_reach_persons",
        name=Words("Target reach", "Portée sur cible"),
        meaning=Words(
            "Distinct persons of the target audience exposed, as far as impressions say who they are; absent "
            "where none does.",
            "Personnes distinctes de la cible exposées, pour autant que les impressions disent qui "
            "elles sont ; absente si aucune ne le dit.",
        ),
        formula=Words(
            "distinct usable person_id of valid impressions whose audience fits the target",
            "person_id distincts exploitables des impressions valides dont l'audience répond à la cible",
        ),
        compute=formulas.target_reach,
        unit="persons",
        form="count",
        stage="visibility",
        direction="up",
        scopes=DETAILED_SCOPES,
        bounds=methods.TARGET_REACH,
    ),
    Kpi(
        id="target_coverage_ratio",
        name=Words("Target coverage", "Couverture de la cible"),
        meaning=Words(
            "Share of the target audience that was exposed.",
            "Part de la cible qui a été exposée.",
        ),
        formula=Words(
            "target reach ÷ size of the target audience",
            "portée sur cible ÷ taille de la cible",
        ),
        compute=formulas.target_coverage,
        unit="ratio",
        form="percent",
        stage="visibility",
        direction="up",
        scopes=DETAILED_SCOPES,
        bounds=methods.TARGET_COVERAGE,
    ),
    Kpi(
        id="video_views",
        name=Words("Video views", "Vues de vidéo"),
        meaning=Words(
            "Views of videos as the platform counts them; no interactions.",
            "Vues de vidéos telles que la plateforme les compte ; ce ne sont pas des interactions.",
        ),
        formula=Words(
            "Σ count of engagements of kind video_view",
            "Σ count des interactions de type video_view",
        ),
        compute=formulas.video_views,
        unit="events",
        form="count",
        stage="visibility",
        direction="up",
        bounds=methods.VIDEO_VIEWS,
    ),
)
