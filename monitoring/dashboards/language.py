"""What the dashboards say, in English and French."""

from models.kpis.kpi import Kpi
from models.words import Language
from monitoring.dashboards.pipeline_words import PIPELINE_WORDS
from monitoring.dashboards.words import WORDS


def say(word: str, language: Language) -> str:
    """Look a word or sentence up."""
    english, french = (WORDS | PIPELINE_WORDS)[word]
    return english if language == "en" else french


def title_of(kpi: Kpi, language: Language) -> str:
    """Return a KPI's name."""
    return kpi.name.said(language)


def meaning_of(kpi: Kpi, language: Language) -> str:
    """Say what a KPI means, how it is made, and when it misleads."""
    colon = " : " if language == "fr" else ": "
    lines = [kpi.meaning.said(language), f"{say('formula', language)}{colon}{kpi.formula.said(language)}."]
    if kpi.sample is not None:
        lines.append(f"{say('misleads_below', language)} {kpi.sample.said(language)}.")
    if kpi.bounds is not None:
        lines.append(f"{say('bounds_method', language)}{colon}{kpi.bounds.method.said(language)}.")
    return "\n\n".join([*lines, say(f"better_{kpi.direction}", language), say("absent", language)])
