"""What is noted of every round of scrapes: what was shown twice, fell, or left its bounds."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from tests.system.support.checking import KPIS, merged
from tests.system.support.comparing import Interval, above, disordered
from tests.system.support.families import LIFETIME, RISING
from tests.system.support.formulas import PEOPLE
from tests.system.support.naming import Key, Series, describe

INFO = "kpi_campaign_info"
MOST = 200
"""Sentences kept of each sort; all are counted."""


class Findings:
    """Sentences about what is wrong, the first of them kept, all of them counted."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def add(self, sentence: str) -> None:
        """Note one."""
        self.count += 1
        if self.count <= MOST:
            self.first.append(sentence)


class Book:
    """The rounds of a run, in their order; every page of a round was read after all of the round before.

    A series is shown twice where the same two workers show it in one round and again in the next: each had
    it before and after a moment that lies between the rounds. Once is called `momentary` and is no fault:
    one worker may have been read before it gave the series away, the other after it took it on.

    A dip is a count of the flight or of a lifetime below what any worker showed in an earlier round, or a
    lifetime counter that is missing from a page that shows its campaign. Not being shown at all is none.
    Counts of campaigns that are `revised` may fall: platforms take totals back. Lifetime counters may not.
    """

    def __init__(self, revised: Collection[str] = ()) -> None:
        self._revised = frozenset(revised)
        self.rounds = 0
        self.twice, self.dips, self.outside = Findings(), Findings(), Findings()
        self.momentary = 0
        self.highest: Series = {}
        self._together: set[tuple[Key, str, str]] = set()
        self._counters: dict[str, set[Key]] = defaultdict(set)

    def add(self, moment: float, pages: Mapping[str, Series]) -> None:
        """Note one round: the page of each worker that answered, by the worker's name."""
        self.rounds += 1
        self._note_twice(moment, pages)
        counts = {name: _counts(page) for name, page in pages.items()}
        for name, page in pages.items():
            at = f"{moment:.1f} s, {name}: "
            self._note_dips(at, counts[name], campaigns_of(page))
            for sentence in disordered(page):
                self.outside.add(at + sentence)
        for shown in counts.values():
            self._remember(shown)

    def too_high(self, wanted: Mapping[Key, Interval]) -> list[str]:
        """Say which counts were once shown higher than they are in the end.

        Not the shortest window: of that, time takes away while the test runs. Nor what may fall.
        """
        lasting = {
            key: value
            for key, value in self.highest.items()
            if ("window", "5m") not in key[1] and not self._may_be_revised(key)
        }
        return above(wanted, lasting)

    def problems(self, wanted: Mapping[Key, Interval]) -> dict[str, list[str]]:
        """Give, under a heading each, what was wrong while the scenario ran."""
        return {
            "once above the final truth": self.too_high(wanted),
            f"shown twice, {self.twice.count} times": self.twice.first,
            f"fallen, {self.dips.count} times": self.dips.first,
            f"outside its bounds, {self.outside.count} times": self.outside.first,
        }

    def _note_twice(self, moment: float, pages: Mapping[str, Series]) -> None:
        holders: dict[Key, list[str]] = defaultdict(list)
        for name, page in sorted(pages.items()):
            for key in page:
                if key[0].startswith(KPIS):
                    holders[key].append(name)
        together = {(key, a, b) for key, names in holders.items() for a in names for b in names if a < b}
        for key, a, b in together & self._together:
            self.twice.add(f"{moment:.1f} s: {describe(key)} is shown by {a} and {b}, as in the round before")
        self.momentary += len(together - self._together)
        self._together = together

    def _note_dips(self, at: str, shown: Series, campaigns: set[str]) -> None:
        for key, value in shown.items():
            if self._never_falls(key) and value < (before := self.highest.get(key, 0.0)):
                self.dips.add(f"{at}{describe(key)} fell from {before!r} to {value!r}")
        for campaign in campaigns:
            for key in self._counters[campaign] - shown.keys():
                self.dips.add(f"{at}{describe(key)} is missing beside its campaign")

    def _never_falls(self, key: Key) -> bool:
        """Return whether neither time nor anything else takes away from a count; persons may be estimated."""
        family, labels = key
        lasts = ("window", "flight") in labels and not family.endswith(tuple(PEOPLE))
        return family in LIFETIME or (lasts and not self._may_be_revised(key))

    def _may_be_revised(self, key: Key) -> bool:
        return key[0] not in LIFETIME and dict(key[1]).get("campaign") in self._revised

    def _remember(self, shown: Series) -> None:
        for key, value in shown.items():
            self.highest[key] = max(value, self.highest.get(key, value))
            if key[0] in LIFETIME and value:
                self._counters[dict(key[1])["campaign"]].add(key)


def campaigns_of(page: Series) -> set[str]:
    """Name the campaigns that a page shows."""
    return {dict(labels)["campaign"] for family, labels in page if family == INFO}


def _counts(page: Series) -> Series:
    """Return the counts that may not be above the truth, summed as the contract leaves them open."""
    counts = {key: value for key, value in page.items() if key[0] in RISING and key[0].startswith(KPIS)}
    return merged(counts)
