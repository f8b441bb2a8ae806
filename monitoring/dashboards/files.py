"""The dashboards as files: one for each page and language."""

import json
from pathlib import Path

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from models.words import LANGUAGES
from monitoring.dashboards import campaign, channels, contents, influencers, pipeline, portfolio

FOLDER = Path(__file__).parent.parent / "grafana" / "dashboards"
_PAGES = (portfolio, campaign, influencers, contents, channels, pipeline)


def files() -> dict[str, str]:
    """Make every dashboard, by its path below FOLDER."""
    boards = {
        f"{language}/{page.NAME}.json": page.board(language) for language in LANGUAGES for page in _PAGES
    }
    return {path: _text(board) for path, board in boards.items()}


def _text(board: Dashboard) -> str:
    """Write a dashboard; its panels are numbered, so that links to one of them hold."""
    plain = json.loads(JSONEncoder().encode(board.build()))
    for link in plain["links"]:
        del link["placement"]  # The library hides links in a menu unless told otherwise, and cannot be told.
    for number, panel in enumerate(plain["panels"], start=1):
        panel["id"] = number
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
