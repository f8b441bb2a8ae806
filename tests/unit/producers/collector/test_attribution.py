"""Clicks whose link is gone, links that look alike; all else is in the golden table of attribution."""

import pytest

from models.scopes import ABSENT, Leaf
from models.times import DAY
from producers.collector.attribution import Claim
from producers.collector.click_ids import Click
from tests.unit.models.building import campaign
from tests.unit.producers.collector.attributing import NOON, attribution

GONE = Click(Leaf("glow", ABSENT, ABSENT, ABSENT), NOON - DAY)


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (None, (GONE.leaf, None)),
        (Leaf("dusk", "cleo", ABSENT, ABSENT), (GONE.leaf, None)),
        (Leaf("glow", "ben", ABSENT, ABSENT), (Leaf("glow", "ben", ABSENT, ABSENT), "declared")),
    ],
)
def test_a_click_whose_link_is_gone_tells_the_campaign(
    declared: Leaf | None, found: tuple[Leaf, str | None]
) -> None:
    attributed = attribution().attribute(Claim(NOON, GONE, (), declared))

    assert (attributed.leaf, attributed.by) == found
    assert attributed.notes == ("unknown_link",)


def test_a_code_attributes_in_its_place() -> None:
    attributed = attribution().attribute(Claim(NOON, GONE, ("BOTH",)))

    assert (attributed.leaf, attributed.by) == (Leaf("glow", "ben", ABSENT, ABSENT), "code")


@pytest.mark.parametrize(
    ("others", "shared"),
    [
        ({"format": "story"}, Leaf("glow", "ana", "r", "instagram")),
        ({"content": "s"}, Leaf("glow", "ana", ABSENT, ABSENT)),
        ({"influencer": "ben"}, Leaf("glow", ABSENT, ABSENT, ABSENT)),
    ],
)
def test_links_whose_addresses_bring_the_same_say_what_they_share(
    others: dict[str, str], shared: Leaf
) -> None:
    own = "utm_source=s&utm_medium=m&utm_campaign=c&utm_content=x"
    one = {"id": "a", "influencer": "ana", "content": "r", "channel": "instagram", "format": "reel"}
    one["to"] = f"https://shop.example/?{own}"

    prepared = attribution(campaign(id="glow", links=[one, {**one, **others, "id": "b"}]))

    assert prepared.by_utm == {("c", "s", "m", "x"): shared}
