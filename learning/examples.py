"""Comments as the rating reads them: what is looked up, and what the lexicon says alone."""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.sentiment.judged import Judged
from models.sentiment.compiling import Compiled, compile_data
from models.sentiment.data_files import Language, read_data
from models.sentiment.folding import composed, folded
from models.sentiment.learned import Phrases, is_silent, judge, phrases_in
from models.sentiment.model import own_data, without_learned
from models.sentiment.rating import Verdict
from models.sentiment.reading import read_sentences
from models.sentiment.weighing import weigh
from models.sentiment.weights import Learned


class Example(NamedTuple):
    """A comment: its phrases, its verdict, that of the lexicon, and whether the lexicon is silent."""

    phrases: Phrases
    verdict: Verdict
    by_lexicon: Verdict
    is_silent: bool


def lexicon() -> Compiled:
    """Compile the lexicon alone, so that it can be learned anew where what was learned is spoilt."""
    return compile_data(read_data(without_learned(own_data())))


def examples_of(comments: Sequence[Judged], language: Language, compiled: Compiled) -> list[Example]:
    """Read comments in a language by the lexicon."""
    return [_example(comment, language, compiled) for comment in comments]


def _example(comment: Judged, language: Language, compiled: Compiled) -> Example:
    tokens = compiled.scanner.scan(folded(composed(comment.text)))
    reading = read_sentences(tokens.sentences, compiled.lexicons[language], {})
    verdict, _ = weigh(reading, tokens.word_count)
    silent = verdict == "neutral" and is_silent(reading, tokens)
    return Example(phrases_in(tokens.sentences, reading.parts, {}), comment.verdict, verdict, silent)


def rated(example: Example, learned: Learned) -> Verdict:
    """Return what the lexicon says of a comment, or where it is silent, what was learned."""
    judgement = judge(example.phrases, learned) if example.is_silent else None
    return judgement.verdict if judgement else example.by_lexicon
