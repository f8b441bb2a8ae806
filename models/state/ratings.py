"""Texts handed out to be rated, and what comes back counted: as if their events had said so themselves."""

from typing import NamedTuple

import numpy as np

from models.campaigns.registry import Registry
from models.events.batch import Smalls
from models.sentiment.asking import UNTOLD, WHY_UNRATED, Texts
from models.sentiment.rating import OwnWords
from models.state.counting import Counting
from models.state.memory import Memory
from models.state.mentions import Mentions
from models.state.pending import Pending
from models.tally import Tally


class Unrated(NamedTuple):
    """Texts of a batch that are still to be rated, the last of which arrived at `arrived` (microseconds).

    The rest is for whoever counts what they are rated as (`Ratings.count`).
    """

    texts: Texts
    arrived: int
    topic: str
    mentions: Mentions
    pending: Pending


class Ratings:
    """The ratings of one shard's texts; of each event one, which is stored with the event or never."""

    def __init__(self, registry: Registry, memory: Memory, counting: Counting) -> None:
        self._memory = memory
        self._counting = counting
        self._own_words = _own_words(registry)

    def use(self, registry: Registry) -> None:
        """Take a changed registry, for the texts that are handed out from here on."""
        self._own_words = _own_words(registry)

    def of(self, topic: str, mentions: Mentions, pending: Pending) -> Unrated:
        """Hand out the texts of mentions that are among pending changes."""
        texts, known = Texts(mentions.texts, mentions.languages), self._own_words
        if known:
            campaigns = self._named(mentions)
            words = {name: known[name] for name in campaigns if name in known}
            own = {name: number for number, name in enumerate(words)}
            texts = texts._replace(own=[own.get(name, -1) for name in campaigns], words=[*words.values()])
        return Unrated(texts, mentions.arrived, topic, mentions, pending)

    def count(self, unrated: Unrated, verdicts: Smalls, model: str) -> None:
        """Count what texts were rated as, and by which model; see ShardState.rate."""
        mentions, pending = unrated.mentions, unrated.pending
        if len(pending.closed_after):
            # The samples of people were forgotten with their campaign, and would be begun anew.
            closed = np.isin(mentions.campaigns, pending.closed_after)
            mentions = mentions._replace(known=mentions.known & ~closed)
        counts, acts = self._counting.rate(mentions, verdicts)
        outcomes = self._outcomes(mentions, verdicts, model)
        self._memory.counts.add(counts)
        self._memory.add_outcomes(unrated.topic, outcomes)
        pending.rate(unrated.topic, counts, acts, outcomes)

    def _outcomes(self, mentions: Mentions, verdicts: Smalls, model: str) -> Tally:
        """Count the texts that a model has read, by campaign, and those that have no rating, by why."""
        why, texts = np.unique(-verdicts[verdicts < 0].astype(np.int64), return_counts=True)
        unrated = zip(why.tolist(), texts.tolist(), strict=True)
        campaigns, texts = np.unique(mentions.campaigns[verdicts >= UNTOLD], return_counts=True)
        read = zip(campaigns.tolist(), texts.tolist(), strict=True)
        names = self._memory.leaves.campaign_names
        return {f"unrated:{WHY_UNRATED[number - 1]}": count for number, count in unrated} | {
            f"read:{names[number]}|{model}": count for number, count in read
        }

    def _named(self, mentions: Mentions) -> list[str]:
        """List the campaign of each mention."""
        names = self._memory.leaves.campaign_names
        return [names[number] for number in mentions.campaigns.tolist()]


def _own_words(registry: Registry) -> dict[str, OwnWords]:
    """Return the words of the campaigns that have some of their own."""
    found = ((name, campaign.sentiment) for name, campaign in registry.campaigns.items())
    return {name: OwnWords(one.positive, one.negative, one.neutral) for name, one in found if one}
