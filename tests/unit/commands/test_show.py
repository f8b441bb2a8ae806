"""`kpis show` into a pipe: once, of every worker asked, and plain about what is missing."""

import contextlib
import csv
import io
import json
import re
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import pytest
from click.testing import CliRunner, Result

from commands.main import main
from commands.printable import printable
from models.readings.views import CampaignFigures, CampaignsView, CampaignView
from tests.unit.commands.live.building import campaign, figure, head, part
from tests.unit.commands.names import HARMLESS, HOSTILE

LONG = "an-id-of-a-campaign-that-is-longer-than-forty-columns-are-wide"
PEOPLE = [
    part(
        {"cpa": figure(40, lower=30, upper=50), "goal_conversions": 60, "conversions": 60}, influencer="ana"
    ),
    part(
        {"cpa": figure(20, lower=15, upper=24), "goal_conversions": 60, "conversions": 70}, influencer="ben"
    ),
]


def show(*options: str) -> Result:
    return CliRunner().invoke(main, ["show", *options])


@contextlib.contextmanager
def worker(*campaigns: CampaignFigures, **about: Any) -> Iterator[str]:
    """Serve a worker's views of campaigns, and give its address."""

    class Views(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            window = parse_qs(url.query)["window"][0]
            name = unquote(url.path.removeprefix("/v1/campaigns").removeprefix("/"))
            said = {**head(window), "registered": len(campaigns), **about}
            chosen = [one for one in campaigns if one.id == name]
            status, view = 200, msgspec.json.encode(CampaignsView(**said, campaigns=list(campaigns)))
            if name and chosen:
                view = msgspec.json.encode(CampaignView(**said, campaign=chosen[0]))
            elif name:
                status, view = 404, msgspec.json.encode({"error": f"no campaign {name} is registered"})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(view)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Views) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def nobody() -> Iterator[str]:
    """Return an address that is taken, and where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def mesa(**about: Any) -> CampaignFigures:
    return campaign(
        "terra-mesa", {"cpa": figure(30, -1), "ctr_ratio": 0.01}, scopes={"influencer": PEOPLE}, **about
    )


def test_the_campaigns_of_every_worker_are_printed_whole_the_worst_first_with_verdicts() -> None:
    with worker(campaign(LONG, {"cpa": figure(20, 1)})) as here, worker(mesa()) as there:
        done = show("--from", here, "--from", there)
    assert done.exit_code == 0
    first, second = done.stdout.splitlines()[1:]
    assert first.split()[:2] == ["✗", "terra-mesa"]
    assert "✗ 30 EUR" in first
    assert second.split()[:2] == ["✓", LONG]
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("columns", [40, 80])
def test_on_a_terminal_as_much_is_printed_as_fits_and_ids_are_whole(columns: int) -> None:
    terminal = {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": str(columns)}
    with worker(mesa(), campaign(LONG)) as here:
        done = CliRunner(env=terminal).invoke(main, ["show", "--once", "--from", here])
        alone = CliRunner(env=terminal).invoke(main, ["show", "terra-mesa", "--once", "--from", here])
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in done.stdout.splitlines()]
    assert max(map(len, lines[:-1])) <= columns
    assert any(line.startswith("✗  terra-mesa") for line in lines)
    assert LONG in "".join(line[3:].split(" ")[0] for line in lines)
    assert "✗ 30" in alone.stdout


def test_a_campaign_that_two_workers_show_counts_once() -> None:
    with worker(mesa()) as here, worker(mesa()) as there:
        done = show("--from", here, "--from", there)
        alone = show("terra-mesa", "--from", here, "--from", there)
    assert len(done.stdout.splitlines()) == 2
    (row,) = (line for line in alone.stdout.splitlines() if line.startswith("CPA"))
    assert row.split()[2:4] == ["✗", "30"]


def test_parts_are_printed_ranked_by_a_kpi_with_verdicts_and_bounds() -> None:
    with worker(mesa()) as here:
        done = show("terra-mesa", "--by", "influencer", "--sort", "cpa", "--from", here)
    best, worst = done.stdout.splitlines()[1:]
    assert best.split()[:6] == ["ben", "✓", "20", "15", "to", "24"]
    assert worst.split()[:3] == ["ana", "✗", "40"]


def test_json_is_the_workers_view_and_overwrites_nothing() -> None:
    with worker(mesa(name="cpa")) as here, worker(campaign("two")) as there:
        whole = json.loads(show("--json", "--from", here, "--from", there).stdout)
        alone = json.loads(show("terra-mesa", "--json", "--from", here).stdout)
    assert [one["id"] for one in whole["campaigns"]] == ["terra-mesa", "two"]
    first = whole["campaigns"][0]
    assert (first["name"], first["worker"], first["kpis"]["cpa"]["verdict"]) == ("cpa", here, -1)
    assert [one["address"] for one in whole["workers"]] == [here, there]
    (only,) = alone["campaigns"]
    assert [one["influencer"] for one in only["scopes"]["influencer"]] == ["ana", "ben"]


def test_csv_has_a_row_for_each_campaign_or_part_and_runs_nothing() -> None:
    with worker(mesa(name='=HYPERLINK("x"),\n', owner="-1")) as here:
        done = show("--csv", "--from", here)
        parts = show("terra-mesa", "--by", "influencer", "--csv", "--from", here)
        alone = show("terra-mesa", "--csv", "--from", here)
    assert done.stdout_bytes.count(b"\r\n") == 2
    assert alone.stdout == done.stdout
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["campaign"], row["cpa"], row["cpa_verdict"]) == ("terra-mesa", "30", "beyond")
    assert row["name"] == '\'=HYPERLINK("x"),\\n'
    assert row["owner"] == "'-1"
    told = [(row["influencer"], row["cpa_verdict"]) for row in csv.DictReader(io.StringIO(parts.stdout))]
    assert told == [("ben", "keeps"), ("ana", "beyond")]


def test_a_worker_that_does_not_answer_is_named_and_fails_the_command(nobody: str) -> None:
    with worker(mesa()) as here:
        done = show("--json", "--from", nobody, "--from", here)
    assert done.exit_code == 1
    assert [one["id"] for one in json.loads(done.stdout)["campaigns"]] == ["terra-mesa"]
    assert nobody in done.stderr


def test_where_no_worker_answers_each_is_named(nobody: str) -> None:
    done = show("--from", nobody, "--from", "127.0.0.1:1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert nobody in done.stderr
    assert "127.0.0.1:1 " in done.stderr


def test_a_worker_that_is_not_ready_says_why_and_the_campaigns_are_not_blamed() -> None:
    with worker(ready=False, reason="waiting for Kafka at 127.0.0.1:9092", registered=0) as here:
        done, alone = show("--from", here), show("glow", "--from", here)
    for one in (done, alone):
        assert one.exit_code == 1
        assert "is not ready: waiting for Kafka at 127.0.0.1:9092" in one.stderr
        assert "registered" not in one.stdout + one.stderr


def test_what_workers_show_that_are_not_asked_is_told_and_is_no_failure() -> None:
    with worker(mesa(), elsewhere=1) as here:
        done = show("--from", here)
    assert (done.exit_code, done.stderr.startswith("1 more campaign is shown by workers")) == (0, True)


def test_an_empty_registry_is_no_failure() -> None:
    with worker() as here:
        done = show("--from", here)
    assert (done.exit_code, done.stdout.startswith("No campaign is registered")) == (0, True)


def test_an_unknown_campaign_is_answered_with_a_near_one() -> None:
    with worker(mesa()) as here:
        done = show("tera-mesa", "--from", here)
    assert done.exit_code == 1
    assert "No campaign tera-mesa is registered. Did you mean terra-mesa?" in done.stderr


def test_a_campaign_that_a_worker_away_may_count_is_not_called_unknown(nobody: str) -> None:
    with worker(mesa()) as here:
        done = show("glow", "--from", here, "--from", nobody)
    assert done.exit_code == 1
    assert nobody in done.stderr
    assert "registered" not in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "nowhere"], "HOST:PORT"),
        (["--from", ":1"], "HOST:PORT"),
        (["--json", "--csv"], "exclude each other"),
        (["--by", "influencer"], "needs a campaign"),
        (["glow", "--by", "content", "--window", "5m"], "24h, flight"),
        (["--sort", "cpb"], "Did you mean cpa?"),
    ],
)
def test_wrong_use_is_told(options: list[str], said: str) -> None:
    done = show(*options)
    assert (done.exit_code, said in done.stderr) == (2, True)


@pytest.mark.parametrize(("name", "expected"), [*HOSTILE.items(), *((name, name) for name in HARMLESS)])
def test_a_campaigns_name_is_printed_and_obeyed_by_no_terminal(name: str, expected: str) -> None:
    with worker(campaign("one", {"cpa": 1}, name=name)) as here:
        table, data, rows = (show(*options, "--from", here) for options in ([], ["--json"], ["--csv"]))
    assert expected in table.stdout
    assert all(printable(one.stdout, keep="\n") == one.stdout for one in (table, data))
    assert printable(rows.stdout, keep="\r\n") == rows.stdout
    assert json.loads(data.stdout)["campaigns"][0]["name"] == name
