"""An impression is in its campaign's target where its audience belongs to it; each pair is judged once."""

from collections.abc import Sequence

import pytest

from models.core.columns import numbers
from models.events.schema import Audience
from models.reach.targets import NO_TARGET, NOBODY, Targets
from tests.unit.models.building import campaign, registry

FRENCH = {"size": 9, "audience": {"country": ["FR"]}}
TEA = {"size": 9, "audience": {"interests": ["tea"]}}
SAID = [
    Audience(country="FR"),
    Audience(country="DE", interests=["tea"]),
    Audience(country="FR", interests=["tea", "art"]),
]


@pytest.fixture
def targets() -> Targets:
    return Targets(registry(campaign(target=FRENCH), campaign(id="luz", target=TEA), campaign(id="far")))


def matching(targets: Targets, *pairs: tuple[str, int], said: Sequence[Audience] = SAID) -> list[bool]:
    """Tell of pairs of campaign and audience whether they match."""
    of = numbers([targets.of_campaign(name) for name, _ in pairs])
    found = targets.matching(numbers([number for _, number in pairs]), of, said).tolist()
    assert all(target in (NO_TARGET, own) for target, own in zip(found, of.tolist(), strict=True))
    return [target != NO_TARGET for target in found]


def test_each_pair_of_target_and_audience_is_one(targets: Targets) -> None:
    pairs = [(name, number) for name in ("glow", "luz", "far") for number in (NOBODY, 0, 1, 2)]
    expected = [False, True, False, True, False, False, True, True, False, False, False, False]

    for _ in range(2):
        assert matching(targets, *pairs, *pairs) == expected * 2


def test_an_audience_that_is_numbered_anew_is_judged_anew(targets: Targets) -> None:
    assert matching(targets, ("glow", 0)) == [True]
    assert matching(targets, ("glow", 0), said=[Audience(country="DE")]) == [False]


def test_a_changed_target_is_another_one(targets: Targets) -> None:
    assert matching(targets, ("glow", 0), ("glow", 1)) == [True, False]
    targets.use(registry(campaign(target=TEA)))
    assert matching(targets, ("glow", 0), ("glow", 1)) == [False, True]
