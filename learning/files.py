"""The comments that are learned from, and the files that are written."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.sentiment.judged import Judged, comments
from learning.learner import Settings
from models.sentiment.data_files import LEARNED, Language
from models.sentiment.weights import COMMENT, Learned, write_weights

HERE = Path(__file__).parent
DATA = HERE.parent / "models" / "sentiment" / "data"
Comments = Mapping[str, Sequence[Judged]]
"""The comments of each set, by its name."""
_MADE_FROM = "Made from "


def all_comments(folder: Path = HERE / "comments") -> dict[str, list[Judged]]:
    """Read the comments that are learned from, by set.

    Raises:
        FormError: a line is no comment; the message names file and line.

    """
    return {one.name: comments(one) for one in sorted(folder.iterdir()) if one.is_dir()}


def of_language(sets: Comments, language: Language) -> dict[str, list[Judged]]:
    """Return the comments in a language."""
    return {name: [one for one in found if one.language == language] for name, found in sets.items()}


def digest(sets: Comments, settings: Settings) -> str:
    """Return a digest of what is learned from, and how."""
    return hashlib.sha256(repr((sorted(sets.items()), settings)).encode()).hexdigest()[:16]


def content(learned: Learned, sets: Comments, settings: Settings) -> str:
    """Write the file of what was learned from comments in one language."""
    number = sum(map(len, sets.values()))
    return write_weights(
        learned,
        (
            f"Learned from {number} comments by `python -m learning --write`.",
            "Asked where the lexicon is silent; docs/brand.md says how to correct it.",
            "What is changed here lasts until it is learned anew.",
            _MADE_FROM + digest(sets, settings),
        ),
    )


def made_from(language: Language) -> str:
    """Return the digest of what the file of a language was made from; empty if there is no such file."""
    file = DATA / LEARNED.format(language)
    lines = file.read_text("utf-8").split("\n") if file.exists() else []
    begin = COMMENT + _MADE_FROM
    return next((line.removeprefix(begin) for line in lines if line.startswith(begin)), "")
