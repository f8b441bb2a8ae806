"""Texts that are asked about, in their order, until they are answered."""

from collections import deque

from models.events.batch import Smalls
from streams.rating.asked import Asked

_MOST_DEATHS = 2


class Line:
    """What is with the process that rates, or waits for it; one that was ended stays until it is answered."""

    def __init__(self) -> None:
        self._asked: deque[Asked] = deque()
        self.texts = 0
        self.octets = 0

    def add(self, asked: Asked) -> None:
        """Take texts, to stand behind all others."""
        self._asked.append(asked)
        self.texts += asked.unanswered
        self.octets += asked.octets

    def answer(self, verdicts: Smalls, model: str) -> None:
        """Take what the next texts are rated as."""
        while len(verdicts) and self._asked:
            first = self._asked[0]
            own, verdicts = verdicts[: first.unanswered], verdicts[first.unanswered :]
            self.texts -= len(own)
            first.answer(own, model)
            if not first.unanswered:
                self._leave()

    def died(self) -> None:
        """Note that the process died, maybe of the first: of what kills it twice no third one is asked."""
        if self._asked:
            self._asked[0].deaths += 1
            if self._asked[0].deaths >= _MOST_DEATHS:
                self._asked[0].fail()

    def begin_again(self) -> list[Asked]:
        """Return all that is still to be told, to be asked about from its beginning."""
        for one in self._take():
            if one.texts is not None:
                one.begin_again()
                self.add(one)
        return [*self._asked]

    def fail(self) -> None:
        """End all: there is nobody to rate them."""
        for one in self._take():
            one.fail()

    def _leave(self) -> None:
        self.octets -= self._asked.popleft().octets

    def _take(self) -> list[Asked]:
        taken = [*self._asked]
        self._asked.clear()
        self.texts = self.octets = 0
        return taken
