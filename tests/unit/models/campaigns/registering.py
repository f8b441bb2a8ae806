"""What the tests of registration are made of: a document, campaigns in it, and how a file is applied."""

from typing import Any

from models.campaigns.document import JsonObject, empty_document
from models.campaigns.registration import Changes, merge
from models.times import parse_time

DURING = parse_time("2026-11-10T00:00:00Z")
CARD = {"currency": "EUR", "channels": {"instagram": {"like": 0.1}}}


def campaign(name: str = "glow", **fields: Any) -> JsonObject:
    flight = {"starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z"}
    return {"id": name, "name": name, **flight, "currency": "EUR", **fields}


def registered(*campaigns: JsonObject) -> JsonObject:
    return {**empty_document(), "campaigns": {one["id"]: one for one in campaigns}}


def apply(document: JsonObject, *campaigns: JsonObject, now: int = DURING, prune: bool = False) -> Changes:
    return merge(document, {"campaigns": list(campaigns)}, now, prune=prune)
