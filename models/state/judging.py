"""What events say to the judge of a shard (models.authenticity): interactions, and who saw something.

Texts are hashed as they come, and kept nowhere.
"""

import numpy as np

from models.authenticity.columns import NO_AGENT, NO_HASH, OF_A_PERSON, Interactions
from models.authenticity.settings import Authenticity
from models.authenticity.texts import written
from models.core.columns import Ints, numbers, stack
from models.core.hashing import Domain, Hashes, hash_texts
from models.events.batch import Events, Mask, Smalls
from models.events.decoder import Decoder
from models.events.leaf_index import LeafIndex
from models.events.written import Written, read_texts
from models.kinds import ENGAGEMENTS, INTERACTIONS, names
from models.state.effects import Judged
from models.state.memory import Memory

_CLICK = names(ENGAGEMENTS).index("click")
_INTERACTS: Mask = np.array([kind in INTERACTIONS for kind in ENGAGEMENTS])
_NO_WORDS = -1
_MANY = 8192
_NOTHING = Judged(*np.empty((2, 0), np.int64), *np.empty((2, 0), np.int8))


class Judging:
    """Judges the events of a shard, valid ones that are no duplicates.

    Events are of one type, with their rows, the indices of those with a known person, and these. Interactions
    wait until there are many: a judge looks at each campaign's by themselves, and that takes as long for one
    as for a hundred. What they count is not known before `take`.
    """

    def __init__(self, memory: Memory, leaves: LeafIndex, decoder: Decoder) -> None:
        self._memory = memory
        self._leaves = leaves
        self._decoder = decoder
        self._waiting: list[tuple[Ints, Interactions]] = []
        self._many = 0

    def take(self) -> Judged:
        """Judge the interactions that wait, in their order."""
        if not self._waiting:
            return _NOTHING
        rows, lines = zip(*self._waiting, strict=True)
        self._waiting, self._many = [], 0
        all_rows, all_lines = np.concatenate(rows), stack(lines)
        judged, reasons, noted = self._memory.judge.judge(all_lines)
        return Judged(all_rows[judged], all_lines.times[judged], reasons[judged], noted[judged])

    def expose(self, events: Events, rows: Ints, known: Ints, persons: Hashes) -> None:
        """Tell of impressions; no interaction may wait."""
        campaigns = self._memory.campaigns_of(rows)
        self._memory.judge.expose(campaigns, _spread(known, persons, len(rows)), events.times, events.counts)

    def add(self, events: Events, rows: Ints, known: Ints, persons: Hashes) -> bool:
        """Let engagements or link clicks wait, those that say who did them; return whether many wait."""
        all_persons = _spread(known, persons, len(rows))
        agents = self._agents(events.agents)
        kinds = np.full(len(rows), _CLICK, np.int8) if events.type == "click" else events.kinds
        at = np.flatnonzero(_alone(events, kinds) & _carrying(events.written, all_persons, agents))
        if len(at):
            lines = self._interactions(events, at, rows[at], all_persons[at], kinds[at], agents[at])
            self._waiting.append((rows[at], lines))
            self._many += len(at)
        return self._many >= _MANY

    def _interactions(
        self, events: Events, at: Ints, rows: Ints, persons: Hashes, kinds: Smalls, agents: Smalls
    ) -> Interactions:
        campaigns, leaves = self._memory.campaigns_of(rows), events.leaves[at]
        texts, words = np.zeros(len(at), np.uint64), np.full(len(at), _NO_WORDS)
        if events.written is not None:
            self._compare(events, at, campaigns, texts, words)
        return Interactions(
            campaigns,
            persons,
            events.times[at],
            kinds,
            self._leaves.contents(leaves),
            self._leaves.influencers(leaves),
            texts,
            words,
            agents,
            self._leaves.live(leaves),
            events.counts[at],
        )

    def _compare(self, events: Events, at: Ints, campaigns: Ints, texts: Hashes, words: Ints) -> None:
        """Count the words of each text, and hash those that are long enough to be compared."""
        rules = {number: self._memory.rules(number) for number in np.unique(campaigns).tolist()}
        copying = {number: by.copied_text for number, by in rules.items() if _looks_at_texts(by)}
        where, compared = list[int](), list[str]()
        for line, campaign, text in _texts_of(events, at, campaigns):
            words[line] = 0
            if (by := copying.get(campaign)) is not None:
                found = written(text, by.excepted)
                words[line] = found.words
                if found.compared and found.words >= by.words:
                    where.append(line)
                    compared.append(found.compared)
        keys = self._leaves.keys(events.leaves[at[numbers(where)]], Domain.TEXT)
        texts[where] = hash_texts(compared, keys)

    def _agents(self, agents: Ints) -> Smalls:
        """Say of agents, none of which is a machine's, whether they tell of a person."""
        known = np.full(len(agents), NO_AGENT, np.int8)
        given = np.flatnonzero(agents >= 0)
        if len(given):
            known[given[self._decoder.tells_who[agents[given]]]] = OF_A_PERSON
        return known


def _alone(events: Events, kinds: Smalls) -> Mask:
    """Mark the interactions that stand for themselves: what a total has grown by does not, were it by one."""
    alone: Mask = (events.counts == 1) & _INTERACTS[kinds]
    alone[[*events.totals]] = False
    return alone


def _carrying(texts: Written | None, persons: Hashes, agents: Smalls) -> Mask:
    """Mark the events that carry a person, a text or an agent."""
    carries: Mask = (persons != NO_HASH) | (agents != NO_AGENT)
    return carries if texts is None else carries | (texts.lengths >= 0)


def _looks_at_texts(by: Authenticity) -> bool:
    return by.looks("copied_text", "generic")


def _texts_of(events: Events, at: Ints, campaigns: Ints) -> list[tuple[int, int, str]]:
    """Return the texts of the events at some indices, each with its place among these and its campaign."""
    if events.written is None:
        return []
    here = events.written.at(at)
    said = zip(campaigns.tolist(), read_texts(events.buffer, here.starts, here.lengths), strict=True)
    return [(line, campaign, text) for line, (campaign, text) in enumerate(said) if text is not None]


def _spread(known: Ints, persons: Hashes, many: int) -> Hashes:
    """Return the persons of so many events, NO_HASH where nobody is known."""
    spread = np.full(many, NO_HASH, np.uint64)
    spread[known] = persons
    return spread
