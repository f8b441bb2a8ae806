"""What every dashboard has: uid, language, variables, and links to the others."""

from collections.abc import Sequence
from typing import get_args

from grafana_foundation_sdk.builders.dashboard import (
    CustomVariable,
    Dashboard,
    DashboardLink,
    DatasourceVariable,
    QueryVariable,
)
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from models.campaigns.campaign import Status
from models.kpis.catalogue import kpi
from models.metrics.campaign_metrics import INFO
from models.metrics.kpi_metrics import metric_name
from models.scopes import Scope, ScopeName
from models.windows import FLIGHT, WINDOWS
from models.words import LANGUAGES, Language, Words
from monitoring.dashboards.breakdowns import (
    ACROSS_INFLUENCERS,
    CAMPAIGN,
    INFLUENCER,
    WITHIN_INFLUENCERS,
    named_in,
)
from monitoring.dashboards.language import say, title_of_scope
from monitoring.dashboards.panels import SOURCE
from monitoring.dashboards.queries import THIS_CAMPAIGN, latest
from monitoring.promql import Selector


def _titled(scopes: Sequence[Scope]) -> Words:
    return Words(*(named_in(scopes, language).capitalize() for language in LANGUAGES))


TITLES: dict[str, Words] = {
    "portfolio": Words("Portfolio", "Portefeuille"),
    "campaign": CAMPAIGN.title,
    "influencers": INFLUENCER.plural,
    "contents": _titled(WITHIN_INFLUENCERS),
    "channels": _titled(ACROSS_INFLUENCERS),
    "pipeline": Words("Pipeline health", "Santé du traitement"),
}
_OF_A_CAMPAIGN = ("status", "owner", "campaign")
CARRIED: dict[str, tuple[str, ...]] = {
    "portfolio": ("status", "owner"),
    "campaign": _OF_A_CAMPAIGN,
    "influencers": _OF_A_CAMPAIGN,
    "contents": _OF_A_CAMPAIGN,
    "channels": _OF_A_CAMPAIGN,
    "pipeline": (),
}
NAMES = tuple(CARRIED)
STATUSES: tuple[Status, ...] = get_args(Status)
TAG = "campaign-kpis"
CHOSEN_CAMPAIGNS = ('status=~"$status"', 'owner=~"$owner"')
_LABEL_VALUES, _QUERY_RESULT = 1, 3
# The end of the query_result that Grafana writes for each campaign: {campaign="…",name="…"} 1 …
_CAMPAIGN_AND_NAME = r'/campaign="(?<value>[^"]+)",name="(?<text>.*)"\}/'


def page(name: str, language: Language, since: str) -> Dashboard:
    """Begin a dashboard, with its data source and links to the other pages and the other language."""
    other = next(tongue for tongue in LANGUAGES if tongue != language)
    board = (
        Dashboard(TITLES[name].said(language))
        .uid(uid(name, language))
        .description(say(f"{name}_about", language))
        .tags([TAG, language]).timezone("browser").readonly()
        .time(since, "now").refresh("30s")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .with_variable(DatasourceVariable("datasource").type("prometheus").label(say("source", language)))
    )  # fmt: skip
    for target in NAMES:
        if target != name:
            board = board.link(_link(target, language, _shared(name, target)))
    back = DashboardLink(say("other_language", language)).type(DashboardLinkType.LINK)
    return board.link(back.url(f"/d/{uid(name, other)}").include_vars(True).keep_time(True))


def uid(name: str, language: Language) -> str:
    """Return a dashboard's uid, which never changes."""
    return f"kpis-{name}-{language}"


def to_page(name: str, language: Language, campaign: str) -> str:
    """Return the address of a campaign's page, with the same time range and choice of campaigns."""
    kept = "&".join(f"${{{variable}:queryparam}}" for variable in ("datasource", "status", "owner"))
    return f"/d/{uid(name, language)}?var-campaign={campaign}&{kept}&${{__url_time_range}}"


def to_contents(language: Language) -> str:
    """Say what a link to a campaign's contents leads to."""
    return say("to_contents", language, contents=named_in(WITHIN_INFLUENCERS, language))


def choose_campaigns(board: Dashboard, language: Language) -> Dashboard:
    """Let campaigns be chosen by status and owner."""
    options = ",".join(f"{say(status, language)} : {status}" for status in STATUSES)
    running = VariableOption(selected=True, text=[say("running", language)], value=["running"])
    status = (
        CustomVariable("status").label(say("status", language))
        .values(options).multi(True).include_all(True).all_value(".*").current(running)
    )  # fmt: skip
    owner = _query("owner", f"label_values({INFO}, owner)", _LABEL_VALUES)
    owner = owner.label(say("owner", language)).multi(True).include_all(True).all_value(".*")
    return board.with_variable(status).with_variable(owner.current(_all(language)))


def choose_campaign(board: Dashboard, language: Language) -> Dashboard:
    """Let one campaign be chosen by its name, among those of the chosen status and owner."""
    found = latest(INFO, ["campaign", "name"], *CHOSEN_CAMPAIGNS)
    campaign = _query("campaign", f"query_result({found})", _QUERY_RESULT)
    campaign = campaign.regex(_CAMPAIGN_AND_NAME).label(title_of_scope("campaign", language))
    return choose_campaigns(board, language).with_variable(campaign)


def choose_influencers(board: Dashboard, language: Language) -> Dashboard:
    """Let influencers of the campaign be chosen, all at first."""
    shown = Selector(metric_name("influencer", kpi("impressions")), (THIS_CAMPAIGN,))
    query = f"label_values({shown}, influencer)"
    influencer = _query("influencer", query, _LABEL_VALUES).label(title_of_scope("influencer", language))
    influencer = influencer.multi(True).include_all(True).all_value(".*")
    return board.with_variable(influencer.current(_all(language)))


def choose_window(board: Dashboard, language: Language, *scopes: ScopeName) -> Dashboard:
    """Let the window be chosen among those that every scope on the page has; the flight at first."""
    shown = [window for window in WINDOWS if all(scope in window.scopes for scope in scopes)]
    options = ",".join(f"{window.words.said(language)} : {window.name}" for window in shown)
    (flight,) = (
        VariableOption(selected=True, text=window.words.said(language), value=window.name)
        for window in shown
        if window.name == FLIGHT
    )
    window = CustomVariable("window").label(say("window", language)).values(options).current(flight)
    return board.with_variable(window.description(say("window_about", language)))


def _query(name: str, query: str, kind: int) -> QueryVariable:
    asked: dict[str, object] = {"qryType": kind, "query": query, "refId": f"{name}-values"}
    return (
        QueryVariable(name).query(asked).definition(query).datasource(SOURCE)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED).sort(VariableSort.ALPHABETICAL_ASC)
    )  # fmt: skip


def _all(language: Language) -> VariableOption:
    return VariableOption(selected=True, text=[say("all", language)], value=["$__all"])


def _shared(name: str, target: str) -> list[str]:
    """List the variables that both pages have; the window is not one, as pages offer different ones."""
    return ["datasource", *(variable for variable in CARRIED[name] if variable in CARRIED[target])]


def _link(target: str, language: Language, variables: Sequence[str]) -> DashboardLink:
    kept = "&".join(f"${{{variable}:queryparam}}" for variable in variables)
    link = DashboardLink(TITLES[target].said(language)).type(DashboardLinkType.LINK)
    return link.url(f"/d/{uid(target, language)}?{kept}").keep_time(True)
