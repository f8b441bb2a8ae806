"""Known bots are told by their user agent."""

import pytest

from models.admission.invalid_traffic import invalid_reasons, is_bot
from models.topics import EventType
from tests.unit.models.building import BOT, BROWSER, event


@pytest.mark.parametrize("agent", [BOT, "facebookexternalhit/1.1", "curl/8.5.0"])
def test_a_known_bot_is_one(agent: str) -> None:
    assert is_bot(agent)


@pytest.mark.parametrize(
    "agent", ["", BROWSER, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Instagram 350.0"]
)
def test_people_and_the_unnamed_are_no_bots(agent: str) -> None:
    assert not is_bot(agent)


@pytest.mark.parametrize("event_type", ["impression", "click", "engagement"])
def test_a_bots_event_is_invalid_traffic(event_type: EventType) -> None:
    events = [event(event_type, user_agent=BOT), event(event_type, user_agent=BROWSER), event(event_type)]

    assert invalid_reasons(event_type, events) == ["bot", None, None]


def test_a_conversion_has_no_user_agent_to_judge() -> None:
    assert invalid_reasons("conversion", [event("conversion", user_agent=BOT)]) == [None]
