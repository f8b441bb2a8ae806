"""A leaf belongs to one scope of each kind."""

from models.scopes import LABELS, ScopeKey, scopes_of
from models.windows import WINDOWS_OF
from tests.unit.models.building import LEAF


def test_a_leaf_adds_up_to_four_scopes() -> None:
    assert scopes_of(LEAF)[:4] == (
        ScopeKey("campaign", ("glow",)),
        ScopeKey("influencer", ("glow", "ana")),
        ScopeKey("content", ("glow", "ana", "reel-1")),
        ScopeKey("channel", ("glow", "instagram")),
    )


def test_a_scope_has_an_id_for_each_of_its_labels() -> None:
    assert [len(scope.ids) for scope in scopes_of(LEAF)] == [
        len(LABELS[scope.name]) for scope in scopes_of(LEAF)
    ]


def test_every_scope_has_its_flight() -> None:
    assert all("flight" in windows for windows in WINDOWS_OF.values())
