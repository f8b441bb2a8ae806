"""Pseudonyms of people: another in each campaign, so that nobody is followed from one to the next."""

from pydantic import SecretStr

from models.events.unused import is_nobody
from producers.collector.click_ids import is_macro
from producers.collector.signatures import mac

NOBODY = "unknown"
"""An id that workers take for nobody's, and count as such."""
_BYTES = 16


def person_id(raw: str, salt: SecretStr, campaign: str) -> str:
    """Return a person's pseudonym in a campaign: 32 hexadecimal digits; `NOBODY` for an id that means nobody.

    It is a MAC of what the person is called elsewhere: without the salt nobody can try names, or tell that
    the ids of two campaigns are one person's. A MAC of `undefined`, or of a macro that was not filled in,
    would be one person who is everywhere.
    """
    if is_nobody(raw) or is_macro(raw):
        return NOBODY
    return mac(salt, f"{campaign}\0{raw}".encode("utf-8", "surrogatepass"))[:_BYTES].hex()
