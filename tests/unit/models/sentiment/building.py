"""The rater that comes along, and small ones."""

from functools import cache

from models.sentiment.model import LexiconRater, own_data
from models.sentiment.rating import OwnWords

ENDINGS = b"""
says: endings
verbs: {fr: er}
endings: {en: {ed: "|ed"}, fr: {er: e|es|er}}
"""
GROUPS = b"""
says: groups
groups: {en: {person: 'mum, sister(s)', pet: cat}}
"""
LANGUAGES = b"""
says: languages
telling: {en: the is, fr: le est, es: el es, de: der ist}
common: {en: cake}
letters: {es: "\xc3\xb1", de: "\xc3\xa4"}
"""


@cache
def usual_rater() -> LexiconRater:
    """Make the rater that comes along; nothing changes it."""
    return LexiconRater(own_data())


def verdict(text: str, language: str | None = None, own: OwnWords | None = None) -> str:
    """Rate a text by the usual rater."""
    return usual_rater().rate(text, language, own).verdict


def small_data(**rules: str) -> dict[str, bytes]:
    """Return data files with these rules alone."""
    written = {f"{name}.yaml": content.encode() for name, content in rules.items()}
    return {"endings.yaml": ENDINGS, "groups.yaml": GROUPS, "languages.yaml": LANGUAGES, **written}
