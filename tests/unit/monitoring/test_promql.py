import pytest

from models.metrics.pipeline_metrics import EVENTS, LEAVES
from monitoring.promql import select, select_kpi


def test_a_selector_reads_as_promql() -> None:
    assert str(select(LEAVES)) == "kpi_pipeline_leaves"
    assert str(select_kpi("campaign", "cpa", "lower", window="24h")) == 'kpi_campaign_cpa_lower{window="24h"}'
    assert str(select_kpi("influencer", "cpa", window="1h").of("%q")) == (
        'kpi_influencer_cpa{campaign=%q,window="1h"}'
    )


def test_a_label_that_the_metric_lacks_is_refused() -> None:
    with pytest.raises(AssertionError):
        select(EVENTS, reason="future")


def test_a_window_that_the_scope_lacks_is_refused() -> None:
    with pytest.raises(AssertionError):
        select_kpi("content", "cpa", window="5m")
