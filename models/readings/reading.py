"""What a shard's state says now: the figures of every scope and window of a campaign."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.readings.columns import Columns
from models.readings.counted import Counted, count
from models.readings.evaluation import figures_of
from models.readings.scope_reading import Reading
from models.readings.subject import Subject, subject_of
from models.scopes import ALL_SCOPES, ScopeName
from models.state.shard_state import ShardState
from models.windows import SCOPES_OF, WINDOW_NAMES, WindowName


def read_campaign(
    state: ShardState,
    campaign: Campaign,
    registry: Registry,
    now: int,
    needed: Mapping[WindowName, Collection[ScopeName]] = SCOPES_OF,
) -> list[Reading]:
    """Read scopes of one campaign by window at `now` (microseconds); all unless told what is needed."""
    subject = subject_of(state, campaign, registry, now)
    return [reading for _, columns in read_columns([subject], needed) for reading in readings_of(columns)]


def read_columns(
    subjects: Sequence[Subject], needed: Mapping[WindowName, Collection[ScopeName]] = SCOPES_OF
) -> Iterator[tuple[Subject, Columns]]:
    """Read every key of scopes of campaigns in the windows in which they are needed, scope after scope."""
    counted: list[Counted] = []
    for scope in ALL_SCOPES:
        windows = [window for window in WINDOW_NAMES if scope in needed.get(window, ())]
        if windows:
            counted += count([(one, one.keys.shown[scope]) for one in subjects], scope, windows)
    yield from zip((one.subject for one in counted), figures_of(counted), strict=True)


def readings_of(columns: Columns) -> Iterator[Reading]:
    """Take columns apart."""
    for key, window, figures in columns.rows():
        yield Reading(key, window, figures)
