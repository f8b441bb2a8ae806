"""What KPIs are shown for: each scope declared once, and the leaves that scopes add up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from models.words import Words

ScopeName = str
"""The name of an entry of `SCOPES`."""


ABSENT = "none"
"""Stands for what an event does not say of its leaf."""


class Leaf(NamedTuple):
    """Where an event counts: the finest grain."""

    campaign: str
    influencer: str
    content: str
    channel: str
    format: str = ABSENT


def leaf_of(texts: Iterable[str]) -> Leaf:
    """Return a leaf of texts that were stored: each text is there once, however many leaves it names."""
    return Leaf(*map(intern, texts))


OTHER = "__other__"
"""Stands for what is beyond the cap on a campaign's leaves."""


def other_leaf(campaign: str) -> Leaf:
    """Return the leaf that new ones count under where a campaign has too many."""
    return Leaf(campaign, *(OTHER for _ in Leaf._fields[1:]))


class ScopeKey(NamedTuple):
    """One thing that KPIs are shown for: its scope, and its ids from the campaign down."""

    name: ScopeName
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A way to add up a campaign's leaves.

    `labels` are the fields of a leaf that tell its keys apart, the campaign first. Only `detailed` scopes
    have every KPI, only `bounded` ones the 95 % bounds. Where a page has too many series, the scope of the
    lowest `gives_way` is cut first; one without never is.
    """

    name: ScopeName
    title: Words
    plural: Words
    labels: tuple[str, ...]
    detailed: bool = True
    bounded: bool = False
    gives_way: int | None = None

    def is_within(self, other: "Scope") -> bool:
        """Return whether each key of this scope belongs to one key of the other, a wider one."""
        return self != other and self.labels[: len(other.labels)] == other.labels


SCOPES: tuple[Scope, ...] = (
    Scope(
        name="campaign",
        title=Words("Campaign", "Campagne"),
        plural=Words("Campaigns", "Campagnes"),
        labels=("campaign",),
        bounded=True,
    ),
    Scope(
        name="influencer",
        title=Words("Influencer", "Influenceur"),
        plural=Words("Influencers", "Influenceurs"),
        labels=("campaign", "influencer"),
        bounded=True,
        gives_way=4,
    ),
    Scope(
        name="content",
        title=Words("Content", "Contenu"),
        plural=Words("Contents", "Contenus"),
        labels=("campaign", "influencer", "content"),
        detailed=False,
        gives_way=1,
    ),
    Scope(
        name="channel",
        title=Words("Channel", "Canal"),
        plural=Words("Channels", "Canaux"),
        labels=("campaign", "channel"),
        gives_way=3,
    ),
    Scope(
        name="format",
        title=Words("Format", "Format"),
        plural=Words("Formats", "Formats"),
        labels=("campaign", "format"),
        gives_way=2,
    ),
)
ALL_SCOPES: tuple[ScopeName, ...] = tuple(scope.name for scope in SCOPES)
DETAILED_SCOPES: tuple[ScopeName, ...] = tuple(scope.name for scope in SCOPES if scope.detailed)
BOUNDED_SCOPES: tuple[ScopeName, ...] = tuple(scope.name for scope in SCOPES if scope.bounded)
GIVING_WAY: tuple[Scope, ...] = tuple(
    sorted((one for one in SCOPES if one.gives_way is not None), key=lambda one: one.gives_way or 0)
)
"""The scopes that are cut where a page has too many series, the first to go first."""
LABELS: dict[ScopeName, tuple[str, ...]] = {scope.name: scope.labels for scope in SCOPES}


def scope(name: ScopeName) -> Scope:
    """Return the scope with a name."""
    return next(one for one in SCOPES if one.name == name)


def _ids_of(labels: tuple[str, ...]) -> Callable[[Leaf], tuple[str, ...]]:
    """Return what reads some fields of a leaf; a page asks hundreds of thousands of times."""
    fields = [Leaf._fields.index(label) for label in labels]
    return itemgetter(*fields) if len(fields) > 1 else itemgetter(slice(fields[0], fields[0] + 1))


_IDS = [(scope.name, _ids_of(scope.labels)) for scope in SCOPES]


def scopes_of(leaf: Leaf) -> tuple[ScopeKey, ...]:
    """List what a leaf adds to: one key of each scope, in the order of `SCOPES`."""
    return tuple([ScopeKey(name, ids(leaf)) for name, ids in _IDS])


def keys_among(scopes: frozenset[ScopeName]) -> Callable[[Leaf], list[ScopeKey]]:
    """Return what lists the keys of some scopes that a leaf adds to."""
    among = [(name, ids) for name, ids in _IDS if name in scopes]
    return lambda leaf: [ScopeKey(name, ids(leaf)) for name, ids in among]
