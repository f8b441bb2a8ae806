"""Texts that were asked about at once, and what is answered."""

import asyncio
from collections.abc import Callable, Iterable

import numpy as np

from models.events.batch import Smalls
from models.sentiment.asking import FAILED, LATE, PRESSURE, Texts

LIVE_SECONDS = 8.0
"""How long what is cut waits for the ratings of what has just come: a process that died is there again.
A release of partitions takes 10 at most."""
PATIENT_SECONDS = 30.0
"""How long, where what has come is old anyhow."""

Tell = Callable[[Smalls, str], None]
"""Takes what each text was rated as (models.sentiment.asking), and the model that did it."""


class Asked:
    """The first `accepted` of some texts; there is no room for the others. `tell` is called once."""

    def __init__(self, texts: Texts, accepted: int, tell: Tell, *, patient: bool) -> None:
        self.texts: Texts | None = texts.first(accepted) if accepted < texts.number else texts
        self.unanswered = accepted
        self.patient = patient
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


async def settled(asked: Iterable[Asked], live: float = LIVE_SECONDS) -> None:
    """Wait until all is told of what was asked, within a limit; what is not answered by then never counts."""
    waiting = [one for one in asked if not one.told.is_set()]
    if not waiting:
        return
    limit = PATIENT_SECONDS if any(one.patient for one in waiting) else live
    try:
        async with asyncio.timeout(limit):
            for one in waiting:
                await one.told.wait()
    except TimeoutError:
        for one in waiting:
            one.end()
