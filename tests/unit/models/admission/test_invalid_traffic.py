"""Known bots are told by their user agent."""

import pytest

from models.admission.invalid_traffic import is_bot
from tests.unit.models.building import BOT, BROWSER


@pytest.mark.parametrize("agent", [BOT, "facebookexternalhit/1.1", "curl/8.5.0"])
def test_a_known_bot_is_one(agent: str) -> None:
    assert is_bot(agent)


@pytest.mark.parametrize(
    "agent", ["", BROWSER, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Instagram 350.0"]
)
def test_people_and_the_unnamed_are_no_bots(agent: str) -> None:
    assert not is_bot(agent)
