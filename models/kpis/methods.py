"""How each KPI's bounds are made, in words and as a function."""

from collections.abc import Callable
from functools import partial

from models.kpis import bounds
from models.kpis.bounds import Bounds, Interval
from models.kpis.figures import Figures
from models.statistics.looks import Look, always
from models.words import Words

_Judge = Callable[[Figures, float | None, Look], Interval]
_GAMMA = Words(
    "gamma bounds of as many independent events as people, hours and aggregates show "
    "(Garwood 1936; Fay and Feuer 1997)",
    "bornes gamma d'autant d'événements indépendants que le montrent personnes, heures et agrégats "
    "(Garwood 1936 ; Fay et Feuer 1997)",
)
_PERSONS = Words(
    "as the estimate of distinct persons gives them", "celles de l'estimation des personnes distinctes"
)


def _at_every_look(compute: _Judge, figures: Figures, value: float | None) -> Interval:
    return compute(figures, value, always(figures.spread.days))


def _always(method: Words, compute: _Judge) -> Bounds:
    """Return the bounds of a KPI that hold at every look at once, made as those of one look are."""
    return Bounds(method, partial(_at_every_look, compute))


REACH = Bounds(_PERSONS, bounds.of_reach)
ESTIMATED_REACH = Bounds(
    Words(
        "those of reach × impressions ÷ identified impressions, with what people differ in frequency",
        "celles de la portée × impressions ÷ impressions identifiées, avec ce dont les personnes diffèrent "
        "en répétition",
    ),
    bounds.of_estimated_reach,
)
TARGET_REACH = Bounds(_PERSONS, bounds.of_target_reach)
TARGET_COVERAGE = Bounds(
    Words(
        "those of target reach ÷ size of the target audience",
        "celles de la portée sur cible ÷ taille de la cible",
    ),
    bounds.of_target_coverage,
)
IMPRESSIONS = Bounds(_GAMMA, partial(bounds.of_count, family="impressions"))
CLICKS = Bounds(_GAMMA, partial(bounds.of_count, family="clicks"))
INTERACTIONS = Bounds(_GAMMA, partial(bounds.of_count, family="interactions"))
VIDEO_VIEWS = Bounds(_GAMMA, partial(bounds.of_count, family="interactions", columns={"video_views": True}))
CONVERSIONS = Bounds(_GAMMA, bounds.of_conversions)
GOAL_CONVERSIONS = Bounds(_GAMMA, bounds.of_goal_conversions)
RATED = Bounds(_GAMMA, partial(bounds.of_count, family="rated"))
UNRATED = Bounds(_GAMMA, partial(bounds.of_count, family="interactions"))
_CTR = Words(
    f"those of the clicks, {_GAMMA.english}, ÷ impressions",
    f"celles des clics, {_GAMMA.french}, ÷ impressions",
)
CTR, CTR_ALWAYS = Bounds(_CTR, bounds.of_ctr), _always(_CTR, bounds.of_ctr)
_ENGAGEMENT = Words(
    f"those of the interactions, {_GAMMA.english}, and of estimated reach, joined as independent",
    f"celles des interactions, {_GAMMA.french}, et de la portée estimée, jointes comme indépendantes",
)
ENGAGEMENT = Bounds(_ENGAGEMENT, bounds.of_engagement)
ENGAGEMENT_ALWAYS = _always(_ENGAGEMENT, bounds.of_engagement)
_SENTIMENT = Words(
    "adjusted Wald for paired proportions (Bonett and Price 2012) of as many independent mentions",
    "Wald ajusté pour proportions appariées (Bonett et Price 2012) d'autant de mentions indépendantes",
)
SENTIMENT = Bounds(_SENTIMENT, bounds.of_sentiment)
SENTIMENT_ALWAYS = _always(_SENTIMENT, bounds.of_sentiment)
_AUTHENTICITY = Words(
    f"those of organic and suspicious interactions, {_GAMMA.english}, joined on their odds as independent",
    f"celles des interactions organiques et suspectes, {_GAMMA.french}, jointes par leur rapport comme "
    "indépendantes",
)
AUTHENTICITY = Bounds(_AUTHENTICITY, bounds.of_authenticity)
AUTHENTICITY_ALWAYS = _always(_AUTHENTICITY, bounds.of_authenticity)
_CPA = Words(
    f"fixed costs ÷ bounds of the conversions, {_GAMMA.english}, + costs by conversion; "
    "the lower one is there without conversions too",
    f"coûts fixes ÷ bornes des conversions, {_GAMMA.french}, + coûts par conversion ; la borne basse existe "
    "aussi sans conversion",
)
CPA, CPA_ALWAYS = Bounds(_CPA, bounds.of_cpa), _always(_CPA, bounds.of_cpa)
CPE = Bounds(
    Words(
        f"what was invested ÷ bounds of the interactions, {_GAMMA.english}",
        f"investissement ÷ bornes des interactions, {_GAMMA.french}",
    ),
    bounds.of_cpe,
)
FORECAST = Bounds(
    Words(
        "fees and spends are certain; results to come are as unsure as few posts and days that differ",
        "forfaits et dépenses sont certains ; les résultats à venir sont aussi incertains que le veulent "
        "peu de publications et des jours qui diffèrent",
    ),
    bounds.of_forecast,
    percent="99.9",
)
_ROI = Words(
    f"bounds of the revenue, {_GAMMA.english}, orders weighing what they are worth; costs by result go along",
    f"bornes du chiffre d'affaires, {_GAMMA.french}, les commandes pesant leur valeur ; les coûts "
    "au résultat suivent",
)
ROI, ROI_ALWAYS = Bounds(_ROI, bounds.of_roi), _always(_ROI, bounds.of_roi)
