"""A request as endpoints get it."""

from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the rest of its path, its parameters, and when it came (microseconds)."""

    request: web.BaseRequest
    rest: str
    query: tuple[tuple[str, str], ...]
    now: int
