"""Whose a fee or spend is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.readings.shares import Shares
from models.scopes import ABSENT, ALL_SCOPES, OTHER, Leaf, ScopeKey
from tests.unit.models.building import GLOW, LEAF
from tests.unit.models.readings.told import keys_of

ANA = ScopeKey("influencer", ("glow", "ana"))
REELS = [LEAF, LEAF._replace(channel="tiktok"), LEAF._replace(content="reel-2")]
LEAVES = st.lists(
    st.builds(
        Leaf,
        st.just("glow"),
        st.just("ana"),
        st.sampled_from(["a", "b", ABSENT, OTHER]),
        st.sampled_from(["x", "y", ABSENT, OTHER]),
        st.sampled_from(["reel", ABSENT, OTHER]),
    ),
    unique=True,
)


def borne(leaves: list[Leaf], content: str | None = None) -> dict[ScopeKey, float]:
    """Return who bears what of what ana, or a content of hers, is paid."""
    payee = ANA if content is None else ScopeKey("content", ("glow", "ana", content))
    keys = keys_of(dict.fromkeys(leaves, 0), GLOW, ANA, payee)
    found: dict[ScopeKey, float] = {}
    for scope in ALL_SCOPES:
        _, numbers, shares = Shares([payee], keys).of(scope)
        for number, share in zip(numbers.tolist(), shares.tolist(), strict=True):
            key = keys.key(scope, number)
            found[key] = found.get(key, 0.0) + share
    return found


def content(name: str) -> ScopeKey:
    return ScopeKey("content", ("glow", "ana", name))


def channel(name: str) -> ScopeKey:
    return ScopeKey("channel", ("glow", name))


def test_contents_share_evenly_and_then_their_channels() -> None:
    found = borne(REELS)

    assert found == pytest.approx(
        {
            GLOW: 1,
            ANA: 1,
            content("reel-1"): 0.5,
            content("reel-2"): 0.5,
            channel("instagram"): 0.75,
            channel("tiktok"): 0.25,
            ScopeKey("format", ("glow", "none")): 1,
        }
    )


def test_what_names_a_content_is_borne_by_it_alone_seen_or_not() -> None:
    assert content("reel-1") not in borne(REELS, content="reel-2")
    assert borne(REELS, content="reel-2")[channel("instagram")] == 1
    assert borne(REELS, content="reel-3") == {GLOW: 1, ANA: 1, content("reel-3"): 1}


def test_of_somebody_not_yet_seen_influencer_and_campaign_bear_all() -> None:
    assert borne([]) == borne([LEAF._replace(influencer="ben")]) == {GLOW: 1, ANA: 1}


@pytest.mark.parametrize("nothing", [ABSENT, OTHER])
@pytest.mark.parametrize("field", ["content", "channel", "format"])
def test_what_stands_for_nothing_bears_a_share_only_where_it_is_alone(field: str, nothing: str) -> None:
    named = LEAF._replace(format="reel")
    vague = named._replace(**{field: nothing})
    ids = ("glow", "ana", nothing) if field == "content" else ("glow", nothing)

    assert ScopeKey(field, ids) not in borne([vague, named])
    assert borne([vague])[ScopeKey(field, ids)] == 1


@given(LEAVES)
def test_shares_add_up_at_every_kind_of_scope(leaves: list[Leaf]) -> None:
    found = borne(leaves)

    for name in ALL_SCOPES if leaves else ("campaign", "influencer"):
        assert sum(share for scope, share in found.items() if scope.name == name) == pytest.approx(1)
