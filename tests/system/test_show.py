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
ENTER, ESC, DOWN = "\r", "\x1b", "\x1b[B"


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


def test_keys_lead_from_the_campaigns_to_a_content_and_q_ends_it(shown: Deployment) -> None:
    with terminal(["show"], shown.settings, shown.directory) as seen:
        picture = seen.wait_for("terra-mesa", "lumiere-glow", "worst first", "q quit", "since ")
        assert "EUR" in picture
        seen.press(DOWN + "s")
        seen.wait_for("by name, A to Z")
        seen.press("1")
        seen.wait_for("Campaigns ▸ Lumière: Glow Serum launch", "visibility", "Distinct persons exposed")
        seen.press(ENTER)
        seen.wait_for("Influencer", "camille", "maison-jo")
        seen.press("sw" + ENTER)
        seen.wait_for("2 Contents", "1h ·")
        seen.press("2")
        seen.wait_for("Content ", "24h")
        seen.press("?")
        seen.wait_for("any key back")
        seen.press("x" + ESC)
        seen.wait_for("camille", "4 Channels")
        seen.press("4")
        seen.wait_for("instagram")
        seen.resize(130, 40)
        seen.wait_for("Revenue", "EMV", "CPM")
        seen.press("q")
        assert seen.wait_end() == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_the_terminal_is_as_it_was(shown: Deployment, how: signal.Signals) -> None:
    with terminal(["show", "terra-mesa"], shown.settings, shown.directory) as seen:
        seen.wait_for("Terra Mesa", "Reach")
        seen.signal(how)
        assert seen.wait_end() == 0


def test_a_worker_that_goes_away_is_named_and_its_figures_stay(servers: Servers, tmp_path: Path) -> None:
    deployment = Deployment(servers, f"t-show-{free_port()}", tmp_path)
    campaigns = tmp_path / "demo.yaml"
    campaigns.write_text(deployment.run("simulate", "--print-campaigns").stdout)
    deployment.do("campaigns", "apply", str(campaigns))
    nowhere = f"127.0.0.1:{free_port()}"
    with terminal(
        ["show", "--from", deployment.address, "--from", nowhere], deployment.settings, tmp_path
    ) as seen:
        seen.wait_for("Waiting for a worker", f"No worker answers at {nowhere}")
        with deployment.worker():
            seen.wait_for("terra-mesa", "running", f"No worker answers at {nowhere}")
        seen.wait_for(f"No worker answers at {deployment.address}", "terra-mesa", "s old")
        with deployment.worker():
            seen.wait_without(" old")
            seen.wait_for("terra-mesa", "running")
        seen.press("q")
        assert seen.wait_end() == 0


def test_into_a_pipe_it_prints_once(shown: Deployment) -> None:
    done = shown.run("show")
    assert done.returncode == 0
    assert "terra-mesa" in done.stdout
    assert "\x1b" not in done.stdout
    series = json.loads(shown.run("show", "terra-mesa", "--json").stdout)
    assert {one["campaign"] for one in series} == {"terra-mesa"}
    assert "impressions" in {one["name"].removeprefix("kpi_campaign_") for one in series}


def test_a_mistake_is_told_without_a_stack_trace(shown: Deployment) -> None:
    wrong = shown.run("show", "--from", "nowhere")
    assert wrong.returncode == 2
    assert "HOST:PORT" in wrong.stderr
    away = shown.run("show", "--from", f"127.0.0.1:{free_port()}")
    assert away.returncode == 1
    assert "No worker answers" in away.stderr
    assert "Traceback" not in wrong.stderr + away.stderr
