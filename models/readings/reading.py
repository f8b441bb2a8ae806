"""What a shard's state says now: the figures of every scope and window of a campaign."""

from collections.abc import Collection, Iterator, Mapping

from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.readings.columns import Columns, rows_of
from models.readings.scope_reading import Reading
from models.readings.subject import Subject, subject_of
from models.scopes import ScopeName
from models.state.shard_state import ShardState
from models.windows import SCOPES_OF, WindowName


def read_campaign(
    state: ShardState,
    campaign: Campaign,
    registry: Registry,
    now: int,
    needed: Mapping[WindowName, Collection[ScopeName]] = SCOPES_OF,
) -> list[Reading]:
    """Read scopes of one campaign by window at `now` (microseconds); all unless told what is needed."""
    subject = subject_of(state, campaign, registry, now)
    return [reading for columns in read_columns(subject, needed) for reading in readings_of(columns)]


def read_columns(
    subject: Subject, needed: Mapping[WindowName, Collection[ScopeName]] = SCOPES_OF
) -> Iterator[Columns]:
    """Read every key of scopes by window."""
    scopes = frozenset().union(*needed.values())
    parts = {
        scope: subject.part(scope, subject.keys.shown[scope])
        for scope in subject.keys.shown
        if scope in scopes
    }
    for window, wanted in needed.items():
        for scope in wanted:
            yield subject.read(parts[scope], window)


def readings_of(columns: Columns) -> Iterator[Reading]:
    """Take columns apart."""
    for key, figures in zip(columns.keys, rows_of(columns.figures, len(columns.keys)), strict=True):
        yield Reading(key, columns.window, figures)
