"""What the dashboards say, in English and French."""

from typing import Literal, get_args

from models.kpis.catalogue import Kpi
from monitoring.dashboards.french import DEFINITIONS, FORMULAS, METHODS, SAMPLES
from monitoring.dashboards.pipeline_words import PIPELINE_WORDS
from monitoring.dashboards.words import WORDS

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def say(word: str, language: Language) -> str:
    """Look a word or sentence up."""
    english, french = (WORDS | PIPELINE_WORDS)[word]
    return english if language == "en" else french


def title_of(kpi: Kpi, language: Language) -> str:
    """Give a KPI's name."""
    return kpi.english if language == "en" else kpi.french


def meaning_of(kpi: Kpi, language: Language) -> str:
    """Say what a KPI means, how it is made, and when it misleads."""
    definition, formula, sample = kpi.definition, kpi.formula, kpi.smallest_sample
    method = kpi.bounds.method if kpi.bounds else ""
    if language == "fr":
        definition, formula = DEFINITIONS.get(kpi.id, definition), FORMULAS.get(kpi.id, formula)
        sample, method = SAMPLES.get(sample, sample), METHODS.get(method, method)
    colon = " : " if language == "fr" else ": "
    lines = [definition, f"{say('formula', language)}{colon}{formula}."]
    if kpi.smallest_sample != "none":
        lines.append(f"{say('misleads_below', language)} {sample}.")
    if method:
        lines.append(f"{say('bounds_method', language)}{colon}{method}.")
    return "\n\n".join([*lines, say(f"better_{kpi.direction}", language), say("absent", language)])
