"""The example of docs/views.md is what a worker answers."""

import json
import re
from pathlib import Path

from aiohttp import ClientSession

from exporters.collector import KpiCollector
from exporters.endpoint import serve
from exporters.views import Views
from models.readings.pipeline import Readiness
from tests.unit.exporters.worked import worked_pipeline
from tests.unit.models.building import NOON

PAGE = Path(__file__).parents[3] / "docs" / "views.md"
EXAMPLE = re.compile(r"<!-- example -->\n`GET (\S+)`:\n\n```json\n(.*?)```\n<!-- /example -->", re.DOTALL)


async def test_the_example_is_what_a_worker_answers(tmp_path: Path) -> None:
    """After a change on purpose: read the difference, then copy what the failure names into the page."""
    found = EXAMPLE.search(PAGE.read_text("utf-8"))
    assert found is not None
    path, example = found.groups()

    answer = json.dumps(json.loads(await asked(path)), indent=2) + "\n"
    now = tmp_path / "example.json"
    now.write_text(answer)
    assert answer == example, f"see {now}"


async def asked(path: str) -> str:
    readiness = Readiness(True, "ready: 1 partitions live")
    metrics = KpiCollector(worked_pipeline, lambda: NOON, "1.2.3")
    views = Views(worked_pipeline, lambda: readiness, lambda: NOON, lambda: 0.0)
    runner = await serve("127.0.0.1:0", metrics, lambda: readiness, views.routes())
    host, port = runner.addresses[0][:2]
    try:
        async with ClientSession() as client, client.get(f"http://{host}:{port}{path}") as response:
            return await response.text()
    finally:
        await runner.cleanup()
