"""Clicks whose link is gone; all else is in the golden table `attribution/cases.yaml`."""

import pytest

from models.scopes import ABSENT, Leaf
from models.times import DAY
from producers.collector.attribution import Claim
from producers.collector.click_ids import Click
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
