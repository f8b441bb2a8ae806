"""`kpis show` as a campaign manager has it: left open on a terminal, or printed once into a pipe."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.support.processes import free_port
from tests.system.support.product import Deployment, Servers
from tests.system.support.terminal import terminal

EVENTS = 3000
ENTER, ESC = "\r", "\x1b"


@pytest.fixture(scope="module")
def shown(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Run a worker that has counted simulated traffic of the demo's campaigns."""
    deployment = Deployment(servers, "t-show", tmp_path_factory.mktemp("show"))
    campaigns = deployment.directory / "demo.yaml"
    campaigns.write_text(deployment.run("simulate", "--print-campaigns").stdout)
    deployment.do("campaigns", "apply", str(campaigns))
    deployment.do("topics", "apply")
    with deployment.worker():
        deployment.do("simulate", "--quiet", "--backfill", "20s", "--count", str(EVENTS))
        deployment.wait_applied(EVENTS, 60)
        yield deployment


def test_keys_lead_from_the_campaigns_to_an_influencer_and_q_ends_it(shown: Deployment) -> None:
    with terminal(["show"], shown.settings, shown.directory) as seen:
        seen.wait_for("Terra Mesa", "Lumière", "worst first", "1 worker, ready", "q Quit")
        seen.press("s")
        seen.wait_for("by name, A to Z")
        seen.press("/")
        seen.wait_for("a name, an id")
        seen.press("lumiere")
        seen.wait_for("Campaigns 1 of")
        seen.press(ENTER)
        seen.wait_for("w Window")
        seen.press(ENTER)
        seen.wait_for("visibility", "Reach", "2 Influencers")
        seen.press("2")
        seen.wait_for("camille", "maison-jo", "· by ")
        seen.press("4")
        seen.wait_for("instagram")
        seen.press("?")
        seen.wait_for("too early to say: it may be on either side")
        seen.press("q" + ESC)
        seen.wait_for("by name, A to Z")
        seen.resize(130, 40)
        seen.wait_for("Impr., 5m")
        seen.press("q")
        assert seen.wait_end() == 0
        assert seen.had_a_screen_of_its_own()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_the_terminal_is_as_it_was(shown: Deployment, how: signal.Signals) -> None:
    with terminal(["show", "terra-mesa"], {**shown.settings, "NO_COLOR": "1"}, shown.directory) as seen:
        seen.wait_for("Terra Mesa", "Reach")
        seen.signal(how)
        assert seen.wait_end() == 0
        assert not seen.has_colours()


def test_a_worker_that_goes_away_is_named_and_its_figures_stay(servers: Servers, tmp_path: Path) -> None:
    deployment = Deployment(servers, f"t-show-{free_port()}", tmp_path)
    campaigns = tmp_path / "demo.yaml"
    campaigns.write_text(deployment.run("simulate", "--print-campaigns").stdout)
    deployment.do("campaigns", "apply", str(campaigns))
    nowhere = f"127.0.0.1:{free_port()}"
    with terminal(
        ["show", "--from", deployment.address, "--from", nowhere], deployment.settings, tmp_path
    ) as seen:
        seen.wait_for("No worker answers yet", f"No worker answers at {nowhere}")
        with deployment.worker():
            seen.wait_for("Terra Mesa", "running", f"No worker answers at {nowhere}")
        seen.wait_for(f"No worker answers at {deployment.address}", "Terra Mesa", "s old")
        with deployment.worker():
            seen.wait_without("s old")
            seen.wait_for("Terra Mesa", "running")
        seen.press("q")
        assert seen.wait_end() == 0


def test_into_a_pipe_it_prints_once(shown: Deployment) -> None:
    done = shown.run("show")
    assert done.returncode == 0
    assert "terra-mesa" in done.stdout
    assert "\x1b" not in done.stdout
    read = json.loads(shown.run("show", "terra-mesa", "--json").stdout)
    (campaign,) = read["campaigns"]
    assert campaign["id"] == "terra-mesa"
    assert campaign["kpis"]["impressions"]["value"] > 0
    parts = shown.run("show", "terra-mesa", "--by", "influencer", "--sort", "impressions")
    assert "chef-marta" in parts.stdout


def test_a_mistake_is_told_without_a_stack_trace(shown: Deployment) -> None:
    wrong = shown.run("show", "--from", "nowhere")
    assert wrong.returncode == 2
    assert "HOST:PORT" in wrong.stderr
    away = shown.run("show", "--from", f"127.0.0.1:{free_port()}")
    assert away.returncode == 1
    assert "No worker answers" in away.stderr
    assert "Traceback" not in wrong.stderr + away.stderr
