"""From data files to lexicons: patterns written out, conflicts told."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from models.sentiment.data_files import LANGUAGES, Data, DataError, Language, Rule, Scope
from models.sentiment.finder import Phrase, language_finder
from models.sentiment.folding import composed, folded
from models.sentiment.languages import LanguageFinder
from models.sentiment.lexicon import (
    ANY_WORD,
    GAP,
    GROUP,
    PAUSE,
    Lexicon,
    Meaning,
    Members,
    lexicon_of,
    vocabulary,
)
from models.sentiment.patterns import Endings, PatternError, entries, forms
from models.sentiment.tokens import Scanner
from models.sentiment.weights import Learned

_ENDING = re.compile(r"~(\w+)")
_GROUP = re.compile(rf"(?<![^\s()|]){GROUP}(?=\w)")
_PLACES = frozenset((ANY_WORD, GAP, PAUSE))
# Where `a+` became `a`, every text with an article was positive.
_LOST_SIGN = re.compile(r"[]!\"#$%&+:;<=>@[\\^`{}]|(?<=\S)\?")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What texts are rated with; `signs` are what means the same in every language, emoji above all."""

    lexicons: Mapping[Language, Lexicon]
    signs: Lexicon
    scanner: Scanner
    finder: LanguageFinder
    learned: Mapping[Language, Learned]


def compile_data(data: Data) -> Compiled:
    """Write all patterns out, and sort them by language.

    Raises:
        DataError: an entry cannot be read, or two mean different things; the message names file and entry.

    """
    emoticons = list(_emoticons(data))
    split = _splitting(Scanner(emoticons, ()))
    groups = {language: _groups(data, language, split) for language in LANGUAGES}
    signs = _phrases(data, "any", split, {})
    by_language: dict[Language, dict[Phrase, Meaning]] = {
        language: _phrases(data, language, split, groups[language]) for language in LANGUAGES
    }
    finder = language_finder(data.vocabulary, by_language)
    lexicons = {
        language: lexicon_of({**signs, **own}, groups[language]) for language, own in by_language.items()
    }
    known = {word for lexicon in lexicons.values() for word in vocabulary(lexicon)} | finder.by_word.keys()
    return Compiled(lexicons, lexicon_of(signs), Scanner(emoticons, known), finder, data.learned)


def _emoticons(data: Data) -> Iterator[str]:
    for name, rule in data.rules.items():
        if rule.are == "signs":
            signs = (folded(form) for _, form in _written(name, rule, "any", data))
            yield from (sign for sign in signs if len(sign) > 1)


def _splitting(scanner: Scanner) -> Callable[[str], Phrase]:
    """Return what splits a phrase into words as they are found in texts; each word is scanned once."""

    @cache
    def scanned(piece: str) -> Phrase:
        is_place = piece in _PLACES or piece.startswith(GROUP)
        return (piece,) if is_place else words_of(piece, scanner)

    return lambda text: tuple(word for piece in text.split() for word in scanned(piece))


def words_of(text: str, scanner: Scanner) -> Phrase:
    """Return the words of a text."""
    return tuple(scanner.scan(folded(composed(text))).all())


def _groups(data: Data, language: Language, split: Callable[[str], Phrase]) -> Members:
    """Return the words of each group of a language."""
    return {
        GROUP + name: [word for entry in entries(listed) for form in forms(entry, {}) for word in split(form)]
        for name, listed in data.groups.groups.get(language, {}).items()
    }


def _phrases(
    data: Data, language: Scope, split: Callable[[str], Phrase], groups: Members
) -> dict[Phrase, Meaning]:
    """Return what each phrase of a language means."""
    found: dict[Phrase, tuple[Meaning, str]] = {}
    contradictions: list[str] = []
    for name, rule in data.rules.items():
        for meaning, form in _written(name, rule, language, data):
            about = f"{name}: {language}: {meaning.entry}: {form!r}"
            for words in _begun(split(form), groups, about):
                before, source = found.get(words, (meaning, name))
                if both := _both(before, meaning):
                    found[words] = both, source if both is before else name
                else:
                    contradictions.append(
                        f"{about} has {meaning.role} {meaning.value:g} here, "
                        f"and {before.role} {before.value:g} in {source} ({before.entry})"
                    )
    if contradictions:
        raise DataError("\n".join(contradictions))
    return {words: meaning for words, (meaning, _) in found.items()}


def _begun(words: Phrase, groups: Members, about: str) -> list[Phrase]:
    """Return a phrase as it begins: with each word of its group, if it begins with one."""
    if not words or words[0] in _PLACES:
        raise DataError(f"{about} begins with no word")
    if missing := [word for word in words if word.startswith(GROUP) and word not in groups]:
        raise DataError(f"{about}: there is no group {missing[0]}; there are {', '.join(groups) or 'none'}")
    return [(first, *words[1:]) for first in groups.get(words[0], words[:1])]


def _both(one: Meaning, other: Meaning) -> Meaning | None:
    """Return what a phrase means that has two entries; None if they contradict each other.

    Of two strengths with the same sign, the one further from 0 holds. A degree or negation may have one, too;
    irony is worse than what is bad. What only hints gives way to all else.
    """
    if one[:3] == other[:3]:
        return one
    if one.only_hints != other.only_hints and not {one.role, other.role} & {"degree", "negation"}:
        return other if one.only_hints else one
    if one.role == other.role == "strength" and one.value * other.value > 0:
        return max(one, other, key=lambda meaning: abs(meaning.value))
    for changing, strength in ((one, other), (other, one)):
        if changing.role in ("degree", "negation") and strength.role == "strength":
            return changing._replace(alone=strength.value)
        if changing.role == "irony" and strength.role == "strength" and strength.value < 0:
            return changing
    return None


def _written(name: str, rule: Rule, language: Scope, data: Data) -> Iterator[tuple[Meaning, str]]:
    """Yield each form of a rule's entries in a language, with what it means."""
    endings = data.endings.of(language)
    for value, listed in rule.entries.get(language, {}).items():
        for entry in listed.split() if rule.are == "signs" else entries(listed):
            is_verb = not data.endings.verbs_of(language).isdisjoint(_ENDING.findall(entry))
            meaning = Meaning(rule.role, value, rule.reaches, entry, is_verb, rule.alone)
            try:
                yield from ((meaning, form) for form in _forms(rule, entry, endings))
            except PatternError as error:
                raise DataError(f"{name}: {language}: {error}") from None


def _forms(rule: Rule, entry: str, endings: Endings) -> list[str]:
    if rule.are == "signs":
        return [entry]
    if sign := _LOST_SIGN.search(_GROUP.sub("", entry)):
        raise PatternError(f"{entry!r}: texts are read without {sign[0]}")
    return forms(entry, endings)
