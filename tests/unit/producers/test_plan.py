"""What is planted is said in YAML, and each mistake in it is named with its line."""

import pytest

from models.campaigns.campaign import Campaign, Declaration
from producers.plan import Plan, PlanError, demo_plans, read_plans


@pytest.fixture
def campaigns(demo: Declaration) -> dict[str, Campaign]:
    return {one.id: one for one in demo.campaigns}


def test_the_demos_is_of_its_campaigns_and_influencers(campaigns: dict[str, Campaign]) -> None:
    plans = read_plans("demo", demo_plans(), campaigns)

    assert {name: plan.influencers for name, plan in plans.items()} == {"nimbus-app": ("fast-cash-kai",)}
    assert plans["nimbus-app"].burst > 0


def test_an_empty_file_plants_nothing(campaigns: dict[str, Campaign]) -> None:
    assert read_plans("planted.yaml", "# later\n", campaigns) == {}
    assert read_plans("planted.yaml", "nimbus-app: {}\n", campaigns) == {"nimbus-app": Plan()}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nimbus-ap: {pod: 0.1}", "planted.yaml:1:1: nimbus-ap: no such campaign; did you mean nimbus-app?"),
        (
            "nimbus-app:\n  influencers: [fast-cash-kay]",
            "planted.yaml:2:17: nimbus-app.influencers[0]: no influencer of the campaign; "
            "did you mean fast-cash-kai?",
        ),
        (
            "nimbus-app:\n  brust: 0.1",
            "planted.yaml:2:3: nimbus-app.brust: no such field; did you mean burst?",
        ),
        ("nimbus-app:\n  burst: 1.5", "planted.yaml:2:10: nimbus-app.burst: must be at most 0.95"),
        ("nimbus-app:\n  burst: '0.5'", "planted.yaml:2:10: nimbus-app.burst: must be a number"),
        ("nimbus-app: {burst: 0.5, pod: 0.5}", "planted.yaml:1:13: nimbus-app: plants more than 0.95 in all"),
        ("nimbus-app: 3", "planted.yaml:1:13: nimbus-app: must be a mapping"),
        ("- nimbus-app", "planted.yaml:1:1: must be a mapping"),
        ("a: [", "planted.yaml:1:5: is not YAML"),
        ("nimbus-app: {}\nnimbus-app: {}", "planted.yaml:2:1: nimbus-app: stands here a second time"),
    ],
)
def test_a_mistake_is_named_with_its_line(campaigns: dict[str, Campaign], text: str, said: str) -> None:
    with pytest.raises(PlanError) as error:
        read_plans("planted.yaml", text, campaigns)

    assert str(error.value).startswith(said)
