"""What a reading shows of each KPI."""

from models.kpis.bounds import UNKNOWN
from models.kpis.catalogue import kpi
from models.kpis.figures import Figures, Invested
from models.readings.points import Point, points
from models.readings.scope_reading import Reading
from models.scopes import ScopeKey
from models.statistics.intervals import exact
from models.windows import WindowName
from tests.unit.models.building import GLOW

ANA = ScopeKey("influencer", ("glow", "ana"))
REEL = ScopeKey("content", ("glow", "ana", "reel-1"))
CHANNEL = ScopeKey("channel", ("glow", "tiktok"))


def shown(name: str, scope: ScopeKey = GLOW, window: WindowName = "flight") -> list[Point]:
    figures = Figures({"rated:positive": 2}, exact(7), Invested(10.0), 0.0, 0.0, alignment=0.5)
    return list(points(kpi(name), Reading(scope, window, figures)))


def test_a_kpi_is_shown_at_its_scopes_alone() -> None:
    assert [point.value for point in shown("reach_persons", REEL)] == [7]
    assert shown("sentiment_ratio", REEL) == []


def test_bounds_are_shown_of_campaigns_and_influencers_alone() -> None:
    assert shown("reach_persons") == shown("reach_persons", ANA) == [Point(None, 7, (7, 7))]  # type: ignore[arg-type]  # a tuple
    assert shown("reach_persons", CHANNEL) == shown("reach_persons", REEL) == [Point(None, 7, UNKNOWN)]


def test_a_campaign_shows_every_part_and_others_what_was_seen() -> None:
    campaign = {point.part: point.value for point in shown("rated_mentions")}

    assert campaign == {"positive": 2, "neutral": 0, "negative": 0}
    assert {point.part for point in shown("rated_mentions", ANA)} == {"positive"}


def test_a_part_of_which_nothing_was_seen_has_bounds_too() -> None:
    (neutral,) = (point for point in shown("rated_mentions") if point.part == "neutral")

    assert neutral.bounds.lower == 0
    assert neutral.bounds.upper is not None and round(neutral.bounds.upper, 5) == 9.2222  # 2.5 × 3.68888


def test_what_has_no_window_is_shown_once() -> None:
    assert [point.value for point in shown("values_alignment_ratio")] == [0.5]
    assert shown("values_alignment_ratio", window="24h") == []


def test_an_absent_value_can_have_a_bound() -> None:
    (point,) = shown("cpa")

    assert point.value is None
    assert point.bounds.lower is not None
    assert point.bounds.upper is None
