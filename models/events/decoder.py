"""Bytes to columns of events, a batch at a time: with the verdicts of `read_event`, many times as fast.

Compiled loops read what is plainly an event (models.events.scanning); texts that come again and again are
judged once each. Whatever is odd the model reads, which has the last word, and what it accepts is written
where the scanner would have written it: so everything afterwards sees columns alone.
"""

from collections.abc import Callable, Sequence
from re import Pattern
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.core.json_texts import ODD
from models.core.records import Records
from models.core.texts import Texts, TextTuple, only
from models.events.batch import Batch, Events, Refused
from models.events.currencies import currency_number
from models.events.described import MOST, Agents, Audiences
from models.events.fields import Derived
from models.events.forms import FIELD, forms_of, leaf_rules, numbers_of, width_of
from models.events.leaf_index import NOWHERE, LeafIndex
from models.events.nobody import LEFT_WORDS
from models.events.parsing import Refusal, read_event
from models.events.reports import read_reports
from models.events.scanning import ABSENT, Scanned, list_nobodies, read_times, room_for, scan
from models.events.schema import LEAF_FIELDS, Adjustment, Event
from models.events.sheet import ELSEWHERE, Sheet
from models.events.unused import RATED, is_nobody
from models.topics import INPUT_TOPICS, EventType

_LEAF, _CAMPAIGN = numbers_of(*LEAF_FIELDS), numbers_of(LEAF_FIELDS[0])
_AGENT, _AUDIENCE, _PERSON = numbers_of("user_agent"), numbers_of("audience"), numbers_of("person_id")
_MATCH, _NO_MATCH = 0, -1
# The events of a large fetch: a megabyte of what was scanned.
_MOST_KEPT = 8192


class Decoded(NamedTuple):
    """The events of a batch, the records that are none, and which fields were ignored, by record.

    `misrouted` has the records of other shards' campaigns, ascending, by shard.
    """

    events: Events
    refused: list[Refused]
    ignored: dict[int, Sequence[str]]
    misrouted: dict[int, Ints]


