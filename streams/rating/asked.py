"""Texts that were asked about at once, and what is answered."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

import numpy as np

from models.events.batch import Smalls
from models.sentiment.asking import FAILED, LATE, PRESSURE, Texts

LIVE_SECONDS = 8.0
"""How long what is cut waits for the ratings of what has just come; a release of partitions takes 10."""
PATIENT_SECONDS = 30.0
"""How long, where what has come is old anyhow, or the process died: by then another one rates."""

_LOOK_SECONDS = 1.0

Tell = Callable[[Smalls, str], None]
"""Takes what each text was rated as (models.sentiment.asking), and the model that did it."""


class Asked:
    """The first `accepted` of some texts; there is no room for the others. `tell` is called once.

    `limit` returns for how many seconds what is cut waits for them.
    """

    def __init__(self, texts: Texts, accepted: int, tell: Tell, limit: Callable[[], float]) -> None:
        self.texts: Texts | None = texts.first(accepted) if accepted < texts.number else texts
        self.unanswered = accepted
        self.limit = limit
        self.deaths = 0
        """How often the process died over the first of them."""
        self.told = asyncio.Event()
        self.octets = len(self.texts.texts)
        self._accepted = accepted
        self._verdicts: Smalls = np.full(texts.number, PRESSURE, np.int8)
        self._verdicts[:accepted] = LATE
        self._tell: Tell | None = tell
        self._model = ""

    def answer(self, verdicts: Smalls, model: str) -> None:
        """Take what the next of them are rated as."""
        start = self._accepted - self.unanswered
        self.unanswered -= len(verdicts)
        if self._tell is not None:
            self._verdicts[start : start + len(verdicts)] = verdicts
            self._model = model
        if not self.unanswered:
            self.end()

    def begin_again(self) -> None:
        """Forget what is answered: all are asked about again."""
        self.unanswered = self._accepted
        self._verdicts[: self._accepted] = LATE

    def fail(self) -> None:
        """End with those that are not answered as FAILED."""
        self._verdicts[self._accepted - self.unanswered : self._accepted] = FAILED
        self.end()

    def end(self) -> None:
        """Tell what is known; whatever is answered from here on is lost."""
        tell, self._tell, self.texts = self._tell, None, None
        if tell is not None:
            self.told.set()
            tell(self._verdicts, self._model)


async def settled(asked: Iterable[Asked]) -> None:
    """Wait until all is told of what was asked, within limits; what is not answered by then never counts."""
    began = asyncio.get_running_loop().time()
    for one in asked:
        while not one.told.is_set() and (left := began + one.limit() - asyncio.get_running_loop().time()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_SECONDS)):
                    await one.told.wait()
        one.end()
