"""How right it is on comments that it has not learned from, beside the lexicon alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.sentiment.scores import Pair, scores_of
from learning.examples import Example, rated
from learning.learner import learn

Say = Callable[[str], None]
Sets = Mapping[str, Sequence[Example]]
"""The comments of each set, by other writers each; all in one language."""
Trial = tuple[str, list[Pair], list[Pair]]
"""What was tried; what people and the lexicon alone say of it; what people and both together say."""
PARTS = 10


def left_out(sets: Sets, say: Say) -> Iterator[Trial]:
    """Try each set by what is learned from the others: what other writers' comments may expect."""
    for name, tried in sets.items():
        say(f"learning from all but {name} …")
        rest = [example for other in sets if other != name for example in sets[other]]
        yield f"{name}, learned from the others", *_tried(tried, rest)


def in_parts(sets: Sets, say: Say) -> Iterator[Trial]:
    """Try each tenth by what is learned from the others, the same writers among them."""
    examples = [example for one in sets.values() for example in one]
    alone: list[Pair] = []
    together: list[Pair] = []
    for part in range(PARTS):
        say(f"learning from all but tenth {part + 1} of {PARTS} …")
        rest = [example for number, example in enumerate(examples) if number % PARTS != part]
        for all_pairs, pairs in zip((alone, together), _tried(examples[part::PARTS], rest), strict=True):
            all_pairs += pairs
    yield "tenths, learned from the others", alone, together


def _tried(examples: Sequence[Example], rest: Sequence[Example]) -> tuple[list[Pair], list[Pair]]:
    learned = learn(rest)
    return (
        [(example.verdict, example.by_lexicon) for example in examples],
        [(example.verdict, rated(example, learned)) for example in examples],
    )


def cells(pairs: Sequence[Pair]) -> list[str]:
    """Write the scores that count: right, macro-F1, precision and recall of negatives, if there are any."""
    scores = scores_of(pairs)
    if all(judged == "neutral" for judged, _ in pairs):
        return [f"{scores.right:.3f}", "–", "–"]
    negative = scores.by_class["negative"]
    return [
        f"{scores.right:.3f}",
        f"{scores.macro_f1:.3f}",
        f"{negative.precision:.2f}, {negative.recall:.2f}",
    ]