class Decoder:
    """Reads batches; numbers user agents and audiences, each of which is judged once.

    Their numbers hold until it reads the next batch. `is_bot` and `tells_who` are asked about each agent,
    `owner` for the shard of each campaign.
    """

    def __init__(
        self,
        leaves: LeafIndex,
        is_bot: Callable[[str], bool],
        owner: Callable[[str], int] = lambda _: 0,
        tells_who: Callable[[str], bool] = bool,
    ) -> None:
        self._leaves = leaves
        self._owner = owner
        self._owners = Texts(1, self._owner_of, MOST)
        self._agents = Agents(is_bot, tells_who)
        self._audiences = Audiences()
        self._nobodies = Texts(1, lambda written: is_nobody(only(written)), MOST)
        self._matching: dict[tuple[str, Pattern[str]], Texts] = {}
        self._rooms: dict[EventType, Scanned] = {}

    @property
    def is_bot(self) -> npt.NDArray[np.bool_]:
        """Say of each user agent, by number, whether it is a bot's."""
        return self._agents.is_bot

    @property
    def tells_who(self) -> npt.NDArray[np.bool_]:
        """Say of each user agent, by number, whether it tells who visited."""
        return self._agents.tells_who

    @property
    def audiences(self) -> Sequence[Any]:
        """List audiences by number; another list takes its place when they are numbered anew."""
        return self._audiences.listed

    def decode(self, batch: Batch, shard: int | None = None) -> Decoded:
        """Read the records of a batch; the verdicts are those of `read_event`.

        Where a shard is given, nothing but the campaign is looked up of what is another's.
        """
        if len(self._agents.texts) > MOST or len(self._audiences.listed) > MOST:
            self._agents.forget()
            self._audiences.forget()
        sheet = self._scanned(INPUT_TOPICS[batch.topic], batch.records)
        owners = np.full(len(sheet.times), ABSENT)
        if shard is not None:
            self._set_aside(sheet, shard, owners)
        self._look_up(sheet)
        if sheet.type == "conversion":
            for number in range(len(sheet.forms)):
                read_reports(sheet, number)
        ignored = self._take_unused(sheet)
        refused = []
        for at in np.flatnonzero(sheet.scanned.forms == ODD).tolist():
            read = read_event(sheet.type, batch.records.value(at))
            if isinstance(read, Refusal):
                refused.append(Refused(at, read))
                continue
            owners[at] = self._owner(read.event.campaign_id)
            if shard is not None and owners[at] != shard:
                sheet.scanned.forms[at] = ELSEWHERE
                continue
            self._write(sheet, at, read.event)
            if read.ignored:
                ignored[at] = read.ignored
        elsewhere = np.flatnonzero(sheet.scanned.forms == ELSEWHERE)
        owners = owners[elsewhere]
        misrouted = {int(owner): elsewhere[owners == owner] for owner in np.unique(owners)}
        return Decoded(sheet.events(), refused, ignored, misrouted)

    def _scanned(self, event_type: EventType, records: Records) -> Sheet:
        forms, count = forms_of(event_type), len(records.starts)
        scanned, rest = self._room(event_type, count), np.arange(count)
        for number, derived in enumerate(forms):
            scan(records.buffer, records.starts, records.lengths, rest, derived.form, number, scanned)
            rest = rest[scanned.forms[rest] == ODD]
        times, leaves, agents, audiences, currencies = (np.full(count, ABSENT, np.int64) for _ in range(5))
        revenues = np.full(count, ABSENT, np.float64)
        return Sheet(
            event_type, forms, records, scanned, times, leaves, agents, audiences, currencies, revenues
        )

    def _room(self, event_type: EventType, count: int) -> Scanned:
        """Return room for what is scanned of so many events: new memory would cost as much as looking up."""
        room = self._rooms.get(event_type)
        if room is None or count > len(room.forms):
            room = room_for(count, width_of(event_type))
            if count <= _MOST_KEPT:
                self._rooms[event_type] = room
        return Scanned(room.starts[:count], room.values[:count], room.forms[:count])

    def _set_aside(self, sheet: Sheet, shard: int, owners: Ints) -> None:
        """Note whose the events are, and leave those of others to them."""
        lines = sheet.fitting()
        _find(self._owners, sheet, _CAMPAIGN, lines, owners)
        others = owners[lines]
        sheet.scanned.forms[lines[(others != shard) & (others != ABSENT)]] = ELSEWHERE

    def _owner_of(self, written: TextTuple) -> int:
        """Return the shard of a campaign; ABSENT where the text can be none's, which the model will say."""
        campaign = only(written)
        return self._owner(campaign) if leaf_rules()[0].pattern.fullmatch(campaign) else ABSENT

    def _look_up(self, sheet: Sheet) -> None:
        """Read times, and find the numbers of texts; an event with one that does not fit is odd."""
        scanned, lines = sheet.scanned, sheet.fitting()
        read_times(sheet.records.buffer, scanned, FIELD["event_time"], lines, sheet.times)
        if "user_agent" in sheet.forms[0].model.model_fields:
            _find(self._agents.texts, sheet, _AGENT, lines, sheet.agents)
        if "audience" in sheet.forms[0].model.model_fields:
            _find(self._audiences.texts, sheet, _AUDIENCE, lines, sheet.audiences)
        for number, derived in enumerate(sheet.forms):
            lines = sheet.of_form(number)
            self._find_leaves(sheet, derived, lines)
            scanned.forms[lines[sheet.leaves[lines] == NOWHERE]] = ODD
            for name in derived.rules.patterns.keys() - set(LEAF_FIELDS):
                given = lines[scanned.values[lines, FIELD[name]] != ABSENT]
                matches = np.full(len(scanned.forms), _NO_MATCH)
                known = self._matches(name, derived.rules.patterns[name])
                _find(known, sheet, numbers_of(name), given, matches)
                scanned.forms[given[matches[given] == _NO_MATCH]] = ODD
                if name == "currency":
                    sheet.currencies[given] = matches[given]

    def _find_leaves(self, sheet: Sheet, derived: Derived, lines: Ints) -> None:
        if derived.model is Adjustment:
            named = zip(*(sheet.texts(name, lines) for name in LEAF_FIELDS), strict=True)
            sheet.leaves[lines] = list(map(self._leaves.number, named))
        else:
            starts, values, _ = sheet.scanned
            self._leaves.find(sheet.records.buffer, starts, values, _LEAF, lines, sheet.leaves)

    def _matches(self, name: str, pattern: Pattern[str]) -> Texts:
        """Return the texts of a field that are known to match a pattern as a whole, currencies by number."""
        if (name, pattern) not in self._matching:

            def judge(written: TextTuple) -> int:
                text = only(written)
                if pattern.fullmatch(text) is None:
                    return _NO_MATCH
                return currency_number(text) if name == "currency" else _MATCH

            self._matching[name, pattern] = Texts(1, judge, MOST)
        return self._matching[name, pattern]

    def _take_unused(self, sheet: Sheet) -> dict[int, Sequence[str]]:
        """Take what nothing uses as absent; return which fields, by record."""
        ignored: dict[int, list[str]] = {}
        unfit, lines = self._audiences.unfit, sheet.fitting()
        if unfit:
            for at in lines[np.isin(sheet.audiences[lines], list(unfit))].tolist():
                ignored[at] = [*unfit[int(sheet.audiences[at])]]
        for at in self._nobodies_among(sheet, lines):
            sheet.scanned.values[at, FIELD["person_id"]] = ABSENT
            ignored.setdefault(at, []).append("person_id")
        for at in _idle_ratings(sheet):
            sheet.scanned.values[at, FIELD["sentiment"]] = ABSENT
            ignored.setdefault(at, []).append("sentiment")
        return dict(ignored)

    def _nobodies_among(self, sheet: Sheet, lines: Ints) -> list[int]:
        buffer, field = sheet.records.buffer, FIELD["person_id"]
        suspects = np.empty(len(lines), np.int64)
        suspects = suspects[: list_nobodies(LEFT_WORDS, buffer, sheet.scanned, field, lines, suspects)]
        if not len(suspects):
            return []
        verdicts = np.zeros(len(sheet.times), np.int64)
        _find(self._nobodies, sheet, _PERSON, suspects, verdicts)
        nobodies: list[int] = suspects[verdicts[suspects] == 1].tolist()
        return nobodies

    def _write(self, sheet: Sheet, at: int, event: Event) -> None:
        """Write what the model read of a record."""
        sheet.write(at, event)
        sheet.leaves[at] = self._leaves.number([getattr(event, name) for name in LEAF_FIELDS])
        sheet.agents[at] = self._agents.number(getattr(event, "user_agent", None))
        sheet.audiences[at] = self._audiences.number(getattr(event, "audience", None))


def _find(texts: Texts, sheet: Sheet, columns: Ints, lines: Ints, found: Ints) -> None:
    starts, values, _ = sheet.scanned
    texts.find(sheet.records.buffer, starts, values, columns, lines, found)


def _idle_ratings(sheet: Sheet) -> list[int]:
    """List the events that rate what says nothing."""
    if sheet.type != "engagement":
        return []
    values = sheet.scanned.values
    rating = sheet.with_field("sentiment")
    says = np.array([word in RATED for word in sheet.forms[0].rules.values["kind"]])
    idle: list[int] = rating[~says[values[rating, FIELD["kind"]]]].tolist()
    return idle
