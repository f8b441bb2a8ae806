"""What the dashboards say, in English and French."""

from collections.abc import Iterable

from models.kpis import catalogue
from models.kpis.kpi import Kpi
from models.scopes import ScopeName, scope
from models.words import Language, Words, listed
from monitoring.dashboards.pipeline_words import PIPELINE_WORDS
from monitoring.dashboards.words import WORDS


def say(word: str, language: Language, **parts: str) -> str:
    """Look up a word or sentence, and put {parts} into it."""
    text = (WORDS | PIPELINE_WORDS)[word].said(language)
    return text.format(**parts) if parts else text


def title_of(kpi: Kpi, language: Language) -> str:
    """Return a KPI's name."""
    return kpi.name.said(language)


def title_of_scope(name: ScopeName, language: Language) -> str:
    """Return a scope's title; that of a label, which is called as the scope that it tells apart."""
    return scope(name).title.said(language)


def in_a_sentence(names: Iterable[Words], language: Language) -> str:
    """List names inside a sentence: `contents and channels`."""
    return listed([name.said(language).lower() for name in names], say("and", language))


def meaning_of(kpi: Kpi, language: Language) -> str:
    """Say what a KPI means, how it is made, and when it misleads."""
    colon = " : " if language == "fr" else ": "
    lines = [kpi.meaning.said(language), f"{say('formula', language)}{colon}{kpi.formula.said(language)}."]
    if kpi.sample is not None:
        lines.append(f"{say('misleads_below', language)} {kpi.sample.said(language)}.")
    if _may_be_of_more(kpi):
        lines.append(say("above_all", language))
    if kpi.bounds is not None:
        often = say("bounds_method", language).format(percent=kpi.bounds.percent)
        lines.append(f"{often}{colon}{kpi.bounds.method.said(language)}.")
    return "\n\n".join([*lines, say(f"better_{kpi.direction}", language), say("absent", language)])


def _may_be_of_more(kpi: Kpi) -> bool:
    """Return whether what is done is divided by what was seen: a part of its own whole is never more."""
    if not kpi.is_share or kpi.sample is None:
        return False
    return kpi.stage != "visibility" and catalogue.kpi(kpi.sample.kpi).stage == "visibility"
