"""What a campaign will have spent when its flight ends."""

from dataclasses import replace

from models.kpis.figures import Forecast
from models.kpis.spending import spending_at_end
from models.times import DAY

HALFWAY = Forecast(fixed=100.0, variable=100.0, elapsed=15 * DAY, remaining=15 * DAY, posts=10)


def test_fees_are_certain() -> None:
    assert spending_at_end(replace(HALFWAY, variable=0.0)) == (100, 100)
    assert spending_at_end(replace(HALFWAY, elapsed=30 * DAY, remaining=0)) == (200, 200)


def test_what_results_will_cost_is_the_less_sure_the_fewer_posts_were_seen() -> None:
    least, most = spending_at_end(HALFWAY)
    assert 200 < least < 300 < most
    few_least, few_most = spending_at_end(replace(HALFWAY, posts=2))
    assert 200 < few_least < least
    assert few_most > most


def test_of_what_has_not_begun_nothing_more_is_foreseen() -> None:
    assert spending_at_end(Forecast(400, 100, elapsed=0, remaining=DAY)) == (500, 500)
