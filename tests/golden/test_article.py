"""The fifteen KPIs of the article are counted, on `/metrics`, in `kpis show` and on the dashboards."""

from collections.abc import Mapping

import pytest

from commands.live.funnel import funnel
from commands.live.memory import Memory
from exporters.collector import KpiCollector
from models.kpis.catalogue import kpi
from models.readings.viewing import Wish, campaign_figures
from models.scopes import SCOPES
from models.windows import FLIGHT
from monitoring.dashboards.files import files as dashboards
from tests.golden.counting import counted
from tests.golden.loading import ArticleCase, files, read
from tests.unit.commands.live.building import NOW, answer, seen
from tests.unit.exporters.worked import pipeline_of

CASES = {path.stem: ArticleCase.model_validate(read(path)) for path in files("article")}
ARTICLE = [
    "Portée",
    "Impressions et fréquence",
    "Couverture de la cible",
    "Taux d'engagement",
    "Interactions",
    "Taux de clics (CTR)",
    "Conversions",
    "Coût par acquisition (CPA)",
    "Retour sur investissement (ROI)",
    "Sentiment",
    "Authenticité perçue",
    "Adéquation aux valeurs",
    "Coût par engagement (CPE)",
    "Coût pour mille (CPM)",
    "EMV et investissement",
]
ALL = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def test_each_kpi_of_the_article_has_its_case() -> None:
    assert sorted(case.article for case in CASES.values()) == sorted(ARTICLE)


@ALL
def test_it_is_on_the_page_of_metrics(case: ArticleCase) -> None:
    pipeline = pipeline_of(counted(case), case.registry())
    page = KpiCollector(lambda: pipeline, lambda: case.now, "1").collect()
    shown = {
        (sample.name, sample.labels.get("window", "always"), _kind(sample.labels)): sample.value
        for family in page
        for sample in family.samples
    }
    expected = {
        (f"kpi_campaign_{name}", window, kind): value
        for window, figures in _expected(case).items()
        for name, value in figures.items()
        for kind, value in (value.items() if isinstance(value, dict) else [("", value)])
    }

    assert expected
    assert {key: shown.get(key) for key in expected} == pytest.approx(expected)


@ALL
def test_it_is_in_the_terminal(case: ArticleCase) -> None:
    table = funnel(_memory(case), (), "glow", FLIGHT, NOW.timestamp())
    at = [column.key for column in table.columns].index(FLIGHT)
    written = {row.key: row.cells[at].text for row in table.rows}

    assert case.shows
    assert {name: written[name] for name in case.shows} == case.shows


@ALL
@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_on_the_dashboards(case: ArticleCase, language: str) -> None:
    text = dashboards()[f"{language}/campaign.json"]

    for figures in _expected(case).values():
        for name in figures:
            assert f"kpi_campaign_{name}{{" in text
            assert f'"{kpi(name).name.said(language)}"' in text  # type: ignore[arg-type]  # it is one


@ALL
def test_it_is_called_on_the_french_dashboards_as_the_article_calls_it(case: ArticleCase) -> None:
    called = [
        kpi(name).name.said("fr").casefold() for figures in _expected(case).values() for name in figures
    ]

    for part in case.article.casefold().split(" et "):
        assert any(part in name for name in called), (part, called)


def _expected(case: ArticleCase) -> Mapping[str, Mapping[str, object]]:
    expected = case.expect["campaign"]
    assert not isinstance(expected, str)
    return expected


def _kind(labels: Mapping[str, str]) -> str:
    about = {"window", "currency", *(label for scope in SCOPES for label in scope.labels)}
    return next((value for name, value in labels.items() if name not in about), "")


def _memory(case: ArticleCase) -> Memory:
    registry = case.registry()
    known = [(counted(case), campaign) for campaign in case.campaigns]
    (shown,) = campaign_figures(known, registry, Wish(scopes=frozenset()), case.now)
    return seen(answer(shown))
