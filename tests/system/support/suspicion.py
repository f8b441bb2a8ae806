"""Which interactions are suspicious or noted, and why, by the words of docs/authenticity.md alone.

Everything is remembered here. So this holds where no more comes of a person, text or content than the page
says is remembered, and within hours; and where the order in which topics and partitions are read decides
nothing: a group comes by one partition of one topic, or it is of one leaf and one moment.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import fmean, pstdev

from tests.system.support.judging import Event
from tests.system.support.rules import Rule, Rules

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
GIVEAWAYS = ("je participe", "count me in", "suerte a todos")
"""Those of the phrases of giveaways that the tests' texts use."""
_APART = re.compile(r"(?:https?://|www\.)\S+|[@#][\w.]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

Content = tuple[str, str]
"""An influencer's content."""


def suspected(events: Iterable[Event], rules: Mapping[str, Rules]) -> Iterator[Event]:
    """Say of each interaction whether it can be judged, and its reason; `rules` are by campaign."""
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for event in events:
        if can_be_judged(event):
            reason, noted = _verdict(event, seen[event.campaign], rules[event.campaign])
            yield replace(event, judged=True, reason=reason, noted=noted)
        else:
            yield event


def can_be_judged(event: Event) -> bool:
    """Return whether it stands for itself and carries a person, a text or an agent; in chats an agent."""
    if event.type not in ("click", "engagement") or event.kind == "video_view":
        return False
    carries = not _is_live(event) and (event.person is not None or event.text is not None)
    return (carries or event.tells_who) and event.count == 1 and event.total is None


def _is_live(event: Event) -> bool:
    return "live" in (event.channel, event.format)


@dataclass
class _Seen:
    """What came before of one campaign, for each rule its own.

    Times by person; the latest time of each writer by text; first visits by person and content, and who came
    to a content; when contents began, the early comments of an influencer's persons, a content's regulars.
    """

    paces: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    beats: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    writers: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    visits: dict[str, dict[Content, int]] = field(default_factory=lambda: defaultdict(dict))
    crowds: dict[Content, set[str]] = field(default_factory=lambda: defaultdict(set))
    began: dict[Content, int] = field(default_factory=dict)
    early: dict[tuple[str, str], set[Content]] = field(default_factory=lambda: defaultdict(set))
    regulars: dict[Content, set[str]] = field(default_factory=lambda: defaultdict(set))


def _verdict(event: Event, seen: _Seen, rules: Rules) -> tuple[str | None, str | None]:
    """Note an interaction, and return the reason why it is suspicious, or else why it is noted."""
    if _is_live(event):
        return None, None
    uses = {rule: rules[rule]["use"] for rule in _HITS if rules[rule]["use"] != "off"}
    found = [rule for rule in uses if _HITS[rule](event, seen, rules[rule])]
    reason, noted = (next((rule for rule in found if uses[rule] == use), None) for use in ("on", "report"))
    return reason, noted if reason is None else None


def _is_fast(event: Event, seen: _Seen, rule: Rule) -> bool:
    if event.person is None or event.kind == "reply":
        return False
    times = seen.paces[event.person]
    times.append(event.time)
    # The product counts by half hours of the clock: what is planted lies in two of them at most.
    in_ten_seconds, in_an_hour = (_most(times, event.time, span) for span in (10 * SECOND, HOUR))
    return bool(in_ten_seconds > rule["in_10_seconds"] or in_an_hour > rule["in_1_hour"])


def _is_even(event: Event, seen: _Seen, rule: Rule) -> bool:
    if event.person is None or event.kind == "reply":
        return False
    times = seen.beats[event.person]
    times.append(event.time)
    last = sorted(times)[-16:]
    gaps = [after - before for before, after in pairwise(last)]
    enough = event.time in last and len(gaps) == 15 and 0 < last[-1] - last[0] <= DAY
    return enough and bool(pstdev(gaps) / fmean(gaps) < rule["variation"])


def _most(times: Sequence[int], time: int, span: int) -> int:
    """Count the most of some times that are within a span which holds one of them."""
    starts = [start for start in times if time - span < start <= time]
    return max(sum(start <= other < start + span for other in times) for start in starts)


def _is_copied(event: Event, seen: _Seen, rule: Rule) -> bool:
    words = _words(event.text or "")
    said = " ".join(words)
    excepted = [*GIVEAWAYS, *(" ".join(_words(phrase)) for phrase in rule["except"])]
    if len(words) < rule["words"] or any(f" {phrase} " in f" {said} " for phrase in excepted):
        return False
    writers = seen.writers[said]
    if event.person is not None:
        writers[event.person] = max(event.time, writers.get(event.person, 0))
    return sum(abs(time - event.time) < DAY for time in writers.values()) >= int(rule["persons"])


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text[:5000]).casefold().replace("’", "'")
    return _WORD.findall(_APART.sub(" ", folded))


def _is_in_lockstep(event: Event, seen: _Seen, rule: Rule) -> bool:
    if event.person is None:
        return False
    content, own = (event.influencer, event.content), seen.visits[event.person]
    own.setdefault(content, event.time)
    seen.crowds[content].add(event.person)
    crowd = [seen.visits[person] for person in seen.crowds[content]]
    near = [other for other in crowd if _is_together(own, other, content)]
    partners = [other for other in near if other is not own and _shared(own, other) >= rule["contents"]]
    return len(partners) >= int(rule["partners"]) and len(near) < 16


def _shared(one: dict[Content, int], other: dict[Content, int]) -> int:
    return sum(_is_together(one, other, content) for content in one)


def _is_together(one: dict[Content, int], other: dict[Content, int], content: Content) -> bool:
    return content in other and abs(one[content] - other[content]) <= MINUTE


def _is_of_a_pod(event: Event, seen: _Seen, rule: Rule) -> bool:
    content = event.influencer, event.content
    seen.began[content] = min(event.time, seen.began.get(content, event.time))
    if event.kind != "comment" or event.person is None or event.time - seen.began[content] > 15 * MINUTE:
        return False
    early, regulars = seen.early[event.influencer, event.person], seen.regulars[content]
    early.add(content)
    known = sum(influencer == event.influencer for influencer, _ in seen.began)
    if len(early) < max(rule["contents"], rule["share"] * known):
        return False
    regulars.add(event.person)
    return len(regulars) >= int(rule["persons"])


def _is_generic(event: Event, _: _Seen, rule: Rule) -> bool:
    return event.text is not None and len(_words(event.text)) <= int(rule["words"])


_HITS: dict[str, Callable[[Event, _Seen, Rule], bool]] = {
    "burst": _is_fast,
    "clockwork": _is_even,
    "copied_text": _is_copied,
    "lockstep": _is_in_lockstep,
    "pod": _is_of_a_pod,
    "generic": _is_generic,
}
"""The rules in the order in which they are asked."""
