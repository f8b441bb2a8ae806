"""Pseudonyms of people: another in each campaign, so that nobody is followed from one to the next."""

from pydantic import SecretStr

from producers.collector.signatures import mac

_BYTES = 16


def person_id(raw: str, salt: SecretStr, campaign: str) -> str:
    """Return a person's pseudonym in a campaign: 32 hexadecimal digits.

    It is a MAC of what the person is called elsewhere: without the salt nobody can try names, or tell that
    the ids of two campaigns are one person's.
    """
    return mac(salt, f"{campaign}\0{raw}".encode("utf-8", "surrogatepass"))[:_BYTES].hex()
