"""Texts that people have judged, read where they lie: none is copied."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from models.sentiment.rating import Verdict

LANGUAGES = {"en": "english", "fr": "french", "es": "spanish"}
VERDICTS: tuple[Verdict, ...] = ("negative", "neutral", "positive")


class Judged(NamedTuple):
    """A text, its language, and what people say that it is."""

    language: str
    text: str
    verdict: Verdict


class FormError(Exception):
    """A file of judged texts cannot be read; the message names file and line."""


def tweets(folder: Path) -> list[Judged]:
    """Read UMSAB's tweets: `english_val_text.txt`, a text a line, and `english_val_labels.txt` (0, 1, 2).

    Raises:
        FormError: a file is missing, or the two do not fit.

    """
    return [judged for language in LANGUAGES for judged in _tweets(folder, language)]


def comments(folder: Path) -> list[Judged]:
    """Read all `*.jsonl` of a folder: {"language": "fr", "text": "…", "verdict": "negative"} a line.

    Raises:
        FormError: there is no such file, or a line is no such object.

    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise FormError(f"{folder}: there is no *.jsonl")
    return [judged for file in files for judged in _comments(file)]


def _tweets(folder: Path, language: str) -> Iterator[Judged]:
    name = LANGUAGES[language]
    texts = _lines(folder / f"{name}_val_text.txt")
    labels = _lines(folder / f"{name}_val_labels.txt")
    if len(texts) != len(labels):
        raise FormError(f"{folder}: {len(texts)} texts and {len(labels)} labels in {name}")
    for number, (text, label) in enumerate(zip(texts, labels, strict=True), 1):
        if label not in ("0", "1", "2"):
            raise FormError(f"{folder}/{name}_val_labels.txt:{number}: the label must be 0, 1 or 2")
        yield Judged(language, text, VERDICTS[int(label)])


def _comments(file: Path) -> Iterator[Judged]:
    for number, line in enumerate(_lines(file), 1):
        try:
            judged = Judged(**json.loads(line))
        except (ValueError, TypeError):
            raise FormError(f"{file}:{number}: must be an object of language, text and verdict") from None
        if judged.language not in LANGUAGES or judged.verdict not in VERDICTS:
            raise FormError(
                f"{file}:{number}: language is one of en, fr, es; verdict of {', '.join(VERDICTS)}"
            )
        yield judged


def _lines(file: Path) -> list[str]:
    # A text may hold a character that str.splitlines takes for the end of a line.
    try:
        return file.read_text("utf-8").removesuffix("\n").split("\n")
    except OSError as problem:
        raise FormError(f"{file}: {problem.strerror}") from None
