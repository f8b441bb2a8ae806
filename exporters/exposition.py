"""The page as bytes: prometheus_client's, to the letter, in a fraction of its time."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.exposition import ALLOWUTF8, DOTS, UNDERSCORES, VALUES
from prometheus_client.registry import Collector

from exporters.kpi_samples import KpiSamples

_FORMATS = frozenset(
    [
        *(("application/openmetrics-text", version) for version in ("", "1.0.0")),
        *(("text/plain", version) for version in ("", "0.0.4", "1.0.0")),
        *((anything, "") for anything in ("text/*", "*/*")),
    ]
)
_ESCAPINGS = frozenset([ALLOWUTF8, UNDERSCORES, DOTS, VALUES])
_WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?", re.ASCII)


class Pages(Protocol):
    """What makes pages step by step: families, and None where others may have their turn."""

    def steps(self) -> Iterator[Metric | None]:
        """Make one page."""


Encode = Callable[[Pages], Iterator[bytes]]
"""Writes a page part by part; between any two others may have their turn."""


class _Families(Collector):
    def __init__(self, *families: Metric) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def negotiate(accept: str) -> tuple[Encode, str]:
    """Choose the format that an Accept header asks for most: its encoder and its Content-Type.

    Whatever the header says there is one: Prometheus text where nothing in it is known.
    """
    # prometheus_client fails on versions that are none, and writes any other into the Content-Type.
    encode, content_type = choose_encoder(next(_known(accept), ""))
    if content_type.endswith(("escaping=dots", "escaping=values")):
        # These rewrite names that the others leave as they are.
        return lambda pages: _encode_whole(pages, encode), content_type
    return lambda pages: _encode(pages, encode), content_type


def _known(accept: str) -> Iterator[str]:
    """List the formats of a header that can be written, those first that are wanted most."""
    asked = [_Asked.read(one) for one in accept.split(",")]
    for one in sorted(asked, key=lambda one: -one.quality):
        if one.quality > 0 and (one.type, one.version) in _FORMATS:
            named = [one.type, one.version and f"version={one.version}", one.escaping]
            yield ";".join(filter(None, named))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One format of an Accept header."""

    type: str
    version: str
    escaping: str
    quality: float

    @classmethod
    def read(cls, text: str) -> "_Asked":
        name, *parameters = (part.strip() for part in text.split(";"))
        said = dict(part.split("=", 1) for part in parameters if "=" in part)
        escaping = f"escaping={said['escaping']}" if said.get("escaping") in _ESCAPINGS else ""
        return cls(name.lower(), said.get("version", "").strip('"'), escaping, _quality(said.get("q", "1")))


def _quality(text: str) -> float:
    """Read a weight; what is none says nothing."""
    return float(text) if _WEIGHT.fullmatch(text) else 1.0


def _encode_whole(pages: Pages, encode: Callable[[Collector], bytes]) -> Iterator[bytes]:
    families: list[Metric] = []
    for family in pages.steps():
        if family is not None:
            families.append(family)
        yield b""
    yield encode(_Families(*families))


def _encode(pages: Pages, encode: Callable[[Collector], bytes]) -> Iterator[bytes]:
    end = encode(_Families())
    for family in pages.steps():
        if family is None:
            yield b""
        elif isinstance(family.samples, KpiSamples):
            head = GaugeMetricFamily(family.name, family.documentation)
            yield encode(_Families(head)).removesuffix(end)
            yield from (text.encode() for text in family.samples.texts())
        else:
            yield encode(_Families(family)).removesuffix(end)
    yield end
