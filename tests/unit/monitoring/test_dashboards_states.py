"""Dashboards show the worker's verdicts and judge nothing themselves."""

from typing import get_args

import pytest

from models.kpis.concerns import Concern
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import CONCERN_VERDICT, THRESHOLD, VERDICT
from models.words import Language
from monitoring.dashboards import states
from monitoring.dashboards.panels import GREEN, ORANGE, RED

LANGUAGES: tuple[Language, ...] = get_args(Language)


@pytest.mark.parametrize("kpi", states.JUDGED, ids=lambda kpi: kpi.id)
def test_a_state_is_the_verdict_over_the_flight_whatever_window_is_chosen(kpi: Kpi) -> None:
    shown = states.against_threshold(kpi)

    assert kpi.threshold is not None
    assert f'{VERDICT.name}{{kpi="{kpi.threshold.name}",window="flight"}}' in shown
    assert THRESHOLD.name not in shown
    assert "$window" not in shown


@pytest.mark.parametrize("name", get_args(Concern))
def test_every_concern_has_a_state(name: Concern) -> None:
    assert f'{CONCERN_VERDICT.name}{{concern="{name}"}}' in states.concern(name)
    assert name in states.CONCERNS


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_beyond_is_red_what_is_early_orange_and_what_keeps_green(language: Language) -> None:
    for texts in (states.texts(language), *(states.texts_of(name, language) for name in states.CONCERNS)):
        assert {verdict: colour for verdict, (_, colour) in texts.items()} == {1: GREEN, 0: ORANGE, -1: RED}
