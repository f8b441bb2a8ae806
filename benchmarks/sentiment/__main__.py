"""Judge the rating of texts by what people say of others' texts, beside other packages.

    python -m benchmarks.sentiment --tweets DIR        UMSAB's validation tweets in English, French, Spanish
    python -m benchmarks.sentiment --comments DIR      *.jsonl of {"language", "text", "verdict"}

By language and class: precision and recall; macro-F1 is the mean of the three classes' F1. An unrated text
counts as neutral there; in the share that is right it counts as wrong, unless it is neutral. Of the tweets,
both halves stand apart: while the lexicon was written, only the first half of each language was looked at.
Texts are read where they lie. Times are CPU time; "ours, language found" includes finding the language;
"ours, lexicon alone" does without what is learned.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from benchmarks.peers.environments import USUAL
from benchmarks.sentiment.judged import LANGUAGES, VERDICTS, FormError, Judged, comments, tweets
from benchmarks.sentiment.raters import Rated, others, ours
from benchmarks.sentiment.scores import Pair, Scores, scores_of

_HEAD = (
    "rater", "macro-F1", "1st half", "2nd half", *(f"{one[:3]} P {one[:3]} R" for one in VERDICTS),
    "right", "unrated", "µs",
)  # fmt: skip


def main() -> None:
    """Rate, compare and print."""
    arguments = _parser().parse_args()
    try:
        sets = {
            "tweets": tweets(arguments.tweets) if arguments.tweets else [],
            "comments": comments(arguments.comments) if arguments.comments else [],
        }
    except FormError as problem:
        sys.exit(str(problem))
    for name, texts in sets.items():
        if texts:
            rated = {**ours(texts), **others(texts, arguments.cache, _say)}
            _print(name, texts, rated)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.sentiment",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--tweets", type=Path, metavar="DIR", help="the folder of UMSAB's validation files")
    parser.add_argument("--comments", type=Path, metavar="DIR", help="a folder of *.jsonl")
    parser.add_argument("--cache", type=Path, default=USUAL, help="others' packages (default: %(default)s)")
    return parser


def _print(name: str, texts: Sequence[Judged], rated: dict[str, Rated]) -> None:
    for language in LANGUAGES:
        of_language = [number for number, one in enumerate(texts) if one.language == language]
        if not of_language:
            continue
        print(f"\n{len(of_language)} {name}, {language}\n\n| {' | '.join(_HEAD)} |\n|{' --- |' * len(_HEAD)}")
        for rater, found in rated.items():
            pairs = [
                (texts[number].verdict, verdict)
                for number in of_language
                if (verdict := found.verdicts[number]) is not None
            ]
            taken = [found.microseconds[number] or 0.0 for number in of_language]
            if pairs:
                print(f"| {' | '.join(_row(rater, pairs, mean(taken)))} |")


def _row(rater: str, pairs: Sequence[Pair], microseconds: float) -> list[str]:
    whole, middle = scores_of(pairs), len(pairs) // 2
    halves = [scores_of(pairs[:middle]), scores_of(pairs[middle:])]
    return [
        rater,
        *(f"{scores.macro_f1:.3f}" for scores in (whole, *halves)),
        *(_by_class(whole)),
        f"{whole.right:.2f}",
        f"{whole.unrated:.3f}",
        f"{microseconds:.0f}",
    ]


def _by_class(scores: Scores) -> list[str]:
    return [f"{score.precision:.2f} {score.recall:.2f}" for score in scores.by_class.values()]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
