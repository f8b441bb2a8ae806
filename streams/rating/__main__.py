"""The process that rates: reads texts from standard input, writes what they are rated as to standard output.

It ends when its worker does, however that ends: the pipes between them close. Signals for the worker's
group (Ctrl-C, a stop by the service manager) are not for it: the worker still asks while it stores its last.
Nothing of a text leaves it, not even in an error: what a model of others prints goes nowhere once it is
loaded.
"""

import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import BinaryIO

from models.core.json_lines import read_lines
from models.sentiment.asking import FAILED, NUMBER, UNTOLD, Texts
from models.sentiment.plugins import PluginError
from models.sentiment.rating import OwnWords, Rater
from streams.rating.messages import LENGTH_BYTES, Answer, Greeting, framed, length_of, read_texts
from streams.rating.model import installed_rater

_ANSWER_SECONDS = 0.01
_OCTET = 0xFF
_NICE = 5
"""Once it is loaded: counting goes first where there is no second core."""


def main() -> None:
    """Rate until the worker has ended."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(BrokenPipeError):
        rater = _loaded(answers)
        if rater is not None:
            _be_silent()
            _serve(rater, sys.stdin.buffer, answers)


def _loaded(answers: BinaryIO) -> Rater | None:
    try:
        rater = installed_rater()
    except PluginError as error:
        _say(answers, framed(Greeting("", str(error))))
        return None
    gc.freeze()
    os.nice(_NICE)
    _say(answers, framed(Greeting(rater.version, "")))
    return rater


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _serve(rater: Rater, asked: BinaryIO, answers: BinaryIO) -> None:
    while len(length := asked.read(LENGTH_BYTES)) == LENGTH_BYTES:
        content = asked.read(length_of(length))
        if len(content) < length_of(length):
            return
        _answer(verdicts_of(rater, read_texts(content)), answers)


def _answer(found: Iterator[int], answers: BinaryIO) -> None:
    """Say what texts are rated as, from time to time: of a slow model each one is told soon."""
    verdicts, began = bytearray(), time.monotonic()
    for number in found:
        verdicts.append(number & _OCTET)
        seconds = time.monotonic() - began
        if seconds >= _ANSWER_SECONDS:
            _say(answers, framed(Answer(bytes(verdicts), seconds)))
            verdicts, began = bytearray(), time.monotonic()
    if verdicts:
        _say(answers, framed(Answer(bytes(verdicts), time.monotonic() - began)))


def _say(answers: BinaryIO, message: bytes) -> None:
    answers.write(message)
    answers.flush()


def verdicts_of(rater: Rater, texts: Texts) -> Iterator[int]:
    """Rate texts, one after the other."""
    words = [*texts.words, None]
    lines = zip(read_lines(texts.texts), read_lines(texts.languages), strict=True)
    for index, (text, language) in enumerate(lines):
        own = words[texts.own[index]] if texts.own else None
        yield _number(rater, text, language or None, own)


def _number(rater: Rater, text: str, language: str | None, own: OwnWords | None) -> int:
    try:
        return NUMBER.get(rater.rate(text, language, own).verdict, UNTOLD)
    # It may be others' code, and fail in any way; what it says may hold the text.
    except Exception:
        return FAILED


if __name__ == "__main__":
    main()
