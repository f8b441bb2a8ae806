"""Our rater and those of others, on the same texts."""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.environments import NoEnvironment, Say, python_environment
from benchmarks.sentiment import afinn
from benchmarks.sentiment.judged import Judged
from models.sentiment.model import LexiconRater, own_data, without_learned
from models.sentiment.rating import Verdict

HERE = Path(__file__).parent
OURS, OURS_FOUND, ALONE = "ours", "ours, language found", "ours, lexicon alone"


@dataclass(frozen=True, slots=True)
class Rated:
    """What a rater says of each text, and the CPU time in µs; None where it does not read the language."""

    verdicts: list[Verdict | None]
    microseconds: list[float | None]


def ours(texts: Sequence[Judged]) -> dict[str, Rated]:
    """Rate texts by our model with the language given, and without; and without what is learned."""
    rater, alone = LexiconRater(own_data()), LexiconRater(without_learned(own_data()))
    return {
        ALONE: _timed(lambda one: alone.rate(one.text, one.language).verdict, texts),
        OURS: _timed(lambda one: rater.rate(one.text, one.language).verdict, texts),
        OURS_FOUND: _timed(lambda one: rater.rate(one.text).verdict, texts),
    }


def others(texts: Sequence[Judged], cache: Path, say: Say) -> dict[str, Rated]:
    """Rate texts by packages of others; what cannot be had is left out, and said."""
    found: dict[str, Rated] = {}
    for rate in (_by_packages, _by_afinn):
        try:
            found.update(rate(texts, cache, say))
        except NoEnvironment as problem:
            say(f"left out: {problem}")
    return found


def _by_packages(texts: Sequence[Judged], cache: Path, say: Say) -> dict[str, Rated]:
    python = python_environment(HERE / "others.txt", cache, say)
    asked = "".join(json.dumps({"language": one.language, "text": one.text}) + "\n" for one in texts)
    command = [str(python), str(HERE / "others_app.py")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True)
    if done.returncode:
        raise NoEnvironment(done.stderr)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    names = list(dict.fromkeys(name for answer in answers for name in answer))
    return {name: _gathered([answer.get(name) for answer in answers]) for name in names}


def _gathered(answers: Sequence[tuple[Verdict, float] | None]) -> Rated:
    verdicts = [answer[0] if answer else None for answer in answers]
    return Rated(verdicts, [answer[1] if answer else None for answer in answers])


def _by_afinn(texts: Sequence[Judged], cache: Path, say: Say) -> dict[str, Rated]:
    lists = afinn.word_lists(cache, say)
    return {afinn.NAME: _timed(lambda one: afinn.rate(one.text, lists[one.language]), texts)}


def _timed(rate: Callable[[Judged], Verdict], texts: Sequence[Judged]) -> Rated:
    rated = Rated([], [])
    for one in texts:
        started = time.process_time()
        rated.verdicts.append(rate(one))
        rated.microseconds.append((time.process_time() - started) * 1e6)
    return rated
