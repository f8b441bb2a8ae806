"""The data files of the lexicon: what may stand in them, and where what may not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.campaigns.checked_yaml import Models, lines_of, mistakes_of, read_text
from models.campaigns.yaml_data import Mistake, YamlError
from models.sentiment.patterns import entries
from models.sentiment.rating import Verdict
from models.sentiment.weights import Learned, WeightsError, read_weights

Language = Literal["en", "fr", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LEARNED = "learned/{}.tsv"
"""The file of what was learned in a language."""
Scope = Literal["any", "en", "fr", "es"]
"""A language, or all of them."""
Role = Literal["strength", "degree", "negation", "contrast", "question", "irony", "settles"]
_Declared = TypeVar("_Declared", bound="_Strict")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """Words and phrases with what they do, and texts that show it."""

    says: str
    are: Literal["words", "signs"] = "words"
    """Words and phrases have commas between them, and patterns; signs have spaces between them."""
    role: Role = "strength"
    """What the number before words is.

    strength: how positive they are, from -4 to 4. degree: what the words after them are multiplied by.
    negation: the same, and a verb before them may be, too. contrast: what all that stands before them in
    the sentence is multiplied by, if anything counts behind them; a negation before them ends. question: the
    least strength that counts in the sentence. irony: a strength that leaves no praise beside it. settles: a
    text of at most so many words is neutral, unless it is negative.
    """
    reaches: int = 0
    """How many words after them a degree or negation changes."""
    alone: float = 0.0
    """The strength of a degree or negation that changes no other word: `not even` in English."""
    entries: dict[Scope, dict[float, str]] = Field({})
    examples: dict[Scope, dict[Verdict, str]] = Field({})

    def texts(self) -> Iterator[tuple[Scope, Verdict, str]]:
        """Yield each example with its language and what it is rated as."""
        for language, by_verdict in self.examples.items():
            for verdict, texts in by_verdict.items():
                yield from ((language, verdict, text) for text in texts.splitlines() if text)


class Vocabulary(_Strict):
    """Words and letters that tell languages apart."""

    says: str
    telling: dict[str, str]
    common: dict[str, str]
    letters: dict[str, str]


class Endings(_Strict):
    """The endings of words, by language and name, and which of them are those of verbs."""

    says: str
    verbs: dict[Scope, str]
    endings: dict[Scope, dict[str, str]]

    def of(self, language: Scope) -> dict[str, list[str]]:
        """Return the endings of a language by their names."""
        return {name: listed.split("|") for name, listed in self.endings.get(language, {}).items()}

    def verbs_of(self, language: Scope) -> frozenset[str]:
        """Return the names of the endings that only verbs have."""
        return frozenset(entries(self.verbs.get(language, "")))


class Groups(_Strict):
    """Words that stand for each other in phrases, by language and name: `my @person stole`."""

    says: str
    groups: dict[Language, dict[str, str]] = Field({})


@dataclass(frozen=True, slots=True)
class Data:
    """All data files of a lexicon, and what was learned beside it."""

    rules: Mapping[str, Rule]
    vocabulary: Vocabulary
    endings: Endings
    groups: Groups
    learned: Mapping[Language, Learned]


class DataError(Exception):
    """A data file is not valid; the message has a line for each problem."""


def read_data(files: Mapping[str, bytes]) -> Data:
    """Read the data files by their names.

    They are `languages.yaml`, `endings.yaml`, `groups.yaml`, `learned/en.tsv` and so on, where a language has
    one, and rules.

    Raises:
        DataError: one of them is not valid; the message names file, line and field.

    """
    rules = dict(files)
    vocabulary = _read("languages.yaml", rules.pop("languages.yaml"), Vocabulary)
    endings = _read("endings.yaml", rules.pop("endings.yaml"), Endings)
    groups = _read("groups.yaml", rules.pop("groups.yaml"), Groups)
    learned = {language: _learned(LEARNED.format(language), rules) for language in LANGUAGES}
    read = {name: _read(name, content, Rule) for name, content in rules.items()}
    return Data(read, vocabulary, endings, groups, learned)


def _learned(name: str, files: dict[str, bytes]) -> Learned:
    if name not in files:
        return {}
    try:
        return read_weights(name, files.pop(name))
    except WeightsError as error:
        raise DataError(str(error)) from None


def _read(name: str, content: bytes, declared: type[_Declared]) -> _Declared:
    models: Models = {(): declared}
    try:
        document = read_text(content)
    except YamlError as error:
        mistake = Mistake(error.position, (), error.rule)
        raise DataError("\n".join(lines_of(name, [mistake]))) from None
    mistakes = list(document.mistakes)
    try:
        valid = declared.model_validate(document.data)
    except ValidationError as error:
        raise DataError(
            "\n".join(lines_of(name, [*mistakes, *mistakes_of(error, document, models)]))
        ) from None
    if mistakes:
        raise DataError("\n".join(lines_of(name, mistakes)))
    return valid
