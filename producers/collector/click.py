"""`/c/<link>`: where a link leads. What the visitor brings never decides it."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from models.campaigns.campaign import Link
from models.campaigns.web_address import authority_of

PASSED_ON = ("gclid", "fbclid", "ttclid", "msclkid", "li_fat_id", "twclid")
"""Click ids of advertising networks, which shops report back to them."""
CLICK_ID = "kpi_click"
_LONGEST = 512
_AS_WRITTEN = "/:@!$&'()*+,;=?%~"


def utm_parameters(campaign: str, link: Link) -> dict[str, str]:
    """Return what web analytics know a link's visitors by: what its address says itself, else what we add."""
    ours = {
        "utm_source": link.channel,
        "utm_medium": "influencer",
        "utm_campaign": campaign,
        "utm_content": f"{link.influencer}-{link.content}",
    }
    own = dict(parse_qsl(urlsplit(link.to).query, keep_blank_values=True))
    return {name: own.get(name, value) for name, value in ours.items()}


def target(campaign: str, link: Link, click_id: str | None, query: Iterable[tuple[str, str]]) -> str:
    """Return the address that a click leads to, in ASCII: the link's own, with what it lacks added.

    That are the click id, the UTM parameters, and the networks' click ids that the visitor brings. A click id
    in the link's own address, which was copied from a browser then, is another click's, and left out.
    """
    parts = urlsplit(link.to)
    own = "&".join(part for part in parts.query.split("&") if part.partition("=")[0] != CLICK_ID)
    has = {name for name, _ in parse_qsl(own, keep_blank_values=True)}
    brought = {name: value for name, value in query if name in PASSED_ON and 0 < len(value) <= _LONGEST}
    wanted = utm_parameters(campaign, link) | brought
    added = [(name, value) for name, value in wanted.items() if name not in has]
    if click_id is not None:
        # Before what networks add: shops keep the beginning of a long address.
        added.insert(0, (CLICK_ID, click_id))
    joined = "&".join(part for part in (_quoted(own), urlencode(added, quote_via=quote)) if part)
    path, fragment = _quoted(parts.path), _quoted(parts.fragment)
    return urlunsplit((parts.scheme, authority_of(link.to), path, joined, fragment))


def _quoted(text: str) -> str:
    return quote(text, safe=_AS_WRITTEN)
