"""`kpis show` into a pipe: once, of every worker asked, and plain about one that is away."""

import contextlib
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from commands.main import main
from commands.metrics_page import read_metrics
from commands.printable import printable
from tests.unit.commands.names import HARMLESS, HOSTILE


def show(*options: str) -> Result:
    return CliRunner().invoke(main, ["show", *options])


@contextlib.contextmanager
def worker(campaign: str, name: str = "") -> Iterator[str]:
    """Serve a page with one campaign, and give its address."""
    named = (name or campaign).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            about = f'campaign="{campaign}",name="{named}",owner="{named}",currency="EUR",status="running"'
            sales = f'kpi_campaign_conversions{{campaign="{campaign}",kind="signup",window="flight"}} 7.0'
            self.wfile.write(f"kpi_campaign_info{{{about}}} 1.0\n{sales}\n".encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def nobody() -> Iterator[str]:
    """Return an address that is taken, and where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def test_the_campaigns_of_every_worker_are_printed_once() -> None:
    with worker("one") as here, worker("two") as there:
        done = show("--from", here, "--from", there)
    assert done.exit_code == 0
    assert "one" in done.stdout
    assert "two" in done.stdout


def test_a_campaign_that_two_workers_show_counts_once() -> None:
    with worker("one") as here, worker("one") as there:
        done = show("one", "--from", here, "--from", there)
    (row,) = (line for line in done.stdout.splitlines() if "Conversions" in line)
    assert [cell.strip() for cell in row.strip("│ ").split("│")][-1] == "7"


def test_json_is_for_programs() -> None:
    with worker("one") as here, worker("two") as there:
        done = show("--json", "--from", here, "--from", there)
    assert {series["campaign"] for series in json.loads(done.stdout)} == {"one", "two"}


def test_a_worker_that_does_not_answer_is_named_and_fails_the_command(nobody: str) -> None:
    with worker("one") as here:
        done = show("--json", "--from", nobody, "--from", here)
    assert done.exit_code == 1
    assert {series["campaign"] for series in json.loads(done.stdout)} == {"one"}
    assert nobody in done.stderr


def test_where_no_worker_answers_each_is_named(nobody: str) -> None:
    done = show("--from", nobody, "--from", "127.0.0.1:1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert nobody in done.stderr
    assert "127.0.0.1:1 " in done.stderr


def test_an_unknown_campaign_is_answered_with_a_near_one() -> None:
    with worker("terra-mesa") as here:
        done = show("tera-mesa", "--from", here)
    assert done.exit_code == 1
    assert "Did you mean terra-mesa?" in done.stderr


@pytest.mark.parametrize("address", ["nowhere", "host:port", ":1"])
def test_what_is_no_address_is_wrong_use(address: str) -> None:
    done = show("--from", address)
    assert done.exit_code == 2
    assert "HOST:PORT" in done.stderr


@pytest.mark.parametrize(("name", "expected"), [*HOSTILE.items(), *((name, name) for name in HARMLESS)])
def test_a_campaigns_name_is_printed_and_obeyed_by_no_terminal(name: str, expected: str) -> None:
    with worker("one", name) as here:
        done, overview, data = (show(*options, "--from", here) for options in (["one"], [], ["--json"]))
    assert expected in done.stdout
    assert all(printable(text, keep="\n") == text for text in (done.stdout, overview.stdout, data.stdout))
    assert json.loads(data.stdout)[0]["name"] == name


@pytest.mark.parametrize("name", [*HOSTILE, *HARMLESS])
def test_a_page_is_read_line_by_line_whatever_a_name_holds(name: str) -> None:
    with worker("one", name) as here:
        samples = read_metrics(here, lambda line: line.startswith("kpi_campaign_info"))
    assert [sample.labels["name"] for sample in samples] == [name]
