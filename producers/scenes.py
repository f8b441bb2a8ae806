"""What happens around a post: visits of people and bots, platforms' reports, what is planted."""

import json
from collections.abc import Iterator
from functools import lru_cache
from random import Random

from models.times import SECOND
from producers.cast import sells
from producers.comments import comment, language_of
from producers.people import BOTS, Person, agent_member, identified
from producers.phrases import POLARITIES
from producers.planting import Planting
from producers.scribe import Post, Scribe
from producers.simulated import SimulatedEvent

Events = Iterator[SimulatedEvent]

_VIEW_RATE = 0.25
_BOT_CLICK_RATE = 0.3
_REPORT_RATE = 0.01
_SECOND_REPORT_RATE = 0.25
_CANCELLED, _REFUNDED = 0.03, 0.04
_RETURN_RATE = 0.3
_TELLS_LANGUAGE = 0.5
_RECENT = 300

_ENGAGEMENTS = ("like", "comment", "save", "share", "follow", "mention", "reply", "reaction")
_ENGAGEMENT_STEPS = (0.60, 0.72, 0.82, 0.90, 0.94, 0.96, 0.98, 1.0)
_SPOKEN = ("comment", "mention", "reply")
_LEADS = ("signup", "signup", "signup", "download", "download", "quote_request", "other")
_BOT_MEMBERS = tuple(agent_member(bot) for bot in BOTS)


