"""Agents and audiences, which come again and again: each is looked at once, and known by a number."""

import json
from collections.abc import Callable

import numpy as np

from models.core.growing import grown
from models.core.texts import Texts, TextTuple, only
from models.events.parsing import read_part
from models.events.schema import Audience

MOST = 65_536
"""Where more than so many are remembered, all should be forgotten."""


class Agents:
    """User agents by number, known by how they are written in JSON.

    `is_bot` and `tells_who` have an entry for each, by what these functions say of it.
    """

    def __init__(self, is_bot: Callable[[str], bool], tells_who: Callable[[str], bool]) -> None:
        self._ask_whether_bot, self._ask_whether_tells = is_bot, tells_who
        self.texts = Texts(1, self._add)
        self.is_bot, self.tells_who = np.zeros(64, np.bool_), np.zeros(64, np.bool_)

    def number(self, agent: str | None) -> int:
        """Return an agent's number, or −1 where there is none."""
        return (
            -1
            if agent is None
            else self.texts.number((json.dumps(agent, ensure_ascii=False)[1:-1].encode(),))
        )

    def forget(self) -> None:
        """Forget all; numbers begin again."""
        self.texts.clear()

    def _add(self, written: TextTuple) -> int:
        number = len(self.texts)
        if number == len(self.is_bot):
            self.is_bot, self.tells_who = (grown(column, number) for column in (self.is_bot, self.tells_who))
        agent = json.loads(f'"{only(written)}"')
        self.is_bot[number] = self._ask_whether_bot(agent)
        self.tells_who[number] = self._ask_whether_tells(agent)
        return number


class Audiences:
    """Audiences by number, without what of them does not fit; `unfit` names that where there is any.

    An audience is known by how it is written: the same in another order is another. Each is read by its
    model, which takes some microseconds: so much costs an event whose audience comes but once.
    """

    def __init__(self) -> None:
        self.texts = Texts(1, self._add)
        self.listed: list[Audience] = []
        self.unfit: dict[int, list[str]] = {}

    def number(self, audience: Audience | None) -> int:
        """Return an audience's number, or −1 where there is none."""
        return -1 if audience is None else self.texts.number((audience.model_dump_json().encode(),))

    def forget(self) -> None:
        """Forget all; numbers begin again, in another list."""
        self.texts.clear()
        self.listed, self.unfit = [], {}

    def _add(self, written: TextTuple) -> int:
        audience, unfit = read_part(Audience, only(written))
        number = len(self.listed)
        self.listed.append(audience)
        if unfit:
            self.unfit[number] = [f"audience.{name}" for name in unfit]
        return number
