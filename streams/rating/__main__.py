"""The process that rates: reads texts from standard input, writes what they are rated as to standard output.

It ends when its worker does, however that ends: the pipes between them close, or the system kills it where
its model hangs. Signals that stop a service are not for it: the worker still asks while it stores its last.
Nothing of a text leaves it, not even in an error: what a model of others prints goes nowhere once it is
loaded, and what it reads comes from nowhere.
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
from models.sentiment.asking import FAILED, NUMBER, Texts
from models.sentiment.plugins import PluginError
from models.sentiment.rating import OwnWords, Rater
from streams.rating.messages import LENGTH_BYTES, Answer, Greeting, framed, length_of, read_texts
from streams.rating.model import installed_rater
from streams.rating.standing import end_with, step_back

_ANSWER_SECONDS = 0.01
_OCTET = 0xFF


def main(worker: int) -> None:
    """Rate until the worker, which is the process of this number, has ended."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_with(worker)
    asked, answers = _pipes()
    with contextlib.suppress(BrokenPipeError):
        rater = _loaded(answers)
        if rater is not None:
            _be_silent()
            _serve(rater, asked, answers)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take what is asked and what is answered from standard input and output: they are the model's, too."""
    asked = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return asked, answers


def _loaded(answers: BinaryIO) -> Rater | None:
    try:
        rater = installed_rater()
    except PluginError as error:
        _say(answers, framed(Greeting("", str(error))))
        return None
    gc.freeze()
    step_back()
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
        return NUMBER[rater.rate(text, language, own).verdict]
    # It may be others' code, and fail in any way; what it says may hold the text. Signals are not for us.
    except BaseException:
        return FAILED


if __name__ == "__main__":
    main(int(sys.argv[1]))
