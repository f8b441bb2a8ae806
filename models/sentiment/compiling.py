"""From data files to lexicons: patterns written out, conflicts told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from models.sentiment.data_files import LANGUAGES, Data, DataError, Language, Rule, Scope
from models.sentiment.finder import Phrase, language_finder
from models.sentiment.folding import composed, folded
from models.sentiment.languages import LanguageFinder
from models.sentiment.lexicon import ANY_WORD, PAUSE, Lexicon, Meaning, lexicon_of, vocabulary
from models.sentiment.patterns import Endings, PatternError, entries, forms
from models.sentiment.tokens import Scanner

_ENDING = re.compile(r"~(\w+)")
# Where `a+` became `a`, every text with an article was positive.
_LOST_SIGN = re.compile(r"[]!\"#$%&+:;<=>@[\\^`{}]")
_EMOTICONS = "signs/emoticons.yaml"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What texts are rated with; `signs` are what means the same in every language, emoji above all."""

    lexicons: Mapping[Language, Lexicon]
    signs: Lexicon
    scanner: Scanner
    finder: LanguageFinder


def compile_data(data: Data) -> Compiled:
    """Write all patterns out, and sort them by language.

    Raises:
        DataError: an entry cannot be read, or two mean different things; the message names file and entry.

    """
    emoticons = [folded(form) for _, form in _written(_EMOTICONS, data.rules[_EMOTICONS], "any", data)]
    plain = Scanner(emoticons, ())
    signs = _phrases(data, "any", plain)
    by_language: dict[Language, dict[Phrase, Meaning]] = {
        language: _phrases(data, language, plain) for language in LANGUAGES
    }
    finder = language_finder(data.vocabulary, by_language)
    lexicons = {language: lexicon_of({**signs, **own}) for language, own in by_language.items()}
    known = {word for lexicon in lexicons.values() for word in vocabulary(lexicon)} | finder.by_word.keys()
    return Compiled(lexicons, lexicon_of(signs), Scanner(emoticons, known), finder)


def words_of(text: str, scanner: Scanner) -> Phrase:
    """Return the words of a phrase as they are found in texts."""
    return tuple(word for piece in text.split() for word in _pieces(piece, scanner))


@lru_cache(100_000)
def _pieces(piece: str, scanner: Scanner) -> Phrase:
    return (piece,) if piece in (ANY_WORD, PAUSE) else tuple(scanner.scan(folded(composed(piece))).all())


def _phrases(data: Data, language: Scope, scanner: Scanner) -> dict[Phrase, Meaning]:
    """Return what each phrase of a language means."""
    found: dict[Phrase, tuple[Meaning, str]] = {}
    for name, rule in data.rules.items():
        for meaning, form in _written(name, rule, language, data):
            words = words_of(form, scanner)
            before, source = found.get(words, (meaning, name))
            both = _both(before, meaning)
            if not words:
                raise DataError(f"{name}: {language}: {meaning.entry}: there is no word in {form!r}")
            if both is None:
                raise DataError(
                    f"{name}: {language}: {meaning.entry}: {form!r} has {meaning.role} {meaning.value:g} "
                    f"here, and {before.role} {before.value:g} in {source} ({before.entry})"
                )
            found[words] = both, source if both is before else name
    return {words: meaning for words, (meaning, _) in found.items()}


def _both(one: Meaning, other: Meaning) -> Meaning | None:
    """Return what a phrase means that has two entries; None if they contradict each other.

    Of two strengths with the same sign, the one further from 0 holds. A degree may have a strength, too.
    """
    if one[:3] == other[:3]:
        return one
    if one.role == other.role == "strength" and one.value * other.value > 0:
        return max(one, other, key=lambda meaning: abs(meaning.value))
    for degree, strength in ((one, other), (other, one)):
        if (degree.role, strength.role) == ("degree", "strength"):
            return degree._replace(alone=strength.value)
    return None


def _written(name: str, rule: Rule, language: Scope, data: Data) -> Iterator[tuple[Meaning, str]]:
    """Yield each form of a rule's entries in a language, with what it means."""
    endings = data.endings.of(language)
    for value, listed in rule.entries.get(language, {}).items():
        for entry in listed.split() if rule.are == "signs" else entries(listed):
            is_verb = not data.endings.verbs_of(language).isdisjoint(_ENDING.findall(entry))
            meaning = Meaning(rule.role, value, rule.reaches, entry, is_verb)
            try:
                yield from ((meaning, form) for form in _forms(rule, entry, endings))
            except PatternError as error:
                raise DataError(f"{name}: {language}: {error}") from None


def _forms(rule: Rule, entry: str, endings: Endings) -> list[str]:
    if rule.are == "signs":
        return [entry]
    if sign := _LOST_SIGN.search(entry):
        raise PatternError(f"{entry!r}: texts are read without {sign[0]}")
    return forms(entry, endings)
