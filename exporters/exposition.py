"""The page as bytes: prometheus_client's, to the letter, in a fraction of its time."""

from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from exporters.kpi_samples import KpiSamples

Encode = Callable[[Collector], bytes]


class _Families(Collector):
    def __init__(self, *families: Metric) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def negotiate(accept: str) -> tuple[Encode, str]:
    """Choose the format that an Accept header asks for: its encoder and its Content-Type."""
    encode, content_type = choose_encoder(accept)
    if content_type.endswith(("escaping=dots", "escaping=values")):
        # These rewrite names that the others leave as they are.
        return encode, content_type
    return lambda collector: _encode(collector, encode), content_type


def _encode(collector: Collector, encode: Encode) -> bytes:
    end = encode(_Families())
    parts: list[bytes] = []
    for family in collector.collect():
        if isinstance(family.samples, KpiSamples):
            head = GaugeMetricFamily(family.name, family.documentation)
            parts += [encode(_Families(head)).removesuffix(end), family.samples.text().encode()]
        else:
            parts.append(encode(_Families(family)).removesuffix(end))
    return b"".join([*parts, end])
