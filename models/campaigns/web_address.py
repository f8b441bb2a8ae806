"""Web addresses that links lead to: hosts as browsers ask for them."""

import re
from urllib.parse import urlsplit

import idna

_LABEL = r"[A-Za-z0-9_\-\u0080-\U0010ffff]{1,63}"
# No user name: each visitor would be shown it, and its password.
_AUTHORITY = re.compile(
    rf"(?P<host>\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::(?P<port>[0-9]{{1,5}}))?"
)


def authority_of(address: str) -> str:
    """Return host and port of an address in ASCII, by UTS 46, for which ß is another letter than ss.

    Raises:
        ValueError: it names no host that a browser finds, or a user before it.

    """
    found = _AUTHORITY.fullmatch(urlsplit(address).netloc)
    if found is None or not 0 < int(found["port"] or 1) < 1 << 16:
        raise ValueError("names no host that browsers find")
    port = f":{found['port']}" if found["port"] else ""
    return f"{_in_ascii(found['host'])}{port}"


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        # Signs that the standard of today does not know, such as emoji, and that registries sold before it.
        return host.encode("idna").decode()
