"""Web addresses that a user names."""

from urllib.parse import urlsplit

from commands.failure import WrongUse
from models.campaigns.web_address import authority_of


def base_address(given: str, what: str) -> str:
    """Return an address to which paths are added, without a slash at its end; `what` names it in the error.

    Raises:
        WrongUse: it is none, or has a query or fragment behind which no path can stand.

    """
    try:
        parts = urlsplit(given)
        authority_of(given)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("https", "http") or parts.query or parts.fragment:
        raise WrongUse(f"{what}: must be a web address, such as https://kpi.shop.example, not {given}")
    return given.rstrip("/?#")
