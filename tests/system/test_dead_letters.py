"""`kpis dead-letters` at a terminal: refused events are seen, and counted once their campaign is there."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.system.support import scrape
from tests.system.support.processes import until
from tests.system.support.product import Deployment
from tests.system.support.terminal import Terminal, terminal

ENTER = "\r"
CLICKS = {"late": 3, "later": 2}


def campaigns(*names: str) -> dict[str, Any]:
    """Declare campaigns of these days."""
    now = datetime.now(UTC)
    starts, ends = (f"{now + timedelta(days=days):%Y-%m-%dT00:00:00Z}" for days in (-2, 2))
    flight = {"starts": starts, "ends": ends, "currency": "EUR", "emv_card": "default"}
    return {"campaigns": [{"id": name, "name": name.title(), **flight} for name in names]}


def clicks() -> list[str]:
    """Write the clicks of now of two campaigns."""
    said = {"influencer_id": "ana", "content_id": "reel-1", "channel": "instagram", "source": "pixel"}
    said |= {"type": "click", "event_time": datetime.now(UTC).isoformat()}
    return [
        json.dumps({**said, "event_id": f"{campaign}-{number}", "campaign_id": campaign})
        for campaign, count in CLICKS.items()
        for number in range(count)
    ]


@pytest.fixture
def refused(deployment: Deployment) -> Iterator[Deployment]:
    """Run a worker that has refused all clicks: it knows neither of their campaigns."""
    deployment.apply(campaigns("glow"))
    (deployment.directory / "clicks.ndjson").write_text("\n".join(clicks()))
    with deployment.worker():
        deployment.do("replay", "clicks.ndjson", "--quiet")
        number = sum(CLICKS.values())
        deployment.wait_applied(number, 30)
        # A letter counts as soon as it is made, and is on its topic a moment later.
        until(lambda: len(deployment.dead_letters()) == number, 30, "all letters are on their topic")
        yield deployment


def at_terminal(deployment: Deployment, *arguments: str) -> Any:
    """Run the command at a terminal."""
    return terminal(["dead-letters", *arguments], deployment.settings, deployment.directory)


def counted(deployment: Deployment) -> dict[str, int]:
    """Return the clicks of each campaign, as its gauges show them."""
    shown = deployment.scrape()
    return {
        name: round(scrape.total(shown, "kpi_campaign_clicks", campaign=name, window="flight"))
        for name in CLICKS
    }


def ended(asked: Terminal) -> tuple[int, str]:
    """Wait for the end; return the exit code and all that it said."""
    return asked.wait_end(40), asked.said()


def test_whoever_reads_before_saying_yes_sends_once_what_counts_then(refused: Deployment) -> None:
    with at_terminal(refused, "list") as asked:
        code, said = ended(asked)
        assert code == 0
        assert "unknown_campaign" in said
        assert "5 dead letters" in said
    refused.apply(campaigns("glow", "late"))

    with at_terminal(refused, "reinject") as asked:
        asked.wait_for("would be sent 3: unknown_campaign 3", "still refused 2", "Send them? [y/N]")
        refused.apply(campaigns("glow", "late", "later"))
        asked.press("y" + ENTER)
        code, said = ended(asked)

    assert code == 0
    # Workers would refuse what is sent before they have seen the campaign, and nothing would send it again.
    assert "The campaigns were changed just now: waiting until workers have seen it" in said
    assert "sent 5: unknown_campaign 5" in said
    refused.wait_applied(2 * sum(CLICKS.values()), 30)
    assert counted(refused) == CLICKS
    assert len(refused.dead_letters()) == 5
    with at_terminal(refused, "reinject") as asked:
        code, said = ended(asked)
        assert (code, "Send them?" in said, "already sent 5" in said) == (0, False, True)


def test_whoever_does_not_say_yes_sends_nothing(refused: Deployment) -> None:
    refused.apply(campaigns("glow", *CLICKS))

    for answer in ("n" + ENTER, ENTER, signal.SIGINT):
        with at_terminal(refused, "reinject") as asked:
            asked.wait_for("would be sent 5", "Send them? [y/N]")
            if isinstance(answer, str):
                asked.press(answer)
            else:
                asked.signal(answer)
            code, said = ended(asked)
        assert (code, "Aborted!" in said) == (1, True), answer

    assert counted(refused) == dict.fromkeys(CLICKS, 0)
