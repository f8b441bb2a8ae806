"""A leaf belongs to one scope of each kind."""

from models.scopes import LABELS, WINDOWS, Scope, scopes_of
from tests.unit.models.building import LEAF


def test_a_leaf_adds_up_to_four_scopes() -> None:
    assert scopes_of(LEAF) == (
        Scope("campaign", ("glow",)),
        Scope("influencer", ("glow", "ana")),
        Scope("content", ("glow", "ana", "reel-1")),
        Scope("channel", ("glow", "instagram")),
    )


def test_a_scope_has_an_id_for_each_of_its_labels() -> None:
    assert [len(scope.ids) for scope in scopes_of(LEAF)] == [
        len(LABELS[scope.name]) for scope in scopes_of(LEAF)
    ]


def test_every_scope_has_its_flight() -> None:
    assert all("flight" in windows for windows in WINDOWS.values())
