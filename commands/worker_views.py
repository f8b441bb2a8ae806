"""Read the JSON views that a worker serves beside /metrics (`models/readings/views.py` has their shape)."""

from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import quote, urlencode

import msgspec

from commands.worker_http import NoWorker, fetch, not_a_worker
from models.readings.views import CampaignsView, CampaignView
from models.scopes import ScopeName
from models.windows import FLIGHT, WindowName

View = CampaignsView | CampaignView


@dataclass(frozen=True, slots=True)
class Query:
    """What a worker is asked: a window; of all campaigns, or of one with some of its scopes.

    Without `kpis` every KPI is asked for.
    """

    window: WindowName = FLIGHT
    campaign: str | None = None
    scopes: tuple[ScopeName, ...] = ()
    kpis: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path and parameters of the request."""
        wanted = {"window": self.window}
        if self.kpis:
            wanted["kpis"] = ",".join(self.kpis)
        if self.campaign is None:
            return f"/v1/campaigns?{urlencode(wanted)}"
        wanted["scopes"] = ",".join(self.scopes)
        return f"/v1/campaigns/{quote(self.campaign, safe='')}?{urlencode(wanted)}"


class NotShown(Exception):
    """A worker answers that it does not show the campaign; says why."""


class _Error(msgspec.Struct):
    error: str


def read_view(address: str, query: Query, seconds: float = 10) -> View:
    """Ask the worker at HOST:PORT once.

    Raises:
        NotShown: it does not show the campaign.
        NoWorker: no worker answers there.

    """
    wanted: type[View] = CampaignsView if query.campaign is None else CampaignView
    try:
        return msgspec.json.decode(fetch(address, query.path, seconds), type=wanted)
    except msgspec.DecodeError as error:
        raise not_a_worker(address, error) from None
    except HTTPError as error:
        raise _told(address, error) from None


def _told(address: str, error: HTTPError) -> Exception:
    """Read what a worker says where it refuses; other servers say it otherwise."""
    try:
        said = msgspec.json.decode(error.read(), type=_Error).error
    except (msgspec.DecodeError, OSError):
        return NoWorker(f"What answers at {address} is not a worker of this release (HTTP {error.code})")
    return NotShown(said) if error.code == 404 else NoWorker(f"The worker at {address} refuses: {said}")