class Scenes:
    """Plays scenes; each yields its events, in no order."""

    def __init__(
        self, scribe: Scribe, chance: Random, bots: float, currencies: tuple[str, ...], planting: Planting
    ) -> None:
        self._scribe = scribe
        self._chance = chance
        self._planting = planting
        self._bots = lru_cache(maxsize=None)(lambda post: bot_share(post, bots, planting.events(post)))
        self._currencies = currencies

    def play(self, post: Post, at: int) -> Events:
        """Play one scene at a post: mostly a person's visit."""
        draw = self._chance.random() - self._bots(post)
        if draw < 0:
            return self._bot(post, at)
        if draw < _REPORT_RATE:
            return self._platform_report(post, at)
        if draw < _REPORT_RATE + self._planting.rate(post):
            return self._planting.play(post, at)
        return self._visit(post, at)

    def _visit(self, post: Post, at: int) -> Events:
        chance, role = self._chance.random, post.role.archetype
        number = self._someone(post)
        profile = post.public.profile(number)
        person = identified(post.public, number, profile.consent)
        members = person[0] + profile.agent
        known = person[1]
        write = self._scribe.write
        yield write(post, at, "impression", post.leaf, members + profile.audience, **known)
        if post.role.is_video and chance() < _VIEW_RATE:
            yield self._scribe.engagement(post, self._after(at, 3, 30), "video_view", members, **known)
        if chance() < role.engagement_rate:
            yield self._reaction(post, self._after(at, 2, 40), members, known)
        if chance() < role.click_rate:
            clicked = self._after(at, 1, 20)
            yield write(post, clicked, "click", post.leaf, members, **known)
            if chance() < role.conversion_rate:
                yield from self._conversion(post, self._after(clicked, 10, 300), person)

    def _reaction(self, post: Post, at: int, members: str, known: dict[str, object]) -> SimulatedEvent:
        draw = self._chance.random()
        kind = next(kind for kind, step in zip(_ENGAGEMENTS, _ENGAGEMENT_STEPS, strict=True) if draw < step)
        if kind not in _SPOKEN:
            return self._scribe.engagement(post, at, kind, members, **known)
        said, sentiment = self._comment(post)
        return self._scribe.engagement(post, at, kind, members + said, **known, sentiment=sentiment)

    def _comment(self, post: Post) -> tuple[str, str | None]:
        """Write a comment's text, some with its language, its rating made upstream, or both."""
        chance = self._chance
        polarity = chance.choices(POLARITIES, post.role.archetype.sentiment)[0]
        members = ""
        draw = chance.random()
        if draw < 0.7:
            local = language_of(post.role.campaign.time_zone)
            language = local if chance.random() < 0.8 else "en"
            text = json.dumps(comment(chance, language, polarity), ensure_ascii=False)
            members = f'"text":{text},' + f'"language":"{language}",' * (chance.random() < _TELLS_LANGUAGE)
        if draw < 0.4:
            return members, None
        return f'{members}"sentiment":"{polarity}",', polarity

    def _conversion(self, post: Post, at: int, person: Person) -> Events:
        chance = self._chance
        if not sells(post.role.campaign) or chance.random() < 0.15:
            kind = "signup" if sells(post.role.campaign) else chance.choice(_LEADS)
            members = f'"kind":"{kind}",{person[0]}'
            yield self._scribe.write(post, at, "conversion", post.leaf, members, kind=kind, **person[1])
        else:
            yield from self._purchase(post, at, person)

    def _purchase(self, post: Post, at: int, person: Person) -> Events:
        chance = self._chance
        order = f"o-{self._scribe.id_of(self._scribe.next_number())}"
        revenue = round(chance.lognormvariate(3.9, 0.45), 2)
        currency = post.role.campaign.currency
        if currency in self._currencies and chance.random() < 0.08:
            currency = chance.choice(self._currencies)
        money = f'"order_id":"{order}","revenue":{revenue},"currency":"{currency}",'
        known = {"kind": "purchase", "order_id": order, "revenue": revenue, "currency": currency, **person[1]}
        members = f'"kind":"purchase",{money}{person[0]}'
        yield self._scribe.write(post, at, "conversion", post.leaf, members, **known)
        if chance.random() < _SECOND_REPORT_RATE:
            again = self._after(at, 1, 60)
            yield self._scribe.write(post, again, "conversion", post.influencer, members, **known)
        yield from self._adjustment(post, at, order, revenue, currency)

    def _adjustment(self, post: Post, at: int, order: str, revenue: float, currency: str) -> Events:
        draw = self._chance.random()
        if draw >= _CANCELLED + _REFUNDED:
            return
        status = "cancelled" if draw < _CANCELLED else "refunded"
        members = f'"order_id":"{order}","status":"{status}",'
        known: dict[str, object] = {"order_id": order, "status": status}
        if status == "refunded" and self._chance.random() < 0.5:
            part = round(revenue * self._chance.uniform(0.1, 0.9), 2)
            members += f'"revenue":{part},"currency":"{currency}",'
            known |= {"revenue": part, "currency": currency}
        later = self._after(at, 30, 600)
        yield self._scribe.write(post, later, "conversion", post.campaign, members, **known)

    def _bot(self, post: Post, at: int) -> Events:
        agent = self._chance.choice(_BOT_MEMBERS)
        write = self._scribe.write
        yield write(post, at, "impression", post.leaf, agent, outcome="invalid_traffic")
        if self._chance.random() < _BOT_CLICK_RATE:
            at += SECOND
            yield write(post, at, "click", post.leaf, agent, outcome="invalid_traffic")

    def _platform_report(self, post: Post, at: int) -> Events:
        """Report a count, as platforms do for what no pixel sees."""
        draw, chance = self._chance.random(), self._chance
        if draw < 0.4:
            count = chance.randint(5, 60)
            yield self._scribe.write(post, at, "impression", post.leaf, f'"count":{count},', stands_for=count)
        elif draw < 0.5:
            count = chance.randint(2, 4)
            yield self._scribe.write(post, at, "click", post.leaf, f'"count":{count},', stands_for=count)
        else:
            kind, most = ("like", 12) if draw < 0.75 else ("video_view", 200)
            count = chance.randint(2, most)
            yield self._scribe.engagement(post, at, kind, f'"count":{count},', stands_for=count)

    def _someone(self, post: Post) -> int:
        """Choose a visitor: often a person seen lately, otherwise a follower, the keen ones more often."""
        chance, recent = self._chance, post.recent
        if recent and chance.random() < _RETURN_RATE:
            return recent[int(len(recent) * chance.random())]
        first, number = post.followers
        person = (first + int(number * chance.random() ** 1.5)) % post.public.size
        if len(recent) < _RECENT:
            recent.append(person)
        else:
            recent[int(_RECENT * chance.random())] = person
        return person

    def _after(self, at: int, least: int, most: int) -> int:
        return at + int(SECOND * (least + (most - least) * self._chance.random() ** 2))


def bot_share(post: Post, bots: float, planted: float) -> float:
    """Return the share of bots' scenes that makes `bots` of the events theirs, where some are planted."""
    others = (1 - _REPORT_RATE) * _per_visit(post) + _REPORT_RATE + planted
    per_bot = 1 + _BOT_CLICK_RATE
    return min(1.0, bots * others / (per_bot + bots * (_per_visit(post) - per_bot)))


def events_per_scene(post: Post, bots: float, planted: float) -> float:
    """Return the mean number of events of a scene, of which so many are planted."""
    share = bot_share(post, bots, planted)
    per_bot = 1 + _BOT_CLICK_RATE
    return share * per_bot + (1 - share - _REPORT_RATE) * _per_visit(post) + _REPORT_RATE + planted


def _per_visit(post: Post) -> float:
    role = post.role.archetype
    views = _VIEW_RATE if post.role.is_video else 0.0
    per_conversion = 1 + (_SECOND_REPORT_RATE + _CANCELLED + _REFUNDED) * sells(post.role.campaign)
    return 1 + views + role.engagement_rate + role.click_rate * (1 + role.conversion_rate * per_conversion)
