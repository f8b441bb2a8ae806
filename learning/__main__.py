"""Learn what phrases say where the lexicon is silent, from the comments in learning/comments.

    python -m learning            how right it is on comments left out, beside the lexicon alone (20 s)
    python -m learning --write    the same, and writes models/sentiment/data/learned/{en,fr,es}.tsv

Each set of comments has other writers: what is learned from two and tried on the third says what comments of
others may expect. "Tenths" has the same writers on both sides, and flatters. A text counts as right if it is
rated as its writer says; precision and recall are those of negative ones.

To add comments, put lines of {"language", "text", "verdict"} into a folder beside the others
(learning/README.md), run this with --write, and keep them if the figures say so.
"""

import argparse
import sys
from collections.abc import Iterator

from benchmarks.sentiment.judged import FormError
from learning.examples import examples_of, lexicon
from learning.files import DATA, Comments, all_comments, content, of_language
from learning.learner import Settings, learn
from learning.trials import Sets, cells, in_parts, left_out
from models.sentiment.data_files import LANGUAGES, LEARNED

_HEAD = (
    "language", "tried on", "comments",
    "alone: right", "macro-F1", "P, R", "with learned: right", "macro-F1", "P, R",
)  # fmt: skip


def main() -> None:
    """Try, print, and write."""
    parser = argparse.ArgumentParser(
        "python -m learning", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__
    )
    parser.add_argument("--write", action="store_true", help="write what is learned from all comments")
    write = parser.parse_args().write
    try:
        comments = all_comments()
    except FormError as problem:
        sys.exit(str(problem))
    compiled = lexicon()
    print(f"| {' | '.join(_HEAD)} |\n|{' --- |' * len(_HEAD)}")
    for language in LANGUAGES:
        own = of_language(comments, language)
        sets = {name: examples_of(found, language, compiled) for name, found in own.items()}
        for row in _rows(sets):
            print(f"| {language} | {' | '.join(row)} |", flush=True)
        if write:
            _write(language, own, sets)


def _rows(sets: Sets) -> Iterator[list[str]]:
    for trial in (left_out, in_parts):
        for name, alone, together in trial(sets, _say):
            yield [name, str(len(alone)), *cells(alone), *cells(together)]


def _write(language: str, comments: Comments, sets: Sets) -> None:
    learned = learn([example for found in sets.values() for example in found])
    file = DATA / LEARNED.format(language)
    file.parent.mkdir(exist_ok=True)
    file.write_text(content(learned, comments, Settings()), "utf-8")
    _say(f"{file}: {len(learned)} phrases")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
