"""Ask a process what texts are rated as, and never hold up what counts.

Invariants:
1. Whoever asks is told once: what each text was rated as, or that it has no rating, and why.
2. What is asked about is bounded. What has just come is never waited for: what there is no room for is not
   rated. What is old anyhow, of a backlog, is waited for, within limits (streams.rating.patience).
3. Nothing of a text is kept once it is told, and none is in a log or an error.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from models.sentiment.asking import Texts
from models.times import SECOND
from streams.rating.asked import LIVE_SECONDS, PATIENT_SECONDS, Asked, Tell
from streams.rating.line import Line
from streams.rating.messages import Answer, framed
from streams.rating.patience import Patience

_ROOM_SECONDS = 1.0
"""Where a model is slow there is room for what it rates within that: so its answers are in time."""
_USUAL_SECONDS_A_TEXT = 50e-6
_NEWEST_SHARE = 0.1
_BEHIND = 10 * SECOND
"""What arrived so long ago is of a backlog."""


class _Bounds(NamedTuple):
    texts: int
    octets: int


_NEW = _Bounds(4096, 4_000_000)
_OLD = _Bounds(65_536, 32_000_000)
"""Of a backlog what was fetched already is asked about, too, before anybody waits."""


class Rating:
    """Asks whom `connect` names, until `disconnect`; `clock` returns microseconds, `monotonic` seconds.

    `model` is the one that rates now; empty where none does.
    """

    def __init__(self, clock: Callable[[], int], monotonic: Callable[[], float] = time.monotonic) -> None:
        self.model = ""
        self._clock = clock
        self._monotonic = monotonic
        self._patience = Patience(monotonic)
        self._line = Line()
        self._send: Callable[[bytes], None] | None = None
        self._away = False
        self._connected_at = monotonic()
        self._old = False
        self._seconds_a_text = _USUAL_SECONDS_A_TEXT
        self._answered = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many texts are not answered."""
        return self._line.texts

    def ask(self, texts: Texts, arrived: int, tell: Tell, *, live: bool) -> Asked:
        """Ask about texts, the last of which arrived at `arrived` (microseconds); `tell` is called once.

        What a shard that is not live counts is old, however late it arrived.
        """
        old = self._old = not live or self._clock() - arrived > _BEHIND

        def limit() -> float:
            return PATIENT_SECONDS if old or self._has_just_begun else LIVE_SECONDS

        asked = Asked(texts, self._fitting(texts), tell, limit)
        if self._away:
            asked.fail()
        elif not asked.unanswered:
            asked.end()
        else:
            self._line.add(asked)
            self._write(asked)
        return asked

    async def wait(self) -> None:
        """Wait for room where what came last is old; not for long."""
        while self._old and self._line.texts >= self._room and (left := self._patience.left) > 0:
            began = self._monotonic()
            self._answered.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._answered.wait()
            self._patience.spend(began)

    def connect(self, model: str, send: Callable[[bytes], None]) -> None:
        """Ask whoever reads what is sent, and rates with a model: from the first that is not answered."""
        self.model, self._send, self._away = model, send, False
        self._connected_at = self._monotonic()
        for asked in self._line.begin_again():
            self._write(asked)

    def disconnect(self) -> None:
        """Ask nobody any more: whoever was asked has died."""
        if self._send is not None:
            self._line.died()
        self.model, self._send = "", None

    def give_up(self) -> None:
        """Let all that is asked about fail, until somebody is connected again."""
        self._away = True
        self._line.fail()
        self._answered.set()

    def take(self, answer: Answer) -> None:
        """Take what the next texts are rated as."""
        pace = answer.seconds / len(answer.verdicts)
        self._seconds_a_text += _NEWEST_SHARE * (pace - self._seconds_a_text)
        self._line.answer(np.frombuffer(answer.verdicts, np.int8), self.model)
        self._answered.set()

    @property
    def _has_just_begun(self) -> bool:
        """Whether nobody rates yet, or who does has hardly had the time for what waited."""
        return self._send is None or self._monotonic() - self._connected_at < LIVE_SECONDS

    @property
    def _room(self) -> int:
        return max(1, min(_NEW.texts, int(_ROOM_SECONDS / self._seconds_a_text)))

    def _fitting(self, texts: Texts) -> int:
        """Return how many of some texts there is room for."""
        waits = self._old and self._patience.left > 0
        bounds = _OLD if waits else _Bounds(self._room, _NEW.octets)
        octets = max(0, bounds.octets - self._line.octets)
        fitting = texts.number if len(texts.texts) <= octets else texts.texts[:octets].count(b"\n")
        return min(fitting, max(0, bounds.texts - self._line.texts))

    def _write(self, asked: Asked) -> None:
        if self._send is not None and asked.texts is not None:
            self._send(framed(asked.texts))
