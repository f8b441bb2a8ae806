"""`kpis links list` with the campaigns of a real Redis: addresses, targets, QR codes."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from click.testing import CliRunner, Result

from commands.links import qr_code
from commands.main import main

CAMPAIGNS = """
campaigns:
  - {id: glow, name: Glow, starts: 2026-11-01T00:00:00Z, ends: 2026-12-01T00:00:00Z, currency: EUR, links: [
      {id: ana-reel-1, influencer: ana, content: reel-1, channel: Instagram, format: Reel,
       to: "https://shop.example/glow?utm_source=mine&x=1#serum"},
      {id: "ben:clip", influencer: ben, content: clip, channel: tiktok, to: "https://shop.example"}]}
  - {id: glow-ana, name: Ana, starts: 2026-11-01T00:00:00Z, ends: 2026-12-01T00:00:00Z, currency: EUR,
     links: [{id: reel-1, influencer: ana, content: reel-1, channel: tiktok, to: "https://shop.example"}]}
  - {id: dusk, name: Dusk, starts: 2026-11-01T00:00:00Z, ends: 2026-12-01T00:00:00Z, currency: EUR}
"""
Kpis = Callable[..., Result]


@pytest.fixture
def kpis(redis_url: str, unique_name: str) -> Kpis:
    """Run commands in this process: nine of their own would take a minute on a busy machine."""
    environment = {"KPIS_REDIS_URL": redis_url, "KPIS_REDIS_PREFIX": f"{unique_name}:"}

    def run(*arguments: str, given: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=given, env=environment)

    return run


def test_links_are_listed_with_where_they_lead(kpis: Kpis, tmp_path: Path) -> None:
    assert (
        kpis("links", "list").stdout == "No links are registered: a campaign file declares them (links: …).\n"
    )
    assert kpis("campaigns", "apply", "-", given=CAMPAIGNS).exit_code == 0

    found = kpis("links", "list", "--base", "https://go.example/", "--json", "--svg", str(tmp_path / "codes"))
    rows: list[dict[str, Any]] = json.loads(found.stdout)
    ana, ben, _ = rows

    assert ana == {
        "id": "ana-reel-1", "campaign": "glow", "influencer": "ana", "content": "reel-1",
        "channel": "instagram", "format": "reel", "address": "https://go.example/c/ana-reel-1",
        "target": ana["target"],
    }  # fmt: skip
    assert ana["target"].startswith("https://shop.example/glow?utm_source=mine&x=1&utm_medium=influencer&")
    assert ana["target"].endswith("#serum")
    assert "utm_campaign=glow" in ana["target"]
    assert ana["target"].count("utm_source") == 1
    assert ben["target"].startswith("https://shop.example?utm_source=tiktok&")
    assert sorted(path.name for path in (tmp_path / "codes").iterdir()) == [
        "glow+ana-reel-1.svg", "glow+ben%3Aclip.svg", "glow-ana+reel-1.svg",
    ]  # fmt: skip
    assert (tmp_path / "codes" / "glow+ana-reel-1.svg").read_text() == qr_code(ana["address"])
    assert found.stderr == f"wrote 3 QR codes into {tmp_path / 'codes'}\n"

    plain = kpis("links", "list", "--campaign", "glow")
    assert "http://127.0.0.1:8080/c/ben:clip" in plain.stdout
    assert kpis("links", "list", "--campaign", "dusk").stdout.startswith("No links are registered")


def test_wrong_use_is_a_sentence(kpis: Kpis) -> None:
    kpis("campaigns", "apply", "-", given=CAMPAIGNS)
    unknown, wrong = (
        kpis("links", "list", "--campaign", "glov"),
        kpis("links", "list", "--base", "go.example"),
    )

    assert (unknown.exit_code, wrong.exit_code) == (1, 2)
    assert "No campaign glov is registered; did you mean glow?" in unknown.stderr
    assert "--base: must be a web address, such as https://kpi.shop.example, not go.example" in wrong.stderr


def test_a_qr_code_is_a_picture_with_a_quiet_zone() -> None:
    address = "https://go.example/c/ana-reel-1"
    picture = ET.fromstring(qr_code(address))
    modules = segno.make(address, error="q").symbol_size(border=0)[0]

    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert int(picture.attrib["width"]) == int(picture.attrib["height"]) == (modules + 2 * 4) * 8
    assert qr_code(address) != qr_code(address + "x")
