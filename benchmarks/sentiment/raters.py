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
from models.sentiment.model import LexiconRater, own_data
from models.sentiment.rating import Verdict

HERE = Path(__file__).parent
OURS, OURS_FOUND = "ours", "ours, language found"


@dataclass(frozen=True, slots=True)
class Rated:
    """What a rater says of each text, None where it does not read its language; CPU time in µs a text."""

    verdicts: list[Verdict | None]
    microseconds: float


def ours(texts: Sequence[Judged]) -> dict[str, Rated]:
    """Rate texts by the lexicon: with the language given, and without."""
    rater = LexiconRater(own_data())
    return {
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
    taken = [answer[1] for answer in answers if answer]
    return Rated([answer[0] if answer else None for answer in answers], sum(taken) / len(taken))


def _by_afinn(texts: Sequence[Judged], cache: Path, say: Say) -> dict[str, Rated]:
    lists = afinn.word_lists(cache, say)
    return {afinn.NAME: _timed(lambda one: afinn.rate(one.text, lists[one.language]), texts)}


def _timed(rate: Callable[[Judged], Verdict], texts: Sequence[Judged]) -> Rated:
    started = time.process_time()
    verdicts: list[Verdict | None] = [rate(one) for one in texts]
    return Rated(verdicts, (time.process_time() - started) * 1e6 / max(1, len(texts)))
