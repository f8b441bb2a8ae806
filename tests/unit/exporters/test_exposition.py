"""Our page is prometheus_client's to the letter."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from exporters.collector import KpiCollector
from exporters.exposition import negotiate
from exporters.kpi_samples import KpiSamples, LabelLines, template_of
from tests.unit.exporters.worked import worked_pipeline
from tests.unit.models.building import NOON

ACCEPTS = (
    "text/plain",
    "text/plain;version=1.0.0;escaping=allow-utf-8",
    "application/openmetrics-text",
    "application/openmetrics-text;version=1.0.0",
    "application/openmetrics-text;version=1.0.0;escaping=dots",
    "text/plain;version=1.0.0;escaping=values",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', "\\", "\n", '\\n"', "%(a)s", "%", "{}", "\r", "\x00", "\u2028", "é"]
)
VALUES = (
    st.floats() | st.integers(-(10**18), 10**18) | st.sampled_from([999999.9, 1e6, 1e15, 1e16, 1e-5, -0.0])
)
NAMES = st.lists(st.sampled_from(["campaign", "window", "kind", "aaa", "zzz"]), unique=True, min_size=1)


class Page(Collector):
    def __init__(self, *families: Metric) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)

    def steps(self) -> Iterator[Metric | None]:
        for family in self._families:
            yield None
            yield family


@st.composite
def twins(draw: st.DrawFn) -> tuple[Metric, Metric]:
    """Draw a family of ours, and the same made by prometheus_client alone."""
    names = draw(NAMES)
    own = draw(st.none() | st.sampled_from(names))
    text = draw(TEXTS)
    theirs = GaugeMetricFamily("kpi_campaign_x", text, labels=names)
    ours = GaugeMetricFamily("kpi_campaign_x", text, labels=names)
    template = template_of(tuple(names), own)
    samples = KpiSamples("kpi_campaign_x", template)
    ours.samples = samples  # type: ignore[assignment]  # as KpiFamilies does
    for _ in range(draw(st.integers(0, 3))):
        labels = {name: draw(TEXTS) for name in names}
        value = float(draw(VALUES))
        theirs.add_metric([labels[name] for name in names], value)
        part = labels[own] if own is not None else ""
        lines = LabelLines({name: [text] for name, text in {**labels, "currency": "EUR"}.items()})
        samples.add(lines, np.zeros(1, np.int64), part, np.array([value], np.float64))
    return ours, theirs


@given(families=st.lists(twins(), max_size=2))
def test_a_page_is_what_the_client_would_write(families: list[tuple[Metric, Metric]]) -> None:
    for accept in ACCEPTS:
        encode, content_type = negotiate(accept)
        by_client, its_type = choose_encoder(accept)

        assert content_type == its_type, accept
        ours, theirs = Page(*(ours for ours, _ in families)), Page(*(theirs for _, theirs in families))
        assert b"".join(encode(ours)) == by_client(theirs), accept


@given(twins())
def test_as_a_sequence_the_samples_are_the_clients(both: tuple[Metric, Metric]) -> None:
    ours, theirs = both

    assert len(ours.samples) == len(theirs.samples)
    assert repr(list(ours.samples)) == repr([*map(ours.samples.__getitem__, range(len(ours.samples)))])
    for mine, its in zip(ours.samples, theirs.samples, strict=True):
        assert (mine.name, mine.labels, repr(mine.value)) == (its.name, its.labels, repr(its.value))


@pytest.mark.parametrize("accept", ACCEPTS)
def test_the_page_of_the_worked_campaign_is_what_the_client_would_write(accept: str) -> None:
    pages = KpiCollector(worked_pipeline, lambda: NOON, "1.2.3")

    assert b"".join(negotiate(accept)[0](pages)) == choose_encoder(accept)[0](pages)


TOKENS = st.sampled_from(
    [
        *("application/openmetrics-text", "text/plain", "text/*", "*/*", ";", ",", "=", " ", '"'),
        *("q", "version", "escaping", "dots", "values", "0.0.1", "0.0.4", "1.0.0", "1.0.abc", "99"),
        *("NaN", "inf", "-1", "0", "0.5", "1.001", "é", "\udcff", "\x00", "%s"),
    ]
)


@given(st.lists(TOKENS, max_size=12).map("".join) | st.text(max_size=40))
@example("application/openmetrics-text;version=abc")
@example("text/plain;version=1.0.x;escaping=dots")
@example("text/plain;q=NaN, application/openmetrics-text;q=" + "9" * 5000)
@example("application/openmetrics-text;version=1.0.0\r\nX: y")
def test_whatever_is_accepted_there_is_a_page_in_a_format_that_is_known(accept: str) -> None:
    encode, content_type = negotiate(accept)

    page = b"".join(encode(Page(GaugeMetricFamily("a", "b", value=1))))
    assert page.startswith(b"# HELP a b\n")
    assert re.fullmatch(
        r"(text/plain|application/openmetrics-text); version=(0\.0\.4|1\.0\.0); charset=utf-8"
        r"(; escaping=(allow-utf-8|underscores|dots|values))?",
        content_type,
    )


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("text/plain, application/openmetrics-text;q=0.5", "text/plain; version=0.0.4"),
        ("text/plain;q=0.5, application/openmetrics-text", "application/openmetrics-text; version=1.0.0"),
        ("application/openmetrics-text;q=0, */*", "text/plain; version=0.0.4"),
        ("application/openmetrics-text;version=2.0.0, text/plain;version=1.0.0", "text/plain; version=1.0.0"),
        ('APPLICATION/OpenMetrics-Text; version="1.0.0"', "application/openmetrics-text; version=1.0.0"),
        ("image/png", "text/plain; version=0.0.4"),
        ("", "text/plain; version=0.0.4"),
    ],
)
def test_of_the_formats_that_are_known_the_one_wanted_most_is_given(accept: str, chosen: str) -> None:
    assert negotiate(accept)[1].startswith(chosen)
