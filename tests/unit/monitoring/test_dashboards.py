"""The generated dashboards: fresh, whole in both languages, and naming only what exists."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from models.kpis.catalogue import KPIS
from models.metrics.kpi_metrics import metric_name
from models.scopes import SCOPES, Scope
from models.windows import WINDOW_NAMES
from monitoring.dashboards.breakdowns import CAMPAIGN
from monitoring.dashboards.files import FOLDER, files
from monitoring.dashboards.language import title_of
from monitoring.dashboards.units import has_band
from tests.unit.monitoring.declared import SERIES

FILES = files()
BOARDS = {path: json.loads(text) for path, text in FILES.items()}
UIDS = {board["uid"]: path for path, board in BOARDS.items()}
AGGREGATED = (
    r"(\b(max|sum|min|count)( by \([\w, ]+\))? ?\((last_over_time\(|rate\(|time\(\) - )?"
    r"|unless on \(campaign\) )$"
)
EVERY_BOARD = pytest.mark.parametrize("path", sorted(BOARDS))


def panels(path: str) -> Iterator[dict[str, Any]]:
    """Return the panels that show data."""
    yield from (panel for panel in BOARDS[path]["panels"] if panel["type"] not in ("row", "text"))


def expressions(path: str) -> list[str]:
    """Return every query of a board's panels."""
    return [target["expr"] for panel in panels(path) for target in panel["targets"]]


def queried(path: str) -> list[dict[str, Any]]:
    """Return the variables whose values are asked for."""
    return [variable for variable in BOARDS[path]["templating"]["list"] if variable["type"] == "query"]


def links(path: str) -> list[str]:
    """Return every address that a board leads to."""
    in_cells = re.findall(r'"url": "(/d/[^"]*)"', json.dumps(BOARDS[path]["panels"]))
    return [link["url"] for link in BOARDS[path]["links"]] + in_cells


@EVERY_BOARD
def test_a_generated_dashboard_is_fresh(path: str) -> None:
    assert FILES[path] == (FOLDER / path).read_text("utf-8"), "stale: run `python3 tasks.py monitoring`"


def test_no_dashboard_is_there_that_nothing_makes() -> None:
    assert {found.relative_to(FOLDER).as_posix() for found in FOLDER.rglob("*.json")} == set(FILES)


@EVERY_BOARD
def test_a_query_names_only_series_that_exist(path: str) -> None:
    variables = [variable["query"]["query"] for variable in queried(path)]
    named = set(re.findall(r"\bkpi_\w+", " ".join([*expressions(path), *variables])))

    assert named
    assert named <= SERIES


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
def test_every_kpi_is_shown_at_every_scope_that_has_it(scope: Scope) -> None:
    shown = " ".join(expression for path in BOARDS for expression in expressions(path))
    names = {metric_name(scope.name, kpi) for kpi in KPIS if scope.name in kpi.scopes}

    assert names - set(re.findall(r"\bkpi_\w+", shown)) == set()


def test_every_window_can_be_chosen_somewhere() -> None:
    offered = {
        option.split(" : ")[1]
        for board in BOARDS.values()
        for variable in board["templating"]["list"]
        if variable["name"] == "window"
        for option in variable["query"].split(",")
    }

    assert offered == set(WINDOW_NAMES)


@EVERY_BOARD
def test_a_query_names_only_variables_that_the_page_has(path: str) -> None:
    has = {variable["name"] for variable in BOARDS[path]["templating"]["list"]} | {"__rate_interval"}
    of_variables = [variable["query"]["query"] for variable in queried(path)]
    asked = [*expressions(path), *of_variables]

    assert set(re.findall(r"\$\{?(\w+)", " ".join(asked))) <= has


@EVERY_BOARD
def test_every_query_takes_one_of_what_several_workers_show(path: str) -> None:
    """Each series is aggregated where it is read, so that instance, job and pod divide nothing."""
    for expression in expressions(path):
        for found in re.finditer(r"kpi_\w+(?=[{\[) ])", expression):
            assert re.search(AGGREGATED, expression[: found.start()]), (found[0], expression)


@EVERY_BOARD
def test_reach_is_never_summed(path: str) -> None:
    for expression in expressions(path):
        if "sum by (campaign) (label_replace(" not in expression:  # The sum of states compares reach alone.
            assert not re.search(r"sum[^(]*\([^)]*_reach_persons", expression), expression


@EVERY_BOARD
def test_links_lead_to_pages_of_the_same_language_or_the_other_way_round(path: str) -> None:
    language = path[:2]
    targets = [re.split(r"[?&]", link)[0].removeprefix("/d/") for link in links(path)]
    other = {"en": "fr", "fr": "en"}[language]

    assert set(targets) <= UIDS.keys()
    assert [target for target in targets if target.endswith(other)] == [f"{BOARDS[path]['uid'][:-2]}{other}"]


@EVERY_BOARD
def test_links_stand_at_the_top_and_not_in_a_menu(path: str) -> None:
    assert all("placement" not in link for link in BOARDS[path]["links"])


@EVERY_BOARD
def test_a_link_hands_over_only_variables_that_the_target_has(path: str) -> None:
    own = {variable["name"] for variable in BOARDS[path]["templating"]["list"]}
    for link in links(path):
        target = BOARDS[UIDS[re.split(r"[?&]", link)[0].removeprefix("/d/")]]
        has = {variable["name"] for variable in target["templating"]["list"]}
        kept = set(re.findall(r"\$\{(\w+):queryparam\}", link))
        assert kept | set(re.findall(r"var-(\w+)=", link)) <= has, link
        assert kept <= own, link


@EVERY_BOARD
def test_every_panel_says_what_it_means_and_in_which_unit(path: str) -> None:
    for panel in panels(path):
        assert len(panel["description"]) > 10, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["noValue"] == "–", panel["title"]


@EVERY_BOARD
def test_panels_and_their_numbers_are_told_apart(path: str) -> None:
    numbers = [panel["id"] for panel in BOARDS[path]["panels"]]
    titles = [(panel["title"], panel["type"]) for panel in panels(path)]

    assert len(set(numbers)) == len(numbers)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("path", sorted(path for path in BOARDS if path.startswith("en/")))
def test_both_languages_have_the_same_panels_and_queries(path: str) -> None:
    french = f"fr{path[2:]}"

    assert expressions(path) == expressions(french)
    for one, other in zip(BOARDS[path]["panels"], BOARDS[french]["panels"], strict=True):
        same = ("id", "type", "gridPos")
        assert [one.get(name) for name in same] == [other.get(name) for name in same]
        assert one.get("description") != other.get("description") or one["type"] in ("row", "text")


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.id)
def test_the_campaign_page_shows_every_kpi_with_its_meaning_and_band(kpi: Any) -> None:
    for language in ("en", "fr"):
        number, trend = (
            panel for panel in panels(f"{language}/campaign.json")
            if panel["title"].split(" – ")[0] == title_of(kpi, language)
        )  # fmt: skip
        queried = " ".join(target["expr"] for target in trend["targets"])
        assert (f"kpi_campaign_{kpi.id}_lower" in queried) == has_band(kpi, CAMPAIGN)
        assert number["description"] == trend["description"]
    english = next(p for p in panels("en/campaign.json") if p["title"] == kpi.name.english)
    assert kpi.meaning.english in english["description"]
    assert kpi.formula.english in english["description"]
