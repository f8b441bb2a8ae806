"""The contents of a campaign by number: there are far more of them than of anything else that has a key."""

import numpy as np

from models.core.columns import Int32s
from models.core.growing import grown
from models.scopes import ScopeKey


class Contents:
    """Keys of contents in the order in which they came, made when they are asked for.

    What is kept is the name and the influencer, by number among `influencers`, which may grow. With a key in
    a dictionary each content took 300 bytes.
    """

    def __init__(self, influencers: list[ScopeKey]) -> None:
        self._influencers = influencers
        self._names: list[str] = []
        self._influencer_of: Int32s = np.zeros(8, np.int32)
        # By influencer: the numbers of their contents, by name.
        self._numbers: list[dict[str, int]] = []

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, number: int) -> ScopeKey:
        name, influencer = self._names[number], self._influencers[self._influencer_of[number]]
        return ScopeKey("content", (*influencer.ids, name))

    def number(self, influencer: int, name: str) -> int | None:
        """Return the number of a content; None where it has none."""
        return self._numbers[influencer].get(name) if influencer < len(self._numbers) else None

    def number_for(self, influencer: int, name: str) -> int:
        """Return the number of a content, a new one where it has none."""
        while influencer >= len(self._numbers):
            self._numbers.append({})
        known = self._numbers[influencer]
        if name not in known:
            number = known[name] = len(self._names)
            self._names.append(name)
            if number == len(self._influencer_of):
                self._influencer_of = grown(self._influencer_of, number)
            self._influencer_of[number] = influencer
        return known[name]
